import fc from "fast-check";
import { expect, test } from "vitest";
import { lineText } from "./line-text.ts";

/** As JSON.parse gives them: no undefined, no -0, no prototypes. */
const records = fc
  .dictionary(fc.string({ unit: "binary" }), fc.jsonValue({ stringUnit: "binary" }))
  .map((value): object => JSON.parse(JSON.stringify(value)));

test("a line's pieces together are what JSON.stringify gives, however short they are, and as long as is said", () => {
  fc.assert(
    fc.property(records, fc.integer({ min: 1, max: 9 }), (record, chars) => {
      const { pieces, sizeBytes } = lineText(record, chars);
      const text = [...pieces].join("");
      expect(text).toBe(`${JSON.stringify(record)}\n`);
      expect(sizeBytes).toBe(Buffer.byteLength(text));
    }),
  );
});

test("characters of two code units and halves of them are written as JSON.stringify writes them", () => {
  const record = { text: "a😀😀b\ud800c\udc00\ud83d" };
  for (const chars of [1, 2, 3, 4])
    expect([...lineText(record, chars).pieces].join("")).toBe(`${JSON.stringify(record)}\n`);
});

test("no piece of a long text is much longer than one may be, and they can be asked for again", () => {
  const { pieces } = lineText({ a: [{ text: "\u0001".repeat(10_000) }] }, 1_000);
  const lengths = Array.from(pieces, ({ length }) => length);
  expect(Math.max(...lengths)).toBeLessThanOrEqual(6_000);
  expect(Array.from(pieces, ({ length }) => length)).toEqual(lengths);
});
