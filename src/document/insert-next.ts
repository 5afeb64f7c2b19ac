import { HORIZONS, type Horizon } from "../session/note.ts";
import { type Draft, lastStanding, lineAt, stands } from "./draft.ts";
import type { Entry } from "./entry.ts";
import { HORIZON_LABELS, isHorizon } from "./fields.ts";
import {
  insertAt,
  insertAtEnd,
  placeholderRun,
  type Rendered,
  renderAll,
  replaceLines,
} from "./insert-items.ts";
import type { ParsedItem, ParsedSection } from "./parsed.ts";
import type { ItemStyle } from "./render.ts";

/** Puts next steps under the label of their horizon, and adds the labels that are missing. */
export function insertNextSteps(draft: Draft, section: ParsedSection, entries: readonly Entry[]): void {
  const standing = section.items.filter((item) => stands(draft, item));
  if (section.groups.length === 0 && standing.length === 0) {
    const rendered = renderNewSteps(draft, entries);
    const run = placeholderRun(draft, section.placeholders);
    if (run) replaceLines(draft, run, rendered);
    else insertAtEnd(draft, section, rendered);
    return;
  }
  for (const horizon of HORIZONS) {
    const due = entries.filter((entry) => horizonOfEntry(entry) === horizon);
    if (due.length > 0) insertDue(draft, section, { horizon, entries: due, standing });
  }
}

/** A section of next steps as a new document has it. */
export function renderNewSteps(draft: Draft, entries: readonly Entry[]): Rendered {
  const groups = HORIZONS.flatMap((horizon) => {
    const due = entries.filter((entry) => horizonOfEntry(entry) === horizon);
    return due.length > 0 ? [renderGroup(draft, { horizon, entries: due, asList: true })] : [];
  });
  return joinRendered(groups, draft.eol + draft.eol);
}

export function joinRendered(parts: readonly Rendered[], between: string): Rendered {
  let at = 0;
  const places = parts.flatMap((part) => {
    const moved = part.places.map((place) => ({ note: place.note, at: place.at + at }));
    at += part.text.length + between.length;
    return moved;
  });
  return { text: parts.map(({ text }) => text).join(between), places };
}

function horizonOfEntry({ fields }: Entry): Horizon {
  return isHorizon(fields.horizon) ? fields.horizon : "immediate";
}

interface Due {
  readonly horizon: Horizon;
  readonly entries: readonly Entry[];
  readonly standing: readonly ParsedItem[];
}

function insertDue(draft: Draft, section: ParsedSection, due: Due): void {
  const group = section.groups.findIndex(({ horizon }) => horizon === due.horizon);
  const last = due.standing.findLast((item) => item.group === undefined);
  if (group >= 0) insertInGroup(draft, section, { ...due, group });
  else if (due.horizon === "immediate" && last) insertBehind(draft, last, due.entries);
  else insertGroup(draft, section, due);
}

function insertBehind(draft: Draft, last: ParsedItem, entries: readonly Entry[]): void {
  const line = lastStanding(draft, last.firstLine, last.endLine);
  if (line)
    insertAt(draft, line.to, {
      before: last.form === "table" ? draft.eol + draft.eol : draft.eol,
      rendered: renderAll(draft, entries, { last, loose: false }),
    });
}

function insertInGroup(
  draft: Draft,
  section: ParsedSection,
  { group, entries, standing }: Due & { group: number },
): void {
  const last = standing.findLast((item) => item.group === group);
  if (last) {
    insertBehind(draft, last, entries);
    return;
  }
  const label = section.groups[group];
  const labelLine = label && lineAt(draft, label.line);
  if (label === undefined || labelLine === undefined) return;
  const end = section.groups[group + 1]?.line ?? section.endLine;
  const run = placeholderRun(
    draft,
    section.placeholders.filter((at) => at > label.line && at < end),
  );
  const style = run ? lineStyle(draft, run.from) : belowLabel(draft, label.line, label.isList);
  const rendered = renderAll(draft, entries, { last: undefined, loose: false, style });
  if (run) replaceLines(draft, run, rendered);
  else insertAt(draft, labelLine.to, { before: draft.eol, rendered });
}

function lineStyle(draft: Draft, at: number): ItemStyle {
  const line = lineAt(draft, at);
  if (line?.kind !== "list") return { indent: "", marker: "-" };
  const { text } = draft.document;
  return { indent: text.slice(line.from, line.start), marker: text.slice(line.start, line.body).trimEnd() };
}

function belowLabel(draft: Draft, at: number, isList: boolean): ItemStyle {
  if (!isList) return { indent: "", marker: "-" };
  const { indent, marker } = lineStyle(draft, at);
  return { indent: `${indent}${" ".repeat(marker.length + 1)}`, marker: "-" };
}

/** A new label goes behind the horizon before it, or before the one after it. */
function insertGroup(draft: Draft, section: ParsedSection, { horizon, entries, standing }: Due): void {
  const { groups } = section;
  const flat = standing.some((item) => item.group === undefined);
  const rendered = renderGroup(draft, {
    horizon,
    entries,
    asList: groups.some(({ isList }) => isList) || (groups.length === 0 && !flat),
  });
  const order = HORIZONS.indexOf(horizon);
  const above = groups.findLastIndex(
    (one) => one.horizon !== undefined && HORIZONS.indexOf(one.horizon) < order,
  );
  const below = groups.find((one) => one.horizon !== undefined && HORIZONS.indexOf(one.horizon) > order);
  const aboveLine = groups[above]?.line;
  const belowLine = below && lineAt(draft, below.line);
  if (aboveLine !== undefined) {
    const anchor = lastStanding(draft, aboveLine, groups[above + 1]?.line ?? section.endLine);
    if (anchor) insertAt(draft, anchor.to, { before: draft.eol + draft.eol, rendered });
  } else if (belowLine) {
    const after = draft.eol + draft.eol;
    draft.edits.push({
      from: belowLine.from,
      to: belowLine.from,
      text: `${rendered.text}${after}`,
      places: rendered.places,
    });
  } else insertAtEnd(draft, section, rendered);
}

function renderGroup(
  draft: Draft,
  group: { horizon: Horizon; entries: readonly Entry[]; asList: boolean },
): Rendered {
  const { horizon, entries, asList } = group;
  const label = asList
    ? `${HORIZONS.indexOf(horizon) + 1}. ${HORIZON_LABELS[horizon]}`
    : HORIZON_LABELS[horizon];
  const style: ItemStyle = { indent: asList ? "   " : "", marker: "-" };
  const items = renderAll(draft, entries, { last: undefined, loose: false, style });
  return joinRendered([{ text: label, places: [] }, items], draft.eol);
}
