import type { NoteId } from "../base/id.ts";
import type { KnownItem } from "./align.ts";
import type { Range, WrittenDocument } from "./document.ts";
import type { ParsedDocument, ParsedItem } from "./parsed.ts";
import { bytesHash, isDerivedId } from "./written.ts";

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
  const places = new Map<string, Written[]>();
  for (const one of writtenIn(before)) {
    const key = `${one.section}\0${bytesHash(one.bytes)}`;
    const queue = places.get(key);
    if (queue) queue.push(one);
    else places.set(key, [one]);
  }
  for (const queue of places.values()) queue.reverse();
  const notes: KnownItem[] = [];
  const ours: { note: NoteId; bytes: string }[] = [];
  const hashes: { note: NoteId; hash: string }[] = [];
  for (const { note, section, hash } of items) {
    const found = places.get(`${section}\0${hash}`)?.pop();
    if (found === undefined) hashes.push({ note, hash });
    else if (isDerivedId(note)) ours.push({ note, bytes: found.bytes });
    else if (found.item) notes.push({ note, item: found.item, bytes: found.bytes });
  }
  return { notes, ours, hashes: before.text === "" ? hashes : [] };
}

interface Written {
  readonly section: string;
  readonly bytes: string;
  readonly item: ParsedItem | undefined;
}

function writtenIn(document: ParsedDocument): readonly Written[] {
  return document.sections.flatMap(({ heading, items, derived }) => [
    ...items.map((item) => ({ section: heading, bytes: bytesAt(document, item.range), item })),
    ...derived.map(({ range }) => ({ section: heading, bytes: bytesAt(document, range), item: undefined })),
  ]);
}

export function bytesAt({ text }: Pick<ParsedDocument, "text">, { from, to }: Range): string {
  return text.slice(from, to);
}
