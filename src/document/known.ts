import type { Comparison, WrittenDocument } from "./document.ts";
import type { ParsedDocument } from "./parsed.ts";
import { writtenItems } from "./written.ts";

/**
 * A text of a person's as a base for the next comparison: once their edits are notes, the file is what we know, although
 * we have not written it. Without this the same edits would be news again.
 */
export function knownDocument(document: ParsedDocument, aligned: Comparison["aligned"]): WrittenDocument {
  const places = aligned.map(({ note, range }) => ({ note, at: range.from }));
  return { text: document.text, items: writtenItems(document, places) };
}
