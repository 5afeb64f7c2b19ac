/**
 * Splits markdown into lines and says what each is, as far as CommonMark 0.31 lets a line be judged by itself and the
 * ones before it. Not a markdown parser: a full one costs ten times what a turn may cost. Linear in the text's length.
 */
export interface Scan {
  readonly lines: readonly Line[];
  /** By the index of the line that opens them. */
  readonly fences: ReadonlyMap<number, Fence>;
  /** Lines that hold merge-conflict marks, by index. */
  readonly conflicts: readonly number[];
  /** The line of a code fence or comment that is never closed: everything behind it is hidden. */
  readonly unclosed: number | undefined;
}

export type LineKind =
  | "blank"
  | "heading"
  | "underline"
  | "list"
  | "code"
  | "comment"
  | "table"
  | "quote"
  | "rule"
  | "conflict"
  | "front"
  | "text";

export interface Line {
  readonly kind: LineKind;
  /** UTF-16 offsets: the line without its ending is [from, to), the next one begins at `next`. */
  readonly from: number;
  readonly to: number;
  readonly next: number;
  /** Column of the first character that is no space; a tab goes to the next multiple of four. */
  readonly indent: number;
  /** Offset of that character, and of the content behind a list marker or a heading's signs. */
  readonly start: number;
  readonly body: number;
  /** 1 to 6 for headings, 0 elsewhere. */
  readonly level: number;
}

/** A fenced code block. `close` is undefined when it is never closed. Indexes of lines. */
export interface Fence {
  readonly open: number;
  readonly close: number | undefined;
  readonly info: string;
}

interface ScanState {
  readonly text: string;
  readonly lines: Line[];
  readonly fences: Map<number, Fence>;
  readonly conflicts: number[];
  fence: OpenFence | undefined;
  comment: number | undefined;
  front: boolean;
  conflict: boolean;
}

interface OpenFence {
  readonly open: number;
  readonly info: string;
  readonly sign: string;
  readonly length: number;
}

/** The line being read: where it is, and, as it is judged, what it is. One object a line is all that a long document may cost. */
type OpenLine = { -readonly [Part in keyof Line]: Line[Part] };

export function scan(text: string): Scan {
  const state: ScanState = {
    text,
    lines: [],
    fences: new Map(),
    conflicts: [],
    fence: undefined,
    comment: undefined,
    front: false,
    conflict: false,
  };
  const hasReturns = text.includes("\r");
  let from = 0;
  while (from < text.length) {
    from = addLine(state, from, lineEnd(text, from, hasReturns));
  }
  const { lines, fences, conflicts, comment } = state;
  return { lines, fences, conflicts, unclosed: comment ?? state.fence?.open };
}

/** CommonMark: a line ends at a line feed, a carriage return, or both. */
function lineEnd(text: string, from: number, hasReturns: boolean): number {
  const feed = text.indexOf("\n", from);
  const end = feed < 0 ? text.length : feed;
  if (!hasReturns) return end;
  for (let at = from; at < end; at += 1) {
    if (text.charCodeAt(at) === 13) return at;
  }
  return end;
}

/** Where the next line begins behind one that ends at `to`. */
function nextLine(text: string, to: number): number {
  if (to >= text.length) return to;
  return text.charCodeAt(to) === 13 && text.charCodeAt(to + 1) === 10 ? to + 2 : to + 1;
}

/** @returns where the next line begins. */
function addLine(state: ScanState, from: number, to: number): number {
  const { text, lines } = state;
  const next = nextLine(text, to);
  let start = from;
  let indent = 0;
  for (; start < to; start += 1) {
    const char = text.charCodeAt(start);
    if (char === TAB) indent += 4 - (indent % 4);
    else if (char === SPACE) indent += 1;
    else if (char !== BYTE_ORDER_MARK || start !== 0) break;
  }
  const line: OpenLine = { kind: "text", from, to, next, indent, start, body: start, level: 0 };
  line.kind = inConflict(state, line) ?? inOpaque(state, line) ?? classify(state, line);
  if (line.kind === "underline") makeHeading(lines, text.charCodeAt(start) === EQUALS ? 1 : 2);
  lines.push(line);
  return next;
}

const TAB = 9;
const SPACE = 32;
const EQUALS = 61;
const BYTE_ORDER_MARK = 0xfeff;

/** Git's marks stand at the start of a line, also inside code. `=======` alone is a heading's underline. */
function inConflict(state: ScanState, line: Line): LineKind | undefined {
  const { text } = state;
  const { to } = line;
  const from = line.from === 0 && text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : line.from;
  const first = text.charCodeAt(from);
  if (first !== 60 && first !== 62 && first !== EQUALS && first !== 124) return undefined;
  if (text.charCodeAt(from + 6) !== first) return undefined;
  const mark = text.slice(from, from + 7);
  const after = from + 7 >= to || text.charCodeAt(from + 7) === SPACE;
  const begins = mark === "<<<<<<<" && after;
  const ends = mark === ">>>>>>>" && after;
  const between =
    state.conflict && ((mark === "=======" && from + 7 === to) || (mark === "|||||||" && after));
  if (!begins && !ends && !between) return undefined;
  state.conflict = begins || between;
  state.conflicts.push(state.lines.length);
  return "conflict";
}

/** Inside front matter, a comment or a fence nothing has a meaning but its end. */
function inOpaque(state: ScanState, line: Line): LineKind | undefined {
  const { text } = state;
  if (state.front) {
    if (/^(?:---|\.\.\.)\s*$/.test(text.slice(line.from, Math.min(line.to, line.from + 80))))
      state.front = false;
    return "front";
  }
  if (state.comment !== undefined) {
    if (hasBetween(text, "-->", line)) state.comment = undefined;
    return "comment";
  }
  if (state.fence === undefined) return undefined;
  if (closesFence(text, line, state.fence)) {
    const { open, info } = state.fence;
    state.fences.set(open, { open, close: state.lines.length, info });
    state.fence = undefined;
  }
  return "code";
}

function classify(state: ScanState, line: OpenLine): LineKind {
  const { text, lines } = state;
  const { start, to, indent } = line;
  if (start >= to) return "blank";
  if (
    lines.length === 0 &&
    text.startsWith("---", start) &&
    /^---[ \t]*$/.test(text.slice(start, to)) &&
    closesFront(text, line.next)
  ) {
    state.front = true;
    return "front";
  }
  if (isUnderline(state, line)) return "underline";
  if (isRule(text, start, to)) return "rule";
  const level = indent <= 3 ? headingLevel(text, start, to) : 0;
  if (level > 0) {
    line.level = level;
    line.body = afterSpaces(text, start + level, to);
    return "heading";
  }
  const marker = markerLength(text, start, to);
  const body = marker > 0 ? afterSpaces(text, start + marker, to) : start;
  if (opensFence(state, body, to)) return "code";
  if (text.startsWith("<!--", body)) {
    if (!hasBetween(text, "-->", { from: body + 4, to })) state.comment = lines.length;
    return "comment";
  }
  if (marker > 0) {
    line.body = body;
    return "list";
  }
  return BEGINS.get(text.charCodeAt(start)) ?? "text";
}

const BEGINS: ReadonlyMap<number, LineKind> = new Map([
  [124, "table"],
  [62, "quote"],
]);

function headingLevel(text: string, start: number, to: number): number {
  let level = 0;
  while (start + level < to && text.charCodeAt(start + level) === 35) level += 1;
  return level <= 6 && (start + level >= to || isSpace(text.charCodeAt(start + level))) ? level : 0;
}

/** Length of `-`, `*`, `+`, `•`, `12.` or `12)` at `start` with a space or nothing behind it; 0 where there is none. */
function markerLength(text: string, start: number, to: number): number {
  let at = start;
  while (at < to && at - start < 10 && isDigit(text.charCodeAt(at))) at += 1;
  const digits = at - start;
  const sign = text[at] ?? "";
  if (at >= to || digits > 9 || !(digits > 0 ? ".)" : "-*+•").includes(sign)) return 0;
  return at + 1 >= to || isSpace(text.charCodeAt(at + 1)) ? at + 1 - start : 0;
}

function isDigit(char: number): boolean {
  return char >= 48 && char <= 57;
}

/** Three or more of `-`, `*` or `_` and nothing else. */
function isRule(text: string, start: number, to: number): boolean {
  const sign = text.charCodeAt(start);
  if (sign !== 45 && sign !== 42 && sign !== 95) return false;
  let signs = 0;
  for (let at = start; at < to; at += 1) {
    const char = text.charCodeAt(at);
    if (char === sign) signs += 1;
    else if (!isSpace(char)) return false;
  }
  return signs >= 3;
}

/**
 * `===` or `---` under a paragraph of one line makes that line a heading (a setext heading). CommonMark takes a single
 * `-`, too; we don't: it is a list item that somebody is about to write.
 */
function isUnderline({ text, lines }: ScanState, { start, to, indent }: Line): boolean {
  const sign = text.charCodeAt(start);
  if (indent > 3 || (sign !== EQUALS && sign !== 45)) return false;
  const above = lines.at(-1);
  const before = lines.at(-2)?.kind;
  if (above?.kind !== "text" || above.indent > 3 || (before !== undefined && !SEPARATES.has(before)))
    return false;
  let at = start;
  while (at < to && text.charCodeAt(at) === sign) at += 1;
  return at - start >= 2 && afterSpaces(text, at, to) >= to;
}

const SEPARATES: ReadonlySet<LineKind> = new Set([
  "blank",
  "heading",
  "underline",
  "rule",
  "front",
  "comment",
]);

function makeHeading(lines: Line[], level: number): void {
  const above = lines.pop();
  if (above) lines.push({ ...above, kind: "heading", level });
}

function opensFence(state: ScanState, body: number, to: number): boolean {
  const { text, fences, lines } = state;
  const open = lines.length;
  const sign = text[body];
  if (sign !== "`" && sign !== "~") return false;
  let at = body;
  while (at < to && text[at] === sign) at += 1;
  if (at - body < 3) return false;
  const info = text.slice(at, to).trim();
  // CommonMark: no backtick behind a fence of backticks, it would be code in a line.
  if (sign === "`" && info.includes("`")) return false;
  state.fence = { open, info, sign, length: at - body };
  fences.set(open, { open, close: undefined, info });
  return true;
}

function closesFence(text: string, { start, to }: Line, fence: OpenFence): boolean {
  let at = start;
  while (at < to && text[at] === fence.sign) at += 1;
  return at - start >= fence.length && afterSpaces(text, at, to) >= to;
}

/** Front matter that nobody closed within this many characters is a rule and text. */
const FRONT_CHARS_MAX = 4_000;

function closesFront(text: string, from: number): boolean {
  return /(?:^|[\r\n])(?:---|\.\.\.)[ \t]*(?:[\r\n]|$)/.test(text.slice(from, from + FRONT_CHARS_MAX));
}

function hasBetween(text: string, mark: string, { from, to }: { from: number; to: number }): boolean {
  return text.slice(from, to).includes(mark);
}

function afterSpaces(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && isSpace(text.charCodeAt(at))) at += 1;
  return at;
}

function isSpace(char: number): boolean {
  return char === SPACE || char === TAB;
}
