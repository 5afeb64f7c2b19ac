import { beginsWithLetter, isAscii } from "../base/ascii.ts";

/** A text of at most `max` characters, cut at a word where one ends near, with a mark; lines become one line. */
export function brief(text: string, max: number): string {
  const line = text
    .slice(0, max * 4)
    .replaceAll(/\s+/g, " ")
    .trim();
  if (line.length <= max && text.length <= max * 4) return line;
  const cut = line.slice(0, max - 1);
  const space = cut.lastIndexOf(" ");
  return `${whole(space > max / 2 ? cut.slice(0, space) : cut)}…`;
}

/** The beginning and the end of a text, `max` characters in all: where a person or an agent says what matters. */
export function ends(text: string, max: number): string {
  if (text.length <= max) return text;
  const half = Math.floor((max - MARK.length) / 2);
  const tail = text.slice(text.length - half);
  return `${whole(text.slice(0, half))}${MARK}${/^[\uDC00-\uDFFF]/.test(tail) ? tail.slice(1) : tail}`;
}

const MARK = "\n…\n";

/** The sentences of a prose text, in order; code blocks, quotes and tables are not prose. Linear. */
export function sentencesOf(text: string): readonly string[] {
  return linesOf(text).flatMap((line) => (line.kind === "row" ? [] : sentencesIn(line.text)));
}

/** The sentences of one line of prose. */
export function sentencesIn(line: string): readonly string[] {
  return line
    .split(SENTENCE_END)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== "");
}

/** A mark and a blank, where the mark does not end an abbreviation. */
const SENTENCE_END = /(?<=[.!?])(?<!\b(?:e\.g|i\.e|vs|cf|etc|approx)\.)\s|(?<=[。！？])/i;

/** One line of a markdown text: what it is, how far in it stands, and its words without the marks. */
export interface Line {
  readonly kind: "heading" | "item" | "text" | "row";
  /** Blanks before it. */
  readonly indent: number;
  readonly text: string;
}

/** The lines of a text that are prose; a paragraph broken in the middle of a sentence is one line. Linear. */
export function linesOf(text: string): readonly Line[] {
  const lines: Line[] = [];
  let inCode = false;
  let follows = false;
  for (const raw of text.split("\n")) {
    const trimmed = raw.trim();
    const isFence = trimmed.startsWith("```") || trimmed.startsWith("~~~");
    if (isFence) inCode = !inCode;
    const isProse = !isFence && !inCode && trimmed !== "" && !trimmed.startsWith(">");
    const line = isProse ? lineOf(raw, trimmed) : undefined;
    const before = lines.at(-1);
    if (line !== undefined && follows && before !== undefined && goesOn(before, line))
      lines[lines.length - 1] = { ...before, text: `${before.text} ${line.text}` };
    else if (line !== undefined) lines.push(line);
    follows = line !== undefined;
  }
  return lines;
}

function lineOf(raw: string, trimmed: string): Line {
  return { kind: kindOf(trimmed), indent: raw.length - raw.trimStart().length, text: plain(trimmed) };
}

function kindOf(trimmed: string): Line["kind"] {
  if (beginsWithLetter(trimmed)) return "text";
  if (trimmed.startsWith("|")) return "row";
  if (/^#{1,6}\s/.test(trimmed)) return "heading";
  return /^(?:[-*•+✅❌✗✘✖]|\d{1,3}[.)])\s/u.test(trimmed) ? "item" : "text";
}

/** People and some agents break lines at a width; a sentence goes on in small letters. */
function goesOn(before: Line, { kind, text }: Line): boolean {
  return (
    kind === "text" &&
    (before.kind === "text" || before.kind === "item") &&
    before.text.length >= WRAPPED_CHARS_MIN &&
    before.text.length <= WRAPPED_CHARS_MAX &&
    !/[.!?:;。！？]$/.test(before.text) &&
    (isAscii(text.charAt(0)) ? /^[a-z]/ : /^\p{Ll}/u).test(text)
  );
}

/** Nobody breaks lines before this. */
const WRAPPED_CHARS_MIN = 40;
/** What is joined so far; beyond it nobody reads it as one sentence. */
const WRAPPED_CHARS_MAX = 2_000;

/**
 * A line as the name before its colon and what follows it: `**Next steps (optional):**`, `## Next steps`, `Next step:
 * deploy`. Of "It builds. What is left:" the last sentence counts.
 */
export function headingOf(line: string): { readonly name: string; readonly rest: string } {
  const short = line.slice(0, HEADING_CHARS_MAX);
  const text = short.endsWith(":") || short.endsWith("：") ? (sentencesIn(short).at(-1) ?? "") : short;
  const colon = colonIn(text);
  const said = colon === -1 ? text : text.slice(0, colon);
  const head = said.includes("(") ? said.replace(/\([^)]{0,40}\)/, "") : said;
  const signs = isAscii(short) ? ASCII_SIGNS_BEFORE : signsBefore();
  const [name = ""] = (beginsWithLetter(head) ? head : head.replace(signs, "")).split(/\s[—–/|-]\s/);
  return {
    name: name.replace(isAscii(name) ? ASCII_SIGNS_BEHIND : signsBehind(), "").trim(),
    rest: colon === -1 ? "" : text.slice(colon + 1).trim(),
  };
}

function colonIn(text: string): number {
  const [narrow, wide] = [text.indexOf(":"), text.indexOf("：")];
  return narrow === -1 || wide === -1 ? Math.max(narrow, wide) : Math.min(narrow, wide);
}

const ASCII_SIGNS_BEFORE = /^(?:\d{1,2}[.)]\s+|[^A-Za-z0-9]{1,4})/;
const ASCII_SIGNS_BEHIND = /[^A-Za-z0-9]{1,8}$/;
const signsBefore = () => /^(?:\d{1,2}[.)]\s+|[^\p{L}\p{N}]{1,4})/u;
const signsBehind = () => /[^\p{L}\p{N}]{1,8}$/u;

const HEADING_CHARS_MAX = 400;

/** The items below line `at` with what stands under each, or a table's rows; the list ends where a paragraph or a heading begins. */
export function itemsBelow(lines: readonly Line[], at: number): readonly Item[] {
  const items: Item[] = [];
  const first = lines[at + 1];
  if (first?.kind === "row") return rowsBelow(lines, at);
  if (first?.kind !== "item") return items;
  for (const line of lines.slice(at + 1)) {
    const isDeeper = line.indent > first.indent + 1;
    if (line.kind === "heading" || (line.kind === "text" && !isDeeper) || items.length >= ITEMS_MAX) break;
    const item = items.at(-1);
    if (isDeeper && item !== undefined) item.below.push(line.text);
    else if (line.indent + 1 < first.indent) break;
    else items.push({ text: line.text, below: [] });
  }
  return items;
}

/** `| Approach | Why it failed |` and the rows below it, as `Approach: Why it failed`. A first column of numbers says nothing. */
function rowsBelow(lines: readonly Line[], at: number): readonly Item[] {
  const rows: (readonly string[])[] = [];
  for (const line of lines.slice(at + 1, at + 1 + ITEMS_MAX + TABLE_HEAD)) {
    if (line.kind !== "row") break;
    rows.push(
      line.text
        .split("|")
        .map((cell) => cell.trim())
        .filter((cell) => cell !== "" && !/^[#\d.]+$/.test(cell)),
    );
  }
  return rows
    .slice(TABLE_HEAD)
    .map(([first = "", second = ""]) => ({ text: second === "" ? first : `${first}: ${second}`, below: [] }));
}

/** The names of the columns and the line below them. */
const TABLE_HEAD = 2;

export interface Item {
  readonly text: string;
  readonly below: string[];
}

const ITEMS_MAX = 12;

/** A sentence with a capital at its beginning and no full stop, as it stands in a list; "" stays "". */
export function listed(text: string, max: number): string {
  const line = brief(
    text
      .trim()
      .replace(/^[,;:–—-]+\s*/, "")
      .replace(/\s*[.。;,:]+$/, ""),
    max,
  );
  // A name of code keeps its letters.
  return /^[a-z][\w-]*(?:\(|\.\w|_)/.test(line) ? line : `${line.slice(0, 1).toUpperCase()}${line.slice(1)}`;
}

/** A line without markdown's marks; code spans stay. */
export function plain(line: string): string {
  const words = beginsWithLetter(line) ? line : line.replace(/^(?:#{1,6}\s|[-*•+]\s|\d{1,3}[.)]\s)\s*/, "");
  const hasBold = words.includes("**") || words.includes("__");
  return (hasBold ? words.replaceAll(/\*\*|__/g, "") : words).trim();
}

/** The last two names of a path: enough to know the file by, short enough to read. */
export function shortPath(path: string): string {
  return path
    .split("/")
    .filter((name) => name !== "")
    .slice(-2)
    .join("/");
}

export function shortPaths(paths: readonly string[]): string {
  const shown = paths.slice(0, PATHS_SHOWN).map(shortPath).join(", ");
  return paths.length > PATHS_SHOWN ? `${shown} and ${paths.length - PATHS_SHOWN} more` : shown;
}

const PATHS_SHOWN = 3;

/** Half a surrogate pair is no character. */
function whole(text: string): string {
  return /[\uD800-\uDBFF]$/.test(text) ? text.slice(0, -1) : text;
}
