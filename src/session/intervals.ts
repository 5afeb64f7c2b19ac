/** Whole numbers from `from` to `to`, both included. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** A set of whole numbers: intervals in ascending order that neither meet nor touch, so that equal sets are equal lists. */
export type Intervals = readonly Interval[];

/** The set with one more interval in it. An interval that ends before it begins is none. */
export function withInterval(set: Intervals, added: Interval): Intervals {
  if (added.from > added.to) return set;
  const touches = (each: Interval): boolean => each.from <= added.to + 1 && each.to >= added.from - 1;
  const met = set.filter(touches);
  const merged = {
    from: Math.min(added.from, ...met.map(({ from }) => from)),
    to: Math.max(added.to, ...met.map(({ to }) => to)),
  };
  return [
    ...set.filter((each) => each.to < added.from - 1),
    merged,
    ...set.filter((each) => each.from > added.to + 1),
  ];
}

/** The set without the numbers of an interval. */
export function withoutInterval(set: Intervals, taken: Interval): Intervals {
  if (taken.from > taken.to) return set;
  return set.flatMap(({ from, to }) =>
    [
      { from, to: Math.min(to, taken.from - 1) },
      { from: Math.max(from, taken.to + 1), to },
    ].filter((part, index) => part.from <= part.to && (index === 0 ? from < taken.from : to > taken.to)),
  );
}

/** The numbers of an interval that are not in the set. */
export function missingFrom(set: Intervals, whole: Interval): Intervals {
  return set.reduce<Intervals>(withoutInterval, whole.from > whole.to ? [] : [whole]);
}

/** `1-50, 61, 70-80`. */
export function intervalsText(set: Intervals): string {
  return set.map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`)).join(", ");
}
