import { candidatesAt, foldAt, SLOTS, standsAt } from "./candidates.ts";

/** A block is crowded where more begins in it than a text may ask for: one in so many characters ({@link Looks.allowed}). */
export const BLOCK_CHARS = 1_024;
/** What is measured at a time where there is too much to look at. It is read where it is not crowded as a whole, whatever its blocks are. */
export const STRETCH_CHARS = 16 * BLOCK_CHARS;
/** Where the last crowded block of a stretch begins; undefined if the stretch is not crowded. */
export function lastCrowdedBlock(text: string, from: number, charsEach: number): number | undefined {
  let last: number | undefined;
  let all = 0;
  for (let at = from + STRETCH_CHARS - BLOCK_CHARS; at >= from; at -= BLOCK_CHARS) {
    const count = beginningsIn(text, at);
    all += count;
    if (count > BLOCK_CHARS / charsEach) last ??= at;
    if (all > STRETCH_CHARS / charsEach) return last;
  }
  return undefined;
}

/** How much stands in a block that a secret may begin with. */
function beginningsIn(text: string, from: number): number {
  let key = 0;
  let count = 0;
  for (let at = from; at < from + BLOCK_CHARS; at += 1) {
    key = ((key << 5) & 0x7fff) | foldAt(text, at);
    const slot = SLOTS[key] ?? 0;
    if (slot !== 0) count += beginningsAt(text, at - 2, slot);
  }
  return count;
}

function beginningsAt(text: string, at: number, slot: number): number {
  let count = 0;
  for (const candidate of candidatesAt(slot)) {
    if (standsAt(text, at, candidate)) count += 1;
  }
  return count;
}
