import { isAscii } from "../base/ascii.ts";
import type { Range } from "./document.ts";
import { isPlaceholder, isWhite, normalText } from "./item-text.ts";
import { wordsOf } from "./names.ts";
import type { Line, Scan } from "./scan.ts";
import { TITLE_START } from "./sections.ts";

/** What stands above the first section: the title and the lines `**Created**`, `**Updated**`, `**Status**`, `**Session Thread**`. */
export interface Head {
  /** Undefined where there is none or it is a placeholder; then the file's name says it. */
  readonly title: string | undefined;
  /** Where the title stands, without "Session State:"; undefined where there is no title line. */
  readonly titleRange: Range | undefined;
  readonly entries: ReadonlyMap<HeadKey, HeadEntry>;
  /** Index of the line with the title, -1 where there is none. */
  readonly titleLine: number;
}

export type HeadKey = "created" | "updated" | "status" | "thread";

export interface HeadEntry {
  readonly value: string;
  readonly valueRange: Range;
  readonly line: Line;
}

const HEAD_NAMES: ReadonlyMap<string, HeadKey> = new Map([
  ["created", "created"],
  ["date", "created"],
  ["started", "created"],
  ["생성", "created"],
  ["생성일", "created"],
  ["updated", "updated"],
  ["last updated", "updated"],
  ["last update", "updated"],
  ["업데이트", "updated"],
  ["status", "status"],
  ["current status", "status"],
  ["state", "status"],
  ["상태", "status"],
  ["session thread", "thread"],
  ["thread", "thread"],
]);

const TITLE_PREFIX = /^(?:session(?: state| memory| notes)?|세션(?: 상태)?)(?:\s*[:：]\s*|\s+[—–-]\s+)/i;

/** Whether a heading says of itself that it is the title: "Session State: …". */
export function saysTitle(heading: string): boolean {
  return titlePrefixLength(heading) > 0;
}

/** Of what a title begins with; 0 where it says nothing of the kind. As we write it, that needs no expression. */
function titlePrefixLength(heading: string): number {
  const isOurs = heading.startsWith(TITLE_START) && !isWhite(heading.charAt(TITLE_START.length));
  return isOurs ? TITLE_START.length : (TITLE_PREFIX.exec(heading.slice(0, 80))?.[0].length ?? 0);
}

/**
 * @param titleLine index of the line with the title, -1 where there is none.
 * @param end index of the first section's heading.
 */
export function readHead(
  text: string,
  { lines }: Scan,
  { titleLine, end }: { titleLine: number; end: number },
): Head {
  const entries = new Map<HeadKey, HeadEntry>();
  for (let at = 0; at < end; at += 1) {
    const line = lines[at];
    if (line === undefined) break;
    if (line.kind !== "text" && line.kind !== "list") continue;
    const entry = headEntry(text, line);
    if (entry && !entries.has(entry.key)) entries.set(entry.key, entry.entry);
  }
  const line = lines[titleLine];
  if (line === undefined) return { title: undefined, titleRange: undefined, entries, titleLine };
  const titleRange = titleRangeOf(text, line);
  return { title: titleOf(text.slice(titleRange.from, titleRange.to)), titleRange, entries, titleLine };
}

/** The text of a heading without its closing signs; a last `\#` is somebody's. */
export function headingText(text: string, line: Line): string {
  const { from, to } = headingRange(text, line);
  const heading = text.slice(from, to);
  return heading.endsWith("#") ? heading.replace(/\\(#+)$/, "$1") : heading;
}

/** @param title as {@link normalText} gives it. */
export function writeTitle(title: string): string {
  const start = isPlaceholder(title) || /^\\+[[{$.…]/.test(title) ? `\\${title}` : title;
  return start.replace(/#$/, "\\#");
}

function titleOf(raw: string): string | undefined {
  const said = normalText(raw);
  const text = said.endsWith("\\#") ? `${said.slice(0, -2)}#` : said;
  if (isPlaceholder(text)) return undefined;
  return text.startsWith("\\") && /^\\+[[{$.…]/.test(text) ? text.slice(1) : text;
}

function headingRange(text: string, line: Line): Range {
  const raw = text.slice(line.body, line.to).trimEnd();
  // CommonMark: closing signs stand behind a space, or are all there is.
  const content = raw.endsWith("#") ? raw.replace(/(^|[ \t])#+$/, "$1").trimEnd() : raw;
  return { from: line.body, to: line.body + content.length };
}

function titleRangeOf(text: string, line: Line): Range {
  const { from, to } = headingRange(text, line);
  return { from: from + titlePrefixLength(text.slice(from, to)), to };
}

/** A bold name may carry its colon inside or behind; a plain one must have it. */
const headLine = (letters: string): RegExp =>
  new RegExp(
    String.raw`^(?:(?:\*\*|__)([${letters} ]{1,30})(?:[:：](?:\*\*|__)|(?:\*\*|__)\s{0,3}[:：])|([${letters} ]{1,30})[:：])[ \t]*`,
    "u",
  );
const ASCII_HEAD_LINE = headLine("A-Za-z");
/** A name with its signs is shorter. */
const NAMED_CHARS = 40;

function headEntry(text: string, line: Line): { key: HeadKey; entry: HeadEntry } | undefined {
  const raw = text.slice(line.body, line.to);
  const ours = OUR_LINES.find(({ start }) => raw.startsWith(start) && !isWhite(raw.charAt(start.length)));
  if (ours !== undefined) return { key: ours.key, entry: entryAt(line, raw, ours.start.length) };
  const found = (isAscii(raw.slice(0, NAMED_CHARS)) ? ASCII_HEAD_LINE : headLine("\\p{L}")).exec(raw);
  const key = HEAD_NAMES.get(wordsOf((found?.[1] ?? found?.[2] ?? "").slice(0, 30)));
  if (found === null || key === undefined) return undefined;
  return { key, entry: entryAt(line, raw, found[0].length) };
}

function entryAt(line: Line, raw: string, valueAt: number): HeadEntry {
  const value = raw.slice(valueAt).trimEnd();
  const from = line.body + valueAt;
  return { value, valueRange: { from, to: from + value.length }, line };
}

/** As we write them: these need no expression. */
const OUR_LINES: readonly { readonly start: string; readonly key: HeadKey }[] = [
  { start: "**Created**: ", key: "created" },
  { start: "**Updated**: ", key: "updated" },
  { start: "**Status**: ", key: "status" },
  { start: "**Session Thread**: ", key: "thread" },
];
