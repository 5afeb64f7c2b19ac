import fc from "fast-check";
import { expect, test } from "vitest";
import { expectLinearIn } from "../../test/linear.ts";
import { pluralOf, rangesIn } from "./ranges.ts";

test.each([
  ["files 1-150 of 500", ["file 1-150/500"], true],
  ["Files 1–150 of 500.", ["file 1-150/500"], true],
  ["files_001-050", ["file 1-50/?"], true],
  ["processed files 1 to 150 of 500, edge cases in 47", ["file 1-150/500"], false],
  ["files 1-50, 61-70 and 80 of 500", ["file 1-50/500", "file 61-70/500", "file 80-80/500"], true],
  ["files 151-170 of 500 done", ["file 151-170/500"], true],
  ["processed files 1-9; files 10-12 are in progress", ["file 1-9/?", "file 10-12/?"], true],
  ["files 171-180 done by hand", ["file 171-180/?"], false],
  ["file 151/500", ["file 151-151/500"], true],
  ["batches 3..9", ["batch 3-9/?"], true],
  ["slides 3-9 of 40", ["slide 3-9/40"], true],
  ["entries 1-2; pages 4-5", ["entry 1-2/?", "page 4-5/?"], true],
  ["files 1-150, 200 warnings left", ["file 1-150/?"], false],
])("%s counts %j", (text, ranges, isAll) => {
  const found = rangesIn(text);
  expect(found.ranges.map(({ unit, from, to, total }) => `${unit} ${from}-${to}/${total ?? "?"}`)).toEqual(
    ranges,
  );
  expect(found.isAll).toBe(isAll);
});

test.each([
  "took 3-4 hours",
  "lines 10-20 of the reader",
  "version 2",
  "files 9-3",
  "files 1-600 of 500",
  "2024-06-15",
  "step 10:30",
  "file",
  "",
])("%s counts nothing", (text) => {
  expect(rangesIn(text)).toEqual({ ranges: [], isAll: false });
});

test("any text is read, and no range ends before it begins or after its total", () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: "binary" }), fc.stringMatching(/^(?:files? |\d{1,4}|-|, | of ){0,12}$/)),
      (text) => {
        for (const { from, to, total } of rangesIn(text).ranges) {
          expect(from).toBeLessThanOrEqual(to);
          expect(to).toBeLessThanOrEqual(total ?? to);
        }
      },
    ),
  );
});

test("a megabyte of anything is read in linear time", () => {
  for (const part of ["a", "files 1", "files 1, ", "1-"]) expectLinearIn(part, 1e6 / part.length, rangesIn);
});

test("units are said in the plural as people say them", () => {
  expect(["file", "batch", "entry", "class", "day"].map(pluralOf)).toEqual([
    "files",
    "batches",
    "entries",
    "classes",
    "days",
  ]);
});
