import type { NoteId } from "../base/id.ts";
import type { Note } from "../session/note.ts";
import { editDerived } from "./derived.ts";
import type { Comparison, DocumentView, WrittenDocument } from "./document.ts";
import { type Draft, newDraft, removalEdits, removeLines } from "./draft.ts";
import { editItem } from "./edit-item.ts";
import { type Entry, entryOf, foundEntries, isAsNoted } from "./entry.ts";
import { insertEntries } from "./insert.ts";
import type { ParsedDocument, ParsedItem } from "./parsed.ts";
import { parseDocument, parsedOnce } from "./read.ts";
import { fitsRow } from "./read-table.ts";
import { fitsFence } from "./render.ts";
import { type Edit, type NoteReader, noteReader, splice } from "./splice.ts";
import { newDocumentText } from "./template.ts";
import { editHead } from "./write-head.ts";
import { aboutOf, derivedId, writtenItems } from "./written.ts";

/** A file as it is, and which place in it is which note: what a comparison gave, and the places of what was added. */
export interface CurrentDocument {
  readonly text: string;
  /** The text as {@link parseDocument} gave it, where somebody has read it already. */
  readonly parsed?: ParsedDocument;
  readonly aligned: Comparison["aligned"];
}

/** What a document shall hold, and what was changed in it to get there; without edits it was made anew. */
export interface WriteResult extends WrittenDocument {
  readonly edits: readonly Edit[] | undefined;
  /** Why the text is given back as it is: with what there is to write, it could not be read any more. */
  readonly refused?: string;
}

/**
 * Makes the document say what the view says. Without a text (or with an empty one) it is the template, filled in; else
 * the text is spliced: bytes that a person wrote stay unless that very item changed. Writing twice changes nothing, and
 * what is written is read again as the same items. A document that is half merged, or whose end is hidden behind an open
 * code fence, is given back as it is.
 */
export function writeDocument(current: CurrentDocument | undefined, view: DocumentView): WriteResult {
  const isNew = current === undefined || current.text.trim() === "";
  const document = isNew ? parseDocument(newDocumentText(view)) : parsedOnce(current.parsed ?? current.text);
  const draft = newDraft(document);
  const places = isNew ? [] : current.aligned.map(({ note, range }) => ({ note, at: range.from }));
  if (document.broken !== undefined)
    return { text: document.text, items: writtenItems(document, places), edits: [] };
  editHead(draft, view);
  const missing = editItems(draft, view, noteReader(places));
  editDerived(draft, view, noteReader(places));
  insertEntries(draft, missing);
  const edits = [...draft.edits, ...removalEdits(draft)];
  const spliced = splice(document.text, edits, draft.kept);
  const written = spliced.text === document.text ? document : parseDocument(spliced.text, document);
  if (written.broken !== undefined)
    return { text: document.text, items: writtenItems(document, places), edits: [], refused: written.broken };
  const items = writtenItems(written, spliced.places);
  return { text: spliced.text, items, edits: isNew ? undefined : edits };
}

/** What there is to write, less what stands in the file already. */
interface Wanted {
  readonly notes: Map<NoteId, Note>;
  readonly found: Map<NoteId, Entry>;
}

/** Changes and removes items in the file; returns the entries that have no place in it yet. */
function editItems(draft: Draft, view: DocumentView, noteAt: NoteReader): readonly Entry[] {
  const wanted: Wanted = { notes: new Map(), found: new Map() };
  for (const note of view.notes) wanted.notes.set(note.id, note);
  for (const entry of foundEntries(view)) wanted.found.set(entry.id, entry);
  const theirs = new Set<NoteId>();
  for (const { items } of draft.document.sections) {
    for (const item of items) {
      const note = noteAt(item.range.from);
      if (note !== undefined) editOurs(draft, item, { note, wanted });
      // A line of a person's own about a file or command stands for ours.
      else if (item.kind === "file" || item.kind === "command")
        theirs.add(derivedId(item.kind, aboutOf(item.kind, item.text)));
    }
  }
  const missing = [...wanted.notes.values()].flatMap((note) => entryOf(note) ?? []);
  return [...missing, ...wanted.found.values()].filter(({ id }) => !theirs.has(id));
}

function editOurs(
  draft: Draft,
  item: ParsedItem,
  { note: id, wanted }: { readonly note: NoteId; readonly wanted: Wanted },
): void {
  const note = wanted.notes.get(id);
  if (note === undefined || !isAsNoted(item, note)) {
    const entry = note === undefined ? wanted.found.get(id) : entryOf(note);
    if (entry === undefined || !fitsPlace(item, entry)) {
      removeLines(draft, item.firstLine, item.endLine);
      return;
    }
    editItem(draft, item, entry);
  }
  wanted.notes.delete(id);
  wanted.found.delete(id);
  draft.kept.push({ note: id, at: item.range.from });
}

/** Whether an entry can stay where its item is: in its section, under its horizon, in its form. */
function fitsPlace(item: ParsedItem, entry: Entry): boolean {
  if (item.kind !== entry.kind) return false;
  if (item.form === "fence") return item.text === entry.text || fitsFence(entry);
  // The numbers and signs around the name in a heading are the person's: other words become an item of our own form.
  if (item.form === "heading") return item.text === entry.text;
  if (item.form === "table" && !fitsRow(item, entry)) return false;
  return item.kind !== "next" || item.fields.horizon === entry.fields.horizon;
}
