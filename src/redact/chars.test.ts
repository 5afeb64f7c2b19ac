import fc from "fast-check";
import { expect, test } from "vitest";
import {
  BLANK,
  BRACKET,
  DIGIT,
  FOREIGN,
  LETTER,
  LIST_SIGN,
  nextAt,
  nextInRest,
  UPPER,
  VALUE_END,
} from "./chars.ts";

test("what is far is found where a look at each character finds it, of every class and any alphabet", () => {
  const unit = fc.oneof(fc.integer({ min: 0, max: 127 }), fc.integer({ min: 0, max: 0xffff }));
  const filling = fc.tuple(fc.constantFrom("x", "-", "é", "7", "\u2003"), fc.nat(600));
  const texts = fc.array(
    fc.oneof(
      unit.map((code) => String.fromCharCode(code)),
      filling.map(([filler, count]) => filler.repeat(count)),
    ),
  );
  const masks = fc.constantFrom(
    DIGIT,
    DIGIT | UPPER,
    BRACKET,
    LETTER,
    BLANK,
    FOREIGN,
    VALUE_END,
    VALUE_END | LIST_SIGN,
  );
  fc.assert(
    fc.property(texts, masks, fc.nat(300), (parts, mask, at) => {
      const text = parts.join("");
      const from = Math.min(at, text.length);

      expect(nextInRest(text, from, mask)).toBe(nextAt(text, from, text.length, mask));
    }),
  );
});
