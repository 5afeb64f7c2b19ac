import type { DocumentView } from "../document/document.ts";
import { type Entry, entriesOf } from "../document/entry.ts";
import { renderItem } from "../document/render.ts";
import type { Note, NoteKind } from "../session/note.ts";

/** Notes as list items with their fields below them, as the state document writes them, so that it is read the same way. */
export function itemLines(notes: readonly Note[]): readonly string[] {
  return entryLines(entriesOf({ notes, files: [], commands: [] }));
}

/** Files or commands that leftoff found, without those that a note is about already. */
export function foundLines(
  notes: readonly Note[],
  found: Pick<DocumentView, "files" | "commands">,
): readonly string[] {
  const own = new Set<string>(notes.map(({ id }) => id));
  return entryLines(entriesOf({ notes, ...found }).filter(({ id }) => !own.has(id)));
}

function entryLines(entries: readonly Entry[]): readonly string[] {
  return entries.flatMap((entry) => renderItem(entry, { indent: "", marker: "-" }));
}

/** A heading with what stands below it; nothing where nothing does. */
export function section(heading: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ["", heading, "", ...lines];
}

/** Several parts below one heading; nothing where all are empty. */
export function chapter(heading: string, parts: readonly (readonly string[])[]): readonly string[] {
  const lines = parts.flat();
  return lines.length === 0 ? [] : ["", heading, ...lines];
}

export function notesOf(notes: readonly Note[], ...kinds: readonly NoteKind[]): readonly Note[] {
  return kinds.flatMap((wanted) => notes.filter(({ kind }) => kind === wanted));
}

/** `1a2b3c4`: enough to find a commit by, and what git itself shows. */
export function shortHash(hash: string): string {
  return hash.slice(0, 7);
}
