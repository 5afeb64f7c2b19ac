import type { NoteId } from "../base/id.ts";
import { sameFields } from "../session/note.ts";
import { type Alignment, align, alignExactly, type KnownItem } from "./align.ts";
import { alignNewer, type NewerItems } from "./align-newer.ts";
import type { Comparison, DocumentChange, DocumentItem, Range, WrittenDocument } from "./document.ts";
import { type Known, knownItems } from "./known-items.ts";
import { linesOf, olderBases } from "./older-bases.ts";
import { ourPlaces, provenBase, type Unproven, unprovenNotes } from "./origin.ts";
import type { ParsedDocument, ParsedItem } from "./parsed.ts";
import { parsedOnce } from "./read.ts";
import { hashOf, sectionName } from "./written.ts";

/**
 * What a file is compared with. `newer`: texts of ours written after it, oldest first; what they hold is not news even
 * when an old copy came back and this base is used.
 */
export interface ComparisonBase extends WrittenDocument {
  readonly newer?: readonly WrittenDocument[];
  /** What the file may never have held, for all that it shows: it may be an old copy. Absence deletes none of them. */
  readonly unproven?: Unproven;
}

const NO_BASE: ComparisonBase = { text: "", items: [] };

/**
 * What a person did to a document since we wrote `base`. Without a base (`text` and `items` empty) everything is added.
 * A base whose text was lost (`text` empty, `items` from the journal) still tells which items are ours, by their bytes.
 * Deletions are withheld, with the reason in words, when the file is empty, was begun anew, or lost more than half of its
 * items at once; then nothing is taken for a note reworded, either: what is like a note is an item of its own.
 *
 * @param file the file's text, or the same as {@link parseDocument} gave it.
 */
export function compareDocument(base: ComparisonBase, file: string | ParsedDocument): Comparison {
  return compareParsed(base, parsedOnce(file)).comparison;
}

/**
 * Of the last written texts the one that the file was made from, so that an editor that saves an old copy deletes
 * nothing. The newest, unless an older one explains the file with fewer changes. Where nothing in the file proves that it
 * was made from the newest, what came after the last text that is proven is not believed to be deleted.
 *
 * @param bases oldest first.
 */
export function chooseBase(
  bases: readonly WrittenDocument[],
  given: string | ParsedDocument,
): ComparisonBase {
  const text = typeof given === "string" ? given : given.text;
  const newest = bases.at(-1);
  if (newest === undefined) return NO_BASE;
  if (newest.text === text) return newest;
  const file = parsedOnce(given);
  const proven = provenBase(bases, file);
  if (proven === bases.length - 1) return newest;
  const unproven = unprovenNotes(bases, proven);
  const candidate = (at: number): ComparisonBase => ({
    ...(bases[at] ?? newest),
    newer: bases.slice(at + 1),
    unproven,
  });
  const last = candidate(bases.length - 1);
  const older = olderBases(bases, linesOf(text)).filter((at) => at >= proven);
  if (older.length === 0) return last;
  let best = { base: last, effort: effort(compareParsed(last, file)) };
  for (const at of older) {
    const base = candidate(at);
    const cost = effort(compareParsed(base, file));
    if (cost < best.effort) best = { base, effort: cost };
  }
  return best.base;
}

interface Compared {
  readonly comparison: Comparison;
  /** Items that only a newer text of ours explains: signs that the base is too old. */
  readonly newerItems: number;
  /** Items that are not in the file and may never have been: signs that the base is too new. */
  readonly absent: number;
}

function effort({ comparison, newerItems, absent }: Compared): number {
  return comparison.withheld === undefined
    ? comparison.changes.length + newerItems + absent
    : Number.POSITIVE_INFINITY;
}

function compareParsed(base: ComparisonBase, file: ParsedDocument): Compared {
  const before = base.text === file.text ? file : parsedOnce(base.text, file);
  const known = knownItems(base, before);
  if (file.broken !== undefined) {
    const withheld = `Nothing was taken from the document: ${file.broken}.`;
    return { comparison: { changes: [], aligned: [], withheld, conflicted: true }, newerItems: 0, absent: 0 };
  }
  const mayBeNews = (note: NoteId): boolean => base.unproven?.has(note) ?? false;
  const ours = alignOurLines(known, file);
  const items = file.sections.flatMap((section) =>
    section.items.filter(({ range }) => !ours.taken.has(range.from)),
  );
  const likely = alignItems(base, { known, items }, align);
  const doubt = whyNotBelieved({ base, before, file, items }, known.notes, likely);
  const { alignment, newer, lost } =
    doubt === undefined ? likely : alignItems(base, { known, items }, alignExactly);
  const withheld =
    doubt && (whyNotBelieved({ base, before, file, items }, known.notes, { alignment, lost }) ?? doubt);
  const gone = [...lost.map(({ note }) => note), ...ours.gone];
  const changes = [
    ...documentChanges(base, before, file),
    ...items.flatMap((item, at) => (newer.at.has(at) ? [] : itemChanges(alignment[at], item))),
    ...(withheld === undefined ? gone.filter((note) => !mayBeNews(note)).map(dropped) : []),
  ];
  const aligned = [...ours.aligned];
  for (const [at, { range }] of items.entries()) {
    const note = newer.at.get(at) ?? alignment[at]?.note;
    if (note !== undefined) aligned.push({ note, range });
  }
  return {
    comparison: { changes, aligned, withheld, conflicted: false },
    newerItems: newer.notes.size,
    absent: gone.filter(mayBeNews).length,
  };
}

function dropped(note: NoteId): DocumentChange {
  return { type: "dropped", note };
}

interface OurLines {
  readonly aligned: Comparison["aligned"];
  /** Where they stand: what is ours is nobody's note. */
  readonly taken: ReadonlySet<number>;
  /** Ours that the person took out. */
  readonly gone: readonly NoteId[];
}

/** Lines that leftoff keeps are ours only as long as they stand as we wrote them; a changed one is the person's. */
function alignOurLines({ ours, hashes }: Known, file: ParsedDocument): OurLines {
  const written = new Set(ours.map(({ note, bytes }) => `${note} ${hashOf(bytes)}`));
  for (const { note, hash } of hashes) written.add(`${note} ${hash}`);
  const aligned: { note: NoteId; range: Range }[] = [];
  const about = new Set<NoteId>();
  for (const { range, bytes, id } of ourPlaces(file)) {
    about.add(id);
    if (written.delete(`${id} ${hashOf(bytes)}`)) aligned.push({ note: id, range });
  }
  const found = new Set(aligned.map(({ note }) => note));
  const gone = ours.map(({ note }) => note).filter((note) => !found.has(note) && !about.has(note));
  return { aligned, taken: new Set(aligned.map(({ range }) => range.from)), gone };
}

interface AlignedItems {
  readonly alignment: Alignment;
  readonly newer: NewerItems;
  /** Ours that are not in the file. */
  readonly lost: readonly KnownItem[];
}

function alignItems(
  base: ComparisonBase,
  { known, items }: { known: Known; items: readonly ParsedItem[] },
  pair: typeof align,
): AlignedItems {
  const alignment = pair(known.notes, items, base.unproven);
  const newer = alignNewer(base.newer ?? [], { hashes: known.hashes, items, alignment });
  const found = new Set(alignment);
  const lost = known.notes.filter(
    (one) => !found.has(one) && !newer.notes.has(one.note) && !newer.kept.has(one.note),
  );
  return { alignment, newer, lost };
}

interface Sides {
  readonly base: ComparisonBase;
  readonly before: ParsedDocument;
  readonly file: ParsedDocument;
  readonly items: readonly ParsedItem[];
}

/** Why this can't be what a person meant: then nothing is deleted, and nothing is taken for another wording. */
function whyNotBelieved(
  { base, before, file, items }: Sides,
  known: readonly KnownItem[],
  { alignment, lost }: Pick<AlignedItems, "alignment" | "lost">,
): string | undefined {
  if (known.length === 0) return undefined;
  if (file.text.trim() === "") return "The document is empty: nothing was deleted.";
  // One item less is a deletion, also when it was the last; more than half of them at once is an accident.
  if (lost.length > 1 && lost.length * 2 > known.length)
    return `${lost.length} of ${known.length} items are gone from the document at once: none was deleted.`;
  return isBegunAnew({ base, before, file, items }, known, alignment)
    ? "The document was begun anew: nothing was deleted."
    : undefined;
}

/** Emptied, or another file under its name, and then written into: most of its headings are gone, and most items. */
function isBegunAnew(
  { base, before, file, items }: Sides,
  notes: readonly KnownItem[],
  alignment: Alignment,
): boolean {
  const headings = new Set(file.sections.map(({ heading }) => sectionName(heading)));
  const known = base.headings ?? before.sections.map(({ heading }) => sectionName(heading));
  const left = known.filter((heading) => headings.has(heading)).length;
  if (left * 2 >= known.length) return false;
  const same = alignment.filter((one, at) => one !== undefined && one.item.text === items[at]?.text).length;
  return same * 2 < notes.length;
}

function documentChanges(
  base: ComparisonBase,
  before: ParsedDocument,
  file: ParsedDocument,
): readonly DocumentChange[] {
  if (base.text === "" && base.items.length > 0) return [];
  const { title, status, statusReason } = file;
  const renamed = title !== undefined && title !== before.title;
  const isNews = status !== before.status || (status === "blocked" && statusReason !== before.statusReason);
  const isDefault = base.text === "" && status === "in_progress";
  return [
    ...(renamed ? [{ type: "renamed" as const, title }] : []),
    ...(status !== undefined && isNews && !isDefault
      ? [{ type: "status" as const, status, reason: statusReason }]
      : []),
  ];
}

function itemChanges(known: KnownItem | undefined, item: ParsedItem): readonly DocumentChange[] {
  if (known === undefined) return [{ type: "added", item: plainItem(item) }];
  if (known.item.bytes === item.bytes) return UNCHANGED;
  const changes: DocumentChange[] = [];
  if (known.item.unconfirmed && !item.unconfirmed) changes.push({ type: "confirmed", note: known.note });
  if (!saysTheSame(known.item, item))
    changes.push({ type: "edited", note: known.note, item: plainItem(item) });
  const wasDone = known.item.checked === true;
  const isDone = item.checked === true;
  if (isDone && !wasDone) changes.push({ type: "done", note: known.note });
  // An item that was moved out of a list of boxes has lost its box, not its being done.
  if (wasDone && !isDone && item.kind === known.item.kind)
    changes.push({ type: "reopened", note: known.note });
  return changes;
}

const UNCHANGED: readonly DocumentChange[] = [];

function saysTheSame(a: ParsedItem, b: ParsedItem): boolean {
  return a.kind === b.kind && a.text === b.text && sameFields(a.fields, b.fields);
}

/** An item as the shell needs it: without the places that only this folder understands. */
function plainItem({ kind, text, fields, checked, unconfirmed, range }: DocumentItem): DocumentItem {
  return { kind, text, fields, checked, unconfirmed, range };
}
