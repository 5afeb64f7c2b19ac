import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { NOTE_FIELDS, NOTE_KINDS, type Note } from "../session/note.ts";
import { compareDocument } from "./compare.ts";
import {
  EMPTY_VIEW,
  lostLines,
  note,
  rewritten,
  said,
  takeIn,
  wanted,
  withoutCommandFields,
} from "./document.model.ts";
import type { DocumentView, WrittenDocument } from "./document.ts";
import { parseDocument } from "./read.ts";
import { writeDocument } from "./write.ts";

// The 652 examples of the CommonMark specification, and what has broken other people's programs (the big list of naughty
// strings): as every field of every kind of note, as whole documents, and as sections of a person's own.

const require = createRequire(import.meta.url);
const {
  tests: examples,
}: { tests: readonly { markdown: string; number: number }[] } = require("commonmark-spec");
const naughtyStrings: readonly string[] = require("big-list-of-naughty-strings");

const MARKDOWN = examples.map(({ markdown, number }) => ({
  name: `CommonMark ${number}`,
  text: markdown.replaceAll("→", "\t"),
}));
const NAUGHTY = naughtyStrings.map((text, at) => ({ name: `naughty ${at}`, text }));
const ALL = [...MARKDOWN, ...NAUGHTY];

/** A note of each kind that says the text, in its own words and in every field. */
function everywhere(text: string): DocumentView {
  const fields = Object.fromEntries(NOTE_FIELDS.map((field) => [field, text]));
  const notes = NOTE_KINDS.map((kind, id): Note => note({ kind, text, fields, id }));
  return withoutCommandFields({
    ...EMPTY_VIEW,
    title: text,
    thread: text,
    statusReason: text,
    notes,
    files: [{ path: text, what: text }],
    commands: [{ command: text, what: text }],
    continuity: {
      previous: { when: text, lines: [text] },
      current: { when: text, lines: [text] },
      next: [text],
    },
    metrics: [{ name: text, value: text }],
  });
}

function withoutTrace(written: WrittenDocument, view: DocumentView): void {
  expect(compareDocument(written, written.text)).toMatchObject({
    changes: [],
    withheld: undefined,
    conflicted: false,
  });
  expect(rewritten(written, view).text).toBe(written.text);
}

test("the corpora are all there", () => {
  expect([MARKDOWN.length, NAUGHTY.length]).toEqual([652, 461]);
});

test.each([
  ["CommonMark", MARKDOWN],
  ["naughty strings", NAUGHTY],
])(
  "%s in every field of every kind of note: the document says the same, each once, and settles at once",
  (_, corpus) => {
    for (const { name, text } of corpus) {
      const view = everywhere(text);
      const written = writeDocument(undefined, view);
      expect(said(written), name).toEqual(wanted(view));
      withoutTrace(written, view);
    }
  },
  // Some seconds of work, on a machine that may be busy with ten other things.
  120_000,
);

test.each([
  ["CommonMark", MARKDOWN],
  ["naughty strings", NAUGHTY],
])("%s as whole documents: no line is lost, and what was read as notes is there once", (_, corpus) => {
  for (const { name, text } of corpus) {
    const comparison = compareDocument({ text: "", items: [] }, text);
    const { wish, aligned } = takeIn(
      { ...EMPTY_VIEW, notes: [note({ kind: "next", text: "Ship it", id: 1 })] },
      comparison,
    );
    const written = writeDocument({ text, aligned }, wish);
    if (comparison.conflicted || parseDocument(text).broken !== undefined) {
      expect(written.text, name).toBe(text);
      continue;
    }
    expect(lostLines(text, written.text), name).toEqual([]);
    withoutTrace(written, wish);
    expect(said(written), name).toEqual(wanted(wish));
  }
});

test.each([
  ["LF", "\n"],
  ["CRLF", "\r\n"],
])("each as a section of a person's own, with %s: its bytes stay, and notes go beside it", (_, eol) => {
  const before: DocumentView = { ...EMPTY_VIEW, notes: [note({ kind: "next", text: "Ship it", id: 1 })] };
  const after = { ...before, notes: [...before.notes, note({ kind: "finding", text: "It rains", id: 2 })] };
  const base = writeDocument(undefined, before);
  for (const { name, text } of ALL) {
    const own = `## Thoughts of mine\n\n${text}`.replaceAll(/\r?\n/g, eol);
    const file = `${base.text.replaceAll("\n", eol)}${eol}${own}`;
    const comparison = compareDocument(base, file);
    const taken = takeIn(after, comparison);
    const written = writeDocument({ text: file, aligned: taken.aligned }, taken.wish);
    if (comparison.conflicted) expect(written.text, name).toBe(file);
    else {
      expect(written.text.endsWith(own) || lostLines(file, written.text).length === 0, name).toBe(true);
      expect(written.text.includes("It rains"), name).toBe(true);
      withoutTrace(written, taken.wish);
    }
  }
});
