import type { EventBody, EventType, JournalEvent, NoteEdited } from "./event.ts";
import type { Note } from "./note.ts";
import type { Session } from "./session.ts";

/** What takes an event back: events that make it as if it had not been. A journal is only ever added to. */
export type TakenBack =
  | { readonly kind: "events"; readonly bodies: readonly EventBody[] }
  /** More than events: the shelf, or another session, has to do with it. */
  | { readonly kind: "archive" }
  | { readonly kind: "rotation"; readonly path: string }
  | { readonly kind: "switch" }
  /** It is no change that undo takes back; what does. */
  | { readonly kind: "not here"; readonly instead: string };

/** Changes that a person makes, and may want back. Everything else a person does (joining, writing documents) is none. */
export function isChange({ type }: { readonly type: EventType | "unknown" }): boolean {
  return (
    type.startsWith("note.") ||
    type === "session.chosen" ||
    Object.hasOwn(INSTEAD, type) ||
    type === "session.archived" ||
    type === "session.rotated"
  );
}

const INSTEAD: { readonly [type: string]: string } = {
  "session.paused": "`leftoff reopen` takes the work up again.",
  "session.blocked": "`leftoff reopen` takes the work up again.",
  "session.resumed": "`leftoff pause` sets it aside again.",
  "session.completed": "`leftoff reopen` takes the work up again.",
  "session.cancelled": "`leftoff reopen` takes the work up again.",
  "session.reopened": "`leftoff complete` finishes it again.",
  "session.unarchived": "`leftoff archive` shelves it again.",
  "session.unrotated": "`leftoff rotate` closes it again.",
  "session.renamed": "The title can be changed in the document.",
};

/**
 * @param was the note that the event is about, as it was before.
 * @param now the session as it is: what others changed since in the same note stays.
 */
export function takenBack(event: JournalEvent, was: Note | undefined, now: Session): TakenBack {
  if (event.type === "session.archived") return { kind: "archive" };
  if (event.type === "session.rotated") return { kind: "rotation", path: event.data.path };
  if (event.type === "session.chosen") return { kind: "switch" };
  if (!event.type.startsWith("note.") || !("note" in event.data))
    return { kind: "not here", instead: INSTEAD[event.type] ?? "`leftoff log` shows what was done." };
  const is = now.notes.get(event.data.note);
  if (is === undefined) return { kind: "not here", instead: "The line can be put back in the document." };
  if (was?.state === "proposed")
    return {
      kind: "not here",
      instead: "A guess that was settled stays so: `leftoff notes` changes it again.",
    };
  const words = event.type === "note.edited" && was !== undefined ? wordsBack(event.data, was) : [];
  // Where somebody else took it back already, the same once more changes nothing, and says that it was asked for.
  const bodies =
    words.length > 0 && was?.state === is.state ? words : [...words, stateTo(is, was?.state ?? "dropped")];
  return { kind: "events", bodies };
}

/** What the edit changed goes back; what it left alone is as it is now. */
function wordsBack(edit: NoteEdited, was: Note): readonly EventBody[] {
  const names = Object.keys(edit.fields ?? {}) as (keyof Note["fields"])[];
  const fields = Object.fromEntries(names.map((name) => [name, was.fields[name] ?? ""]));
  const data: NoteEdited = {
    note: was.id,
    ...(edit.text === undefined ? {} : { text: was.text }),
    ...(edit.kind === undefined ? {} : { kind: was.kind }),
    ...(names.length === 0 ? {} : { fields }),
  };
  return [{ type: "note.edited", data }];
}

function stateTo({ id: note }: Note, wanted: "open" | "done" | "dropped"): EventBody {
  const type = ({ open: "reopened", done: "done", dropped: "dropped" } as const)[wanted];
  return { type: `note.${type}`, data: { note } };
}
