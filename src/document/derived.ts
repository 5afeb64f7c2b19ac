import type { NoteId } from "../base/id.ts";
import type { ContinuityEntry, DocumentView } from "./document.ts";
import { type Draft, lastStanding, lineAt, replaceRange } from "./draft.ts";
import { labelOf } from "./fields.ts";
import { normalText, writeText } from "./item-text.ts";
import { wordsOf } from "./names.ts";
import type { DerivedLine, ParsedSection } from "./parsed.ts";
import type { DerivedKey } from "./sections.ts";
import type { NoteReader } from "./splice.ts";
import { derivedId } from "./written.ts";

/** A line of a section that leftoff keeps, as it shall stand. */
interface WantedLine {
  readonly id: NoteId;
  readonly key: string;
  readonly text: string;
}

/** Lines under one label; metrics are one block without a label. */
interface WantedBlock {
  readonly label: WantedLine | undefined;
  readonly lines: readonly WantedLine[];
}

/**
 * Brings the sections that leftoff keeps up to date: only lines that still stand as we wrote them are ours. A section
 * that a person took out stays out.
 *
 * @param ours ids of lines that are ours.
 */
export function editDerived(draft: Draft, view: DocumentView, ours: NoteReader): void {
  for (const section of draft.document.sections) {
    const key = section.known?.key;
    if (section.holds !== "derived" || (key !== "continuity" && key !== "metrics")) continue;
    if (draft.document.sections.find((other) => other.known?.key === key) !== section) continue;
    const blocks = key === "metrics" ? metricsBlocks(view) : continuityBlocks(view);
    editSection(draft, section, { ours, blocks, hidden: new Set(view.hidden ?? []) });
  }
}

interface SectionEdit {
  readonly ours: NoteReader;
  readonly blocks: readonly WantedBlock[];
  readonly hidden: ReadonlySet<NoteId>;
}

function editSection(draft: Draft, section: ParsedSection, { ours, blocks, hidden }: SectionEdit): void {
  const wanted = new Map(
    blocks
      .flatMap(({ label, lines }) => [...(label ? [label] : []), ...lines])
      .map((line) => [line.id, line]),
  );
  const there = new Map<NoteId, DerivedLine>();
  for (const line of section.derived) {
    const id = derivedId(line.holds, line.key);
    const isOurs = ours(line.range.from) === id;
    const shall = wanted.get(id);
    if (isOurs && (shall === undefined || there.has(id))) {
      draft.removed.add(line.line);
      continue;
    }
    if (!there.has(id)) there.set(id, line);
    if (!isOurs || shall === undefined) continue;
    replaceRange(draft, line.range, shall.text);
    draft.kept.push({ note: id, at: line.range.from });
  }
  let above: number | undefined;
  let isFirst = true;
  for (const block of blocks) {
    above = addBlock(draft, { section, block, there, hidden, above, isFirst }) ?? above;
    isFirst = false;
  }
}

interface BlockEdit {
  readonly section: ParsedSection;
  readonly block: WantedBlock;
  /** What stands already, ours or not. */
  readonly there: ReadonlyMap<NoteId, DerivedLine>;
  readonly hidden: ReadonlySet<NoteId>;
  /** The last line of the block before. */
  readonly above: number | undefined;
  readonly isFirst: boolean;
}

/** Adds what is missing of a block behind what there is of it; returns the index of its last line in the file. */
function addBlock(
  draft: Draft,
  { section, block, there, hidden, above, isFirst }: BlockEdit,
): number | undefined {
  const label = block.label && there.get(block.label.id);
  const isNew = label === undefined;
  const missing = block.lines.filter(({ id }) => !there.has(id) && !hidden.has(id));
  if (block.label === undefined) return addInOrder(draft, { section, block, there, missing, isFirst });
  const last = label ? blockEnd(draft, section, label) : above;
  if (isNew && hidden.has(block.label.id)) return last;
  const added = isNew ? [block.label, ...missing] : missing;
  if (added.length > 0) insertLines(draft, { section, last, added, apart: isNew, isFirst });
  return last;
}

/**
 * Adds what is missing of a block without a label: before the next of its order that stands, so that a figure that is
 * known late stands where it would have stood from the start; behind all of them where none follows.
 */
function addInOrder(
  draft: Draft,
  {
    section,
    block,
    there,
    missing,
    isFirst,
  }: Omit<BlockEdit, "hidden" | "above"> & { readonly missing: readonly WantedLine[] },
): number | undefined {
  const last = metricsEnd(draft, section);
  let added: WantedLine[] = [];
  for (const line of block.lines) {
    const standing = there.get(line.id);
    if (standing === undefined) {
      if (missing.includes(line)) added.push(line);
      continue;
    }
    // What is nested under a line of a person's is no place for a line of ours.
    if (added.length === 0 || lineAt(draft, standing.line)?.indent !== 0) continue;
    insertBefore(draft, standing, added);
    added = [];
  }
  if (added.length > 0) insertLines(draft, { section, last, added, apart: false, isFirst });
  return last;
}

function insertBefore(draft: Draft, { range }: DerivedLine, added: readonly WantedLine[]): void {
  const { eol } = draft;
  const text = added.map((line) => line.text + eol).join("");
  draft.edits.push({ from: range.from, to: range.from, text, places: placesOf(added, eol, 0) });
}

/** The last line of a block: the lines read under its label, with what is indented below them. */
function blockEnd(draft: Draft, section: ParsedSection, label: DerivedLine): number {
  const next =
    section.derived.find(({ line, key }) => line > label.line && !key.includes(": "))?.line ??
    section.endLine;
  let end = label.line;
  for (const { line, key } of section.derived) {
    if (line > label.line && line < next && key.includes(": ") && !draft.removed.has(line)) end = line;
  }
  return end;
}

function metricsEnd(draft: Draft, section: ParsedSection): number | undefined {
  return section.derived.findLast(({ line }) => !draft.removed.has(line))?.line;
}

interface LinesToAdd {
  readonly section: ParsedSection;
  readonly last: number | undefined;
  readonly added: readonly WantedLine[];
  /** A new block stands apart from what is above it. */
  readonly apart: boolean;
  readonly isFirst: boolean;
}

function insertLines(draft: Draft, { section, last, added, apart, isFirst }: LinesToAdd): void {
  const { eol } = draft;
  const heading = lineAt(draft, section.bodyLine - 1);
  const first = section.derived.find(({ line }) => !draft.removed.has(line));
  const text = added.map((line) => line.text).join(eol);
  if (last === undefined && apart && first !== undefined) {
    // Nothing of the order above it is there, but something below it is: it goes before that.
    const at = first.range.from;
    draft.edits.push({ from: at, to: at, text: `${text}${eol}${eol}`, places: placesOf(added, eol, 0) });
    return;
  }
  const anchor =
    last === undefined
      ? (lastStanding(draft, section.bodyLine, section.endLine) ?? heading)
      : lineAt(draft, last);
  if (anchor === undefined) return;
  // Directly below the heading, and behind lines of its own block, nothing stands apart.
  const besideHeading = anchor === heading && (isFirst || !apart);
  const before = besideHeading || (last !== undefined && !apart) ? eol : eol + eol;
  draft.edits.push({
    from: anchor.to,
    to: anchor.to,
    text: `${before}${text}`,
    places: placesOf(added, eol, before.length),
  });
}

function placesOf(added: readonly WantedLine[], eol: string, from: number): { note: NoteId; at: number }[] {
  let at = from;
  return added.map(({ id, text }) => {
    const place = { note: id, at };
    at += text.length + eol.length;
    return place;
  });
}

const LABEL_CHARS_MAX = 60;

function metricsBlocks({ metrics }: DocumentView): readonly WantedBlock[] {
  const lines = metrics.flatMap(({ name, value }) => {
    const label = normalText(name.replace(/[*_:：]/g, " ")).slice(0, LABEL_CHARS_MAX);
    const text = normalText(`- **${label}**: ${value}`);
    const key = wordsOf(labelOf(text.slice(2))?.name ?? "");
    return key === "" ? [] : [wantedLine("metrics", key, text)];
  });
  return [{ label: undefined, lines: uniqueLines(lines) }];
}

function continuityBlocks({ continuity }: DocumentView): readonly WantedBlock[] {
  const { previous, current, next } = continuity;
  return [
    ...(previous ? [continuityBlock("previous", label("Previous session", previous), previous.lines)] : []),
    ...(current ? [continuityBlock("current", label("Current session", current), current.lines)] : []),
    ...(next.length > 0 ? [continuityBlock("next", "**Expected next session**:", next)] : []),
  ];
}

function label(name: string, { when }: ContinuityEntry): string {
  return `**${name}** (${normalText(when.replace(/[*:：()]/g, " ")).slice(0, LABEL_CHARS_MAX / 2)}):`;
}

function continuityBlock(key: string, label: string, texts: readonly string[]): WantedBlock {
  const lines = texts.flatMap((text) => {
    const written = writeText(normalText(text), { behindLabel: false, marks: "none" });
    // An empty text would be a placeholder.
    return normalText(text) === ""
      ? []
      : [wantedLine("continuity", `${key}: ${normalText(written)}`, `- ${written}`)];
  });
  return { label: wantedLine("continuity", key, label), lines: uniqueLines(lines) };
}

function wantedLine(holds: DerivedKey, key: string, text: string): WantedLine {
  return { id: derivedId(holds, key), key, text };
}

function uniqueLines(lines: readonly WantedLine[]): readonly WantedLine[] {
  return [...new Map(lines.map((line) => [line.id, line])).values()];
}
