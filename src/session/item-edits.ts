import type { ItemsEdit, WrittenItem } from "./event.ts";

/**
 * How one list of items becomes another, in the order of the list before. Small where little changed; always right, also
 * where an item stands in a list twice. Linear in both lists.
 */
export function itemEdits(before: readonly WrittenItem[], now: readonly WrittenItem[]): readonly ItemsEdit[] {
  const placesBefore = placesOf(before);
  const placesNow = placesOf(now);
  const edits: { at: number; remove: number; items: WrittenItem[] }[] = [];
  const editAt = (at: number) => {
    const last = edits.at(-1);
    if (last !== undefined && last.at + last.remove === at) return last;
    const edit = { at, remove: 0, items: [] };
    edits.push(edit);
    return edit;
  };
  let at = 0;
  let atNow = 0;
  while (at < before.length || atNow < now.length) {
    const [old, next] = [before[at], now[atNow]];
    if (old !== undefined && next !== undefined && keyOf(old) === keyOf(next)) {
      at += 1;
      atNow += 1;
      continue;
    }
    // How far each of the two is from where the other list has it; who is nearer stays, and what lies between goes or comes.
    const oldIsIn = old === undefined ? 0 : distance(placesNow.get(keyOf(old)), atNow);
    const nextIsIn = next === undefined ? 0 : distance(placesBefore.get(keyOf(next)), at);
    if (next !== undefined && (old === undefined || oldIsIn < nextIsIn)) {
      editAt(at).items.push(next);
      atNow += 1;
    } else {
      editAt(at).remove += 1;
      at += 1;
    }
  }
  return edits;
}

/** A list after edits of {@link itemEdits}; undefined where they do not fit it: then it is not the list they were made for. */
export function withItemEdits(
  before: readonly WrittenItem[],
  edits: readonly ItemsEdit[],
): readonly WrittenItem[] | undefined {
  const now: (readonly WrittenItem[])[] = [];
  let done = 0;
  for (const { at, remove, items } of edits) {
    if (at < done || at + remove > before.length) return undefined;
    now.push(before.slice(done, at), items);
    done = at + remove;
  }
  // A replay does this for every turn: `flat` looks at each item by itself, this copies lists.
  return ([] as readonly WrittenItem[]).concat(...now, before.slice(done));
}

function keyOf({ note, section, hash }: WrittenItem): string {
  return `${note} ${hash} ${section}`;
}

function placesOf(items: readonly WrittenItem[]): ReadonlyMap<string, number> {
  return new Map(items.map((item, at) => [keyOf(item), at]));
}

/** Nowhere ahead is farther than any place. */
function distance(place: number | undefined, from: number): number {
  return place === undefined || place < from ? Number.POSITIVE_INFINITY : place - from;
}
