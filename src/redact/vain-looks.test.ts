import fc from "fast-check";
import { expect, test } from "vitest";
import { newLooks } from "./looks.ts";
import { createRedactor } from "./redact.ts";
import { secretSpans, secretSpansAt } from "./scan.ts";
import type { Part } from "./trigger.ts";
import {
  type LookedAt,
  newLookedAt,
  placesToLookAgain,
  rememberLook,
  startLook,
  vain,
} from "./vain-looks.ts";

const NO_PLACES = () => [];
const cut = (from: number, to: number) => ({ from, to, mark: "[REDACTED:jwt]" });

function lookedAt(...looks: readonly (readonly [place: number, from: number, to: number])[]) {
  const looked = newLookedAt();
  for (const [place, from, to] of looks) {
    vain(from, to);
    rememberLook(looked, place);
  }
  return looked;
}

test("what did not ask for a cut is not looked at again, and what did is where it stands behind the marks", () => {
  const looked = lookedAt([10, 4, 20], [30, 25, 41], [60, 49, 70], [65, 50, 70], [90, 80, 120]);

  expect(placesToLookAgain(looked, [cut(40, 50)], NO_PLACES)).toEqual([30, 64]);
  expect(placesToLookAgain(looked, [cut(19, 20), cut(40, 50)], NO_PLACES)).toEqual([10, 43, 77]);
});

test("what stood in a cut is gone, and before the text and behind it nothing is cut", () => {
  const looked = lookedAt([2, -4, 9], [45, 40, 60], [90, 80, 200]);

  expect(placesToLookAgain(looked, [cut(40, 50)], NO_PLACES)).toEqual([]);
});

test("who does not say what it asked for is looked at again near a cut, private keys from far", () => {
  const looked = newLookedAt();
  for (const [place, goesFar] of [
    [1_000, false],
    [1_001, true],
    [3_000, false],
    [5_100, false],
    [5_200, false],
    [60_000, true],
  ] as const) {
    startLook(place, goesFar);
    rememberLook(looked, place);
  }
  expect(placesToLookAgain(looked, [cut(4_000, 5_000)], NO_PLACES)).toEqual([1_001, 3_000, 4_114, 59_014]);
});

test("more looks than are remembered are told as not known", () => {
  const looked = newLookedAt();
  for (let place = 0; place < 600_000; place += 1) rememberLook(looked, place);

  expect(placesToLookAgain(looked, [cut(40, 50)], NO_PLACES)).toBeUndefined();
});

const SECRETS = [
  ..."ghp_Zq7Xj9Kw2VpLm4Rt6Yc8Bn3Hs5Df1Gk0QaWe AKIAZQ7XJ9KW2VPLM4RT a1B2c3D4e5F6g7H8 hunter2A zq9abcd12345ex99".split(
    " ",
  ),
  ...[
    "sk-proj-a1B2c3D4e5F6g7H8i9",
    "123456789:AAabcdefghijklmnopqrstuvwxyz012345678",
    "glpat-aaaaaaaaaaaaaaaaaaaa",
  ],
  ...["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abc123", "a1-B2c3 D4e5", "[REDACTED:jwt]"],
  "-----BEGIN PRIVATE KEY-----\nMIIEpAIBAAKCAQEAMIIEpAIBAAKCAQEA\n-----END PRIVATE KEY-----",
];
const NAMES = [
  ..."password DB_PASSWORD api_key token secret auth Authorization key pass ?sig cred creds curl%-u%a curl%-u login".split(
    " ",
  ),
  ...[
    "cookie:",
    "Set-Cookie:",
    "--token",
    "bearer ",
    "sk-",
    "re_",
    "SG.",
    "eyJ",
    "://",
    "AKIA",
    "ghp_",
    "-BEGIN ",
  ],
];
const SIGNS = ["=", ":", " = ", "='", '="', '=\\"', ': "', " ", "", "=>", '":', "] = ", "@", ";", "\n"];
const WORDS = [
  "words ",
  "then ",
  "a b ",
  "\n",
  "://u:p@h ",
  "basic ",
  "$",
  "{",
  "]",
  ")",
  ",",
  "&",
  "'",
  '"',
  "\\",
  "x".repeat(40),
];

const piece = fc.oneof(
  fc
    .tuple(fc.constantFrom(...NAMES), fc.constantFrom(...SIGNS), fc.constantFrom(...SECRETS, ...WORDS))
    .map((parts) => parts.join("").replaceAll("%", " ")),
  fc.constantFrom(...SECRETS, ...WORDS),
  fc.constantFrom(...SECRETS).map((secret) => Buffer.from(`pwd='${secret}' `).toString("base64")),
);

const EACH = 3;

/** What was asked for at each place by all that looked there. */
function askedIn({ numbers, count }: LookedAt): ReadonlyMap<number, Part> {
  const asked = new Map<number, Part>();
  for (let at = 0; at < count * EACH; at += EACH) {
    const [place = 0, from = 0, to = 0] = numbers.subarray(at, at + EACH);
    const before = asked.get(place) ?? { from, to };
    asked.set(place, { from: Math.min(from, before.from), to: Math.max(to, before.to) });
  }
  return asked;
}

test("a look finds none, whatever is cut that it did not ask for", () => {
  const mark = "[REDACTED:jwt]";
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 12 }),
      fc.constantFrom("", '="', ":p@h ", "="),
      (pieces, end) => {
        const text = pieces.join("");
        const looked = newLookedAt();
        const spans = secretSpans(text, { lookedAt: looked });
        for (const [place, { from, to }] of askedIn(looked)) {
          if (spans.some((span) => span.from < to && span.to > from)) continue;
          const before = from > 0 ? mark : "";
          const kept = text.slice(Math.max(0, from), to);
          const behind = to < text.length ? mark + end : "";
          const at = before.length + place - Math.max(0, from);
          expect(secretSpansAt(before + kept + behind, [at], newLooks())).toEqual([]);
        }
      },
    ),
    { numRuns: 1_000 },
  );
});

test("reading all of a redacted text finds nothing that was not found where it was looked at again", () => {
  const { text: redact } = createRedactor({ DEPLOY_TOKEN: "zq9abcd12345ex99" });
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const once = redact(pieces.join(""));
      expect(redact(once)).toBe(once);
      expect(once).not.toContain("[REDACTED:unread]");
    }),
    { numRuns: 3_000 },
  );
});
