import fc from "fast-check";
import { expect, test } from "vitest";
import { compareDocument } from "./compare.ts";
import { hostileText, notes, plainText, view } from "./document.arbitrary.ts";
import type { DocumentView, WrittenDocument } from "./document.ts";
import { entriesOf } from "./entry.ts";
import { parseDocument } from "./read.ts";
import { fieldsInOrder } from "./render.ts";
import { writeDocument } from "./write.ts";

/** What the document says, item by item, under the note it is. */
function said({ text, items }: WrittenDocument): readonly unknown[] {
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

function wanted(wish: DocumentView): readonly unknown[] {
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
const withoutCommandFields = (wish: DocumentView): DocumentView => ({
  ...wish,
  notes: wish.notes.map((note) =>
    note.kind === "command" ? { ...note, fields: note.fields.why ? { why: note.fields.why } : {} } : note,
  ),
});

function rewritten(before: WrittenDocument, wish: DocumentView): WrittenDocument {
  return writeDocument({ text: before.text, aligned: compareDocument(before, before.text).aligned }, wish);
}

test("whatever notes say, the document says the same, each as one item", () => {
  fc.assert(
    fc.property(view(hostileText).map(withoutCommandFields), (wish) => {
      const written = writeDocument(undefined, wish);
      expect(said(written)).toEqual(wanted(wish));
    }),
    { numRuns: 200 },
  );
});

test("comparing what was just written finds no change", () => {
  fc.assert(
    fc.property(view(hostileText), (wish) => {
      const written = writeDocument(undefined, wish);
      const { changes, withheld, conflicted } = compareDocument(written, written.text);
      expect({ changes, withheld, conflicted }).toEqual({
        changes: [],
        withheld: undefined,
        conflicted: false,
      });
    }),
    { numRuns: 200 },
  );
});

test("writing twice changes no byte", () => {
  fc.assert(
    fc.property(view(hostileText), (wish) => {
      const written = writeDocument(undefined, wish);
      const again = rewritten(written, wish);
      expect([again.text, again.items]).toEqual([written.text, written.items]);
    }),
    { numRuns: 200 },
  );
});

test("a document brought from any view to any other says what the other says", () => {
  fc.assert(
    fc.property(
      view(hostileText).map(withoutCommandFields),
      view(hostileText).map(withoutCommandFields),
      (first, second) => {
        const written = rewritten(writeDocument(undefined, first), second);
        expect(said(written)).toEqual(wanted(second));
        expect(compareDocument(written, written.text).changes).toEqual([]);
        expect(rewritten(written, second).text).toBe(written.text);
      },
    ),
    { numRuns: 300 },
  );
});

test("CRLF stays CRLF", () => {
  fc.assert(
    fc.property(view(plainText), notes(plainText), (wish, more) => {
      const text = writeDocument(undefined, { ...wish, notes: [] }).text.replaceAll("\n", "\r\n");
      const written = writeDocument({ text, aligned: [] }, { ...wish, notes: more });
      expect(written.text.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
    }),
    { numRuns: 100 },
  );
});
