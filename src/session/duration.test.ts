import fc from "fast-check";
import { expect, test } from "vitest";
import { durationIn, durationText } from "./duration.ts";

const MIN = 60_000;

test.each([
  [20_000, "under a minute"],
  [45 * MIN, "45 min"],
  [59.6 * MIN, "1 h"],
  [130 * MIN, "2 h 10 min"],
  [23.6 * 60 * MIN, "24 h"],
])("%d ms are %s", (durationMs, text) => {
  expect(durationText(durationMs)).toBe(text);
});

test("what is written is read again, to the minute or for many hours to the hour", () => {
  fc.assert(
    fc.property(fc.integer({ min: MIN, max: 10_000 * 60 * MIN }), (durationMs) => {
      const read = durationIn(`${durationText(durationMs)} on 3 days`) ?? 0;
      expect(Math.abs(read - durationMs)).toBeLessThanOrEqual(
        durationMs < 10 * 60 * MIN ? MIN / 2 : 30 * MIN,
      );
    }),
  );
  expect(durationIn("~2 hours")).toBeUndefined();
  expect(durationIn("")).toBeUndefined();
});
