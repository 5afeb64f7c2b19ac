import type { NoteId } from "../base/id.ts";
import type { Note } from "../session/note.ts";
import type { ConversationFacts } from "./facts.ts";
import { activeMs } from "./stretch.ts";

/** What was tried, and the time it took: measured, or in the words of who noted it. */
export interface Approach {
  /** Approaches that were noted together share their time: nobody knows how it was parted. */
  readonly notes: readonly NoteId[];
  /** Of the first. */
  readonly text: string;
  readonly outcome: "worked" | "failed" | "both";
  /** Time worked since the approach before was noted. Undefined where somebody wrote down how long it took, or nothing was measured. */
  readonly activeMs: number | undefined;
  /** As somebody wrote it, `~2 hours`: it counts before what we measured. */
  readonly said: string | undefined;
}

/** What an agent notes at the end of a turn it notes within this; a new approach takes longer. */
const TOGETHER_MS = 2 * 60_000;

/**
 * What was tried in the order it was settled, each with the time worked since the one before. A guess that nobody confirmed
 * is none. Pure; the same notes and facts give the same approaches.
 */
export function approachesOf(
  facts: readonly ConversationFacts[],
  notes: Iterable<Note>,
): readonly Approach[] {
  const stretches = facts.flatMap((each) => each.stretches ?? []);
  const tried = [...notes]
    .filter(
      ({ kind, state }) => (kind === "worked" || kind === "failed") && (state === "open" || state === "done"),
    )
    .sort((a, b) => a.atMs - b.atMs);
  let sinceMs = Number.NEGATIVE_INFINITY;
  return groups(tried).flatMap((group) => {
    const atMs = group.at(-1)?.atMs ?? sinceMs;
    const workedMs = activeMs(within(stretches, sinceMs, atMs));
    sinceMs = atMs;
    const said = group.filter(({ fields }) => (fields.time ?? "") !== "");
    const silent = group.filter((note) => !said.includes(note));
    return [
      ...said.map((note) => approach([note], { activeMs: undefined, said: note.fields.time })),
      // Part of the time is told, and we do not know which.
      ...(silent.length === 0
        ? []
        : [
            approach(silent, {
              activeMs: said.length > 0 || workedMs === 0 ? undefined : workedMs,
              said: undefined,
            }),
          ]),
    ];
  });
}

function groups(notes: readonly Note[]): readonly (readonly Note[])[] {
  const found: Note[][] = [];
  for (const note of notes) {
    const last = found.at(-1);
    if (last !== undefined && note.atMs - (last.at(-1)?.atMs ?? 0) <= TOGETHER_MS) last.push(note);
    else found.push([note]);
  }
  return found;
}

function approach(notes: readonly Note[], time: Pick<Approach, "activeMs" | "said">): Approach {
  const kinds = new Set(notes.map(({ kind }) => kind));
  return {
    notes: notes.map(({ id }) => id),
    text: notes[0]?.text ?? "",
    outcome: kinds.size > 1 ? "both" : kinds.has("failed") ? "failed" : "worked",
    ...time,
  };
}

interface Time {
  readonly fromMs: number;
  readonly toMs: number;
}

function within(stretches: readonly Time[], fromMs: number, toMs: number): readonly Time[] {
  return stretches
    .map((stretch) => ({ fromMs: Math.max(stretch.fromMs, fromMs), toMs: Math.min(stretch.toMs, toMs) }))
    .filter((part) => part.fromMs < part.toMs);
}
