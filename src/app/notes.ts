import { AppError } from "../base/error.ts";
import { NOTE_TEXT_CHARS_MAX } from "../base/limits.ts";
import type { EventBody } from "../session/event.ts";
import type { Note } from "../session/note.ts";
import type { Session } from "../session/session.ts";
import type { App } from "./app.ts";
import { refresh } from "./refresh.ts";
import { callingAuthor, callingPlace, resolveSession } from "./resolve-session.ts";
import { record } from "./session-log.ts";
import { sessionToWrite } from "./session-to-write.ts";
import { readEdits } from "./sync-files.ts";

export type NoteChange = "confirm" | "drop" | "done" | "reopen" | "edit";

export interface NoteList {
  readonly session: Session;
  readonly notes: readonly Note[];
}

/** The notes of a session, in the order they were recorded; without dropped ones unless asked for. */
export async function listNotes(
  app: App,
  input: { readonly session?: string | undefined; readonly all: boolean },
): Promise<NoteList> {
  const here = await callingPlace(app);
  const { session } = readEdits(app, here, resolveSession(app, here, input.session).id);
  const notes = [...session.notes.values()].filter(({ state }) => input.all || state !== "dropped");
  return { session, notes };
}

/** What is done to some notes. */
export interface NotesChanged {
  readonly change: NoteChange;
  /** Ids, or the last characters of them as a brief cites them. For `edit`, one. */
  readonly notes: readonly string[];
  readonly text?: string | undefined;
}

export interface NoteChangeInput extends NotesChanged {
  readonly session?: string | undefined;
}

/**
 * Settles notes and proposals: several in one call, all or none.
 *
 * @throws AppError `note_not_found`, `input_invalid`.
 */
export function changeNotes(app: App, { session, ...change }: NoteChangeInput): Promise<NoteList> {
  return settleNotes(app, { session, changes: [change] });
}

/**
 * The same for changes of several kinds, in their order: all or none.
 *
 * @returns the notes that were changed, each once.
 * @throws AppError `note_not_found`, `input_invalid`.
 */
export async function settleNotes(
  app: App,
  input: { readonly session?: string | undefined; readonly changes: readonly NotesChanged[] },
): Promise<NoteList> {
  const here = await callingPlace(app);
  const before = await sessionToWrite(app, here, input.session);
  const by = callingAuthor(app);
  const wanted = input.changes.flatMap((change) =>
    change.notes.map((name) => ({ note: findNote(before, name), change })),
  );
  const drafts = wanted.map(({ note, change }) => ({ body: eventOf(note, change), by }));
  const session = await refresh(app, here, record(app, before, drafts));
  const ids = new Set(wanted.map(({ note }) => note.id));
  return {
    session,
    notes: [...ids].map((id) => session.notes.get(id)).filter((note) => note !== undefined),
  };
}

function eventOf(note: Note, { change, text }: NotesChanged): EventBody {
  if (change === "edit") {
    const trimmed = (text ?? "").trim();
    if (trimmed === "" || trimmed.length > NOTE_TEXT_CHARS_MAX) {
      throw new AppError(
        "input_invalid",
        `A note has 1 to ${NOTE_TEXT_CHARS_MAX} characters; this text has ${trimmed.length}.`,
        'For example: leftoff notes edit 3f9a21 "the new text"',
      );
    }
    return { type: "note.edited", data: { note: note.id, text: trimmed } };
  }
  const type = ({ confirm: "confirmed", drop: "dropped", done: "done", reopen: "reopened" } as const)[change];
  return { type: `note.${type}`, data: { note: note.id } };
}

function findNote(session: Session, name: string): Note {
  const notes = [...session.notes.values()];
  const found = notes.filter(({ id }) => id === name || (name.length >= 4 && id.endsWith(name)));
  const [note] = found;
  if (note !== undefined && found.length === 1) return note;
  throw new AppError(
    "note_not_found",
    found.length > 1
      ? `"${name}" could be ${found.length} notes of ${session.slug}.`
      : `${session.slug} has no note "${name}".`,
    "`leftoff notes` shows the ids; the last six characters are enough.",
  );
}
