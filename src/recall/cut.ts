import { weightOf } from "./tokens.ts";

/** More characters than this per token occur in runs of spaces only, and a plain line has none. */
const CHARS_PER_TOKEN_MAX = 16;
/** A cut at a word may lose this much of what would fit; a longer word is cut itself. */
const LOST_AT_WORD_SHARE_MAX = 0.4;

/**
 * The beginning of a line that weighs at most `tokensMax` tokens, cut at a word, with "…" where something is gone; "" where
 * not even that fits. Never cuts a character of two units.
 */
export function cutToTokens(line: string, tokensMax: number): string {
  const fits = (text: string): boolean => weightOf(text) <= tokensMax * 100;
  const charsMax = Math.max(0, Math.floor(tokensMax * CHARS_PER_TOKEN_MAX));
  if (line.length <= charsMax && fits(line)) return line;
  let shown = 0;
  let over = Math.min(line.length, charsMax) + 1;
  while (over - shown > 1) {
    const middle = (shown + over) >> 1;
    if (fits(cutAt(line, middle))) shown = middle;
    else over = middle;
  }
  return shown === 0 ? "" : cutAt(line, shown);
}

/** The beginning of a line in at most `charsMax` UTF-16 units, "…" included. */
export function cutToChars(line: string, charsMax: number): string {
  if (line.length <= charsMax) return line;
  return charsMax < 2 ? "" : cutAt(line, charsMax - 1);
}

/** At most `length` units of a longer line, back to the last word that ends there, and "…". */
function cutAt(line: string, length: number): string {
  const head = wholeCharacters(line.slice(0, length));
  const space = head.lastIndexOf(" ");
  const endsWord = line.charAt(head.length) === " " || line.length === head.length;
  const atWord = endsWord || space < head.length * (1 - LOST_AT_WORD_SHARE_MAX) ? head : head.slice(0, space);
  return `${atWord.trimEnd()}…`;
}

function wholeCharacters(text: string): string {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff ? text.slice(0, -1) : text;
}
