import type { Cut } from "./cut.ts";
import type { Part } from "./trigger.ts";

/**
 * How far ahead of a place a mark may change whether a secret is found there: cookies and tokens are looked at up to 1,024 characters behind
 * their name, the words of a `.netrc` up to 1,200, and a rule that looks further says yes before.
 */
const REACH_CHARS = 1_536;
/** The same where line feeds stand between. Only the words of a `.netrc` are parted by them, and private keys. */
const LINES_REACH_CHARS = 512;
/** How far back: the longest name of a value. */
const BACK_CHARS = 128;
/** Private keys are looked at however far they go, but no other secrets: where their words stand, with the longest label around. */
const KEYS = /PRIVATE KEY(?: BLOCK)?-----|Private-Lines: /g;
/** No more of a private key is read, to either side. */
const KEYS_REACH_CHARS = 66 * 1024;
const KEY_CHARS_MAX = 100;
const NO_PART: Part = { from: 0, to: 0 };

interface Near {
  /** Of known values, which may hold line feeds. */
  readonly charsMax: number;
  /** Whether anything is looked for near a cut; all of them if not given. */
  readonly isNew?: (cut: Cut) => boolean;
}

/**
 * Where in a redacted text something may begin that was not found before these cuts, in order and apart: what stands
 * before each mark in its line and ends behind it, of long lines what is near. Linear in the text, however many
 * marks it holds.
 */
export function nearMarks(
  text: string,
  cuts: readonly Cut[],
  { charsMax, isNew = () => true }: Near,
): readonly Part[] {
  const parts: Part[] = [];
  let shift = 0;
  for (const cut of cuts) {
    const markFrom = cut.from + shift;
    const markTo = markFrom + cut.mark.length;
    shift = markTo - cut.to;
    if (!isNew(cut)) continue;
    const { to: floor } = parts.at(-1) ?? NO_PART;
    const partFrom = startBefore(text, markFrom, { across: Math.max(LINES_REACH_CHARS, charsMax), floor });
    addPart(parts, { from: partFrom, to: Math.min(text.length, markTo + Math.max(BACK_CHARS, charsMax)) });
  }
  return parts.length === 0 ? parts : withKeys(text, parts);
}

/** The same parts where bytes are read: hexadecimal digits take two characters for each. */
export function nearMarksInCodes(parts: readonly Part[]): readonly Part[] {
  const wider: Part[] = [];
  for (const { from, to } of parts)
    wider.push({ from: Math.max(wider.at(-1)?.to ?? 0, from - REACH_CHARS), to });
  return wider;
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
function startBefore(text: string, at: number, { across, floor }: { across: number; floor: number }): number {
  const lowest = Math.max(floor, at - REACH_CHARS);
  let from = Math.max(floor, at - across);
  while (from > lowest && text.charCodeAt(from) !== LINE_FEED) from -= 1;
  return from;
}

const LINE_FEED = 0x0a;
