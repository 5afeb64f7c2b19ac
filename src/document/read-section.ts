import { type Horizon, isNoteKind, type NoteKind } from "../session/note.ts";
import { horizonOf, labelOf, priorityOf } from "./fields.ts";
import { headingText } from "./head.ts";
import { isPlaceholder, normalText } from "./item-text.ts";
import { wordsOf } from "./names.ts";
import type { DerivedLine, Group, ParsedItem, SectionBody } from "./parsed.ts";
import { bodyAgain, itemAgain, type SectionBefore } from "./read-again.ts";
import { readCommands } from "./read-commands.ts";
import { headingItemEnd } from "./read-heading-item.ts";
import { boxLength, type ReadItem, readItem } from "./read-item.ts";
import { readTable } from "./read-table.ts";
import type { Line, Scan } from "./scan.ts";
import { isDerivedKey, type KnownHeading } from "./sections.ts";

interface BodyPlace {
  readonly known: KnownHeading | undefined;
  readonly bodyLine: number;
  readonly endLine: number;
  readonly before: SectionBefore | undefined;
}

interface BodyReading {
  readonly text: string;
  readonly scan: Scan;
  readonly kind: NoteKind;
  readonly items: ParsedItem[];
  readonly placeholders: number[];
  readonly groups: Group[];
  readonly before: SectionBefore | undefined;
  /** The group that the lines read now belong to. */
  group: number | undefined;
}

/** What stands below a heading: notes where we know it, nothing of ours elsewhere. */
export function readBody(text: string, scan: Scan, place: BodyPlace): SectionBody {
  const { known, bodyLine, endLine, before } = place;
  if (known === undefined) return { items: [], placeholders: [], groups: [], derived: [] };
  const { key } = known;
  const body = { from: scan.lines[bodyLine]?.from ?? 0, to: scan.lines[endLine - 1]?.next ?? 0 };
  const again = before && bodyAgain(before, text, { bodyLine, body });
  if (again !== undefined) return again;
  if (isDerivedKey(key)) {
    const derived =
      key === "metrics"
        ? readMetrics(text, scan, bodyLine, endLine)
        : readContinuity(text, scan, { bodyLine, endLine });
    return { items: [], placeholders: [], groups: [], derived };
  }
  if (!isNoteKind(key)) return { items: [], placeholders: [], groups: [], derived: [] };
  const reading: BodyReading = {
    text,
    scan,
    kind: key,
    items: [],
    placeholders: [],
    groups: [],
    before,
    group: undefined,
  };
  readLines(reading, bodyLine, endLine);
  const { items, placeholders, groups } = reading;
  return { items, placeholders, groups, derived: [] };
}

function readLines(reading: BodyReading, from: number, to: number): void {
  let at = from;
  while (at < to) at = readBlock(reading, at, to);
}

/** Reads what begins on a line; returns the line behind it. */
function readBlock(reading: BodyReading, at: number, to: number): number {
  const { scan, kind } = reading;
  const line = scan.lines[at];
  switch (line?.kind) {
    case "heading":
      return readHeading(reading, line, { at, to });
    case "list":
      return readListBlock(reading, at, to);
    case "text":
      if (kind === "summary") return readProse(reading, at, to);
      if (isGroupLabel(contentOf(reading.text, line))) {
        openGroup(reading, { label: contentOf(reading.text, line), line: at, isList: false });
      }
      return at + 1;
    case "code":
      return kind === "command" ? readFence(reading, at) : at + 1;
    case "table":
      return readRows(reading, at, to);
    default:
      return at + 1;
  }
}

/** A heading in a section of attempts or decisions is one of them when its fields are listed below it; else it parts a list. */
function readHeading(reading: BodyReading, line: Line, { at, to }: { at: number; to: number }): number {
  const { text, scan, kind } = reading;
  const endLine = headingItemEnd(text, scan, { kind, at, to });
  if (endLine === undefined) {
    openGroup(reading, { label: headingText(text, line), line: at, isList: false });
    return at + 1;
  }
  const raw = { kind, firstLine: at, endLine, group: undefined, form: "heading" as const };
  keep(reading, readItem(text, scan, raw), { at, endLine });
  return endLine;
}

function readRows(reading: BodyReading, at: number, to: number): number {
  const { items, endLine } = readTable(reading.text, reading.scan, { kind: reading.kind, at, to });
  for (const item of items) keep(reading, { ...item, group: reading.group }, { at, endLine });
  return endLine;
}

function openGroup(reading: BodyReading, group: Omit<Group, "horizon" | "priority">): void {
  reading.groups.push({ ...group, horizon: horizonOf(group.label), priority: priorityOf(group.label) });
  reading.group = reading.groups.length - 1;
}

function readListBlock(reading: BodyReading, at: number, to: number): number {
  const { text, scan } = reading;
  const end = itemEnd(text, scan, { at, to });
  if (readItAgain(reading, at, end)) return end;
  if (isListGroup(reading, at, end)) {
    const outside = reading.group;
    openGroup(reading, { label: contentOf(text, scan.lines[at]), line: at, isList: true });
    for (let inner = at + 1; inner < end; ) {
      inner = scan.lines[inner]?.kind === "list" ? readPointOfGroup(reading, inner, end) : inner + 1;
    }
    reading.group = outside;
    return end;
  }
  readOne(reading, at, end);
  return end;
}

/** Whether an item of these lines stands in the other text, too: then it is not worked out again. */
function readItAgain(reading: BodyReading, firstLine: number, endLine: number): boolean {
  const { before, scan, group: groupAt } = reading;
  if (before === undefined) return false;
  const first = scan.lines[firstLine];
  const last = scan.lines[endLine - 1];
  if (first === undefined || last === undefined) return false;
  const group = groupAt === undefined ? undefined : reading.groups[groupAt];
  const { text, kind } = reading;
  const item = itemAgain(before, text, { kind, first, last, firstLine, group, groupAt });
  if (item === undefined) return false;
  reading.items.push(item);
  return true;
}

function readPointOfGroup(reading: BodyReading, at: number, to: number): number {
  const endLine = itemEnd(reading.text, reading.scan, { at, to });
  if (!readItAgain(reading, at, endLine)) readOne(reading, at, endLine);
  return endLine;
}

function readOne(reading: BodyReading, at: number, endLine: number): void {
  const { text, scan, kind } = reading;
  const item = readItem(text, scan, { kind, firstLine: at, endLine, group: reading.group, form: "list" });
  keep(reading, item, { at, endLine });
}

function keep(reading: BodyReading, read: ReadItem, { at, endLine }: { at: number; endLine: number }): void {
  if (read === "people's") return;
  if (read === "placeholder") {
    for (let line = at; line < endLine; line += 1) reading.placeholders.push(line);
    return;
  }
  const group = reading.group === undefined ? undefined : reading.groups[reading.group];
  reading.items.push(PARTED.has(reading.kind) ? withGroup(read, group) : read);
}

/** Kinds whose items a label may group by when they are due or how urgent they are. */
const PARTED: ReadonlySet<NoteKind> = new Set(["next", "issue", "untried"]);

/** No horizon means immediate. What an item says of its own priority counts for more than the label above it. */
function withGroup(item: ParsedItem, group: Group | undefined): ParsedItem {
  const horizon = item.kind === "next" && group?.horizon !== "immediate" ? group?.horizon : undefined;
  const priority = item.fields.priority === undefined ? group?.priority : undefined;
  if (horizon === undefined && priority === undefined) return item;
  const said: { horizon?: Horizon; priority?: string } = {};
  if (horizon !== undefined) said.horizon = horizon;
  if (priority !== undefined) said.priority = priority;
  return { ...item, fields: { ...item.fields, ...said } };
}

function readProse(reading: BodyReading, at: number, to: number): number {
  const { text, scan, kind } = reading;
  let endLine = at + 1;
  while (endLine < to && scan.lines[endLine]?.kind === "text") endLine += 1;
  const raw = { kind, firstLine: at, endLine, group: reading.group, form: "prose" as const };
  keep(reading, readItem(text, scan, raw), { at, endLine });
  return endLine;
}

function readFence(reading: BodyReading, at: number): number {
  const fence = reading.scan.fences.get(at);
  if (fence === undefined) return at + 1;
  reading.items.push(...readCommands(reading.text, reading.scan, fence));
  return (fence.close ?? at) + 1;
}

/**
 * The line behind a list item that begins at `at`: it holds what is indented below it, and the lines of text that
 * follow without a blank one (CommonMark's lazy continuation). One column of indentation is a slip, not a level.
 */
function itemEnd(text: string, { lines }: Scan, { at, to }: { at: number; to: number }): number {
  const indent = lines[at]?.indent ?? 0;
  let end = at + 1;
  let lazy = true;
  for (let next = at + 1; next < to; next += 1) {
    const line = lines[next];
    if (line === undefined) break;
    if (line.kind === "blank") {
      lazy = false;
      continue;
    }
    if (!belongs(text, lines, { next, indent, lazy })) break;
    lazy = line.kind === "list" || line.kind === "text";
    end = next + 1;
  }
  return end;
}

function belongs(
  text: string,
  lines: readonly Line[],
  { next, indent, lazy }: { next: number; indent: number; lazy: boolean },
): boolean {
  const line = lines[next];
  switch (line?.kind) {
    case "list":
    case "table":
    case "quote":
    case "comment":
      return line.indent >= indent + 2;
    case "code":
      // Inside a fence columns mean nothing; its first line decides.
      return line.indent >= indent + 2 || lines[next - 1]?.kind === "code";
    case "text":
      return line.indent >= indent + 2 || (lazy && !isGroupLabel(contentOf(text, line)));
    default:
      return false;
  }
}

const BOLD_GROUP = /^(?:\*\*|__)[^*_]{1,80}(?:\*\*|__)[^:：*]{0,60}[:：]?$/;
const BOLD_GROUP_INSIDE = /^(?:\*\*|__)[^*_]{1,80}[:：](?:\*\*|__)$/;

/** `**Immediate** (next session):`, `**Later**`, `This week:` */
function isGroupLabel(content: string): boolean {
  if (content.length > 160) return false;
  return (
    BOLD_GROUP.test(content) ||
    BOLD_GROUP_INSIDE.test(content) ||
    (/[:：]$/.test(content) && horizonOf(content) !== undefined)
  );
}

/** Only lists whose points can be done have groups; elsewhere a point with points below it is one item. */
const GROUPED: ReadonlySet<NoteKind> = new Set(["next", "untried", "issue", "blocker"]);

function isListGroup({ text, scan, kind }: BodyReading, at: number, end: number): boolean {
  if (!GROUPED.has(kind)) return false;
  const content = contentOf(text, scan.lines[at]);
  if (boxLength(content) > 0) return false;
  const label = labelOf(content);
  if (label?.bold && content.length > label.valueAt) return false;
  const below = scan.lines.slice(at + 1, Math.min(end, at + 3)).find(({ kind: below }) => below === "list");
  if (below === undefined)
    return kind === "next" && /[:：]$/.test(content) && horizonOf(content) !== undefined;
  const boxed = boxLength(contentOf(text, below)) > 0;
  return boxed || (kind === "next" && isGroupLabel(content)) || (kind === "next" && /[:：]$/.test(content));
}

function contentOf(text: string, line: Line | undefined): string {
  return line === undefined ? "" : text.slice(line.body, line.to).trimEnd();
}

/** `- **Files modified**: 5 files` */
function readMetrics(text: string, { lines }: Scan, from: number, to: number): readonly DerivedLine[] {
  const found: DerivedLine[] = [];
  for (let at = from; at < to; at += 1) {
    const line = lines[at];
    if (line?.kind !== "list") continue;
    const name = labelOf(contentOf(text, line))?.name;
    if (name !== undefined)
      found.push({ holds: "metrics", key: wordsOf(name), line: at, ...placeOf(text, line) });
  }
  return found;
}

const CONTINUITY: readonly (readonly [string, string])[] = [
  ["previous", "previous"],
  ["last session", "previous"],
  ["이전 세션", "previous"],
  ["current", "current"],
  ["this session", "current"],
  ["현재 세션", "current"],
  ["expected", "next"],
  ["next session", "next"],
  ["다음 세션", "next"],
];

/** `**Previous session** (2026-01-24):` and the list below it. */
function readContinuity(
  text: string,
  { lines }: Scan,
  place: { bodyLine: number; endLine: number },
): readonly DerivedLine[] {
  const found: DerivedLine[] = [];
  let block: string | undefined;
  for (let at = place.bodyLine; at < place.endLine; at += 1) {
    const line = lines[at];
    if (line === undefined) break;
    const content = contentOf(text, line);
    if (line.kind === "heading" || (line.kind === "text" && isBlockLabel(content))) {
      block = blockOf(content);
      if (block) found.push({ holds: "continuity", key: block, line: at, ...placeOf(text, line) });
    } else if (line.kind === "list" && block !== undefined && !isPlaceholder(normalText(content))) {
      found.push({
        holds: "continuity",
        key: `${block}: ${normalText(content)}`,
        line: at,
        ...placeOf(text, line),
      });
    }
  }
  return found;
}

/** As we write them: `**Current session** (2026-01-25):`. */
const OUR_BLOCK = /^\*\*(?:(Previous|Current) session\*\* \([\d-]{10}\)|Expected next session\*\*):$/;

function isBlockLabel(content: string): boolean {
  return OUR_BLOCK.test(content) || isGroupLabel(content);
}

function blockOf(label: string): string | undefined {
  const ours = OUR_BLOCK.exec(label);
  if (ours !== null) return ours[1]?.toLowerCase() ?? "next";
  const words = wordsOf(label.slice(0, 80));
  return CONTINUITY.find(([start]) => words.startsWith(start))?.[1];
}

function placeOf(text: string, { from, to }: Line): Pick<DerivedLine, "range" | "bytes"> {
  return { range: { from, to }, bytes: { text: text.slice(from, to), hash: undefined } };
}
