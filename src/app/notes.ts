import { AppError, assertNever } from "../base/error.ts";
import type { SessionId } from "../base/id.ts";
import { NOTE_TEXT_CHARS_MAX } from "../base/limits.ts";
import type { EventBody } from "../session/event.ts";
import { isPinned, type Note, type NoteFields, tagsIn } from "../session/note.ts";
import type { Session } from "../session/session.ts";
import type { App } from "./app.ts";
import type { Here } from "./here.ts";
import { type ProjectNote, projectNotes, refuseTooManyPins } from "./project-notes.ts";
import { refresh } from "./refresh.ts";
import { callingAuthor, callingPlace, resolveSession } from "./resolve-session.ts";
import { loadSession, record } from "./session-log.ts";
import { sessionToWrite } from "./session-to-write.ts";
import { saveSummary } from "./summary.ts";
import { readEdits } from "./sync-files.ts";

/** `project` and `session`: to whom it belongs from then on. `tag` adds words to find it by, `untag` takes some away, `link` is an address. */
export type NoteChange =
  | "confirm"
  | "drop"
  | "done"
  | "reopen"
  | "edit"
  | "pin"
  | "unpin"
  | "project"
  | "session"
  | "tag"
  | "untag"
  | "link";

export interface NoteList {
  readonly session: Session;
  readonly notes: readonly Note[];
  /** What outlived other sessions of this project; where notes were changed, those of them that were. */
  readonly project: readonly ProjectNote[];
}

/** The notes of a session, in the order they were recorded; without dropped ones unless asked for. And those of the project. */
export async function listNotes(
  app: App,
  input: { readonly session?: string | undefined; readonly all: boolean },
): Promise<NoteList> {
  const here = await callingPlace(app);
  const { session } = readEdits(app, here, resolveSession(app, here, input.session).id);
  const notes = [...session.notes.values()].filter(({ state }) => input.all || state !== "dropped");
  return { session, notes, project: projectNotes(app, here, session) };
}

/** What is done to some notes. */
export interface NotesChanged {
  readonly change: NoteChange;
  /** Ids, or the last characters of them as a brief cites them. For `edit`, `tag`, `untag` and `link`, one. */
  readonly notes: readonly string[];
  readonly text?: string | undefined;
}

export interface NoteChangeInput extends NotesChanged {
  readonly session?: string | undefined;
}

/**
 * Settles notes and proposals: several in one call, all or none.
 *
 * @throws AppError `note_not_found`, `input_invalid`, `refused` for a pin too many.
 */
export function changeNotes(app: App, { session, ...change }: NoteChangeInput): Promise<NoteList> {
  return settleNotes(app, { session, changes: [change] });
}

/**
 * The same for changes of several kinds, in their order: all or none.
 *
 * @returns the notes that were changed, each once.
 * @throws AppError `note_not_found`, `input_invalid`, `refused` for a pin too many.
 */
export async function settleNotes(
  app: App,
  input: { readonly session?: string | undefined; readonly changes: readonly NotesChanged[] },
): Promise<NoteList> {
  const here = await callingPlace(app);
  const before = await sessionToWrite(app, here, input.session);
  const by = callingAuthor(app);
  const wanted = input.changes.flatMap((change) =>
    change.notes.map((name) => ({ found: findNote(app, here, { session: before, name }), change })),
  );
  const pins = wanted.filter(({ found, change }) => change.change === "pin" && !isPinned(found.note));
  if (pins.length > 0) refuseTooManyPins(app, here, { session: before, more: pins.length });
  const drafts = wanted.map(({ found, change }) => ({
    session: found.session,
    draft: { body: eventOf(found.note, change), by },
  }));
  const draftsOf = (id: SessionId) => drafts.filter((each) => each.session === id).map(({ draft }) => draft);
  const others = [...new Set(wanted.map(({ found }) => found.session))].filter((id) => id !== before.id);
  const project = others.flatMap((id) => {
    const own = new Set<string>(
      wanted.filter(({ found }) => found.session === id).map(({ found }) => found.note.id),
    );
    // Its document follows when that session is worked on again: it may lie in another work tree, or be shelved.
    const other = record(app, loadSession(app, id), draftsOf(id));
    const { slug } = saveSummary(app, other);
    return [...other.notes.values()]
      .filter((note) => own.has(note.id))
      .map((note) => ({ session: id, slug, note }));
  });
  const session = await refresh(app, here, record(app, before, draftsOf(before.id)));
  const ids = new Set(
    wanted.filter(({ found }) => found.session === before.id).map(({ found }) => found.note.id),
  );
  return {
    session,
    notes: [...ids].map((id) => session.notes.get(id)).filter((note) => note !== undefined),
    project,
  };
}

function eventOf(note: Note, { change, text }: NotesChanged): EventBody {
  const edited = (fields: NoteFields) => ({ type: "note.edited", data: { note: note.id, fields } }) as const;
  switch (change) {
    case "edit":
      return { type: "note.edited", data: { note: note.id, text: wordsFor(change, text) } };
    case "tag":
      return edited({
        tags: [...new Set([...tagsIn(note.fields.tags), ...tagsIn(wordsFor(change, text))])].join(", "),
      });
    case "untag": {
      const gone = tagsIn(wordsFor(change, text));
      return edited({
        tags: tagsIn(note.fields.tags)
          .filter((tag) => !gone.includes(tag))
          .join(", "),
      });
    }
    case "link":
      return edited({ link: wordsFor(change, text) });
    case "pin":
      return edited({ pinned: "yes" });
    case "unpin":
      return edited({ pinned: "" });
    case "project":
      return edited({ scope: "project" });
    case "session":
      return edited({ scope: "" });
    case "confirm":
      return { type: "note.confirmed", data: { note: note.id } };
    case "drop":
      return { type: "note.dropped", data: { note: note.id } };
    case "done":
      return { type: "note.done", data: { note: note.id } };
    case "reopen":
      return { type: "note.reopened", data: { note: note.id } };
    default:
      return assertNever(change);
  }
}

const EXAMPLES = {
  edit: 'leftoff notes edit 3f9a21 "the new text"',
  tag: "leftoff notes tag 3f9a21 auth security",
  untag: "leftoff notes untag 3f9a21 security",
  link: "leftoff notes link 3f9a21 https://example.org/issues/7",
} as const;

function wordsFor(change: keyof typeof EXAMPLES, text: string | undefined): string {
  const trimmed = (text ?? "").trim();
  if (trimmed !== "" && trimmed.length <= NOTE_TEXT_CHARS_MAX) return trimmed;
  throw new AppError(
    "input_invalid",
    `A note has 1 to ${NOTE_TEXT_CHARS_MAX} characters; this text has ${trimmed.length}.`,
    `For example: ${EXAMPLES[change]}`,
  );
}

interface Found {
  readonly session: SessionId;
  readonly note: Note;
}

/** A note of the session, or else one of another session that belongs to the project. */
function findNote(
  app: App,
  here: Here,
  { session, name }: { readonly session: Session; readonly name: string },
): Found {
  const matches = (id: string) => id === name || (name.length >= 4 && id.endsWith(name));
  const own = [...session.notes.values()].filter(({ id }) => matches(id));
  const found: readonly Found[] =
    own.length > 0
      ? own.map((note) => ({ session: session.id, note }))
      : projectNotes(app, here, session).filter(({ note }) => matches(note.id));
  const [first] = found;
  if (first !== undefined && found.length === 1) return first;
  throw new AppError(
    "note_not_found",
    found.length > 1
      ? `"${name}" could be ${found.length} notes of ${session.slug}.`
      : `${session.slug} has no note "${name}".`,
    "`leftoff notes` shows the ids; the last six characters are enough.",
  );
}
