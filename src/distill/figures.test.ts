import { expect, test } from "vitest";
import type { ConversationId, NoteId } from "../base/id.ts";
import type { Note } from "../session/note.ts";
import { approachesOf } from "./approaches.ts";
import { emptyFacts } from "./distill.ts";
import type { ConversationFacts } from "./facts.ts";
import { figuresOf } from "./figures.ts";
import type { Stretch } from "./stretch.ts";

const MIN = 60_000;
const START = new Date(2026, 0, 25, 9, 0).getTime();

/** Times in minutes after nine o'clock. */
function worked(
  ...times: readonly (readonly [from: number, to: number, did?: Partial<Stretch>])[]
): ConversationFacts {
  return {
    ...emptyFacts("c1" as ConversationId, "claude"),
    stretches: times.map(([from, to, did]) => ({
      fromMs: START + from * MIN,
      toMs: START + to * MIN,
      prompts: 1,
      added: 0,
      removed: 0,
      tests: 0,
      ...did,
    })),
  };
}

let made = 0;
function note(kind: Note["kind"], minute: number, more: Partial<Note> = {}): Note {
  made += 1;
  const atMs = START + minute * MIN;
  return {
    id: `not_${String(made).padStart(32, "0")}` as NoteId,
    kind,
    text: `${kind} ${minute}`,
    fields: {},
    state: "open",
    by: { kind: "person" },
    atMs,
    changedAtMs: atMs,
    evidence: undefined,
    ...more,
  };
}

const session = (...notes: readonly Note[]) => ({
  notes: new Map(notes.map((each) => [each.id, each])),
  blocked: false,
  timesBlocked: 0,
});

test("a session's figures are those of its conversations, and what they did at once counts once", () => {
  const figures = figuresOf(
    [worked([0, 30, { added: 10, tests: 2 }]), worked([20, 50, { removed: 4, tests: -1 }])],
    session(),
  );

  expect(figures).toMatchObject({
    activeMs: 50 * MIN,
    conversations: 2,
    linesAdded: 10,
    linesRemoved: 4,
    testsAdded: 1,
    partial: false,
  });
  expect(figures.days).toEqual([
    { day: "2026-01-25", activeMs: 50 * MIN, prompts: 2, linesAdded: 10, linesRemoved: 4, testsAdded: 1 },
  ]);
});

test("a blocker is resolved once it is done, and a block once the work goes on", () => {
  const notes = [
    note("blocker", 1),
    note("blocker", 2, { state: "done" }),
    note("blocker", 3, { state: "dropped" }),
  ];

  expect(figuresOf([], { ...session(...notes), timesBlocked: 2, blocked: true })).toMatchObject({
    blockers: 4,
    blockersResolved: 2,
  });
});

test("facts of a version that measured nothing are said to be missing", () => {
  const { stretches: _, ...old } = worked([0, 10]);

  expect(figuresOf([old], session())).toMatchObject({ partial: true, activeMs: 0 });
});

test("an approach takes the time that was worked since the one before it", () => {
  const facts = [worked([0, 60], [120, 180])];
  const tried = approachesOf(facts, [
    note("failed", 40),
    note("worked", 150),
    note("failed", 90, { state: "dropped" }),
    note("worked", 100, { state: "proposed" }),
  ]);

  expect(tried.map(({ text, outcome, activeMs }) => [text, outcome, (activeMs ?? 0) / MIN])).toEqual([
    ["failed 40", "failed", 40],
    ["worked 150", "worked", 50],
  ]);
});

test("what was noted together shares its time, and what somebody wrote down counts before what was measured", () => {
  const facts = [worked([0, 60])];
  const together = approachesOf(facts, [note("failed", 30), note("worked", 31)]);
  const told = approachesOf(facts, [
    note("failed", 30, { fields: { time: "~2 hours" } }),
    note("worked", 31),
  ]);

  expect(together).toMatchObject([
    { outcome: "both", activeMs: 31 * MIN, notes: [{}, {}].map(() => expect.any(String)) },
  ]);
  expect(told.map(({ said, activeMs }) => [said, activeMs])).toEqual([
    ["~2 hours", undefined],
    [undefined, undefined],
  ]);
});
