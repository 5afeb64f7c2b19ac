import type { NoteField, NoteFields, NoteKind } from "../session/note.ts";
import type { Range } from "./document.ts";
import { fieldOf, ITEM_FORMS, isHeadLabel, labelOf } from "./fields.ts";
import { headingText } from "./head.ts";
import {
  isPlaceholder,
  isWhite,
  normalText,
  readText,
  type TextPlace,
  tickAt,
  unconfirmedAt,
} from "./item-text.ts";
import type { LineOwner, ParsedItem } from "./parsed.ts";
import type { Line, Scan } from "./scan.ts";

/** A list item, a paragraph or a heading with what is below it as lines, not yet understood. */
export interface RawItem {
  readonly kind: NoteKind;
  readonly firstLine: number;
  readonly endLine: number;
  readonly group: number | undefined;
  readonly form: "list" | "prose" | "heading";
}

interface Reading {
  readonly text: string;
  readonly lines: Scan["lines"];
  readonly kind: NoteKind;
  readonly owners: LineOwner[];
  /** What was read of the text's sub-points and of every field so far. */
  points: string;
  readonly fields: { [Field in NoteField]?: string };
  /** Whether the value read last says nothing (yet). */
  isLastEmpty: boolean;
}

/** An item; or lines that say nothing yet (a template's `-`, `1. **Approach**:`); or ones we can make nothing of. */
export type ReadItem = ParsedItem | "placeholder" | "people's";

export function readItem(text: string, { lines }: Scan, raw: RawItem): ReadItem {
  const { kind, firstLine, endLine, form, group } = raw;
  const first = lines[firstLine];
  const last = lines[endLine - 1];
  if (first === undefined || last === undefined) return "people's";
  const headEnd = headEndOf(lines, raw);
  const head =
    form === "heading"
      ? headOfHeading(text, first, kind)
      : readHeadOfItem(text, { first, last: lines[headEnd - 1] ?? first }, raw);
  const below = endLine > headEnd || head.field ? readBelow(text, lines, { raw, headEnd, head }) : undefined;
  const content = below ? contentOf(below, head.text) : { text: normalText(head.text), fields: NO_FIELDS };
  if (content.text === "") {
    return below === undefined || saysNothing(below, content.fields, firstLine) ? "placeholder" : "people's";
  }
  return {
    kind,
    text: content.text,
    fields: content.fields,
    checked: head.checked,
    unconfirmed: head.mark !== undefined,
    range: { from: first.from, to: last.to },
    form,
    firstLine,
    endLine,
    owners: below?.owners ?? (headEnd === firstLine + 1 ? ONE_LINE : headOwners(headEnd - firstLine)),
    headLines: headEnd - firstLine,
    headFields: head.field ? [head.field.name] : NO_NAMES,
    box: head.box,
    tick: head.tick,
    mark: head.mark,
    group,
    bytes: { text: text.slice(first.from, last.to), hash: undefined },
  };
}

const NO_FIELDS: NoteFields = {};
const NO_NAMES: readonly NoteField[] = [];
const ONE_LINE: readonly LineOwner[] = ["text"];

function headOwners(count: number): LineOwner[] {
  return new Array<LineOwner>(count).fill("text");
}

/** The text of an item begins on its first line and goes on over lines of plain text. */
function headEndOf(lines: Scan["lines"], { firstLine, endLine, form }: RawItem): number {
  let at = firstLine + 1;
  if (form === "heading") return at;
  while (at < endLine && lines[at]?.kind === "text") at += 1;
  return at;
}

interface ItemHead {
  readonly text: string;
  readonly checked: boolean | undefined;
  readonly box: Range | undefined;
  readonly tick: Range | undefined;
  readonly mark: Range | undefined;
  readonly field: { readonly name: NoteField; readonly value: string } | undefined;
}

function readHeadOfItem(
  text: string,
  { first, last }: { first: Line; last: Line },
  { kind, form }: RawItem,
): ItemHead {
  const box = form === "list" ? boxAt(text, first) : undefined;
  const from = box?.to ?? first.body;
  let raw = text.slice(from, last.to).trimEnd();
  const tickFrom = box === undefined && ITEM_FORMS[kind].tick ? tickAt(raw) : undefined;
  const tick = rangeIn(from, tickFrom, raw.length);
  raw = raw.slice(0, tickFrom);
  const marked = markIn(raw, first.to - from);
  const mark = marked && { from: from + marked.from, to: from + marked.to };
  if (marked) raw = raw.slice(0, marked.from) + raw.slice(marked.to);
  const marks: TextPlace["marks"] = ITEM_FORMS[kind].tick && !box ? "unconfirmed_and_tick" : "unconfirmed";
  const { text: said, field } = textOfHead(raw.trimStart(), kind, marks);
  const checked = box ? !NOT_DONE.includes(text.charAt(box.from + 1)) : tick ? true : undefined;
  return { text: said, field, checked, box, tick, mark };
}

/** What stands behind the opening bracket of a box that is not ticked. */
const NOT_DONE = " -]";

/** The box that a list item begins with, with its brackets. */
function boxAt(text: string, { body, to }: Line): Range | undefined {
  const length =
    text.charCodeAt(body) === OPENING_BRACKET ? boxLength(text.slice(body, Math.min(to, body + 5))) : 0;
  return length > 0 ? { from: body, to: body + length } : undefined;
}

const OPENING_BRACKET = 91;

/** Of the box at the start of a text; 0 where there is none. */
export function boxLength(text: string): number {
  const close = text.indexOf("]");
  const isBox = text.startsWith("[") && (close === 1 || (close === 2 && " xX✓✔-".includes(text.charAt(1))));
  return isBox && (close + 1 === text.length || isWhite(text.charAt(close + 1))) ? close + 1 : 0;
}

/** What a heading says beside the name of the attempt it is about: `### Approach 2: Sticky sessions ❌`. */
const HEADING_NUMBER =
  /^(?:\d{1,3}[.)]\s+)?(?:(?:approach|attempt|decision|issue|bug|risk|접근|결정|이슈)(?:\s*#?\d{1,3}\s*[:：.–—-]|\s*[:：])\s*)?/i;
// Made where it is needed: V8 reads an expression as soon as it stands there, and this one takes 0.1 ms of every hook.
const headingSigns = () => /(?:[\s✓✗✘]|\p{Extended_Pictographic}|\uFE0F)+$/u;

function headOfHeading(text: string, line: Line, kind: NoteKind): ItemHead {
  const raw = headingText(text, line);
  const at = ITEM_FORMS[kind].tick ? tickAt(raw) : undefined;
  const tick = at === undefined ? undefined : { from: line.body + at, to: line.body + raw.length };
  const said = raw
    .replace(HEADING_NUMBER, "")
    .replace(headingSigns(), "")
    .replace(/^\*\*([^*]*)\*\*$/, "$1");
  return {
    text: said,
    field: undefined,
    checked: tick ? true : undefined,
    box: undefined,
    tick,
    mark: undefined,
  };
}

/** Our mark stands at the end, or at the end of the first line when somebody wrote on below it. */
function markIn(raw: string, firstLineLength: number): Range | undefined {
  const atEnd = unconfirmedAt(raw);
  if (atEnd !== undefined) return { from: atEnd, to: raw.length };
  if (raw.length <= firstLineLength) return undefined;
  const firstLine = raw.slice(0, firstLineLength).trimEnd();
  const from = unconfirmedAt(firstLine);
  return from === undefined || from === 0 ? undefined : { from, to: firstLine.length };
}

function rangeIn(base: number, from: number | undefined, length: number): Range | undefined {
  return from === undefined ? undefined : { from: base + from, to: base + length };
}

const NAME_IN_BOLD =
  /^\*\*([^*]{1,300})\*\*(?:\s*[✓✔✅☑]\uFE0F?)?(?:\s*(?:→|➜|->|=>)\s*(\S[\s\S]*)|([\s\S]*))$/u;

/** Takes the label off, or the bold print of a name: `**JWT tokens** ✓`, `**Sessions in memory** → lost at restart`. */
function textOfHead(
  raw: string,
  kind: NoteKind,
  marks: TextPlace["marks"],
): Pick<ItemHead, "text" | "field"> {
  const form = ITEM_FORMS[kind];
  if (form.label === undefined) return { text: ownText(raw, marks), field: undefined };
  const label = labelOf(raw);
  if (label && isHeadLabel(kind, label.name)) {
    return { text: ownText(raw.slice(label.valueAt), marks), field: undefined };
  }
  const bold = raw.startsWith("**") ? NAME_IN_BOLD.exec(raw) : undefined;
  if (!bold?.[1]) return { text: ownText(raw, marks), field: undefined };
  const field = bold[2] && form.bare !== "text" ? { name: form.bare, value: bold[2] } : undefined;
  const rest = field ? "" : (bold[3] ?? (bold[2] ? ` → ${bold[2]}` : ""));
  return { text: `${bold[1]}${rest}`, field };
}

function ownText(raw: string, marks: TextPlace["marks"]): string {
  return isPlaceholder(normalText(raw)) ? "" : readText(raw, marks);
}

interface Target {
  readonly owner: LineOwner;
  readonly indent: number;
}

/** Everything below the head: labelled fields, points without a label, and people's own lines. */
function readBelow(
  text: string,
  lines: Scan["lines"],
  { raw, headEnd, head }: { raw: RawItem; headEnd: number; head: ItemHead },
): Reading {
  const { kind, firstLine, endLine } = raw;
  const owners = headOwners(endLine - firstLine);
  const reading: Reading = { text, lines, kind, owners, points: "", fields: {}, isLastEmpty: true };
  if (head.field) addPart(reading, head.field.name, head.field.value);
  let target: Target | undefined;
  for (let at = headEnd; at < endLine; at += 1) {
    const line = lines[at];
    if (line?.kind === "list") target = readPoint(reading, line, target);
    else if (line?.kind === "text") {
      target ??= { owner: ITEM_FORMS[kind].bare, indent: line.indent };
      continuePart(reading, target.owner, text.slice(line.start, line.to));
    } else {
      owners[at - firstLine] = "own";
      continue;
    }
    owners[at - firstLine] = target.owner;
  }
  return reading;
}

/** A point below a field's line goes on with that field; any other without a label is one of the item itself. */
function readPoint(reading: Reading, line: Line, target: Target | undefined): Target {
  const raw = reading.text.slice(line.body, line.to).trim();
  const label = labelOf(raw);
  const field = label && fieldOf(label.name);
  if (label && field) {
    addPart(reading, field, fieldValue(raw.slice(label.valueAt)));
    return { owner: field, indent: line.indent };
  }
  const goesOn = target !== undefined && line.indent >= target.indent + 2;
  const found = goesOn ? target : { owner: ITEM_FORMS[reading.kind].bare, indent: line.indent };
  addPart(reading, found.owner, pointText(raw));
  return found;
}

function fieldValue(raw: string): string {
  return isPlaceholder(raw) ? "" : readText(raw, "none");
}

function pointText(raw: string): string {
  const text = raw.slice(boxLength(raw)).trim();
  return isPlaceholder(text) ? "" : text.replace(/^\*\*([^*]{1,60})\*\*/, "$1");
}

/** A value of its own: it stands behind what the owner says already. */
function addPart(reading: Reading, owner: LineOwner, value: string): void {
  reading.isLastEmpty = value === "";
  if (value !== "") append(reading, owner, { between: "; ", value });
}

/** A line that goes on with the value read last, which is this owner's. */
function continuePart(reading: Reading, owner: LineOwner, value: string): void {
  append(reading, owner, { between: reading.isLastEmpty ? "; " : " ", value });
  reading.isLastEmpty = false;
}

function append(
  reading: Reading,
  owner: LineOwner,
  { between, value }: { readonly between: string; readonly value: string },
): void {
  if (owner === "own") return;
  const before = owner === "text" ? reading.points : (reading.fields[owner] ?? "");
  const after = before === "" ? value : `${before}${between}${value}`;
  if (owner === "text") reading.points = after;
  else reading.fields[owner] = after;
}

function contentOf({ points, fields }: Reading, head: string): { text: string; fields: NoteFields } {
  for (const name in fields) {
    const field = name as NoteField;
    const value = normalText(fields[field] ?? "");
    if (value === "") delete fields[field];
    else fields[field] = value;
  }
  const text = normalText(points === "" ? head : `${head}${betweenPoints(head)}${points}`);
  return { text, fields };
}

function betweenPoints(head: string): string {
  if (head === "") return "";
  return ":：".includes(head.trimEnd().at(-1) ?? " ") ? " " : "; ";
}

function saysNothing({ owners, lines }: Reading, fields: NoteFields, firstLine: number): boolean {
  const own = owners.some((owner, at) => owner === "own" && lines[firstLine + at]?.kind !== "blank");
  return !own && Object.keys(fields).length === 0;
}
