import fc from "fast-check";
import { expect, test } from "vitest";
import type { NoteId } from "../base/id.ts";
import type { Note } from "../session/note.ts";
import { chooseBase, compareDocument } from "./compare.ts";
import { EMPTY_VIEW, hostileText, note, notes, plainText, view } from "./document.arbitrary.ts";
import type { Comparison, DocumentChange, DocumentView, WrittenDocument } from "./document.ts";
import { isPlaceholder } from "./item-text.ts";
import { writeDocument } from "./write.ts";
import { isDerivedId } from "./written.ts";

/** What the shell does with a comparison: changes become notes, and what was added has a place. */
function takeIn(
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
function lostLines(before: string, after: string): readonly string[] {
  const left = new Map<string, number>();
  for (const line of linesOf(after)) left.set(line, (left.get(line) ?? 0) + 1);
  return linesOf(before).filter((line) => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    // A template's placeholder gives way to what it asks for.
    return count <= 0 && !isPlaceholder(line.replace(/^#+\s*/, ""));
  });
}

const insertion = fc.record({ place: fc.double({ min: 0, max: 1, noNaN: true }), line: hostileText });

function withLines(text: string, insertions: readonly { place: number; line: string }[]): string {
  const lines = text.split("\n");
  for (const { place, line } of insertions) lines.splice(Math.floor(place * lines.length), 0, line);
  return lines.join("\n");
}

test("whatever a person writes into a document, no line of theirs is lost, and it settles at once", () => {
  fc.assert(
    fc.property(view(plainText), fc.array(insertion, { minLength: 1, maxLength: 5 }), (first, insertions) => {
      const base = writeDocument(undefined, first);
      const text = withLines(base.text, insertions);
      const comparison = compareDocument(base, text);
      const { wish, aligned } = takeIn(first, comparison);
      const written = writeDocument({ text, aligned }, wish);
      if (comparison.conflicted) {
        expect(written.text).toBe(text);
        return;
      }
      expect(
        lostLines(text, written.text).filter(
          (line) => !/^(?:[-*+] |# |\*\*)?.*(?:Placeholder|Updated|Status|Created)/.test(line),
        ),
      ).toEqual([]);
      expect(compareDocument(written, written.text).changes).toEqual([]);
      expect(
        writeDocument({ text: written.text, aligned: compareDocument(written, written.text).aligned }, wish)
          .text,
      ).toBe(written.text);
    }),
    { numRuns: 250 },
  );
});

test("any text placed by hand becomes notes and keeps every line", () => {
  const document = fc.array(hostileText, { maxLength: 30 }).map((lines) => lines.join("\n"));
  const known = fc
    .array(
      fc.oneof(
        hostileText,
        fc.constantFrom(
          "## What We Know",
          "## Next Steps",
          "### Failed Approaches",
          "## Useful Commands",
          "## Summary",
          "## Decisions",
          "- [ ] ship it",
          "1. **Approach**: queue",
          "### Attempt 2: sticky",
          "- **Problem**: slow",
          "- Lesson: none",
          "## Known Issues",
          "## Risks",
          "   - Problem: too slow",
        ),
      ),
      { maxLength: 30 },
    )
    .map((lines) => lines.join("\n"));
  fc.assert(
    fc.property(fc.oneof(document, known), (text) => {
      const comparison = compareDocument({ text: "", items: [] }, text);
      const { wish, aligned } = takeIn(EMPTY_VIEW, comparison);
      const written = writeDocument({ text, aligned }, wish);
      if (comparison.conflicted || text.trim() === "") return;
      expect(
        lostLines(text, written.text).filter(
          (line) => !/created|updated|status|date|started|state|thread|^#/i.test(line),
        ),
      ).toEqual([]);
      expect(compareDocument(written, written.text).changes).toEqual([]);
      expect(
        writeDocument({ text: written.text, aligned: compareDocument(written, written.text).aligned }, wish)
          .text,
      ).toBe(written.text);
    }),
    { numRuns: 250 },
  );
});

test("an old copy that comes back deletes nothing, also with a line added to it", () => {
  fc.assert(
    fc.property(
      notes(plainText),
      fc.nat(),
      fc.option(plainText, { nil: undefined }),
      (all, pick, addition) => {
        const bases: WrittenDocument[] = [writeDocument(undefined, EMPTY_VIEW)];
        for (const at of all.keys()) {
          const before = bases.at(-1)!;
          const aligned = compareDocument(before, before.text).aligned;
          bases.push(
            writeDocument({ text: before.text, aligned }, { ...EMPTY_VIEW, notes: all.slice(0, at + 1) }),
          );
        }
        const old = bases[pick % bases.length]!.text;
        const text =
          addition === undefined
            ? old
            : old.replace("## What We Know\n", `## What We Know\n- ${addition} indeed\n`);
        const { changes } = compareDocument(chooseBase(bases, text), text);
        expect(changes.filter(({ type }) => type === "dropped" || type === "reopened")).toEqual([]);
        expect(changes.length).toBeLessThanOrEqual(addition === undefined ? 0 : 1);
      },
    ),
    { numRuns: 100 },
  );
});
