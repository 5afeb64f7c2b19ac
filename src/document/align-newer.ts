import type { NoteId } from "../base/id.ts";
import { type Alignment, alignWordings, isWordingOf, type KnownItem } from "./align.ts";
import type { WrittenDocument } from "./document.ts";
import { type Known, knownItems } from "./known-items.ts";
import type { ParsedItem } from "./parsed.ts";
import { parsedOnce } from "./read.ts";
import { hashOf, isDerivedId } from "./written.ts";

/** What texts of ours that are newer than the base explain of a file. */
export interface NewerItems {
  /** What reads as it stands there, by index of the file's item: no change of anybody's. */
  readonly at: ReadonlyMap<number, NoteId>;
  /** All of them, those that go on from there, too. */
  readonly notes: ReadonlySet<NoteId>;
  /** Notes of the base whose items turned out to be others: whether they are gone is not known. */
  readonly kept: ReadonlySet<NoteId>;
}

/**
 * What stands or reads as a newer text of ours has it, or as the journal says we wrote it, is no change of anybody's; what
 * goes on from an item of such a text is that item reworded. Both are put right in the alignment with the base, where
 * likeness may have taken them for another item.
 */
export function alignNewer(
  newer: readonly WrittenDocument[],
  { hashes, items, alignment }: Pick<Known, "hashes"> & Sides,
): NewerItems {
  const found: Found = { at: new Map(), notes: new Set(), kept: new Set() };
  const byBytes = new Map<string, NoteId>();
  for (const { note, hash } of [...newer.flatMap((one) => one.items), ...hashes]) {
    if (!isDerivedId(note)) byBytes.set(hash, note);
  }
  findNewer(found, { items, alignment, waiting: byBytes, key: ({ bytes }) => hashOf(bytes) });
  const known = newer.flatMap((one) => knownItems(one, parsedOnce(one.text)).notes);
  const byText = new Map(known.map(({ item, note }) => [wordsIn(item), note]));
  findNewer(found, { items, alignment, waiting: byText, key: wordsIn });
  findReworded(found, { items, alignment, known });
  return found;
}

interface Sides {
  readonly items: readonly ParsedItem[];
  /** Of the items with the base, by index. */
  readonly alignment: Alignment;
}

function wordsIn({ kind, text }: ParsedItem): string {
  return `${kind}\0${text}`;
}

interface Found {
  readonly at: Map<number, NoteId>;
  readonly notes: Set<NoteId>;
  readonly kept: Set<NoteId>;
}

interface Waiting extends Sides {
  readonly waiting: ReadonlyMap<string, NoteId>;
  readonly key: (item: ParsedItem) => string;
}

function findNewer({ at, notes }: Found, { items, alignment, waiting, key }: Waiting): void {
  if (waiting.size === 0) return;
  const isSame = (known: KnownItem | undefined, item: ParsedItem): boolean =>
    known !== undefined && key(known.item) === key(item);
  const used = new Set(notes);
  for (const [nth, item] of items.entries()) {
    const known = alignment[nth];
    if (known !== undefined && isSame(known, item)) used.add(known.note);
  }
  for (const [nth, item] of items.entries()) {
    if (at.has(nth) || isSame(alignment[nth], item)) continue;
    const note = waiting.get(key(item));
    if (note === undefined || used.has(note)) continue;
    used.add(note);
    notes.add(note);
    at.set(nth, note);
    freeOthers(alignment, { note, nth });
  }
}

/** A note is one item: where likeness had taken another for it, that one is news. */
function freeOthers(alignment: Alignment, { note, nth }: { note: NoteId; nth: number }): void {
  for (const [other, known] of alignment.entries()) {
    if (other !== nth && known?.note === note) alignment[other] = undefined;
  }
  alignment[nth] = undefined;
}

/**
 * An item that a person typed and a command read stands in a newer text than the base. With words added or taken out, it is that
 * note, however like it is to another one; and that other one may be gone because the file never held it.
 */
function findReworded(
  { at, notes, kept }: Found,
  { items, alignment, known }: Sides & { readonly known: readonly KnownItem[] },
): void {
  if (known.length === 0) return;
  const used = new Set([...notes, ...alignment.flatMap((one) => one?.note ?? [])]);
  // Of equal wordings the oldest: a box that we ticked since is not one that the person cleared.
  const wordings = new Map(
    known
      .filter(({ note }) => !used.has(note))
      .reverse()
      .map((one) => [`${one.note} ${one.item.text}`, one]),
  );
  if (wordings.size === 0) return;
  // What the base explains as well is the base's.
  const open = items.flatMap((item, nth) => {
    const own = alignment[nth];
    const isSure = at.has(nth) || (own !== undefined && isWordingOf(own.item.text, item.text));
    return isSure ? [] : [{ item, nth }];
  });
  const reworded = alignWordings(
    [...wordings.values()],
    open.map(({ item }) => item),
  );
  for (const [index, { nth }] of open.entries()) {
    const one = reworded[index];
    if (one === undefined || notes.has(one.note)) continue;
    const other = alignment[nth];
    if (other !== undefined) kept.add(other.note);
    alignment[nth] = one;
    notes.add(one.note);
  }
}
