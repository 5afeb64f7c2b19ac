import type { NoteKind } from "../session/note.ts";
import type { Range } from "./document.ts";
import type { Group, ParsedDocument, ParsedItem, ParsedSection, SectionBody } from "./parsed.ts";
import type { Line } from "./scan.ts";
import type { KnownHeading } from "./sections.ts";

/**
 * A section as it was read in another text. Two texts that are compared or spliced hold nearly the same items, and what
 * the same bytes say below the same heading is the same wherever they stand: it is not worked out again.
 */
export interface SectionBefore extends SectionBody {
  readonly text: string;
  readonly bodyLine: number;
  /** Where its body begins, and where the section ends. */
  readonly body: Range;
  /** The first item that has not been found again. */
  next: number;
}

/** Items that somebody may have taken out in a row before those behind them are read anew. */
const AHEAD = 16;

/** The same section of another text; undefined where there is none, or where that text hides what stands where. */
export function sectionBefore(
  before: ParsedDocument | undefined,
  heading: string,
  known: KnownHeading,
): SectionBefore | undefined {
  if (before === undefined || before.broken !== undefined) return undefined;
  const isSame = (one: ParsedSection): boolean => one.heading === heading && one.known?.key === known.key;
  const section = before.sections.find(isSame);
  if (section === undefined) return undefined;
  const { items, placeholders, groups, derived, bodyLine, range } = section;
  const body = { from: before.scan.lines[bodyLine]?.from ?? range.to, to: range.to };
  return { text: before.text, items, placeholders, groups, derived, bodyLine, body, next: 0 };
}

/** What stands in a section whose bytes another text held, at its place here. */
export function bodyAgain(
  before: SectionBefore,
  text: string,
  { body: { from, to }, bodyLine }: Pick<SectionBefore, "body" | "bodyLine">,
): SectionBody | undefined {
  const { items, placeholders, groups, derived, body } = before;
  if (to - from !== body.to - body.from) return undefined;
  if (text.slice(from, to) !== before.text.slice(body.from, body.to)) return undefined;
  const by: Shift = { chars: from - body.from, lines: bodyLine - before.bodyLine };
  if (by.chars === 0 && by.lines === 0) return { items, placeholders, groups, derived };
  return {
    items: items.map((item) => moved(item, by, item.group)),
    placeholders: placeholders.map((line) => line + by.lines),
    groups: groups.map((group) => ({ ...group, line: group.line + by.lines })),
    derived: derived.map((line) => ({
      ...line,
      line: line.line + by.lines,
      range: movedRange(line.range, by),
    })),
  };
}

/** Where a list item stands in the text that is read now. */
export interface ItemPlace {
  readonly kind: NoteKind;
  readonly first: Line;
  readonly last: Line;
  readonly firstLine: number;
  /** The group it stands in, and its index. */
  readonly group: Group | undefined;
  readonly groupAt: number | undefined;
}

/** A list item that another text held byte for byte, as it was read there, at its place here. */
export function itemAgain(before: SectionBefore, text: string, place: ItemPlace): ParsedItem | undefined {
  const { items } = before;
  const end = Math.min(items.length, before.next + AHEAD);
  for (let at = before.next; at < end; at += 1) {
    const item = items[at];
    if (item === undefined || !isSame(before, item, { text, place })) continue;
    before.next = at + 1;
    const { first, firstLine, groupAt } = place;
    const by: Shift = { chars: first.from - item.range.from, lines: firstLine - item.firstLine };
    return by.chars === 0 && by.lines === 0 && item.group === groupAt ? item : moved(item, by, groupAt);
  }
  return undefined;
}

function isSame(
  before: SectionBefore,
  item: ParsedItem,
  { text, place }: { readonly text: string; readonly place: ItemPlace },
): boolean {
  const { from, to } = item.range;
  if (item.form !== "list" || item.kind !== place.kind) return false;
  if (to - from !== place.last.to - place.first.from) return false;
  const was = item.group === undefined ? undefined : before.groups[item.group];
  const { group } = place;
  if (was?.horizon !== group?.horizon || was?.priority !== group?.priority) return false;
  return text.slice(place.first.from, place.last.to) === before.text.slice(from, to);
}

interface Shift {
  readonly chars: number;
  readonly lines: number;
}

function moved(item: ParsedItem, by: Shift, group: number | undefined): ParsedItem {
  const { range, box, tick, mark, cells } = item;
  return {
    ...item,
    range: movedRange(range, by),
    firstLine: item.firstLine + by.lines,
    endLine: item.endLine + by.lines,
    box: box && movedRange(box, by),
    tick: tick && movedRange(tick, by),
    mark: mark && movedRange(mark, by),
    group,
    ...(cells && { cells: cells.map((cell) => ({ ...cell, range: movedRange(cell.range, by) })) }),
  };
}

function movedRange({ from, to }: Range, { chars }: Shift): Range {
  return { from: from + chars, to: to + chars };
}
