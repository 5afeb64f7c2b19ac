import { expect, test } from "vitest";
import { SECRETS_IN_A_ROW_MAX } from "../base/limits.ts";
import { encodedSpans, encodedSpansBeside, type FindInBytes } from "./encoded.ts";
import { newLooks } from "./looks.ts";
import { createRedactor } from "./redact.ts";
import { secretsInBytes } from "./scan.ts";
import type { Part, Span } from "./trigger.ts";

interface Read {
  readonly spans: readonly Span[];
  /** Bytes of what the text decodes to. */
  readonly read: number;
}

/** Secrets encoded in a text, or beside its marks, and how much was read for them. */
function readIn(text: string, beside?: readonly Part[]): Read {
  let read = 0;
  const find: FindInBytes = (bytes, within, take) => {
    let { to } = within;
    secretsInBytes(bytes, within, (span) => {
      const goesOn = take(span);
      if (!goesOn) to = span.to;
      return goesOn;
    });
    read += Math.max(0, Math.min(to, within.look.to) - Math.max(within.from, within.look.from));
  };
  const spans =
    beside === undefined
      ? encodedSpans(text, find)
      : encodedSpansBeside(text, beside, { find, looks: newLooks() });
  return { spans, read };
}

function marksIn(text: string): readonly Part[] {
  return Array.from(text.matchAll(/\[REDACTED:jwt\]/g), ({ index, 0: { length } }) => ({
    from: index,
    to: index + length,
  }));
}

/** Codes one after the other: each of the last one begins where bytes begin with a character, those of the others at another place each time. */
const CODES: readonly string[] = ["secret='a1B2c3d4e5' ", "password=a1b2c3 ", "password='a1B2c3' "].map(
  (text) => Buffer.from(text).toString("base64url"),
);

test.each(CODES)("of a run of nothing but %s, the middle goes unread with the secrets around it", (code) => {
  const text = code.repeat(10 * SECRETS_IN_A_ROW_MAX);
  const { spans, read } = readIn(text);
  const all = encodedSpans(code.repeat(20), secretsInBytes);
  const once = createRedactor({}).text(`${text} and ${code}`);

  expect(read).toBeLessThan(text.length / 2);
  // Of every secret that a short run has, one of the long run has the place, or more.
  expect(all.length).toBeGreaterThan(10);
  for (let at = 0; at < text.length - 20 * code.length; at += 20 * code.length * 9)
    for (const { from, to } of all)
      expect(spans.some((span) => span.from <= at + from && span.to >= at + to)).toBe(true);
  expect(createRedactor({}).text(once)).toBe(once);
});

test("a long token that reaches into what is read at the end of a crowded code goes whole", () => {
  const token = `eyJ${"a1B2".repeat(300)}.${"c3D4".repeat(300)}.${"e5F6".repeat(300)}`;
  for (let behind = 0; behind < 2_400; behind += 60) {
    const text = `${"password='a1B2c3' ".repeat(2 * SECRETS_IN_A_ROW_MAX)}${token} ${"words ".repeat(behind / 6)}`;
    const once = createRedactor({}).text(Buffer.from(text).toString("base64"));
    const kept = once.slice(once.lastIndexOf("]") + 1);

    expect(kept.length).toBeLessThanOrEqual(((behind + 4) * 4) / 3);
  }
});

test("the end of a crowded code is read once, however many secrets are in it", () => {
  const code = Buffer.from("curl -u a:b ".repeat(3 * SECRETS_IN_A_ROW_MAX)).toString("base64");
  let stretches = 0;
  encodedSpans(`${code}\n`.repeat(2), (bytes, within, take) => {
    stretches += within.to - within.from;
    secretsInBytes(bytes, within, take);
  });

  // Each of the two codes once whole and once its end, and what is printable by accident at other places within a group.
  expect(stretches).toBeLessThan(2 * 4 * code.length);
});

test("of a long run beside a mark only the part near it is read, and judged by what is around it", () => {
  const words = "words, ".repeat(50_000);
  const before = Buffer.from(`${words}AKIAghp_Zq7Xj9Kw2VpLm4Rt6Yc8Bn3Hs5Df1Gk0QaWe and`).toString("base64");
  const text = `${before.replaceAll("=", "")}[REDACTED:jwt]${Buffer.from(words).toString("base64")}`;
  const { spans, read } = readIn(text, marksIn(text));

  expect(spans.length).toBe(1);
  expect(spans[0]?.rule).toBe("github-token");
  expect(read).toBeLessThan(4 * 2_500);
});

test("where a text is read again, only codes beside a mark are", () => {
  const code = Buffer.from("pwd='a1B2c3d4' and words behind...").toString("base64url");
  const text = `${code} [REDACTED:jwt] ${code} [REDACTED:jwt]${code} and ${code}[REDACTED:jwt]`;
  const places = readIn(text, marksIn(text)).spans.map(({ from }) => from);

  expect(places.map((from) => text.slice(0, from).split(code).length - 1).sort()).toEqual([2, 3]);
  expect(encodedSpans(text, secretsInBytes).length).toBe(4);
});

test("a key in base64 is found behind hexadecimal digits that belong to something else", () => {
  const code = Buffer.from(`x ghp_Zq7Xj9Kw2VpLm4Rt6Yc8Bn3Hs5Df1Gk0QaWe`).toString("base64");

  for (const digits of [47, 48, 64, 65, 128])
    expect(createRedactor({}).text("0123456789abcdef".repeat(9).slice(0, digits) + code)).toContain(
      "[REDACTED:github-token]",
    );
});

test("bytes of a run are found wherever it begins, though its first characters belong to none of them", () => {
  for (const coding of ["base64", "base64url", "hex"] as const)
    for (const length of [40, 41, 42, 43, 66_000, 66_001]) {
      const text = Buffer.from(
        `${"words, ".repeat(length)}ghp_Zq7Xj9Kw2VpLm4Rt6Yc8Bn3Hs5Df1Gk0QaWe${"é".repeat(9)}`,
      );
      for (const before of ["", "a", "ab", "abc"])
        expect(createRedactor({}).text(`${before}${text.toString(coding)} there`)).toContain(
          "[REDACTED:github-token]",
        );
    }
});

test("of encoded secrets in a row, each in a run of its own, those without room are one mark; runs without any stay", () => {
  const lines = (count: number) =>
    Array.from({ length: count }, (_, at) =>
      Buffer.from(`password=hunter${10_000 + at};end`).toString("base64"),
    );
  const innocent = Buffer.from("nothing but ordinary words, and many of them: more than a name").toString(
    "base64",
  );
  const redact = (count: number) => createRedactor({}).text([...lines(count), innocent].join("\n"));
  const once = redact(SECRETS_IN_A_ROW_MAX + 500);

  expect(once.split("[REDACTED:").length - 1).toBeLessThanOrEqual(SECRETS_IN_A_ROW_MAX + 2);
  expect(once.endsWith(`\n${innocent}`)).toBe(true);
  expect(createRedactor({}).text(once)).toBe(once);
  expect(redact(20).split("[REDACTED:").length - 1).toBe(20);
});

test("of codes in lines without room for their secrets most go unread, and every secret goes; further on, lines without any stay", () => {
  const line = (text: string) => `${Buffer.from(text).toString("base64")}\n`;
  const secrets = (from: number) =>
    Array.from({ length: 5_000 }, (_, at) => line(`password=hunter${from + at};end`)).join("");
  const innocent = (count: number) =>
    Array.from({ length: count }, (_, at) => line(`no secret but words, ${at} of them`)).join("");
  const text = `${secrets(10_000)}${innocent(40)}${secrets(20_000)}${innocent(40)}`;
  const { read } = readIn(text);
  const once = createRedactor({}).text(text);

  expect(read).toBeLessThan(text.length / 3);
  const kept = Buffer.from(once.replaceAll(/\[REDACTED:[a-z-]+\]/g, "    "), "base64").toString("latin1");
  expect(kept).not.toMatch(/hunter[0-9]/);
  expect(once.split(innocent(40).slice(-400)).length).toBe(3);
  expect(createRedactor({}).text(once)).toBe(once);
});
