import { beginsWithLetter } from "../base/ascii.ts";
import { NOTE_TEXT_CHARS_MAX } from "../base/limits.ts";

/**
 * How the text of a note stands in a document: one line, with a backslash where markdown or we would read it as
 * something else. {@link readText} takes back exactly what {@link writeText} did: docs/formats/document.md, "Text".
 */

/** What a proposal of ours is marked with until somebody confirms it. */
export const UNCONFIRMED = "(unconfirmed)";

/** Where a text stands decides what could be misread there. */
export interface TextPlace {
  /** Behind `**Label**: ` only a placeholder could be misread; at the start of a line, everything markdown knows. */
  readonly behindLabel: boolean;
  /** Text of an item, which may carry our marks at its end; a field's value may not. */
  readonly marks: "none" | "unconfirmed" | "unconfirmed_and_tick";
}

/**
 * The text as a document can hold it: one line without control characters, single spaces, no lone surrogate (a file in
 * UTF-8 could not hold it), at most NOTE_TEXT_CHARS_MAX long with `…` where it was cut. Doing it twice changes nothing.
 */
export function normalText(text: string): string {
  const line = IRREGULAR.test(text)
    ? text
        .replace(/\p{Cs}/gu, "\uFFFD")
        .replace(/[\s\p{Cc}]+/gu, " ")
        .trim()
    : text;
  if (line.length <= NOTE_TEXT_CHARS_MAX) return line;
  const cut = line.slice(0, NOTE_TEXT_CHARS_MAX - 1);
  return `${/[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}

/**
 * A space at an end or beside another, or a character that is rare: controls, white space beyond the space, surrogates.
 * Hangul, Latin, Kana and Han are none of them. Nearly every text is normal, and what may not be is left to the slow way.
 */
const IRREGULAR = /^ | $| {2}|[^ -~\u00a1-\u167f\u3001-\ud7a3]/;

/** What stands in a template where somebody shall write: no text of anybody's. */
export function isPlaceholder(text: string): boolean {
  if (text === "") return true;
  const first = text.charAt(0);
  if (BRACKETS.includes(first)) return text.length <= PLACEHOLDER_CHARS_MAX && BRACKETED.test(text);
  return text.length <= NOTHING_CHARS_MAX && NOTHING_STARTS.includes(first) && NOTHING.test(text);
}

/** A template asks in a few words; what is longer is somebody's, in brackets. */
const PLACEHOLDER_CHARS_MAX = 160;

/** `[Add your context here]`, `{DESCRIPTION}`, `$(date +%Y-%m-%d)`, `$date`; `[[a]]` and `[a](b)` are links. */
const BRACKETS = "[{$.…";
const BRACKETED = /^(?:\[[^[\]]*\]|\{[^{}]*\}|\$\([^()]*\)|\$\{?[a-zA-Z_]+\}?|\.\.\.|…)$/;
const NOTHING_STARTS = "*_(nN없";
/** `**nothing yet...`. */
const NOTHING_CHARS_MAX = 16;
const NOTHING = /^[*_(]{0,2}(?:none|none yet|nothing|nothing yet|n\/a|없음)[.*_)]{0,3}$/i;

/** What a writer of markdown must not put at the start of an item: other blocks, boxes, quotes, conflict marks, tables. */
const BLOCK_START =
  /^(?:#{1,6}(?:\s|$)|[-*+•](?:\s|$)|[-*_][-*_\s]*$|[=<]{7}|>|\||`{3}|~{3}|<[!A-Za-z/?]|\[[ xX✓✔-]?\](?:\s|$))/;
const NUMBER_START = /^(\d{1,9})(\\*[.)])/;
const ESCAPED_NUMBER = /^(\d{1,9})\\(\\*[.)])/;
const ESCAPED_SIGN = /^\\[!-/:-@[-`{-~•]/;
const TICK_END = /[✓✔✅☑]\uFE0F?$/u;

/** @param text as {@link normalText} gives it. */
export function writeText(text: string, { behindLabel, marks }: TextPlace): string {
  return escapeStart(escapeEnd(text, marks), behindLabel);
}

/** The text of an item whose marks and label are taken off already. */
export function readText(raw: string, marks: TextPlace["marks"]): string {
  return unescapeEnd(unescapeStart(raw), marks);
}

function escapeStart(text: string, behindLabel: boolean): string {
  // No block begins with a letter; only "None" and the like is misread there.
  if (beginsWithLetter(text)) return isPlaceholder(text) ? `\\${text}` : text;
  if (isPlaceholder(text) || ESCAPED_SIGN.test(text) || isEscapedNothing(text)) return `\\${text}`;
  if (ESCAPED_NUMBER.test(text) || (!behindLabel && NUMBER_START.test(text)))
    return text.replace(NUMBER_START, "$1\\$2");
  return !behindLabel && BLOCK_START.test(text) ? `\\${text}` : text;
}

function unescapeStart(raw: string): string {
  if (!raw.includes("\\")) return raw;
  if (ESCAPED_SIGN.test(raw) || isEscapedNothing(raw)) return raw.slice(1);
  return raw.replace(ESCAPED_NUMBER, "$1$2");
}

/** A backslash before a letter means nothing in markdown; here it says that "None" is somebody's word. */
function isEscapedNothing(text: string): boolean {
  if (!text.startsWith("\\")) return false;
  const rest = text.replace(/^\\+/, "");
  return NOTHING.test(rest) || /^(?:\.\.\.|…)$/.test(rest);
}

function escapeEnd(text: string, marks: TextPlace["marks"]): string {
  const at = markedFrom(text, marks);
  return at === undefined ? text : `${text.slice(0, at)}\\${text.slice(at)}`;
}

function unescapeEnd(text: string, marks: TextPlace["marks"]): string {
  const at = markedFrom(text, marks);
  return at === undefined || text[at - 1] !== "\\" ? text : text.slice(0, at - 1) + text.slice(at);
}

/** Where a mark of ours, or what looks like one, begins at the end of a text. */
function markedFrom(text: string, marks: TextPlace["marks"]): number | undefined {
  if (marks === "none") return undefined;
  const unconfirmed = text.length - UNCONFIRMED.length;
  if (unconfirmed >= 0 && text.endsWith(")") && text.slice(unconfirmed).toLowerCase() === UNCONFIRMED)
    return unconfirmed;
  return marks === "unconfirmed_and_tick" ? tickFrom(text) : undefined;
}

/** No tick has a lower code, and no text that ends in a letter of ours has one as high. */
const FIRST_TICK = 0x2611;

function tickFrom(text: string): number | undefined {
  if (!(text.charCodeAt(text.length - 1) >= FIRST_TICK)) return undefined;
  const tick = TICK_END.exec(text.slice(-2));
  return tick === null ? undefined : text.length - tick[0].length;
}

/** Where ` (unconfirmed)` begins in the raw text of an item, with the space before it; undefined where it does not end so. */
export function unconfirmedAt(raw: string): number | undefined {
  return spaceBefore(raw, markedFrom(raw, "unconfirmed"));
}

/** Where ` ✓` begins at the end of an item without a box. */
export function tickAt(raw: string): number | undefined {
  return spaceBefore(raw, tickFrom(raw));
}

function spaceBefore(raw: string, at: number | undefined): number | undefined {
  if (at === undefined) return undefined;
  return at === 0 || isWhite(raw.charAt(at - 1)) ? raw.slice(0, at).trimEnd().length : undefined;
}

/** Whether a character is white space (`\s`); "", which stands behind an end, is none. */
export function isWhite(char: string): boolean {
  return char !== "" && char.trim() === "";
}
