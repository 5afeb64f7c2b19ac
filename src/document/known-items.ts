import type { NoteId } from "../base/id.ts";
import type { WrittenItem } from "../session/event.ts";
import type { KnownItem } from "./align.ts";
import type { Range, WrittenDocument } from "./document.ts";
import type { ParsedDocument, ParsedItem } from "./parsed.ts";
import { bytesHash, isDerivedId, itemHash, sectionName } from "./written.ts";

/** What a text of ours held, as the journal has it, found again in that text. */
export interface Known {
  readonly notes: readonly KnownItem[];
  /** Lines that leftoff keeps, as it wrote them. */
  readonly ours: readonly { readonly note: NoteId; readonly bytes: string }[];
  /** Written items whose bytes we no longer have. */
  readonly hashes: readonly { readonly note: NoteId; readonly hash: string }[];
}

/** Finds the written items in the text that they were written into, by section and hash. */
export function knownItems({ items }: Pick<WrittenDocument, "items">, before: ParsedDocument): Known {
  const places = placesOf(items, before);
  const notes: KnownItem[] = [];
  const ours: { note: NoteId; bytes: string }[] = [];
  const hashes: { note: NoteId; hash: string }[] = [];
  for (const [at, { note, hash }] of items.entries()) {
    const place = places[at];
    if (place === undefined) hashes.push({ note, hash });
    else if (isDerivedId(note)) ours.push({ note, bytes: place.bytes });
    else if (place.item) notes.push({ note, item: place.item, bytes: place.bytes });
  }
  return { notes, ours, hashes: before.text === "" ? hashes : [] };
}

/** A place of a text that a written item may be: an item, or a line that leftoff keeps. */
interface WrittenPlace {
  readonly section: string;
  readonly bytes: string;
  readonly item: ParsedItem | undefined;
}

function hashOf({ item, bytes }: WrittenPlace): string {
  return item === undefined ? bytesHash(bytes) : itemHash(item, bytes);
}

/**
 * Where written items stand in the text that they were written into, by index: each at the first place of its section with
 * its hash that none before it has; undefined for one that is not there.
 */
function placesOf(
  items: readonly WrittenItem[],
  document: ParsedDocument,
): readonly (WrittenPlace | undefined)[] {
  const places = placesIn(document);
  // Most texts hold what was written and nothing else, in its order.
  const inOrder = countInOrder(items, places);
  if (inOrder === items.length) return places;
  const left = new Map<string, WrittenPlace[]>();
  for (const place of places.slice(inOrder).reverse()) {
    const key = `${place.section}\0${hashOf(place)}`;
    const queue = left.get(key);
    if (queue) queue.push(place);
    else left.set(key, [place]);
  }
  return items.map(({ section, hash }, at) =>
    at < inOrder ? places[at] : left.get(`${section}\0${hash}`)?.pop(),
  );
}

function countInOrder(items: readonly WrittenItem[], places: readonly WrittenPlace[]): number {
  for (let at = 0; at < items.length; at += 1) {
    const item = items[at];
    const place = places[at];
    if (place === undefined || place.section !== item?.section || hashOf(place) !== item.hash) return at;
  }
  return items.length;
}

function placesIn(document: ParsedDocument): readonly WrittenPlace[] {
  const places: WrittenPlace[] = [];
  for (const { heading, items, derived } of document.sections) {
    const section = sectionName(heading);
    for (const item of items) places.push({ section, bytes: bytesAt(document, item.range), item });
    for (const { range } of derived)
      places.push({ section, bytes: bytesAt(document, range), item: undefined });
  }
  return places;
}

export function bytesAt({ text }: Pick<ParsedDocument, "text">, { from, to }: Range): string {
  return text.slice(from, to);
}
