import type { NoteKind } from "../session/note.ts";
import type { Draft } from "./draft.ts";
import type { Entry } from "./entry.ts";
import { ITEM_FORMS } from "./fields.ts";
import { insertCommands, renderNewCommands } from "./insert-command.ts";
import { insertAt, insertItems, type Rendered, renderAll } from "./insert-items.ts";
import { insertNextSteps, renderNewSteps } from "./insert-next.ts";
import type { ParsedSection } from "./parsed.ts";
import { SECTIONS, type SectionSpec, sectionOrder } from "./sections.ts";
import { isDerivedId } from "./written.ts";

/** Puts entries that have no place in the file yet where their section's items stand, or makes the section. */
export function insertEntries(draft: Draft, entries: readonly Entry[]): void {
  for (const spec of SECTIONS) {
    const added = entries.filter(({ kind }) => kind === spec.key);
    if (added.length === 0) continue;
    const section = sectionFor(draft, spec);
    if (section) insertInto(draft, section, added);
    // What leftoff only found makes no section: a person who took it out shall not get it back every turn.
    else if (added.some(({ id }) => !isDerivedId(id))) insertSection(draft, spec, added);
  }
}

/** The section itself, not a part of it under a narrower heading. */
function sectionFor({ document }: Draft, { key }: SectionSpec): ParsedSection | undefined {
  return document.sections.find(({ known }) => known?.key === key && !known.narrow);
}

function insertInto(draft: Draft, section: ParsedSection, entries: readonly Entry[]): void {
  switch (section.holds) {
    case "next":
      insertNextSteps(draft, section, entries);
      return;
    case "command":
      insertCommands(draft, section, entries);
      return;
    default:
      insertItems(draft, section, entries);
  }
}

/** A new section goes to its place in the template's order. */
function insertSection(draft: Draft, spec: SectionSpec, entries: readonly Entry[]): void {
  const { document, eol } = draft;
  const order = sectionOrder(spec.key);
  const known = document.sections.flatMap((section) =>
    section.known ? [{ section, order: sectionOrder(section.known.key) }] : [],
  );
  const above = known
    .filter((one) => one.order < order)
    .reduce<(typeof known)[number] | undefined>(
      (best, one) => (best === undefined || one.order >= best.order ? one : best),
      undefined,
    );
  const level = (above ?? known[0])?.section.level ?? 2;
  const at = above ? above.section.range.to : (known[0]?.section.range.from ?? document.text.length);
  const body = newBody(draft, spec.key as NoteKind, entries);
  const heading = `${"#".repeat(level)} ${spec.heading}${eol}`;
  const atEnd = at >= document.text.length;
  const before = atEnd ? (/[\r\n]$/.test(document.text) || document.text === "" ? eol : eol + eol) : "";
  const rendered = {
    text: `${heading}${body.text}${atEnd ? eol : eol + eol}`,
    places: body.places.map((place) => ({ note: place.note, at: place.at + heading.length })),
  };
  insertAt(draft, at, { before, rendered });
}

function newBody(draft: Draft, kind: NoteKind, entries: readonly Entry[]): Rendered {
  if (kind === "next") return renderNewSteps(draft, entries);
  if (kind === "command") return renderNewCommands(draft, entries);
  return renderAll(draft, entries, { last: undefined, loose: ITEM_FORMS[kind].loose });
}
