import { isLater } from "../recall/note-order.ts";
import { isOfProject, isPinned, type Note, type NoteKind, tagsIn } from "../session/note.ts";
import { wrapped } from "./cells.ts";
import type { Door } from "./door.ts";
import type { Style } from "./screen.ts";

/** Kinds of notes as a person reads them: what to do, what is in the way, what not to do again, then what is known. */
const HEADINGS: { readonly [Kind in NoteKind]: string } = {
  summary: "What it is about",
  next: "Next steps",
  blocker: "Blockers",
  issue: "Known issues",
  failed: "Failed attempts",
  decision: "Decisions",
  progress: "Progress",
  worked: "What worked",
  untried: "Not tried yet",
  finding: "Findings",
  risk: "Risks",
  metric: "Measured",
  solution: "Solution",
  implementation: "Final implementation",
  deployment: "Deployment",
  learning: "Lessons",
  file: "Files",
  command: "Commands",
};
const ORDER = Object.keys(HEADINGS) as readonly NoteKind[];

export interface NoteToShow extends Note {
  /** Files it names that changed since. */
  readonly stale?: readonly string[];
}

/** Notes below headings of their kinds, those that are done last. */
export function noteGroups(door: Door, notes: readonly NoteToShow[]): readonly string[] {
  return ORDER.flatMap((kind) => {
    const own = notes.filter((note) => note.kind === kind);
    if (own.length === 0) return [];
    const sorted = [...own.filter((note) => !isOver(note)), ...own.filter(isOver)];
    return ["", door.style.bold(HEADINGS[kind]), ...sorted.flatMap((note) => noteLines(door, note))];
  });
}

/** Done, given up, or replaced by another decision: nothing to act on. */
function isOver({ state, fields }: Note): boolean {
  return state === "done" || state === "dropped" || fields.superseded !== undefined;
}

/** Where texts begin, behind the mark and the end of the id. */
const TEXT_AT = 12;

/** A note behind its mark and the end of its id, which commands take; its reason stands below it. */
export function noteLines({ style, columns }: Door, note: NoteToShow, behind = ""): readonly string[] {
  const { id, state, fields, stale = [] } = note;
  const mark = { proposed: style.yellow("?"), open: "·", done: style.green("✓"), dropped: style.dim("✗") }[
    state
  ];
  const over = isOver(note);
  const said = over ? style.dim(wordsOf(note)) : wordsOf(note);
  const guess = state === "proposed" ? style.yellow(" (unconfirmed)") : "";
  const changed = stale.length === 0 ? "" : style.yellow(` (${stale.join(", ")} changed since)`);
  const replaced = fields.superseded === undefined ? [] : [`superseded by: ${fields.superseded}`];
  const below = over ? replaced : reasonsOf(note);
  const lines = [
    `  ${mark} ${style.dim(id.slice(-6))}  ${said}${guess}${changed}${marksOf(style, note)}${behind === "" ? "" : style.dim(behind)}`,
    ...below.map((line) => `${" ".repeat(TEXT_AT)}${style.dim(line)}`),
  ];
  return columns === undefined ? lines : lines.flatMap((line) => wrapped(line, columns, TEXT_AT));
}

/** Why, or what came of it; and where it is, of what worked. */
function reasonsOf({ kind, text, fields }: Note): readonly string[] {
  const { why, result, file } = fields;
  const reason = why ?? result;
  const place =
    kind === "worked" && file !== undefined && !`${text} ${reason}`.includes(file) ? file : undefined;
  return [...(reason === undefined ? [] : [reason]), ...(place === undefined ? [] : [place])];
}

/** Whether it is pinned, whose it is, its tags and its link. */
function marksOf({ dim, cyan }: Style, note: Note): string {
  const { tags, link = "" } = note.fields;
  const marks = [
    ...(isPinned(note) ? ["pinned"] : []),
    ...(isOfProject(note) ? ["of the project"] : []),
    ...tagsIn(tags).map((tag) => `#${tag}`),
  ];
  const shown = marks.length === 0 ? "" : ` ${cyan(marks.join(" · "))}`;
  return link === "" ? shown : `${shown} ${dim(link)}`;
}

/** What most steps are tells none from the others. */
function isTelling(priority: string | undefined): priority is string {
  return priority !== undefined && !/^(?:medium|normal)$/i.test(priority.trim());
}

/** Its words, and what is worth knowing beside them, by its kind. */
function wordsOf(note: Note): string {
  const { kind, text, fields } = note;
  if (kind === "metric" && (fields.before ?? fields.after) !== undefined) return measured(note);
  const about = [
    ...(fields.waiting === undefined ? [] : [`waiting on ${fields.waiting}`]),
    ...(fields.expected === undefined ? [] : [`expected ${fields.expected}`]),
    ...(kind === "next" && isLater(note) ? [fields.horizon ?? ""] : []),
    ...((kind === "next" || kind === "issue") && isTelling(fields.priority)
      ? [fields.priority.toLowerCase()]
      : []),
  ];
  return about.length === 0 ? text : `${text} (${about.join(", ")})`;
}

/** `Start: 340 ms → 50 ms (6.8x)` */
function measured({ text, fields: { before, after, gain } }: Note): string {
  return `${text}: ${before ?? "?"} → ${after ?? "?"}${gain === undefined ? "" : ` (${gain})`}`;
}
