import { isAscii } from "../base/ascii.ts";
import type { Range } from "./document.ts";
import { isPlaceholder, normalText } from "./item-text.ts";
import { wordsOf } from "./names.ts";
import type { Line, Scan } from "./scan.ts";

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
  return TITLE_PREFIX.test(heading.slice(0, 80));
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
  return text.slice(from, to).replace(/\\(#+)$/, "$1");
}

/** @param title as {@link normalText} gives it. */
export function writeTitle(title: string): string {
  const start = isPlaceholder(title) || /^\\+[[{$.…]/.test(title) ? `\\${title}` : title;
  return start.replace(/#$/, "\\#");
}

function titleOf(raw: string): string | undefined {
  const text = normalText(raw).replace(/\\#$/, "#");
  if (isPlaceholder(text)) return undefined;
  return /^\\+[[{$.…]/.test(text) ? text.slice(1) : text;
}

function headingRange(text: string, line: Line): Range {
  const raw = text.slice(line.body, line.to).trimEnd();
  // CommonMark: closing signs stand behind a space, or are all there is.
  const content = raw.replace(/(^|[ \t])#+$/, "$1").trimEnd();
  return { from: line.body, to: line.body + content.length };
}

function titleRangeOf(text: string, line: Line): Range {
  const { from, to } = headingRange(text, line);
  const prefix = TITLE_PREFIX.exec(text.slice(from, Math.min(to, from + 80)));
  return { from: from + (prefix?.[0].length ?? 0), to };
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
  const found = (isAscii(raw.slice(0, NAMED_CHARS)) ? ASCII_HEAD_LINE : headLine("\\p{L}")).exec(raw);
  const key = HEAD_NAMES.get(wordsOf((found?.[1] ?? found?.[2] ?? "").slice(0, 30)));
  if (found === null || key === undefined) return undefined;
  const value = raw.slice(found[0].length).trimEnd();
  const from = line.body + found[0].length;
  return { key, entry: { value, valueRange: { from, to: from + value.length }, line } };
}
