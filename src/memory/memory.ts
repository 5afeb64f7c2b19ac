import { notesInOrder } from "../recall/note-order.ts";
import type { Note } from "../session/note.ts";
import { type CountedWork, type Progress, progressOf, rangeText, whereToStart } from "../session/progress.ts";

/** What a session memory says: a view of a session's notes, as their journal has them now. */
export interface SessionMemory {
  /** The name of the task, which is that of its folder. */
  readonly task: string;
  readonly decisions: readonly MemoryDecision[];
  readonly progress: {
    readonly completed: readonly string[];
    readonly inProgress: readonly string[];
    readonly pending: readonly string[];
  };
  readonly discoveries: readonly { readonly atMs: number; readonly discovery: string }[];
  /** What to do when the work is taken up again, the first thing first. */
  readonly nextStart: readonly string[];
  /** Work that is counted through, and where it goes on. */
  readonly counted: readonly CountedWork[];
}

export interface MemoryDecision {
  readonly atMs: number;
  readonly decision: string;
  readonly reason: string | undefined;
}

/** Next steps that a start is told: the first ones, as the brief has them. */
const NEXT_MAX = 5;

export function memoryOf(notes: readonly Note[], task: string): SessionMemory {
  const standing = notesInOrder({ notes: notes.map((note) => ({ note, staleFiles: [] })) })
    .map(({ note }) => note)
    .filter(({ state }) => state === "open");
  const progress = progressOf(notes);
  const next = standing.filter(({ kind, fields }) => kind === "next" && isImmediate(fields.horizon));
  return {
    task,
    decisions: oldestFirst(standing.filter(({ kind }) => kind === "decision")).map((note) => ({
      atMs: note.atMs,
      decision: oneLine(note.text),
      reason: note.fields.why === undefined ? undefined : oneLine(note.fields.why),
    })),
    progress: markers(progress),
    discoveries: oldestFirst(standing.filter(({ kind }) => kind === "finding" || kind === "failed")).map(
      (note) => ({ atMs: note.atMs, discovery: discoveryOf(note) }),
    ),
    nextStart: [
      ...progress.counted.flatMap((work) => whereToStart(work) ?? []),
      ...next.slice(0, NEXT_MAX).map(({ text }) => oneLine(text)),
    ],
    counted: progress.counted,
  };
}

/** A timestamp as scripts write it: UTC, to the minute. */
export function minuteOf(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 16)}Z`;
}

export function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}

function markers({ counted, completed, inProgress, pending }: Progress): SessionMemory["progress"] {
  const ranges = (set: "completed" | "inProgress" | "pending"): readonly string[] =>
    counted.map((work) => rangeText(work, work[set])).filter((text) => text !== "");
  const texts = (notes: readonly Note[]): readonly string[] => notes.map(({ text }) => oneLine(text));
  return {
    completed: [...ranges("completed"), ...texts(completed)],
    inProgress: [...ranges("inProgress"), ...texts(inProgress === undefined ? [] : [inProgress])],
    pending: [...ranges("pending"), ...texts(pending)],
  };
}

/** What failed is a discovery that changes how the work goes on. */
function discoveryOf({ kind, text, fields }: Note): string {
  if (kind === "finding") return oneLine(text);
  const why = fields.why ?? fields.result;
  return `Failed: ${oneLine(text)}${why === undefined ? "" : ` (${oneLine(why)})`}`;
}

function isImmediate(horizon: string | undefined): boolean {
  return horizon === undefined || horizon === "" || horizon === "immediate";
}

function oldestFirst(notes: readonly Note[]): readonly Note[] {
  return [...notes].sort((a, b) => a.atMs - b.atMs);
}
