import { isOfTemplate, isPinned, isSuperseded, type Note } from "../session/note.ts";
import type { BriefMaterial, NoteWithDrift } from "./brief.ts";

/** Notes recorded within this of each other are one list, such as the steps of a plan, and keep their order. */
const LIST_GAP_MS = 30 * 60 * 1000;
/** Words like "high" stand at the beginning of a priority, if anywhere. */
const URGENCY_CHARS_MAX = 100;

/**
 * The notes that stand, each thing said once, the most important first: immediate before later, said before what came with a
 * template before guessed, high priority before low, the newest list first and in its own order.
 */
export function notesInOrder({ notes }: Pick<BriefMaterial, "notes">): readonly NoteWithDrift[] {
  const standing = withoutRepeats(notes.filter(({ note }) => stands(note)));
  const ranked = byList(standing).map((each) => ({ each, rank: rankOf(each.note) }));
  return ranked.sort((a, b) => a.rank - b.rank).map(({ each }) => each);
}

/** A next step that is not due now. */
export function isLater({ fields }: Note): boolean {
  return fields.horizon !== undefined && fields.horizon !== "" && fields.horizon !== "immediate";
}

/** Open or proposed; a decision that another one replaced is gone. */
function stands(note: Note): boolean {
  if (note.state !== "open" && note.state !== "proposed") return false;
  return note.kind !== "decision" || !isSuperseded(note);
}

/** The same words of the same kind once: said before guessed, then the one changed last. */
function withoutRepeats(notes: readonly NoteWithDrift[]): readonly NoteWithDrift[] {
  const best = new Map<string, NoteWithDrift>();
  for (const each of notes) {
    const said = `${each.note.kind} ${each.note.text.trim()}`;
    const other = best.get(said);
    if (other === undefined || isBetter(each.note, other.note)) best.set(said, each);
  }
  return [...best.values()];
}

function isBetter(one: Note, other: Note): boolean {
  if (one.state !== other.state) return one.state === "open";
  return one.changedAtMs > other.changedAtMs;
}

/** The newest list first; within a list the order in which it was recorded. */
function byList(notes: readonly NoteWithDrift[]): readonly NoteWithDrift[] {
  const byTime = [...notes].sort((a, b) => a.note.atMs - b.note.atMs);
  const lists: NoteWithDrift[][] = [];
  let beforeAtMs = Number.NEGATIVE_INFINITY;
  for (const each of byTime) {
    const list = lists.at(-1);
    if (list !== undefined && each.note.atMs - beforeAtMs <= LIST_GAP_MS) list.push(each);
    else lists.push([each]);
    beforeAtMs = each.note.atMs;
  }
  return lists.reverse().flat();
}

/** Lower is more important. */
function rankOf(note: Note): number {
  if (isPinned(note)) return -1;
  return (isLater(note) ? 20 : 0) + doubtOf(note) + urgencyOf(note);
}

/** Nobody said a guess; a template is sure, but says the same of all work of its kind. */
function doubtOf(note: Note): number {
  if (note.state === "proposed") return 10;
  return isOfTemplate(note) ? 5 : 0;
}

function urgencyOf({ fields }: Note): number {
  const words = (fields.priority ?? "").slice(0, URGENCY_CHARS_MAX);
  if (words === "") return 1;
  if (/\b(?:critical|urgent|high|highest|must|p0|p1)\b/i.test(words)) return 0;
  return /\b(?:low|lowest|minor|optional|p3|p4)\b/i.test(words) ? 2 : 1;
}
