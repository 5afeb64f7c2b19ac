import { sha256 } from "../base/digest.ts";
import { AppError } from "../base/error.ts";
import { derivedNoteId, type NoteId } from "../base/id.ts";
import { NOTE_TEXT_CHARS_MAX } from "../base/limits.ts";
import type { EventBody } from "../session/event.ts";
import type { Author, Note, NoteKind } from "../session/note.ts";
import type { Session } from "../session/session.ts";
import type { Draft } from "./session-log.ts";

/** What finished work leaves open, by kind: who reads it later need not guess whether that was meant. */
export interface LeftOpen {
  readonly kind: NoteKind;
  readonly notes: readonly Note[];
}

const OPEN_KINDS: readonly (readonly [kind: NoteKind, one: string, several: string])[] = [
  ["next", "next step", "next steps"],
  ["issue", "issue", "issues"],
  ["blocker", "blocker", "blockers"],
  ["risk", "risk", "risks"],
  ["untried", "untried approach", "untried approaches"],
];
const LEFTOFF: Author = { kind: "leftoff" };

export function leftOpen(session: Session): readonly LeftOpen[] {
  const open = [...session.notes.values()].filter(({ state }) => state === "open");
  return OPEN_KINDS.map(([kind]) => ({ kind, notes: open.filter((note) => note.kind === kind) })).filter(
    ({ notes }) => notes.length > 0,
  );
}

/** `2 next steps, 1 issue`; empty where nothing is open. */
export function leftOpenWords(left: readonly LeftOpen[]): string {
  return left
    .map(({ kind, notes }) => {
      const [, one, several] = OPEN_KINDS.find(([candidate]) => candidate === kind) ?? [kind, kind, kind];
      return `${notes.length} ${notes.length === 1 ? one : several}`;
    })
    .join(", ");
}

/**
 * The last words about work that is finished, as notes of its summary: its outcome, if somebody says it, and what it
 * leaves open. Each is one note, however often the work is finished.
 *
 * @throws AppError `input_invalid` for an outcome that is too long.
 */
export function finalNotes(session: Session, outcome: string, by: Author): readonly Draft[] {
  const words = outcome.replaceAll(/\s+/g, " ").trim();
  if (words.length > NOTE_TEXT_CHARS_MAX - "Outcome: ".length) {
    throw new AppError(
      "input_invalid",
      `An outcome has at most ${NOTE_TEXT_CHARS_MAX} characters; this one has ${words.length}.`,
      'For example: leftoff complete "Logins survive a restart; tokens rotate"',
    );
  }
  const left = leftOpen(session);
  const said = left.map(({ notes }) => notes.map(({ text }) => text).join("; ")).join("; ");
  return [
    ...(words === "" ? [] : oneNote(session, outcomeNote(session), `Outcome: ${words}`, by)),
    ...(left.length === 0
      ? withdrawn(session)
      : oneNote(session, leftNote(session), cut(`Left open: ${leftOpenWords(left)} (${said})`), LEFTOFF)),
  ];
}

/** Taken up again, nothing is left any more. */
export function withdrawn(session: Session): readonly Draft[] {
  const note = session.notes.get(leftNote(session));
  if (note === undefined || note.state === "dropped") return [];
  return [{ body: { type: "note.dropped", data: { note: note.id } }, by: LEFTOFF }];
}

function oneNote(session: Session, note: NoteId, text: string, by: Author): readonly Draft[] {
  const before = session.notes.get(note);
  const draft = (body: EventBody): Draft => ({ body, by });
  if (before === undefined) return [draft({ type: "note.added", data: { note, kind: "summary", text } })];
  return [
    ...(before.text === text ? [] : [draft({ type: "note.edited", data: { note, text } })]),
    ...(before.state === "open" ? [] : [draft({ type: "note.reopened", data: { note } })]),
  ];
}

function outcomeNote({ id }: Session): NoteId {
  return derivedNoteId(sha256(`outcome ${id}`));
}

function leftNote({ id }: Session): NoteId {
  return derivedNoteId(sha256(`left open ${id}`));
}

function cut(text: string): string {
  return text.length <= NOTE_TEXT_CHARS_MAX ? text : `${text.slice(0, NOTE_TEXT_CHARS_MAX - 1)}…`;
}
