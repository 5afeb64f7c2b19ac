import { BASE64, DOT, PERCENT, runStart, WORDY } from "./chars.ts";
import type { Cut } from "./cut.ts";
import type { Part } from "./trigger.ts";

/** How far ahead a rule can notice a mark in its line: the longest value that is looked at, with what stands before it. */
const REACH_CHARS = 20_000;
/** The same where line feeds stand between. Only the words of a `.netrc` are parted by them, and private keys. */
const LINES_REACH_CHARS = 512;
/** How far back, where no private key is near: the longest name of a value. */
const BACK_CHARS = 128;
const KEY_REACH_CHARS = 130_000;
const KEYS = ["PRIVATE KEY", "Private-Lines: "];
/** Private keys in a text that are told apart: with more, every mark may lie in one. */
const KEYS_MAX = 16;
const NO_PART: Part = { from: 0, to: 0 };

/**
 * Where in a redacted text something may begin that was not found before these cuts, in order and apart: what stands
 * before each mark in its line and ends behind it, of very long lines what is near. Linear in the text, however many
 * marks it holds.
 *
 * @param charsMax of known values, which may hold line feeds.
 */
export function nearMarks(text: string, cuts: readonly Cut[], charsMax: number): readonly Part[] {
  const isAtKey = keysIn(text);
  const parts: Part[] = [];
  let shift = 0;
  for (const { from, to, mark } of cuts) {
    const markFrom = from + shift;
    const markTo = markFrom + mark.length;
    shift = markTo - to;
    const keyReach = isAtKey(markFrom) ? KEY_REACH_CHARS : 0;
    const partTo = Math.min(text.length, markTo + Math.max(BACK_CHARS, charsMax, keyReach));
    const last = parts.at(-1) ?? NO_PART;
    const across = Math.max(LINES_REACH_CHARS, charsMax, keyReach);
    const partFrom = startBefore(text, markFrom, { across, floor: last.to });
    if (partFrom > last.to || parts.length === 0) parts.push({ from: partFrom, to: partTo });
    else parts[parts.length - 1] = { from: last.from, to: Math.max(last.to, partTo) };
  }
  return parts;
}

/** Whether a place may be noticed from within a private key. */
function keysIn(text: string): (at: number) => boolean {
  const keys = KEYS.flatMap((literal) => placesOf(literal, text));
  if (keys.length === 0) return () => false;
  return (place) => keys.length > KEYS_MAX || keys.some((key) => Math.abs(key - place) < KEY_REACH_CHARS);
}

function placesOf(literal: string, text: string): readonly number[] {
  const places: number[] = [];
  for (let at = text.indexOf(literal); at !== -1; at = text.indexOf(literal, at + 1)) places.push(at);
  return places;
}

/** Never before `floor`, so that no character is looked at for two parts. */
function startBefore(text: string, at: number, { across, floor }: { across: number; floor: number }): number {
  const lowest = Math.max(floor, at - REACH_CHARS);
  let from = Math.max(floor, at - across);
  while (from > lowest && text.charCodeAt(from) !== LINE_FEED) from -= 1;
  // A token goes on for as long as its characters do.
  return runStart(text, from, WORDY | BASE64 | DOT | PERCENT, floor);
}

const LINE_FEED = 0x0a;
