import type { NoteId } from "../base/id.ts";
import type { Unproven } from "./origin.ts";
import type { ParsedItem } from "./parsed.ts";
import { type Shape, shapeOf, similarity } from "./similarity.ts";

/** An item of ours as it was last written. */
export interface KnownItem {
  readonly note: NoteId;
  readonly item: ParsedItem;
}

/** For each item of the file by index: the item of ours that it is. */
export type Alignment = (KnownItem | undefined)[];

/** Alike enough to be the same item wherever it stands in its section; and where it stands at the same place. */
const SAME_ANYWHERE = 0.5;
const SAME_IN_PLACE = 0.2;
/** Beyond this many pairs only neighbours are compared: linear time, whatever somebody did to the file. */
const PAIRS_MAX = 4_000;
const NEIGHBOURS = 8;

/**
 * Which item of the file is which of ours: by exact bytes, by exact text, then by likeness, then by place.
 *
 * @param unproven notes that the file may never have held: what is like one that a person typed is an item of its own,
 * unless one of the two has all words of the other.
 */
export function align(
  known: readonly KnownItem[],
  file: readonly ParsedItem[],
  unproven: Unproven = NONE,
): Alignment {
  const { alignment, free } = pairSame(known, file);
  pairAlike(alignment, { file, free, unproven });
  pairInPlace(alignment, { file, free: proven(free, unproven), known });
  return alignment;
}

const NONE: Unproven = new Map();

/** The same where likeness proves nothing: only what says exactly the same is the same. */
export function alignExactly(known: readonly KnownItem[], file: readonly ParsedItem[]): Alignment {
  return pairSame(known, file).alignment;
}

/** Only what is like an item of ours and has all its words, or only words of it. */
export function alignWordings(known: readonly KnownItem[], file: readonly ParsedItem[]): Alignment {
  const alignment: Alignment = file.map(() => undefined);
  const unproven: Unproven = new Map(known.map(({ note }) => [note, "person"]));
  pairAlike(alignment, { file, free: new Set(known), unproven });
  return alignment;
}

interface Paired {
  readonly alignment: Alignment;
  readonly free: Set<KnownItem>;
}

function pairSame(known: readonly KnownItem[], file: readonly ParsedItem[]): Paired {
  const { alignment, free } = pairFoundAgain(known, file);
  pairBy(alignment, { file, free }, ({ kind, bytes }) => `${kind}\0${bytes.text}`);
  pairBy(alignment, { file, free }, ({ kind, text }) => `${kind}\0${text}`);
  pairBy(alignment, { file, free }, ({ text }) => text);
  return { alignment, free };
}

/**
 * Two texts are read with each other's help: an item that was found again in the other is known by its bytes being one
 * object, and no text needs a look. Before the first edit and behind the last one that is all there is to do.
 */
function pairFoundAgain(known: readonly KnownItem[], file: readonly ParsedItem[]): Paired {
  const alignment: Alignment = new Array<undefined>(file.length).fill(undefined);
  let from = 0;
  let [knownTo, fileTo] = [known.length, file.length];
  while (from < knownTo && from < fileTo && isAgain(known[from], file[from])) {
    alignment[from] = known[from];
    from += 1;
  }
  while (knownTo > from && fileTo > from && isAgain(known[knownTo - 1], file[fileTo - 1])) {
    knownTo -= 1;
    fileTo -= 1;
    alignment[fileTo] = known[knownTo];
  }
  const between = known.slice(from, knownTo);
  const free = new Set(between);
  const again = new Map(between.map((one) => [one.item.bytes, one]));
  for (let at = from; at < fileTo; at += 1) {
    const bytes = file[at]?.bytes;
    const found = bytes && again.get(bytes);
    if (found === undefined || !free.delete(found)) continue;
    alignment[at] = found;
  }
  return { alignment, free };
}

function isAgain(known: KnownItem | undefined, item: ParsedItem | undefined): boolean {
  return known?.item.bytes === item?.bytes;
}

interface Open {
  readonly file: readonly ParsedItem[];
  /** Items of ours that no item of the file is yet. */
  readonly free: Set<KnownItem>;
}

function pairBy(alignment: Alignment, { file, free }: Open, key: (item: ParsedItem) => string): void {
  if (free.size === 0) return;
  const waiting = new Map<string, KnownItem[]>();
  for (const known of [...free].reverse()) {
    const own = key(known.item);
    const queue = waiting.get(own);
    if (queue) queue.push(known);
    else waiting.set(own, [known]);
  }
  for (const [at, item] of file.entries()) {
    if (alignment[at] !== undefined) continue;
    const found = waiting.get(key(item))?.pop();
    if (found === undefined) continue;
    alignment[at] = found;
    free.delete(found);
  }
}

interface Ordered extends Open {
  readonly known: readonly KnownItem[];
}

interface Pair {
  readonly at: number;
  readonly known: KnownItem;
  readonly score: number;
}

function proven(free: ReadonlySet<KnownItem>, unproven: Unproven): Set<KnownItem> {
  return new Set([...free].filter(({ note }) => !unproven.has(note)));
}

interface Doubted extends Open {
  readonly unproven: Unproven;
}

function pairAlike(alignment: Alignment, { file, free, unproven }: Doubted): void {
  const pairs = likelyPairs(alignment, { file, free }).filter(
    ({ at, known: { note, item } }) =>
      unproven.get(note) !== "person" || isWordingOf(item.text, file[at]?.text ?? ""),
  );
  for (const { at, known } of pairs.sort((a, b) => b.score - a.score || a.at - b.at)) {
    if (alignment[at] !== undefined || !free.has(known)) continue;
    alignment[at] = known;
    free.delete(known);
  }
}

/** Whether one of two texts goes on from the other: somebody typed on, took words out, or saved a copy from before. */
export function isWordingOf(a: string, b: string): boolean {
  return isGoneOn(a, b) || isGoneOn(b, a);
}

/** Whether a text begins with the other, or has all its words in their order. */
function isGoneOn(before: string, text: string): boolean {
  let from = 0;
  const words = before.split(" ");
  const later = text.split(" ");
  for (const word of later) if (word === words[from]) from += 1;
  return from === words.length || text.startsWith(before);
}

function likelyPairs(alignment: Alignment, { file, free }: Open): Pair[] {
  const open = file.flatMap((item, at) => (alignment[at] === undefined ? [{ item, at }] : []));
  const rest = [...free];
  const reach = open.length * rest.length <= PAIRS_MAX ? Math.max(open.length, rest.length) : NEIGHBOURS;
  const shapes = new Map<ParsedItem, Shape>();
  return open.flatMap(({ item, at }, nth) => {
    const near = rest.slice(Math.max(0, nth - reach), nth + reach + 1);
    return near.flatMap((known) => {
      if (known.item.kind !== item.kind) return [];
      const score = similarity(shapeIn(shapes, item), shapeIn(shapes, known.item));
      return score >= SAME_ANYWHERE ? [{ at, known, score }] : [];
    });
  });
}

function shapeIn(shapes: Map<ParsedItem, Shape>, item: ParsedItem): Shape {
  const known = shapes.get(item);
  if (known) return known;
  const shape = shapeOf(item.text);
  shapes.set(item, shape);
  return shape;
}

/** Between two neighbours that are known, as many left of ours as of the file's, and not quite unlike: reworded in place. */
function pairInPlace(alignment: Alignment, { file, free, known }: Ordered): void {
  if (free.size === 0) return;
  const placeOf = new Map(known.map((item, at) => [item, at]));
  let from = -1;
  let gap: number[] = [];
  for (let at = 0; at <= file.length; at += 1) {
    const found = alignment[at];
    const to = at === file.length ? known.length : found === undefined ? undefined : placeOf.get(found);
    if (to === undefined) {
      gap.push(at);
      continue;
    }
    if (to > from)
      pairGap(
        alignment,
        { file, free },
        { gap, known: known.slice(from + 1, gap.length > 0 ? to : from + 1) },
      );
    from = Math.max(from, to);
    gap = [];
  }
}

function pairGap(
  alignment: Alignment,
  { file, free }: Open,
  gap: { gap: readonly number[]; known: readonly KnownItem[] },
): void {
  const left = gap.known.filter((known) => free.has(known));
  if (left.length === 0 || left.length !== gap.gap.length) return;
  for (const [nth, at] of gap.gap.entries()) {
    const item = file[at];
    const known = left[nth];
    if (item === undefined || known === undefined || item.kind !== known.item.kind) continue;
    if (similarity(shapeOf(item.text), shapeOf(known.item.text)) < SAME_IN_PLACE) continue;
    alignment[at] = known;
    free.delete(known);
  }
}
