import type { NoteId } from "../base/id.ts";
import type { WrittenItem } from "../session/event.ts";
import type { Comparison, Range, WrittenDocument } from "./document.ts";
import type { Bytes, ParsedDocument } from "./parsed.ts";
import { hashOf, sectionName, writtenItems } from "./written.ts";

/**
 * A text of a person's as a base for the next comparison: once their edits are notes, the file is what we know, although
 * we have not written it. Without this the same edits would be news again.
 */
export function knownDocument(document: ParsedDocument, aligned: Comparison["aligned"]): WrittenDocument {
  const places = aligned.map(({ note, range }) => ({ note, at: range.from }));
  return { text: document.text, items: writtenItems(document, places) };
}

/**
 * Which item of a text that nobody touched is which note: what {@link compareDocument} finds for the text that these items were
 * written into, without looking for changes.
 *
 * @returns undefined where the text holds an item that is none of them, or not all of them: then it is to be compared.
 */
export function untouchedPlaces(
  { sections, broken }: ParsedDocument,
  items: readonly WrittenItem[],
): Comparison["aligned"] | undefined {
  if (broken !== undefined) return undefined;
  const aligned: { note: NoteId; range: Range }[] = [];
  /** Whether a place is the next of what was written. */
  const take = (
    section: string,
    { range, bytes }: { readonly range: Range; readonly bytes: Bytes },
  ): boolean => {
    const next = items[aligned.length];
    if (next?.section !== section || next.hash !== hashOf(bytes)) return false;
    aligned.push({ note: next.note, range });
    return true;
  };
  for (const { heading, items: own, derived } of sections) {
    const section = sectionName(heading);
    for (const item of own) if (!take(section, item)) return undefined;
    // Between the lines that leftoff keeps there may be people's own, which are nobody's notes.
    for (const line of derived) take(section, line);
  }
  return aligned.length === items.length ? aligned : undefined;
}
