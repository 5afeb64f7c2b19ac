import fc from "fast-check";
import { expect, test } from "vitest";
import type { NoteId } from "../base/id.ts";
import type { Note, NoteFields, NoteKind } from "../session/note.ts";
import { memoryOf } from "./memory.ts";
import { readMemory } from "./read.ts";
import { renderMemory, renderNews } from "./render.ts";

const START_MS = Date.UTC(2026, 0, 25, 10);

let made = 0;
function noteOf(kind: NoteKind, text: string, fields: NoteFields = {}): Note {
  made += 1;
  return {
    id: `not_${String(made).padStart(32, "0")}` as NoteId,
    kind,
    text,
    fields,
    state: "open",
    by: { kind: "person" },
    atMs: START_MS + made * 60_000,
    changedAtMs: START_MS + made * 60_000,
    evidence: undefined,
  };
}

const READ = (text: string) => readMemory(text.split("\n"), () => false);

test("a memory has the four parts of the users' own template", () => {
  made = 0;
  const memory = memoryOf(
    [
      noteOf("decision", "Keep auth.yaml", { why: "three services use it" }),
      noteOf("progress", "files 1-150 of 500"),
      noteOf("finding", "Headers are generated"),
      noteOf("failed", "A codemod", { why: "it loses comments" }),
      noteOf("next", "Look at the imports first"),
      noteOf("next", "Delete the old loader", { horizon: "future" }),
    ],
    "css-migration",
  );

  expect(renderMemory(memory)).toBe(`# Session Memory — css-migration

## Decisions Made
- 2026-01-25T10:01Z — Keep auth.yaml — three services use it

## Progress Markers
- COMPLETED: files 1-150 of 500
- PENDING: files 151-500 of 500

## Key Discoveries
- 2026-01-25T10:03Z — Headers are generated
- 2026-01-25T10:04Z — Failed: A codemod (it loses comments)

## Next Session Start
- Start at file 151 of 500: files 1-150 are completed, not to be done again
- Look at the imports first
`);
});

test("a decision that another one replaced is gone", () => {
  const { decisions } = memoryOf(
    [noteOf("decision", "Use REST", { status: "Superseded by GraphQL" }), noteOf("decision", "Use GraphQL")],
    "api",
  );
  expect(decisions.map(({ decision }) => decision)).toEqual(["Use GraphQL"]);
});

test("only what is new is appended, and what changed as a whole", () => {
  const notes = [
    noteOf("decision", "Keep it"),
    noteOf("progress", "files 1-50 of 100"),
    noteOf("finding", "Slow"),
  ];
  const file = renderMemory(memoryOf(notes, "x"));
  const after = memoryOf(
    [...notes, noteOf("progress", "files 51-60"), noteOf("decision", "No codemod")],
    "x",
  );

  const news = renderNews(after, file);

  expect(news.match(/^## .*/gm)).toEqual([
    "## Decisions Made",
    "## Progress Markers",
    "## Next Session Start",
  ]);
  expect(news).toContain("No codemod");
  expect(news).not.toContain("Keep it");
  expect(renderNews(after, file + news)).toBe("");
});

test("when nothing is next any more, the file says so, once", () => {
  const next = noteOf("next", "Deploy");
  const file = renderMemory(memoryOf([next], "x"));
  const done = memoryOf([{ ...next, state: "done" }], "x");

  const news = renderNews(done, file);

  expect(news).toBe("\n## Next Session Start\n[Nothing is recorded]\n");
  expect(renderNews(done, file + news)).toBe("");
  expect(READ(news)).toEqual([]);
});

test("what a script appends after the last part changes nothing of what has to be written", () => {
  const memory = memoryOf([noteOf("next", "Deploy")], "x");
  const file = `${renderMemory(memory)}- 2026-01-25T12:00Z — ran the tests\n`;
  expect(renderNews(memory, file)).toBe("");
});

test("an unclosed fence swallows no checkpoint, and a checkpoint may have several lines", () => {
  const items = READ("## Next Session Start\n```\nnpm test\n- no item\n- 2026-01-25T12:00Z — ran them\n");
  expect(items.map(({ kind, text }) => [kind, text])).toEqual([["progress", "ran them"]]);
  expect(READ("- 2026-01-25T12:00Z — one\ntwo\n\nthree\n").map(({ text }) => text)).toEqual(["one two"]);
});

test("known lines are passed over, and what follows them is its own", () => {
  const lines = ["## Next Session Start", "- ours", "- 2026-01-25T12:00Z — theirs", "and more"];
  expect(readMemory(lines, (index) => index < 2).map(({ text }) => text)).toEqual(["theirs and more"]);
  expect(readMemory(lines, (index) => index < 3).map(({ kind, text }) => [kind, text])).toEqual([
    ["next", "and more"],
  ]);
});

const words = fc.oneof(
  fc.lorem({ maxCount: 6 }),
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.constantFrom(
    "files 1-50 of 100",
    "COMPLETED: it",
    "- x",
    "# y",
    "```",
    "a — b",
    "[x]",
    "2026-01-25T12:00Z — z",
  ),
);
const anyNote = fc
  .tuple(
    fc.constantFrom<NoteKind>("decision", "progress", "finding", "failed", "next"),
    words,
    fc.option(words),
  )
  .map(([kind, text, why]) => noteOf(kind, text, why === null ? {} : { why }));

test("what was written is never written again, whatever it says", () => {
  fc.assert(
    fc.property(fc.array(anyNote, { maxLength: 6 }), fc.array(anyNote, { maxLength: 4 }), (first, more) => {
      const file = renderMemory(memoryOf(first, "x"));
      const after = memoryOf([...first, ...more], "x");
      const whole = file + renderNews(after, file);
      expect(renderNews(after, whole)).toBe("");
      expect(whole.startsWith(file)).toBe(true);
    }),
  );
});

test("any text is a memory", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => {
      for (const { text: said, from, to } of READ(`## Next\n${text}`)) {
        expect(said).not.toBe("");
        expect(to).toBeGreaterThan(from);
      }
    }),
  );
});
