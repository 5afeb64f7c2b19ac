import type { Cut } from "./cut.ts";

/** A part of a text. */
export interface Part {
  readonly from: number;
  readonly to: number;
}

/**
 * How far from a mark a rule can notice that it stands there now, as long as no blank stands between: the longest value that
 * is looked at with what stands before it. Runs without a blank may be longer, and so may private keys.
 */
const REACH_CHARS = 20_000;
/** The same where line feeds stand between. Only the words of a `.netrc` are parted by them, and private keys. */
const LINES_REACH_CHARS = 512;
const KEY_REACH_CHARS = 130_000;
const KEYS = ["PRIVATE KEY", "Private-Lines: "];
/** Private keys in a text that are told apart: with more, every mark may lie in one. */
const KEYS_MAX = 16;

const NO_PART: Part = { from: 0, to: 0 };

/**
 * The parts of a redacted text that something else may be found in than before these cuts, in order and apart: the lines
 * around each mark, and of very long lines what is near. Linear in the text, however many marks it holds.
 *
 * @param charsMax of known values, which may hold line feeds.
 */
export function nearMarks(text: string, cuts: readonly Cut[], charsMax: number): readonly Part[] {
  const isAtKey = keysIn(text);
  const lineEnd = lineEnds(text);
  const parts: Part[] = [];
  let shift = 0;
  for (const { from, to, mark } of cuts) {
    const markFrom = from + shift;
    const markTo = markFrom + mark.length;
    shift = markTo - to;
    const last = parts.at(-1) ?? NO_PART;
    const across = Math.max(LINES_REACH_CHARS, charsMax, isAtKey(markFrom) ? KEY_REACH_CHARS : 0);
    const reach = Math.max(across, REACH_CHARS);
    if (markTo + reach <= last.to) continue;
    const newline = lineEnd(markTo + across);
    // Twice as far as need be, so that of many marks in one line few come here.
    const partTo = newline <= markTo + reach ? newline : blankAfter(text, markTo + 2 * reach, last.to);
    const partFrom = lineStart(text, markFrom, { across, reach, floor: last.to });
    if (partFrom > last.to || parts.length === 0) parts.push({ from: partFrom, to: partTo });
    else if (partTo > last.to) parts[parts.length - 1] = { from: last.from, to: partTo };
  }
  return parts;
}

/** Whether a place may be noticed from within a private key. */
function keysIn(text: string): (at: number) => boolean {
  const keys = KEYS.flatMap((literal) => placesOf(literal, text));
  return (place) => keys.length > KEYS_MAX || keys.some((key) => Math.abs(key - place) < KEY_REACH_CHARS);
}

function placesOf(literal: string, text: string): readonly number[] {
  const places: number[] = [];
  for (let at = text.indexOf(literal); at !== -1; at = text.indexOf(literal, at + 1)) places.push(at);
  return places;
}

/** Where the line ends that a place is in; asked in rising order, all answers together cost one pass. */
function lineEnds(text: string): (at: number) => number {
  let end = -1;
  return (at) => {
    if (end < at) end = text.indexOf("\n", at);
    if (end === -1) end = text.length;
    return end;
  };
}

/** Never before `floor`, so that no character is looked at for two parts. */
function lineStart(
  text: string,
  at: number,
  { across, reach, floor }: { across: number; reach: number; floor: number },
): number {
  let from = Math.max(floor, at - across);
  const lowest = Math.max(floor, at - reach);
  while (from > lowest && text.charCodeAt(from) !== LINE_FEED) from -= 1;
  while (from > floor && !isBlank(text.charCodeAt(from))) from -= 1;
  return from;
}

/** Not looked for before `floor`, which is the end of another part. */
function blankAfter(text: string, at: number, floor: number): number {
  if (at <= floor) return floor;
  let to = Math.min(text.length, at);
  while (to < text.length && !isBlank(text.charCodeAt(to))) to += 1;
  return to;
}

const LINE_FEED = 0x0a;
const isBlank = (code: number): boolean => code === 0x20 || code === LINE_FEED;
