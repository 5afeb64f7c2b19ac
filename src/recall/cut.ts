import { estimateTokens } from "./tokens.ts";

/** More characters than this per token occur in runs of spaces only. */
const CHARS_PER_TOKEN_MAX = 16;

/** The beginning of a line that costs at most `tokensMax`, cut at a word, with "…" where something is gone. "" where nothing fits. */
export function cutToTokens(line: string, tokensMax: number): string {
  const charsMax = Math.max(0, Math.floor(tokensMax * CHARS_PER_TOKEN_MAX));
  if (line.length <= charsMax && estimateTokens(line) <= tokensMax) return line;
  let fits = 0;
  let over = Math.min(line.length, charsMax) + 1;
  while (over - fits > 1) {
    const middle = (fits + over) >> 1;
    if (estimateTokens(`${line.slice(0, middle)}…`) <= tokensMax) fits = middle;
    else over = middle;
  }
  return cutToChars(line, fits + 1, tokensMax);
}

/** The beginning of a line in at most `charsMax` UTF-16 units, "…" included. */
export function cutToChars(line: string, charsMax: number, tokensMax = Number.POSITIVE_INFINITY): string {
  if (line.length <= charsMax && estimateTokens(line) <= tokensMax) return line;
  if (charsMax < 2) return "";
  const head = wholeCharacters(line.slice(0, charsMax - 1));
  const space = head.lastIndexOf(" ");
  const atWord = line.charAt(head.length) === " " || space < head.length * 0.6 ? head : head.slice(0, space);
  return `${atWord.trimEnd()}…`;
}

function wholeCharacters(text: string): string {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff ? text.slice(0, -1) : text;
}
