import fc from "fast-check";
import { expect, test } from "vitest";
import { isMixedPart, landmarksOf } from "./landmarks.ts";

const text = fc.string({ unit: fc.constantFrom("a", "b", "A", "B", "1", "_", "=", "é"), maxLength: 150 });
/** How far each question goes beyond the one before, and how long its part is. */
const steps = fc.array(fc.record({ by: fc.nat(12), length: fc.nat(60) }), { maxLength: 20 });

test("parts that are asked for one behind the other are judged as each of them alone", () => {
  fc.assert(
    fc.property(text, steps, (whole, asked) => {
      const { isMixed } = landmarksOf(whole)();
      let from = 0;
      for (const { by, length } of asked) {
        from = Math.min(whole.length, from + by);
        const to = Math.min(whole.length, from + length);

        expect(isMixed(from, to)).toBe(isMixedPart(whole, from, to));
      }
    }),
  );
});

test("where nothing but letters stands, the part that changes between small and capital is told from the one that does not", () => {
  const { isMixed } = landmarksOf("aaaaaaaaBBBBBBBBaBaBaBaBaBaBaBaB")();

  expect([isMixed(0, 16), isMixed(8, 24), isMixed(16, 32)]).toEqual([false, true, true]);
});

test("letters and digits in a row stand where looking at each place in turn finds them", () => {
  const rows = fc.array(
    fc.tuple(
      fc.constantFrom("a", "B", "7", "ab1", "x".repeat(15), "y".repeat(16)),
      fc.constantFrom("", "", "-", " "),
    ),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(rows, fc.nat(200), (parts, at) => {
      const whole = parts.flat().join("").padEnd(80, " ");
      const from = Math.min(at, whole.length);
      const places = Array.from({ length: whole.length - from }, (_, index) => from + index);
      const expected = places.find((place) => /^[A-Za-z0-9]{16}/.test(whole.slice(place))) ?? whole.length;

      expect(landmarksOf(whole)().segment(from)).toBe(expected);
    }),
  );
});

test("a part is mixed where reading each part from its beginning says so first", () => {
  const parts = fc.array(
    fc.constantFrom("a", "B", "7", "=", " ", "é", "words", "Some", "x".repeat(15), "Y".repeat(16), "-"),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(parts, fc.nat(200), (pieces, at) => {
      const whole = pieces.join("").padEnd(80, " ");
      const from = Math.min(at, whole.length);
      const places = Array.from({ length: whole.length - from }, (_, index) => from + index);
      const isMixedAt = (place: number) => {
        const part = /[A-Za-z0-9+/=]*$/.exec(whole.slice(from, place + 1))?.[0] ?? "";
        return (
          (part.length >= 5 && /[0-9]/.test(part) && /[A-Za-z]/.test(part)) ||
          (part.length >= 16 && /[a-z]/.test(part) && /[A-Z]/.test(part))
        );
      };

      expect(landmarksOf(whole)().mixed(from)).toBe(places.find(isMixedAt) ?? whole.length);
    }),
  );
});
