import { type NoteId, newNoteId, type SessionId } from "../base/id.ts";
import { saySame } from "../distill/choose.ts";
import { type Author, isPinned, type NoteFields } from "../session/note.ts";
import type { Session } from "../session/session.ts";
import type { App } from "./app.ts";
import { documentTrouble } from "./document-trouble.ts";
import type { NoteInput } from "./note.input.ts";
import { refuseTooManyPins } from "./project-notes.ts";
import { refresh } from "./refresh.ts";
import { callingAuthor, callingConversation, callingPlace } from "./resolve-session.ts";
import { type Draft, record } from "./session-log.ts";
import { sessionToWrite } from "./session-to-write.ts";

export interface NotedResult {
  readonly session: SessionId;
  readonly slug: string;
  readonly note: NoteId;
  readonly kind: string;
  readonly text: string;
  /** Why the document does not show it yet, in words for a person: the note itself is kept. */
  readonly trouble?: string;
}

/**
 * Records a note in the current (or the named) session. It is in the journal when this returns; the document follows at
 * once for a person, and at the end of the turn for an agent (a document that changes under an agent comes back to it as
 * a diff in its next prompt).
 *
 * @throws AppError `refused` for a pin too many, `session_not_found`, `session_ambiguous`, `no_current_session`, and the store's.
 */
export async function addNote(app: App, input: NoteInput): Promise<NotedResult> {
  const here = await callingPlace(app);
  const before = await sessionToWrite(app, here, input.session);
  const note = newNoteId(app.clock.nowMs());
  const fields = definedFields(input.fields ?? {});
  const data = { note, kind: input.kind, text: input.text, fields };
  const by = callingAuthor(app);
  if (isPinned({ fields })) refuseTooManyPins(app, here, { session: before, more: 1 });
  const session = record(app, before, [
    { body: { type: "note.added", data }, by },
    ...answered(before, input, by),
  ]);
  await refresh(app, here, session);
  const text = session.notes.get(note)?.text ?? input.text;
  const trouble = callingConversation(app) === undefined ? documentTrouble(app, session.id) : undefined;
  const noted = { session: session.id, slug: session.slug, note, kind: input.kind, text };
  return trouble === undefined ? noted : { ...noted, trouble };
}

/** A guess that somebody has now said in their own words is no question any more. */
function answered(session: Session, { kind, text }: NoteInput, by: Author): readonly Draft[] {
  return [...session.notes.values()]
    .filter((note) => note.state === "proposed" && note.kind === kind && saySame(note.text, text))
    .map((note) => ({ body: { type: "note.dropped", data: { note: note.id } }, by }));
}

function definedFields(fields: { readonly [name: string]: string | undefined }): NoteFields {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== ""),
  );
}
