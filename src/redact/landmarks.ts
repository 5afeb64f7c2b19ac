/** Where something stands next in a text, at `from` or behind it; the text's length if nowhere. */
export type Next = (from: number) => number;

/**
 * What several triggers would each look for in the same characters. Found places are remembered, so that questions in
 * rising order cost one pass over the text together, however many they are.
 */
export interface Landmarks {
  readonly digit: Next;
  readonly capital: Next;
  /** Letters and digits in a row, as many as {@link SEGMENT_CHARS}. */
  readonly segment: Next;
  /** What ends a value without quotation marks. */
  readonly bareEnd: Next;
  /** The same in an environment's `NAME=value`, where values hold lists. */
  readonly environmentEnd: Next;
}

/** A token has at least this many letters and digits in a row where its beginning alone is too common to tell. */
export const SEGMENT_CHARS = 16;

const DIGIT = /\d/g;
const CAPITAL = /[A-Z]/g;
const SEGMENT = /[A-Za-z0-9]{16}/g;
const BARE_END = /[\s"'`,;&<>|()\\]/g;
const ENVIRONMENT_END = /[\s"'`<>|()\\]/g;

export function landmarksOf(text: string): Landmarks {
  return {
    digit: nextOf(text, DIGIT, 1),
    capital: nextOf(text, CAPITAL, 1),
    segment: nextOf(text, SEGMENT, SEGMENT_CHARS),
    bareEnd: nextOf(text, BARE_END, 1),
    environmentEnd: nextOf(text, ENVIRONMENT_END, 1),
  };
}

/** @param chars how many characters the pattern matches. */
function nextOf(text: string, pattern: RegExp, chars: number): Next {
  let asked = 0;
  let found = -1;
  return (from) => {
    if (from < asked || from > found) {
      asked = from;
      pattern.lastIndex = from;
      found = pattern.test(text) ? pattern.lastIndex - chars : text.length;
    }
    return found;
  };
}
