import fc from "fast-check";
import { expect, test } from "vitest";
import { cellsOf, cutInTheMiddle, cutTo, padded, wrapped } from "./cells.ts";

const RED = "\u001b[31m";
const END = "\u001b[39m";

test.each([
  ["status", 6],
  ["세션", 4],
  ["検索", 4],
  ["café", 4],
  ["cafe\u0301", 4],
  ["✓ done · 3", 10],
  ["🚀", 2],
  ["👩‍💻", 2],
  ["🇰🇷", 2],
  ["⚠️", 2],
  [`${RED}red${END}`, 3],
  ["═══…—", 5],
  ["", 0],
])("%j takes %d columns", (text, cells) => {
  expect(cellsOf(text)).toBe(cells);
});

const PLAIN_SIGNS = Array.from({ length: 0x2714 }, (_, code) => String.fromCharCode(code)).filter((sign) =>
  /[ -~¡-¬®-˿‐-‧‰-\u205e←-⇿─-╿✓]/.test(sign),
);

test("signs that are counted without a look are what Unicode says of them: one cell each, joined by nothing", () => {
  const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
  for (const sign of PLAIN_SIGNS) {
    expect(sign, sign).not.toMatch(/\p{Emoji_Presentation}|[\p{Mn}\p{Me}\p{Cf}\p{Cc}]/u);
    expect([...segmenter.segment(`a${sign}${sign}b`)].length, sign).toBe(4);
  }
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PLAIN_SIGNS)), (signs) => {
      expect([...segmenter.segment(signs.join(""))].length).toBe(signs.length);
      expect(cellsOf(signs.join(""))).toBe(signs.length);
    }),
  );
});

test("a sentence is cut behind a word, a name in its middle", () => {
  expect(cutTo("Offer a second passkey after the third login", 30)).toBe("Offer a second passkey after…");
  expect(cutTo("Offer a second passkey", 30)).toBe("Offer a second passkey");
  expect(cutTo("Donaudampfschifffahrtsgesellschaft", 12)).toBe("Donaudampfs…");
  expect(cutTo("세션을 이어서 계속합니다", 12)).toBe("세션을…");
  expect(cutInTheMiddle("feature/passkeys-for-customers-2026", 20)).toBe("feature/pa…mers-2026");
});

test("lines part between words, and go on below their first word", () => {
  expect(wrapped("  next  Recovery codes: ten, shown once, stored as hashes", 30, 8)).toEqual([
    "  next  Recovery codes: ten,",
    "        shown once, stored as",
    "        hashes",
  ]);
  expect(wrapped("- one two", 6)).toEqual(["- one", "  two"]);
});

test("a path that is longer than a line parts behind a slash", () => {
  expect(wrapped("in /home/ada/projects/shop-api/src/orders/queries.ts now", 30)).toEqual([
    "in",
    "  /home/ada/projects/shop-api/",
    "  src/orders/queries.ts now",
  ]);
});

test("no line is wider than the terminal, and nothing is lost but spaces", () => {
  const word = fc.oneof(
    fc.string({ minLength: 1, maxLength: 60 }),
    fc.constantFrom("세션", "🚀", "👩‍💻", "src/a/b.ts", `${RED}red${END}`, "  ", "—"),
    fc.string({ unit: "grapheme", maxLength: 30 }),
  );
  const text = fc.array(word, { maxLength: 30 }).map((words) => words.join(" ").replaceAll(/\s/g, " "));
  fc.assert(
    fc.property(text, fc.integer({ min: 20, max: 100 }), (line, columns) => {
      const lines = wrapped(line, columns);
      for (const each of lines) expect(cellsOf(each)).toBeLessThanOrEqual(columns);
      expect(lines.join("").replaceAll(" ", "")).toBe(line.replaceAll(" ", ""));
      expect(cellsOf(cutTo(line, columns))).toBeLessThanOrEqual(columns);
      expect(cellsOf(cutInTheMiddle(line, columns))).toBeLessThanOrEqual(columns);
      expect(cellsOf(padded(line, columns))).toBe(Math.max(columns, cellsOf(line)));
    }),
  );
});
