import { candidatesAt, foldAt, SLOTS, standsAt } from "./candidates.ts";

export const BLOCK_CHARS = 1_024;
/** What is measured at a time where there is too much to look at. It is read where it is not crowded as a whole, whatever its blocks are. */
export const STRETCH_CHARS = 16 * BLOCK_CHARS;

/**
 * Where the last crowded block of a stretch begins; undefined if the stretch is not crowded.
 *
 * @param most how many beginnings of secrets a block has that is not.
 */
export function lastCrowdedBlock(text: string, from: number, most: number): number | undefined {
  let last: number | undefined;
  let all = 0;
  for (let at = from + STRETCH_CHARS - BLOCK_CHARS; at >= from; at -= BLOCK_CHARS) {
    const count = beginningsIn(text, at);
    all += count;
    if (count > most) last ??= at;
    if (all > most * (STRETCH_CHARS / BLOCK_CHARS)) return last;
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
