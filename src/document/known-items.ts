import type { NoteId } from "../base/id.ts";
import type { WrittenItem } from "../session/event.ts";
import type { KnownItem } from "./align.ts";
import type { WrittenDocument } from "./document.ts";
import type { Bytes, ParsedDocument, ParsedItem } from "./parsed.ts";
import { hashOf, isDerivedId, sectionName } from "./written.ts";

/** What a text of ours held, as the journal has it, found again in that text. */
export interface Known {
  readonly notes: readonly KnownItem[];
  /** Lines that leftoff keeps, as it wrote them. */
  readonly ours: readonly { readonly note: NoteId; readonly bytes: Bytes }[];
  /** Written items whose bytes we no longer have. */
  readonly hashes: readonly { readonly note: NoteId; readonly hash: string }[];
}

/** Finds the written items in the text that they were written into, by section and hash. */
export function knownItems({ items }: Pick<WrittenDocument, "items">, before: ParsedDocument): Known {
  const places = placesOf(items, before);
  const notes: KnownItem[] = [];
  const ours: { note: NoteId; bytes: Bytes }[] = [];
  const hashes: { note: NoteId; hash: string }[] = [];
  let at = 0;
  for (const { note, hash } of items) {
    const place = places[at];
    at += 1;
    if (place === undefined) hashes.push({ note, hash });
    else if (isDerivedId(note)) ours.push({ note, bytes: place.bytes });
    else if (place.item) notes.push({ note, item: place.item });
  }
  return { notes, ours, hashes: before.text === "" ? hashes : [] };
}

/** A place of a text that a written item may be: an item, or a line that leftoff keeps. */
interface WrittenPlace {
  readonly section: string;
  readonly bytes: Bytes;
  readonly item: ParsedItem | undefined;
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
    const key = `${place.section}\0${hashOf(place.bytes)}`;
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
    if (place === undefined || place.section !== item?.section || hashOf(place.bytes) !== item.hash)
      return at;
  }
  return items.length;
}

function placesIn({ sections }: ParsedDocument): readonly WrittenPlace[] {
  const places: WrittenPlace[] = [];
  for (const { heading, items, derived } of sections) {
    const section = sectionName(heading);
    for (const item of items) places.push({ section, bytes: item.bytes, item });
    for (const { bytes } of derived) places.push({ section, bytes, item: undefined });
  }
  return places;
}
