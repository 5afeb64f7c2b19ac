import fc from "fast-check";
import { expect, test } from "vitest";
import { derivedNoteId } from "../base/id.ts";
import { itemEdits, withItemEdits } from "./item-edits.ts";

const item = fc.record({
  note: fc.nat(12).map((n) => derivedNoteId(n.toString(16).padStart(32, "0"))),
  section: fc.constantFrom("Next", "Done"),
  hash: fc.constantFrom("a", "b"),
});
const list = fc.array(item, { maxLength: 14 });
const named = (names: string) =>
  [...names].map((name) => ({
    note: derivedNoteId(`${name.charCodeAt(0)}`.padStart(32, "0")),
    section: "S",
    hash: name,
  }));

test("whatever two lists hold, items twice too, the edits between them lead from one to the other", () => {
  fc.assert(
    fc.property(list, list, (before, now) => {
      expect(withItemEdits(before, itemEdits(before, now))).toEqual(now);
    }),
    { numRuns: 1_000 },
  );
});

test("nothing changed is no edit; what was added, changed, removed or moved is told alone", () => {
  const sizes = (before: string, now: string) =>
    itemEdits(named(before), named(now)).map(({ at, remove, items }) => [at, remove, items.length]);
  expect(sizes("abcdef", "abcdef")).toEqual([]);
  expect(sizes("abcdef", "abcxdef")).toEqual([[3, 0, 1]]);
  expect(sizes("abcdef", "abXdeY")).toEqual([
    [2, 1, 1],
    [5, 1, 1],
  ]);
  expect(sizes("abcdef", "bcdf")).toEqual([
    [0, 1, 0],
    [4, 1, 0],
  ]);
  expect(sizes("abcdef", "fabcde")).toEqual([
    [0, 0, 1],
    [5, 1, 0],
  ]);
  expect(sizes("abcdef", "bcdefa")).toEqual([
    [0, 1, 0],
    [6, 0, 1],
  ]);
});

test("edits that do not fit a list are not carried out", () => {
  fc.assert(
    fc.property(
      list,
      list,
      fc.array(fc.record({ at: fc.nat(20), remove: fc.nat(20), items: list })),
      (before, now, edits) => {
        const after = withItemEdits(before, edits);
        if (after !== undefined) expect(withItemEdits(before, itemEdits(before, after))).toEqual(after);
        expect(withItemEdits(now.slice(0, 2), [{ at: 2, remove: 1, items: [] }])).toBeUndefined();
      },
    ),
  );
});
