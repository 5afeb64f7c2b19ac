import type { Cut } from "./cut.ts";
import type { Part, Span } from "./trigger.ts";

/** What a look may ask for behind its place that does not say: cookies and tokens are looked at up to 1,024 characters behind their name, the words of a `.netrc` up to 1,200. */
export const REACH_CHARS = 1_536;
/** And before it: the longest name of a value. */
export const BACK_CHARS = 128;
/** The same to both sides for private keys. */
export const KEYS_REACH_CHARS = 66 * 1024;

let seenFrom = 0;
let seenTo = 0;

/** What a trigger answers where there is none, if it can say what it asked for: no character before `from`, none at `to` or behind it. */
export function vain(from: number, to: number): undefined {
  seenFrom = from;
  seenTo = to;
  return undefined;
}

/** The same for what a look has found: what begins where the span does is a mark then, and the look asks for no more than what stands before it. */
export function found(from: number, span: Span): Span {
  seenFrom = from;
  seenTo = span.from;
  return span;
}

/** Before each look: who does not say what it asked for may have asked for all that is near. */
export function startLook(at: number, goesFar = false): void {
  seenFrom = at - (goesFar ? KEYS_REACH_CHARS : BACK_CHARS);
  seenTo = at + (goesFar ? KEYS_REACH_CHARS : REACH_CHARS);
}

/**
 * The places of a text that were looked at, in rising order, and what each look asked for. Where a text has lost its secrets, the others need not be looked
 * at again.
 */
export interface LookedAt {
  /** Three for each look: the place, and from where up to where it asked. */
  numbers: Int32Array;
  count: number;
}

/** Behind every text. Where places are kept, a number that is no integer makes all of V8's reading of texts slower. */
const END = 0x3fff_ffff;
const EACH = 3;
const LOOKS_AT_FIRST = 64;
/** In most texts nothing is looked at. */
const NO_LOOKS = new Int32Array(0);
/** 12 bytes each. Texts in which more is looked at have some ten million characters; they are looked at again all over near their marks. */
const LOOKS_MAX = 500_000;

export function newLookedAt(): LookedAt {
  return { numbers: NO_LOOKS, count: 0 };
}

/** Remembers the last look. */
export function rememberLook(looked: LookedAt, place: number): void {
  const at = looked.count * EACH;
  if (at === looked.numbers.length) {
    if (looked.count > LOOKS_MAX) return;
    const more = new Int32Array(Math.max(LOOKS_AT_FIRST * EACH, 2 * at));
    more.set(looked.numbers);
    looked.numbers = more;
  }
  const { numbers } = looked;
  numbers[at] = place;
  numbers[at + 1] = seenFrom;
  numbers[at + 2] = seenTo;
  looked.count += 1;
}

/**
 * Where in the text after its cuts something may be found that was not found before them: where a look may have asked for a character that is cut, and in the
 * marks themselves. No trigger's literal holds what a mark begins or ends with, so none begins anywhere else.
 *
 * @param placesIn where in a mark something is to be looked at.
 * @returns in rising order; undefined if not all looks are remembered.
 */
export function placesToLookAgain(
  looked: LookedAt,
  cuts: readonly Cut[],
  placesIn: (mark: string) => readonly number[],
): readonly number[] | undefined {
  if (looked.count > LOOKS_MAX) return undefined;
  const places: number[] = [];
  const { numbers, count } = looked;
  let gapFrom = 0;
  let shift = 0;
  let look = 0;
  const addUpTo = (gapTo: number): void => {
    for (; look < count; look += 1) {
      const place = numbers[look * EACH] ?? 0;
      if (place >= gapTo) return;
      // What begins in a cut is gone.
      if (place >= gapFrom && asksBeyond(looked, look, { from: gapFrom, to: gapTo }))
        places.push(place + shift);
    }
  };
  for (const { from, to, mark } of cuts) {
    addUpTo(from);
    for (const place of placesIn(mark)) places.push(from + shift + place);
    shift += from + mark.length - to;
    gapFrom = to;
  }
  addUpTo(END);
  return places;
}

/** Whether a look asked for a character outside of what stands between two cuts. The text's beginning and its end are none. */
function asksBeyond({ numbers }: LookedAt, look: number, { from, to }: Part): boolean {
  const at = look * EACH;
  return (numbers[at + 2] ?? 0) > to || (from > 0 && (numbers[at + 1] ?? 0) < from);
}
