import fc from "fast-check";
import { expect, test } from "vitest";
import { parseDuration } from "./duration.ts";

const HOUR_MS = 3_600_000;

test.each([
  ["2h", 2 * HOUR_MS],
  ["2 hours", 2 * HOUR_MS],
  ["90 min", 1.5 * HOUR_MS],
  ["1h30m", 1.5 * HOUR_MS],
  ["1h 30m", 1.5 * HOUR_MS],
  ["1.5 Days", 36 * HOUR_MS],
  ["1w", 168 * HOUR_MS],
])("%s is a duration", (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each(["", "2", "h", "0h", "-2h", "2 years", "2h ago", "1h1h1h1h1h", "9999999w", "toString"])(
  "%j is none",
  (text) => {
    expect(parseDuration(text)).toBeUndefined();
  },
);

test("whatever is typed, a duration is a whole number of milliseconds above 0, or none", () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.stringMatching(/^(?:\d{1,9}(?:\.\d{1,7})? ?[mhdw] ?){1,5}$/)),
      (text) => {
        const ms = parseDuration(text);
        expect(ms === undefined || (Number.isSafeInteger(ms) && ms > 0)).toBe(true);
      },
    ),
  );
});
