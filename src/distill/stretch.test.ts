import fc from "fast-check";
import { expect, test } from "vitest";
import { ACTIVE_GAP_MAX_MS, STRETCHES_KEPT_MAX } from "../base/limits.ts";
import { activeMs, type Stretch, withMoment } from "./stretch.ts";

const MIN = 60_000;
const at = (...minutes: readonly number[]) =>
  minutes.reduce<readonly Stretch[]>((stretches, minute) => withMoment(stretches, minute * MIN), []);

test("moments that lie close are one stretch, and a break between them counts for nothing", () => {
  const stretches = at(0, 5, 20, 36, 40);

  expect(stretches.map(({ fromMs, toMs }) => [fromMs / MIN, toMs / MIN])).toEqual([
    [0, 20],
    [36, 40],
  ]);
  expect(activeMs(stretches)).toBe(24 * MIN);
});

test("the same moments give the same stretches in whatever order they come", () => {
  const moments = fc.array(
    fc.record({
      atMs: fc.integer({ min: 0, max: 5 * 60 }).map((minute) => minute * MIN),
      added: fc.nat({ max: 9 }),
    }),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(moments, fc.integer(), (all, seed) => {
      const read = (list: typeof all) =>
        list.reduce<readonly Stretch[]>((known, { atMs, added }) => withMoment(known, atMs, { added }), []);
      const shuffled = [...all].sort((a, b) => ((a.atMs ^ seed) % 7) - ((b.atMs ^ seed) % 7));

      expect(read(shuffled)).toEqual(read(all));
      expect(read(all).reduce((sum, { added }) => sum + added, 0)).toBe(
        all.reduce((sum, { added }) => sum + added, 0),
      );
      for (const [index, stretch] of read(all).entries())
        expect(stretch.fromMs - (read(all)[index - 1]?.toMs ?? Number.NEGATIVE_INFINITY)).toBeGreaterThan(
          ACTIVE_GAP_MAX_MS,
        );
    }),
  );
});

test("two conversations at once count once", () => {
  const [a = [], b = []] = [at(0, 10, 20), at(15, 25, 35)];

  expect(activeMs([...a, ...b])).toBe(35 * MIN);
});

test("no time is lost of a conversation with more breaks than are kept", () => {
  const minutes = Array.from({ length: STRETCHES_KEPT_MAX + 100 }, (_, index) => [
    index * 60,
    index * 60 + 2,
  ]);
  const stretches = at(...minutes.flat());

  expect(stretches).toHaveLength(STRETCHES_KEPT_MAX);
  expect(activeMs(stretches)).toBe(2 * minutes.length * MIN);
});
