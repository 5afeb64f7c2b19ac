import fc from "fast-check";
import { expect, test } from "vitest";
import type { NoteId } from "../base/id.ts";
import type { Note, NoteState } from "./note.ts";
import {
  PROGRESS_STATUSES,
  type ProgressStatus,
  progressOf,
  progressStatusOf,
  rangeText,
  whereToStart,
} from "./progress.ts";

let made = 0;
function progress(text: string, status?: string, state: NoteState = "open"): Note {
  made += 1;
  return {
    id: `not_${String(made).padStart(32, "0")}` as NoteId,
    kind: "progress",
    text,
    fields: status === undefined ? {} : { status },
    state,
    by: { kind: "person" },
    atMs: made,
    changedAtMs: made,
    evidence: undefined,
  };
}

function starts(...notes: readonly Note[]): readonly (string | undefined)[] {
  return progressOf(notes).counted.map(whereToStart);
}

test("500 files go on where they were left, and what is done is said", () => {
  expect(starts(progress("files 1-150 of 500"))).toEqual([
    "Start at file 151 of 500: files 1-150 are completed, not to be done again",
  ]);
});

test("checkpoints add up, in whatever pieces they came", () => {
  expect(
    starts(progress("files 1-50 of 500"), progress("COMPLETED: files 101-150"), progress("files_051-100")),
  ).toEqual(["Start at file 151 of 500: files 1-150 are completed, not to be done again"]);
});

test("gaps are named, and work goes on at the first", () => {
  expect(starts(progress("files 1-50 of 100"), progress("files 61-70"))).toEqual([
    "Start at file 51 of 100: files 1-50, 61-70 are completed, not to be done again; left: 51-60, 71-100",
  ]);
});

test("what was said last of a number counts", () => {
  const [work] = progressOf([
    progress("files 1-100 of 200", "PENDING"),
    progress("files 1-60", "COMPLETED"),
    progress("files 50-70", "IN_PROGRESS"),
  ]).counted;
  expect(
    work && [
      rangeText(work, work.completed),
      rangeText(work, work.inProgress),
      rangeText(work, work.pending),
    ],
  ).toEqual(["files 1-49 of 200", "files 50-70 of 200", "files 71-200 of 200"]);
});

test("work that began in the middle goes on behind it", () => {
  expect(starts(progress("pages 10-20"))).toEqual([
    "Start at page 21: pages 10-20 are completed, not to be done again",
  ]);
  expect(starts(progress("pages 10-20 of 20"))).toEqual([
    "Start at page 1 of 20: pages 10-20 are completed, not to be done again",
  ]);
});

test("work that is done is said to be", () => {
  expect(starts(progress("files 1-500 of 500"))).toEqual([
    "All 500 files are completed, not to be done again",
  ]);
});

test("nothing completed is nowhere to start", () => {
  expect(starts(progress("files 1-50 of 100", "IN_PROGRESS"))).toEqual([undefined]);
});

test("dropped notes and guesses count nothing", () => {
  expect(
    starts(progress("files 1-5", undefined, "dropped"), progress("files 1-5", undefined, "proposed")),
  ).toEqual([]);
});

test.each([
  ["files 1-50", undefined, "COMPLETED"],
  ["COMPLETED: the parser", undefined, "COMPLETED"],
  ["In progress: the parser", undefined, "IN_PROGRESS"],
  ["working on the parser", undefined, "IN_PROGRESS"],
  ["PENDING - the parser", undefined, "PENDING"],
  ["the parser", "⏳ In Progress", "IN_PROGRESS"],
  ["the parser", "✅ Complete", "COMPLETED"],
  ["the parser", "todo", "PENDING"],
  ["Attempt at the parser", undefined, "COMPLETED"],
  // How users write a plan of phases down.
  ["Phase 1: Analyzed existing code ✓", undefined, "COMPLETED"],
  ["Phase 2: Analyzed existing code", undefined, "COMPLETED"],
  ["Phase 3: Implemented core modules (50% complete)", undefined, "IN_PROGRESS"],
  ["Phase 3: callers move, one commit each (2 of 4)", undefined, "IN_PROGRESS"],
  ["Phase 4: Planned - Testing and optimization", undefined, "PENDING"],
  ["Phase 4: Testing and optimization (planned)", undefined, "PENDING"],
  ["Phase 4: Testing (4/4)", undefined, "COMPLETED"],
  ["Rollout (100 %)", undefined, "COMPLETED"],
  ["files 1-150 of 500 (30 %)", undefined, "COMPLETED"],
  ["in progress: the parser ✓", undefined, "COMPLETED"],
] as const)("%j with status %j is %s", (text, status, expected) => {
  expect(progressStatusOf(progress(text, status))).toBe(expected);
});

test("a later word on the same thing replaces the earlier, and one thing is in progress", () => {
  const { completed, inProgress, pending } = progressOf([
    progress("the lexer", "PENDING"),
    progress("the parser", "PENDING"),
    progress("The lexer", "IN_PROGRESS"),
    progress("the docs", "IN_PROGRESS"),
    progress("the parser", "COMPLETED"),
  ]);
  expect([completed.map(({ text }) => text), inProgress?.text, pending]).toEqual([
    ["the parser"],
    "the docs",
    [],
  ]);
});

test("each number has the status that was said last of it", () => {
  const said = fc.record({
    from: fc.integer({ min: 1, max: 20 }),
    length: fc.integer({ min: 0, max: 10 }),
    status: fc.constantFrom(...PROGRESS_STATUSES),
  });
  fc.assert(
    fc.property(fc.array(said, { minLength: 1, maxLength: 10 }), (sayings) => {
      const model = new Map<number, ProgressStatus>();
      const notes = sayings.map(({ from, length, status }) => {
        for (let number = from; number <= from + length; number += 1) model.set(number, status);
        return progress(`files ${from}-${from + length}`, status);
      });
      const [work] = progressOf(notes).counted;
      const sets = { COMPLETED: work?.completed, IN_PROGRESS: work?.inProgress, PENDING: work?.pending };
      for (const [number, status] of model) {
        for (const each of PROGRESS_STATUSES) {
          const isIn = sets[each]?.some(({ from, to }) => from <= number && number <= to);
          expect(isIn).toBe(each === status);
        }
      }
    }),
  );
});

test("work starts at a number that is not completed, and never below what is", () => {
  const range = fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 9 }));
  fc.assert(
    fc.property(
      fc.array(range, { minLength: 1, maxLength: 6 }),
      fc.option(fc.integer({ min: 30, max: 40 })),
      (ranges, total) => {
        const of = total === null ? "" : ` of ${total}`;
        const [work] = progressOf(
          ranges.map(([from, length]) => progress(`files ${from}-${from + length}${of}`)),
        ).counted;
        const { startAt } = work ?? {};
        expect(work?.completed.some(({ from, to }) => from <= (startAt ?? 0) && (startAt ?? 0) <= to)).toBe(
          false,
        );
        expect(startAt).toBeGreaterThan(work?.completed[0]?.to ?? 0);
      },
    ),
  );
});
