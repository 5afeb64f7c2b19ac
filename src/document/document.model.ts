import { derivedNoteId, type NoteId } from "../base/id.ts";
import type { Note, NoteFields, NoteKind, NoteState } from "../session/note.ts";
import { compareDocument } from "./compare.ts";
import type { Comparison, DocumentChange, DocumentView, WrittenDocument } from "./document.ts";
import { entriesOf } from "./entry.ts";
import { isPlaceholder } from "./item-text.ts";
import { parseDocument } from "./read.ts";
import { fieldsInOrder } from "./render.ts";
import { writeDocument } from "./write.ts";
import { isDerivedId } from "./written.ts";

// What the tests of this folder hold documents against, and what they and the benchmark begin with.

/** What the document says, item by item, under the note it is. */
export function said({ text, items }: WrittenDocument): readonly unknown[] {
  const { aligned } = compareDocument({ text, items }, text);
  const noteAt = new Map(aligned.map(({ note, range }) => [range.from, note]));
  return parseDocument(text)
    .sections.flatMap((section) => section.items)
    .map((item) => ({
      note: noteAt.get(item.range.from),
      kind: item.kind,
      text: item.text,
      fields: item.fields,
      unconfirmed: item.unconfirmed,
    }))
    .sort(byNote);
}

export function wanted(wish: DocumentView): readonly unknown[] {
  return entriesOf(wish)
    .map((entry) => ({
      note: entry.id,
      kind: entry.kind,
      text: entry.text,
      fields: Object.fromEntries(
        (entry.kind === "summary"
          ? []
          : [...fieldsInOrder(entry), ...(entry.kind === "next" ? ["horizon" as const] : [])]
        )
          .filter((field) => entry.fields[field] !== undefined)
          .map((field) => [field, entry.fields[field]]),
      ),
      unconfirmed: entry.unconfirmed,
    }))
    .sort(byNote);
}

function byNote(a: { note: unknown }, b: { note: unknown }): number {
  return String(a.note).localeCompare(String(b.note));
}

/** Commands in a fence show only what they are for. */
export const withoutCommandFields = (wish: DocumentView): DocumentView => ({
  ...wish,
  notes: wish.notes.map((note) =>
    note.kind === "command" ? { ...note, fields: note.fields.why ? { why: note.fields.why } : {} } : note,
  ),
});

export function rewritten(before: WrittenDocument, wish: DocumentView): WrittenDocument {
  return writeDocument({ text: before.text, aligned: compareDocument(before, before.text).aligned }, wish);
}

/** What the shell does with a comparison: changes become notes, and what was added has a place. */
export function takeIn(
  wish: DocumentView,
  { changes, aligned }: Comparison,
): { wish: DocumentView; aligned: Comparison["aligned"] } {
  const places = [...aligned];
  let after = wish;
  for (const change of changes) {
    if (change.type !== "added") after = afterChange(after, change);
    else {
      const { kind, text, fields, checked, range } = change.item;
      const made = note({
        kind,
        text,
        fields,
        state: checked ? "done" : "open",
        id: 1_000_000 + after.notes.length,
      });
      after = { ...after, notes: [...after.notes, made] };
      places.push({ note: made.id, range });
    }
  }
  return { wish: after, aligned: places };
}

function afterChange(wish: DocumentView, change: Exclude<DocumentChange, { type: "added" }>): DocumentView {
  switch (change.type) {
    case "renamed":
      return { ...wish, title: change.title };
    case "status":
      return { ...wish, status: change.status, statusReason: change.reason };
    case "edited": {
      const { kind, text, fields } = change.item;
      return withNote(wish, change.note, (one) => ({
        ...one,
        kind,
        text,
        fields,
        state: one.state === "proposed" ? "open" : one.state,
      }));
    }
    case "dropped":
      if (isDerivedId(change.note)) return { ...wish, hidden: [...(wish.hidden ?? []), change.note] };
      return withNote(wish, change.note, (one) => ({ ...one, state: "dropped" }));
    case "done":
      return withNote(wish, change.note, (one) => ({ ...one, state: "done" }));
    default:
      return withNote(wish, change.note, (one) => ({ ...one, state: "open" }));
  }
}

function withNote(wish: DocumentView, id: NoteId, change: (one: Note) => Note): DocumentView {
  return { ...wish, notes: wish.notes.map((one) => (one.id === id ? change(one) : one)) };
}

function linesOf(text: string): readonly string[] {
  // A mark of ours on an item that a person wrote is taken away: it is theirs, so it is confirmed.
  return text
    .split(/\r\n|\n|\r/)
    .map((line) => line.replace(/\s*\(unconfirmed\)\s*$/, "").trim())
    .filter((line) => line !== "");
}

/** Lines of `before` that `after` no longer holds, as often as it held them. */
export function lostLines(before: string, after: string): readonly string[] {
  const left = new Map<string, number>();
  for (const line of linesOf(after)) left.set(line, (left.get(line) ?? 0) + 1);
  return linesOf(before).filter((line) => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    // A template's placeholder gives way to what it asks for.
    return count <= 0 && !isPlaceholder(line.replace(/^#+\s*/, ""));
  });
}

export function note({
  id,
  ...content
}: {
  kind: NoteKind;
  text: string;
  fields?: NoteFields;
  state?: NoteState;
  id: number;
}): Note {
  return {
    id: derivedNoteId(`f${String(id).padStart(31, "0")}`),
    fields: {},
    state: "open",
    by: { kind: "person" },
    atMs: 1,
    changedAtMs: 1,
    evidence: undefined,
    ...content,
  };
}

export const EMPTY_VIEW: DocumentView = {
  title: "Rotate refresh tokens",
  createdDate: "2026-01-25",
  updatedDate: "2026-01-26",
  status: "in_progress",
  statusReason: undefined,
  thread: undefined,
  notes: [],
  files: [],
  commands: [],
  continuity: { previous: undefined, current: undefined, next: [] },
  metrics: [],
};
