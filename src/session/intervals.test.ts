import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type Interval,
  type Intervals,
  intervalsText,
  missingFrom,
  withInterval,
  withoutInterval,
} from "./intervals.ts";

const MAX = 30;
const interval: fc.Arbitrary<Interval> = fc
  .tuple(fc.integer({ min: 1, max: MAX }), fc.integer({ min: 1, max: MAX }))
  .map(([from, to]) => ({ from, to }));
const change = fc.record({ add: fc.boolean(), interval });

function numbersIn(set: Intervals): readonly number[] {
  return set.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, index) => from + index));
}

test("adding and taking away intervals is adding and taking away their numbers", () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
      let set: Intervals = [];
      const model = new Set<number>();
      for (const { add, interval: each } of changes) {
        set = add ? withInterval(set, each) : withoutInterval(set, each);
        const numbers = each.from <= each.to ? numbersIn([each]) : [];
        for (const number of numbers) model[add ? "add" : "delete"](number);
      }
      expect(numbersIn(set)).toEqual([...model].sort((a, b) => a - b));
    }),
  );
});

test("equal sets are equal lists, whatever order they were made in", () => {
  fc.assert(
    fc.property(fc.array(interval, { maxLength: 8 }), (intervals) => {
      const there = intervals.reduce(withInterval, [] as Intervals);
      const back = [...intervals].reverse().reduce(withInterval, [] as Intervals);
      expect(there).toEqual(back);
      for (const [index, each] of there.entries()) {
        const next = there[index + 1];
        if (next !== undefined) expect(next.from).toBeGreaterThan(each.to + 1);
      }
    }),
  );
});

test("a set and what is missing from a whole make up the whole", () => {
  fc.assert(
    fc.property(fc.array(interval, { maxLength: 8 }), interval, (intervals, whole) => {
      const set = intervals.reduce(withInterval, [] as Intervals);
      const missing = missingFrom(set, whole);
      const inside = numbersIn(set).filter((number) => number >= whole.from && number <= whole.to);
      const all = [...inside, ...numbersIn(missing)].sort((a, b) => a - b);
      expect(all).toEqual(numbersIn(whole.from <= whole.to ? [whole] : []));
    }),
  );
});

test("a set is said in few words", () => {
  expect(
    intervalsText([
      { from: 1, to: 50 },
      { from: 61, to: 61 },
    ]),
  ).toBe("1-50, 61");
});
