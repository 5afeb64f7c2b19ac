import { type Draft, isBlank, lastStanding, lineAt, stands } from "./draft.ts";
import { styleOf } from "./edit-item.ts";
import type { Entry } from "./entry.ts";
import { ITEM_FORMS } from "./fields.ts";
import type { ParsedItem, ParsedSection } from "./parsed.ts";
import { type ItemStyle, renderItem, renderProse } from "./render.ts";
import type { Place } from "./splice.ts";

/** Behind the last item of the section; instead of a template's placeholder; else at the end of the section. */
export function insertItems(draft: Draft, section: ParsedSection, entries: readonly Entry[]): void {
  const standing = section.items.filter((item) => stands(draft, item) && item.form !== "fence");
  const last = standing.at(-1);
  const rendered = renderAll(draft, entries, { last, loose: isLoose(draft, section.holds, standing) });
  insertRendered(draft, section, { rendered, last, loose: isLoose(draft, section.holds, standing) });
}

interface Insertion {
  readonly rendered: Rendered;
  readonly last: ParsedItem | undefined;
  readonly loose: boolean;
}

function insertRendered(draft: Draft, section: ParsedSection, { rendered, last, loose }: Insertion): void {
  const { eol } = draft;
  if (last) {
    const line = lastStanding(draft, last.firstLine, lastLineOf(draft, last));
    if (line) insertAt(draft, line.to, { before: loose ? eol + eol : eol, rendered });
    return;
  }
  const run = placeholderRun(draft, section.placeholders);
  if (run) replaceLines(draft, run, rendered);
  else insertAtEnd(draft, section, rendered);
}

/** Behind a row of a table comes what is left of the table. */
function lastLineOf(draft: Draft, { form, endLine }: ParsedItem): number {
  let end = endLine;
  while (form === "table" && lineAt(draft, end)?.kind === "table") end += 1;
  return end;
}

/** What is put in, with the place of every item in it. */
export interface Rendered {
  readonly text: string;
  readonly places: readonly Place[];
}

export function insertAt(
  draft: Draft,
  at: number,
  { before, rendered }: { before: string; rendered: Rendered },
): void {
  const places = rendered.places.map((place) => ({ note: place.note, at: place.at + before.length }));
  draft.edits.push({ from: at, to: at, text: `${before}${rendered.text}`, places });
}

export function insertAtEnd(draft: Draft, section: ParsedSection, rendered: Rendered): void {
  const heading = lineAt(draft, section.bodyLine - 1);
  const anchor = lastStanding(draft, section.bodyLine, section.endLine);
  if (anchor) insertAt(draft, anchor.to, { before: draft.eol + draft.eol, rendered });
  else if (heading) insertAt(draft, heading.to, { before: draft.eol, rendered });
}

/** The first lines of a template that wait for words, with blank ones between them. */
export function placeholderRun(
  draft: Draft,
  placeholders: readonly number[],
): { from: number; to: number } | undefined {
  const from = placeholders[0];
  if (from === undefined) return undefined;
  const waiting = new Set(placeholders);
  let to = from + 1;
  for (let at = from + 1; waiting.has(at) || isBlank(lineAt(draft, at)); at += 1) {
    if (lineAt(draft, at) === undefined) break;
    if (waiting.has(at)) to = at + 1;
  }
  return { from, to };
}

export function replaceLines(draft: Draft, run: { from: number; to: number }, rendered: Rendered): void {
  const first = lineAt(draft, run.from);
  const last = lineAt(draft, run.to - 1);
  if (first && last) draft.edits.push({ from: first.from, to: last.to, ...rendered });
}

export function renderAll(
  draft: Draft,
  entries: readonly Entry[],
  { last, loose, style }: { last: ParsedItem | undefined; loose: boolean; style?: ItemStyle },
): Rendered {
  const { eol } = draft;
  const parts: string[] = [];
  const places: Place[] = [];
  let at = 0;
  let next = style ?? (last?.form === "list" ? following(styleOf(draft, last)) : firstStyle(entries));
  for (const entry of entries) {
    const isProse = entry.kind === "summary" && last?.form !== "list";
    const text = isProse ? renderProse(entry) : renderItem(entry, next).join(eol);
    places.push({ note: entry.id, at });
    parts.push(text);
    at += text.length + (loose ? 2 : 1) * eol.length;
    next = following(next);
  }
  return { text: parts.join(loose ? eol + eol : eol), places };
}

function firstStyle(entries: readonly Entry[]): ItemStyle {
  const kind = entries[0]?.kind;
  return { indent: "", marker: kind !== undefined && ITEM_FORMS[kind].numbered ? "1." : "-" };
}

/** The style of the item behind one: the next number in a numbered list. */
export function following({ indent, marker }: ItemStyle): ItemStyle {
  const number = /^(\d{1,9})([.)])$/.exec(marker);
  return { indent, marker: number ? `${Math.min(Number(number[1]) + 1, 999_999_999)}${number[2]}` : marker };
}

/** Whether blank lines stand between the items: as the last two in the file have it, else as the template does. */
function isLoose(draft: Draft, holds: ParsedSection["holds"], items: readonly ParsedItem[]): boolean {
  const last = items.at(-1);
  if (last?.form === "prose" || last?.form === "heading" || last?.form === "table") return true;
  if (last && items.length > 1) return isBlank(lineAt(draft, last.firstLine - 1));
  return holds !== undefined && holds !== "derived" && ITEM_FORMS[holds].loose;
}
