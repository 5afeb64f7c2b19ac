import type { Part } from "./trigger.ts";
import { BACK_CHARS, KEYS_REACH_CHARS, REACH_CHARS } from "./vain-looks.ts";

/** How far ahead of a place a mark may matter where line feeds stand between. Only the words of a `.netrc` are parted by them, and private keys. */
const LINES_REACH_CHARS = 512;
/** Private keys are looked at however far they go, but no other secrets: where their words stand, with the longest label around. */
const KEYS = /PRIVATE KEY(?: BLOCK)?-----|Private-Lines: /g;
const KEY_CHARS_MAX = 100;
const NO_PART: Part = { from: 0, to: 0 };

/**
 * Where in a redacted text something may begin that was not found before these marks were made, in order and apart: what stands
 * before each mark in its line and ends behind it, of long lines what is near. Linear in the text, however many
 * marks it holds.
 *
 * @param marks in order and apart.
 */
export function nearMarks(text: string, marks: readonly Part[]): readonly Part[] {
  const parts: Part[] = [];
  for (const { from, to } of marks) {
    const { to: floor } = parts.at(-1) ?? NO_PART;
    addPart(parts, { from: startBefore(text, from, floor), to: Math.min(text.length, to + BACK_CHARS) });
  }
  return parts.length === 0 ? parts : withKeys(text, parts);
}

/** Parts that begin in rising order; what touches the last one makes it longer. */
function addPart(parts: Part[], part: Part): void {
  const last = parts.at(-1);
  if (last === undefined || part.from > last.to) parts.push(part);
  else parts[parts.length - 1] = { from: last.from, to: Math.max(last.to, part.to) };
}

function withKeys(text: string, parts: readonly Part[]): readonly Part[] {
  const reached: Part[] = [];
  for (const { from, to } of parts)
    addPart(reached, { from: Math.max(0, from - KEYS_REACH_CHARS), to: to + KEYS_REACH_CHARS });
  const keys: Part[] = [];
  for (const within of reached) addKeys(keys, text, within);
  if (keys.length === 0) return parts;
  const all: Part[] = [];
  for (const part of [...parts, ...keys].sort((a, b) => a.from - b.from)) addPart(all, part);
  return all;
}

/** Labels that touch each other are one part: a text may hold nothing else. */
function addKeys(keys: Part[], text: string, { from, to }: Part): void {
  const within = text.slice(from, to);
  KEYS.lastIndex = 0;
  while (KEYS.test(within)) {
    const at = from + KEYS.lastIndex;
    addPart(keys, { from: Math.max(0, at - KEY_CHARS_MAX), to: Math.min(text.length, at + KEY_CHARS_MAX) });
  }
}

/** Never before `floor`, so that no character is looked at for two parts. */
function startBefore(text: string, at: number, floor: number): number {
  const lowest = Math.max(floor, at - REACH_CHARS);
  let from = Math.max(floor, at - LINES_REACH_CHARS);
  while (from > lowest && text.charCodeAt(from) !== LINE_FEED) from -= 1;
  return from;
}

const LINE_FEED = 0x0a;
