import type { NoteField, NoteFields, NoteKind } from "../session/note.ts";
import type { Range } from "./document.ts";
import { columnOf, ITEM_FORMS } from "./fields.ts";
import { isPlaceholder, normalText, readText, tickAt, unconfirmedAt } from "./item-text.ts";
import type { ParsedItem, TableCell } from "./parsed.ts";
import type { Line, Scan } from "./scan.ts";

/** The rows of a table that say something, and the line behind it. */
export interface TableRead {
  readonly items: readonly ParsedItem[];
  readonly endLine: number;
}

/**
 * A table whose header names what an item of this section has: each row is an item, each column a field, and a column
 * without a meaning of ours stays people's own. A table without the line of dashes below its header holds no items.
 */
export function readTable(
  text: string,
  { lines }: Scan,
  { kind, at, to }: { kind: NoteKind; at: number; to: number },
): TableRead {
  let endLine = at + 1;
  while (endLine < to && lines[endLine]?.kind === "table") endLine += 1;
  const header = lines[at];
  const rule = lines[at + 1];
  if (header === undefined || rule === undefined || endLine < at + 3 || !isRule(text, rule))
    return { items: [], endLine };
  const columns = columnsOf(text, header, kind);
  if (!columns.includes("text")) return { items: [], endLine };
  const items: ParsedItem[] = [];
  for (let row = at + 2; row < endLine; row += 1) {
    const line = lines[row];
    const item = line && readRow(text, { line, at: row }, { kind, columns });
    if (item) items.push(item);
  }
  return { items, endLine };
}

const RULE = /^\|[\s|:-]*-[\s|:-]*$/;

function isRule(text: string, { start, to }: Line): boolean {
  return RULE.test(text.slice(start, to));
}

type Column = NoteField | "text" | "own";

/** Each field once; what has no other name is the text when it stands in the first column with a word in it. */
function columnsOf(text: string, header: Line, kind: NoteKind): readonly Column[] {
  const names = cellsOf(text, header).map(({ from, to }) => text.slice(from, to).replaceAll(/[*_]/g, ""));
  const known = names.map((name) => columnOf(kind, name));
  const textAt = known.includes("text")
    ? known.indexOf("text")
    : names.findIndex((name, at) => known[at] === undefined && /\p{L}/u.test(name));
  return known.map((column, at): Column => {
    if (at === textAt) return "text";
    if (column === undefined || column === "text" || known.indexOf(column) < at) return "own";
    return column;
  });
}

/** Places of the cells' contents, without the white space around them. `\|` parts nothing. */
function cellsOf(text: string, { start, to }: Line): readonly Range[] {
  const cells: Range[] = [];
  let from = start + 1;
  for (let at = start + 1; at <= to; at += 1) {
    const char = at < to ? text[at] : "|";
    if (char === "\\") at += 1;
    else if (char === "|") {
      const raw = text.slice(from, at);
      if (at < to || raw.trim() !== "") cells.push(trimmed(from, raw));
      from = at + 1;
    }
  }
  return cells;
}

function trimmed(from: number, raw: string): Range {
  const start = from + (raw.length - raw.trimStart().length);
  return { from: start, to: Math.max(start, from + raw.trimEnd().length) };
}

function readRow(
  text: string,
  { line, at }: { line: Line; at: number },
  { kind, columns }: { kind: NoteKind; columns: readonly Column[] },
): ParsedItem | undefined {
  const cells = cellsOf(text, line).map(
    (range, index): TableCell => ({
      range,
      holds: columns[index] ?? "own",
    }),
  );
  const head = cells.find(({ holds }) => holds === "text");
  if (head === undefined) return undefined;
  const said = headOf(text.slice(head.range.from, head.range.to), kind);
  if (said.text === "") return undefined;
  const fields: { [Field in NoteField]?: string } = {};
  const headFields: NoteField[] = [];
  for (const { holds, range } of cells) {
    if (holds === "text" || holds === "own") continue;
    const value = cellText(text.slice(range.from, range.to));
    if (value === "") continue;
    fields[holds] = value;
    headFields.push(holds);
  }
  return {
    kind,
    text: said.text,
    fields: fields as NoteFields,
    checked: said.done ? true : undefined,
    unconfirmed: said.unconfirmed,
    range: { from: line.from, to: line.to },
    form: "table",
    firstLine: at,
    endLine: at + 1,
    owners: ["text"],
    headLines: 1,
    headFields,
    box: undefined,
    tick: undefined,
    mark: undefined,
    group: undefined,
    bytes: { text: text.slice(line.from, line.to), hash: undefined },
    cells,
  };
}

function headOf(raw: string, kind: NoteKind): { text: string; done: boolean; unconfirmed: boolean } {
  const tick = ITEM_FORMS[kind].tick ? tickAt(raw) : undefined;
  const unticked = raw.slice(0, tick);
  const mark = unconfirmedAt(unticked);
  const text = cellText(unticked.slice(0, mark).replace(/^\*\*([^*]+)\*\*$/, "$1"));
  return { text, done: tick !== undefined, unconfirmed: mark !== undefined };
}

/** Signs that stand where there is nothing to say. */
const EMPTY_CELL = /^(?:[-–—]+|\?)$/;

function cellText(raw: string): string {
  const text = normalText(raw.replaceAll("\\|", "|"));
  return isPlaceholder(text) || EMPTY_CELL.test(text) ? "" : readText(text, "none");
}

/** Whether a row can say what a note says: all its fields have a column, and nothing needs a sign that would part it. */
export function fitsRow(
  { cells = [], text, fields }: ParsedItem,
  entry: { readonly text: string; readonly fields: NoteFields },
): boolean {
  const held = new Set(cells.map(({ holds }) => holds));
  const said = Object.entries(entry.fields).every(
    ([field, value]) =>
      fields[field as NoteField] === value || (held.has(field as NoteField) && isPlain(value)),
  );
  return said && (entry.text === text || isPlain(entry.text));
}

function isPlain(text: string): boolean {
  return /^[^\s|\\*`[{$.…(_-][^|\\*`]*$/.test(text) && cellText(text) === text && tickAt(text) === undefined;
}
