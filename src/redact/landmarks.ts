import {
  ALNUM,
  BASE64,
  BRACKET,
  classAt,
  countExamined,
  DIGIT,
  EQUALS,
  examinedChars,
  LETTER,
  LIST_SIGN,
  LOWER,
  nextAt,
  nextInRest,
  runEnd,
  runStart,
  UPPER,
  VALUE_END,
} from "./chars.ts";

/** Where something stands next in a text, at `from` or behind it; the text's length if nowhere. */
export type Next = (from: number) => number;

/**
 * What several triggers would each look for in the same characters. Found places are remembered, so that questions in
 * rising order cost one pass over the text together, however many they are.
 */
export interface Landmarks {
  readonly digit: Next;
  readonly digitOrCapital: Next;
  readonly bracket: Next;
  /** Letters and digits in a row, as many as {@link SEGMENT_CHARS}. */
  readonly segment: Next;
  /** What ends a value without quotation marks. */
  readonly bareEnd: Next;
  /** The same in an environment's `NAME=value`, where values hold lists. */
  readonly environmentEnd: Next;
  /** Where a part that begins at `from` or behind it has at the earliest become one that may be drawn at random. */
  readonly mixed: Next;
  /** Where the run of characters of a class that begins at `from` ends. */
  endOf(mask: number): Next;
  /** What {@link isMixedPart} says of the text between two places, asked for with both of them rising. */
  isMixed(from: number, to: number): boolean;
  /** The same for the longer values of headers. */
  isMixedHeader(from: number, to: number): boolean;
}

/** A token has at least this many letters and digits in a row where its beginning alone is too common to tell. */
export const SEGMENT_CHARS = 16;
/** As many letters, small and capital, may be mixed by chance where there is no digit. */
export const MIXED_LETTERS_MIN = 16;
/** Shorter parts of a value tell nothing. */
export const MIXED_PART_MIN = 5;

/** Made when somebody asks for them first: most texts in which a trigger stands need none. Use what they give before the next text's. */
export function landmarksOf(text: string): () => Landmarks {
  let made: Landmarks | undefined;
  if (text.length <= SHORT_CHARS_MAX)
    return () => {
      short = text;
      return SHORT;
    };
  return () => {
    made ??= landmarksIn(text);
    return made;
  };
}

/** To look again costs less in these than to remember: what is decoded of a code may be thousands of texts of 20 characters. */
const SHORT_CHARS_MAX = 64;
let short = "";
const ofShort =
  (mask: number): Next =>
  (from) =>
    nextAt(short, from, short.length, mask);
const isShortMixed = (from: number, to: number) => isMixedPart(short, from, to);
const SHORT: Landmarks = {
  digit: ofShort(DIGIT),
  digitOrCapital: ofShort(DIGIT | UPPER),
  bracket: ofShort(BRACKET),
  segment: (from) => nextSegment(short, from),
  bareEnd: ofShort(VALUE_END | LIST_SIGN),
  environmentEnd: ofShort(VALUE_END),
  mixed: (from) => nextMixed(short, from, ofShort(DIGIT | UPPER)),
  endOf: (mask) => (from) => runEnd(short, from, mask),
  isMixed: isShortMixed,
  isMixedHeader: isShortMixed,
};

function landmarksIn(text: string): Landmarks {
  const ofClass = (mask: number): Next => remembered((from) => nextInRest(text, from, mask));
  const ends = new Map<number, Next>();
  // One of its own, for it is asked for further ahead than the other.
  const mixedSign = ofClass(DIGIT | UPPER);
  let mixedInBare: Landmarks["isMixed"] | undefined;
  let mixedInHeader: Landmarks["isMixed"] | undefined;
  return {
    digit: ofClass(DIGIT),
    digitOrCapital: ofClass(DIGIT | UPPER),
    bracket: ofClass(BRACKET),
    segment: remembered((from) => nextSegment(text, from)),
    bareEnd: ofClass(VALUE_END | LIST_SIGN),
    environmentEnd: ofClass(VALUE_END),
    mixed: remembered((from) => nextMixed(text, from, mixedSign)),
    endOf(mask) {
      const end = ends.get(mask) ?? remembered((from) => runEnd(text, from, mask));
      ends.set(mask, end);
      return end;
    },
    isMixed: (from, to) => {
      mixedInBare ??= mixedBetween(text, ofClass);
      return mixedInBare(from, to);
    },
    isMixedHeader: (from, to) => {
      mixedInHeader ??= mixedBetween(text, ofClass);
      return mixedInHeader(from, to);
    },
  };
}

/** What a question is charged for at the most, in examined characters. */
const CHARGED_CHARS_MAX = 256;

function remembered(find: Next): Next {
  let asked = 0;
  let found = -1;
  return (from) => {
    if (from < asked || from > found) {
      asked = from;
      const before = examinedChars();
      found = find(from);
      // What is far is found for all questions together: none of them is charged for it.
      const examined = examinedChars() - before;
      countExamined(Math.min(examined, CHARGED_CHARS_MAX) - examined);
    }
    return found;
  };
}

/** Looks backwards from where a segment that begins at the earliest would end, so that most characters of words are never looked at. */
function nextSegment(text: string, from: number): number {
  let start = from;
  // All characters between the two are letters or digits.
  let known = from;
  while (start + SEGMENT_CHARS <= text.length) {
    const end = start + SEGMENT_CHARS;
    const runFrom = runStart(text, end, ALNUM, known);
    if (runFrom === known) return start;
    start = runFrom;
    known = end;
  }
  return text.length;
}

/** What a part holds; every other sign ends it. */
const PART = BASE64 | EQUALS;

/** More is asked of each of these characters than of those of a run. */
const MIXED_SHARE = 4;

/** Nothing is mixed without a digit or a capital letter: parts before the next one are passed over. */
function nextMixed(text: string, from: number, nextDigitOrCapital: Next): number {
  const partFrom = (floor: number) => runStart(text, nextDigitOrCapital(floor), PART, floor);
  let seen = 0;
  let start = partFrom(from);
  let at = start;
  for (; at < text.length; at += 1) {
    const bits = classAt(text, at);
    if ((bits & PART) === 0) {
      seen = 0;
      start = partFrom(at + 1);
      at = start - 1;
      continue;
    }
    seen |= bits;
    const chars = at + 1 - start;
    if (chars >= MIXED_PART_MIN && (seen & DIGIT) !== 0 && (seen & LETTER) !== 0) break;
    if (chars >= MIXED_LETTERS_MIN && (seen & LOWER) !== 0 && (seen & UPPER) !== 0) break;
  }
  countExamined(MIXED_SHARE * (at - from));
  return at;
}

/**
 * Whether letters and digits are mixed as chance mixes them; or, in long runs without a digit, small and capital
 * letters. Dots between words do not count.
 */
export function isMixedPart(text: string, from: number, to: number): boolean {
  let seen = 0;
  let changes = 0;
  let previous = 0;
  let at = from;
  for (; at < to; at += 1) {
    const bits = kindAt(text, at);
    seen |= bits;
    if ((seen & DIGIT) !== 0 && (seen & LETTER) !== 0) break;
    if (bits !== previous) changes += 1;
    previous = bits;
  }
  countExamined(at - from);
  if (at < to) return true;
  return to - from >= MIXED_LETTERS_MIN && seen === LETTER && changes * 3 >= to - from;
}

function kindAt(text: string, at: number): number {
  return classAt(text, at) & (DIGIT | LETTER);
}

/** Values of names in one long value overlap: what two of them have in common is counted once. */
function mixedBetween(text: string, ofClass: (mask: number) => Next): Landmarks["isMixed"] {
  const changes = changesBetween(text);
  const digit = ofClass(DIGIT);
  const letter = ofClass(LETTER);
  const small = ofClass(LOWER);
  const capital = ofClass(UPPER);
  return (from, to) => {
    if (digit(from) < to) return letter(from) < to;
    if (to - from < MIXED_LETTERS_MIN || changes(from, to) * 3 < to - from) return false;
    return small(from) < to && capital(from) < to;
  };
}

/** What is asked for is no longer, less one; a power of two. */
const REMEMBERED_CHANGES = 256;

/**
 * How many characters are of another kind than the one before them, the first one than none; asked with both places rising,
 * and fewer than {@link REMEMBERED_CHANGES} characters between them.
 */
function changesBetween(text: string): (from: number, to: number) => number {
  /** By the last bits of a place: changes of kind before it. */
  const before = new Int32Array(REMEMBERED_CHANGES);
  let start = 0;
  let counted = 0;
  let changes = 0;
  let kind = 0;
  return (from, to) => {
    if (from < start || from > counted || to < counted) {
      start = from;
      counted = from;
    }
    // The loop's own: what a function shares with another is read from memory and written to it for each character.
    let count = changes;
    let last = kind;
    for (let at = counted; at < to; at += 1) {
      before[at % REMEMBERED_CHANGES] = count;
      const next = kindAt(text, at);
      if (next !== last) count += 1;
      last = next;
    }
    counted = to;
    changes = count;
    kind = last;
    return count - (before[(from + 1) % REMEMBERED_CHANGES] ?? 0) + (kindAt(text, from) === 0 ? 0 : 1);
  };
}
