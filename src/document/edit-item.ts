import { NOTE_FIELDS, type NoteField, sameFields } from "../session/note.ts";
import type { Range } from "./document.ts";
import { type Draft, lineAt, removeLines, replaceRange } from "./draft.ts";
import type { Entry } from "./entry.ts";
import { ITEM_FORMS, labelOf } from "./fields.ts";
import { tickAt, UNCONFIRMED, unconfirmedAt, writeText } from "./item-text.ts";
import type { ParsedItem } from "./parsed.ts";
import {
  fieldsInOrder,
  type ItemStyle,
  renderCommand,
  renderField,
  renderHead,
  renderProse,
  TICK,
} from "./render.ts";

/** Changes one item of the file so that it says what its entry says, and nothing that says so already. */
export function editItem(draft: Draft, item: ParsedItem, entry: Entry): void {
  if (item.form === "list" || item.form === "heading") editListItem(draft, item, entry);
  else if (item.form === "fence") editCommand(draft, item, entry);
  else if (item.form === "table") editRow(draft, item, entry);
  else if (item.text === entry.text) editMarks(draft, item, entry);
  else replaceItem(draft, item, [renderProse(entry)]);
}

/** Cells whose words changed; the others, and columns of people's own, stay as they are. */
function editRow(draft: Draft, item: ParsedItem, entry: Entry): void {
  if (saysSo(item, entry)) return;
  for (const { range, holds } of item.cells ?? []) {
    if (holds === "own") continue;
    if (holds === "text") editHeadCell(draft, { item, entry, range });
    else if (item.fields[holds] !== entry.fields[holds])
      replaceRange(draft, range, entry.fields[holds] ?? "-");
  }
}

function editHeadCell(
  draft: Draft,
  { item, entry, range }: { item: ParsedItem; entry: Entry; range: Range },
): void {
  const ticked = ITEM_FORMS[item.kind].tick && entry.done;
  const same =
    item.text === entry.text && item.unconfirmed === entry.unconfirmed && (item.checked === true) === ticked;
  if (same) return;
  const marks = [...(entry.unconfirmed ? [UNCONFIRMED] : []), ...(ticked ? [TICK] : [])];
  const words = item.text === entry.text ? headWords(draft, item, range) : entry.text;
  replaceRange(draft, range, [words, ...marks].join(" "));
}

/** What the person wrote in the cell, without the marks behind it. */
function headWords(draft: Draft, item: ParsedItem, { from, to }: Range): string {
  const raw = draft.document.text.slice(from, to);
  const unticked = ITEM_FORMS[item.kind].tick ? raw.slice(0, tickAt(raw)) : raw;
  return unticked.slice(0, unconfirmedAt(unticked));
}

function editCommand(draft: Draft, item: ParsedItem, entry: Entry): void {
  const same =
    item.text === entry.text &&
    item.fields.why === entry.fields.why &&
    item.unconfirmed === entry.unconfirmed;
  if (!same) replaceItem(draft, item, renderCommand(entry));
}

function replaceItem(draft: Draft, item: ParsedItem, lines: readonly string[]): void {
  const first = lineAt(draft, item.firstLine);
  const indent = first === undefined ? "" : draft.document.text.slice(first.from, first.start);
  replaceRange(draft, item.range, lines.map((line) => `${indent}${line}`).join(draft.eol));
}

function editListItem(draft: Draft, item: ParsedItem, entry: Entry): void {
  if (saysSo(item, entry)) return;
  const changed = changedFields(item, entry);
  const newHead = item.text !== entry.text || item.headFields.some((field) => changed.includes(field));
  if (newHead) rewriteHead(draft, item, entry);
  else editMarks(draft, item, entry);
  const told = newHead
    ? [...changed, ...item.headFields.filter((field) => !changed.includes(field))]
    : changed;
  editFields(draft, item, { entry, changed: told });
}

/** Nearly every item does, in a long document. */
function saysSo(item: ParsedItem, entry: Entry): boolean {
  if (item.text !== entry.text || item.unconfirmed !== entry.unconfirmed) return false;
  const showsDone = item.box !== undefined || item.tick !== undefined || ITEM_FORMS[item.kind].tick;
  if (showsDone && (item.checked === true) !== entry.done) return false;
  return sameFields(item.fields, entry.fields);
}

function changedFields(item: ParsedItem, entry: Entry): readonly NoteField[] {
  return NOTE_FIELDS.filter((field) => item.fields[field] !== entry.fields[field]);
}

function rewriteHead(draft: Draft, item: ParsedItem, entry: Entry): void {
  const first = lineAt(draft, item.firstLine);
  const last = lineAt(draft, item.firstLine + item.headLines - 1);
  if (first === undefined || last === undefined) return;
  // Without its box a step could be read as the label of a group once it says something else.
  const box = item.box !== undefined || ITEM_FORMS[item.kind].box;
  replaceRange(draft, { from: first.from, to: last.to }, renderHead(entry, styleOf(draft, item), box));
  for (const [at, owner] of item.owners.entries()) {
    if (owner === "text" && at >= item.headLines)
      removeLines(draft, item.firstLine + at, item.firstLine + at + 1);
  }
}

export function styleOf({ document }: Draft, { firstLine }: ParsedItem): ItemStyle {
  const line = document.scan.lines[firstLine];
  if (line === undefined) return { indent: "", marker: "-" };
  const marker = document.text.slice(line.start, line.body).trimEnd();
  return { indent: document.text.slice(line.from, line.start), marker };
}

/** The box, the tick and our mark are changed without touching the text between them. */
function editMarks(draft: Draft, item: ParsedItem, entry: Entry): void {
  const { box, tick, mark } = item;
  const last = lineAt(draft, item.firstLine + item.headLines - 1);
  if (last === undefined) return;
  const end = last.from + draft.document.text.slice(last.from, last.to).trimEnd().length;
  if (box && (item.checked === true) !== entry.done) replaceRange(draft, box, entry.done ? "[x]" : "[ ]");
  if (mark && !entry.unconfirmed) replaceRange(draft, mark, "");
  if (!mark && entry.unconfirmed) {
    const at = tick?.from ?? end;
    draft.edits.push({ from: at, to: at, text: ` ${UNCONFIRMED}` });
  }
  if (tick && !entry.done) replaceRange(draft, tick, "");
  if (!box && !tick && entry.done && ITEM_FORMS[item.kind].tick)
    draft.edits.push({ from: end, to: end, text: ` ${TICK}` });
}

interface FieldEdits {
  readonly entry: Entry;
  readonly changed: readonly NoteField[];
}

function editFields(draft: Draft, item: ParsedItem, { entry, changed }: FieldEdits): void {
  if (changed.length === 0) return;
  const missing: NoteField[] = [];
  for (const field of changed) {
    const [first, ...more] = linesOf(item, field);
    const value = entry.fields[field];
    if (first !== undefined && value !== undefined) editFieldLine(draft, { entry, field, at: first });
    else if (first !== undefined) removeLines(draft, first, first + 1);
    else if (value !== undefined) missing.push(field);
    for (const at of more) removeLines(draft, at, at + 1);
  }
  addFields(draft, item, { entry, missing });
}

function linesOf({ owners, firstLine }: ParsedItem, field: NoteField): readonly number[] {
  return owners.flatMap((owner, at) => (owner === field ? [firstLine + at] : []));
}

/** A labelled line keeps its own label; a point without one gets ours. */
function editFieldLine(
  draft: Draft,
  { entry, field, at }: { entry: Entry; field: NoteField; at: number },
): void {
  const line = lineAt(draft, at);
  if (line === undefined) return;
  const { text } = draft.document;
  const label = labelOf(text.slice(line.body, line.to).trimEnd());
  const isLabelled = line.kind === "list" && label !== undefined;
  if (!isLabelled) {
    const lead =
      line.kind === "list" ? text.slice(line.from, line.body) : `${text.slice(line.from, line.start)}- `;
    replaceRange(draft, line, renderField(entry, field, lead));
    return;
  }
  const from = line.body + label.valueAt;
  const gap = /\s/.test(text[from - 1] ?? "") ? "" : " ";
  const value = writeText(entry.fields[field] ?? "", { behindLabel: true, marks: "none" });
  replaceRange(draft, { from, to: line.to }, `${gap}${value}`);
}

function addFields(
  draft: Draft,
  item: ParsedItem,
  { entry, missing }: { entry: Entry; missing: readonly NoteField[] },
): void {
  const fields = fieldsInOrder(entry).filter((field) => missing.includes(field));
  if (fields.length === 0) return;
  const known = item.owners.findLastIndex(
    (owner, at) => owner !== "own" && !draft.removed.has(item.firstLine + at),
  );
  const anchor = lineAt(draft, item.firstLine + Math.max(known, item.headLines - 1));
  if (anchor === undefined) return;
  const lead = fieldLead(draft, item);
  const lines = fields.map((field) => `${draft.eol}${renderField(entry, field, lead)}`);
  draft.edits.push({ from: anchor.to, to: anchor.to, text: lines.join("") });
}

/** New fields stand as the item's other fields do. */
function fieldLead(draft: Draft, item: ParsedItem): string {
  for (let at = item.firstLine + 1; at < item.endLine; at += 1) {
    const line = lineAt(draft, at);
    if (line?.kind === "list") return draft.document.text.slice(line.from, line.body).replace(/\s*$/, " ");
  }
  const { indent, marker } = styleOf(draft, item);
  return `${indent}${" ".repeat(marker.length + 1)}- `;
}
