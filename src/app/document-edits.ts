import { sha256 } from "../base/digest.ts";
import { derivedNoteId, type NoteId } from "../base/id.ts";
import { NOTE_TEXT_CHARS_MAX } from "../base/limits.ts";
import type { Comparison, DocumentChange, DocumentItem } from "../document/document.ts";
import type { EventBody, NoteEdited } from "../session/event.ts";
import type { Author } from "../session/note.ts";
import type { Session } from "../session/session.ts";
import type { Draft } from "./session-log.ts";

/**
 * A person's edits of a document as events, and which place in the file is which of the notes they added. Reading the same
 * edits once more gives the same notes and the same events: whoever was cut off between two appends of them is followed by
 * one who finds in the file what the journal has a part of already.
 */
export function editsAsEvents(
  session: Session,
  { text, by }: { readonly text: string; readonly by: Author },
  changes: readonly DocumentChange[],
): { readonly drafts: readonly Draft[]; readonly places: Comparison["aligned"] } {
  const counts = new Map<string, number>();
  const since = session.document?.event ?? session.id;
  const newNote = ({ kind, range }: DocumentItem): NoteId => {
    const said = `${kind} ${text.slice(range.from, range.to)}`;
    const nth = counts.get(said) ?? 0;
    counts.set(said, nth + 1);
    return derivedNoteId(sha256(`${since} ${nth} ${said}`));
  };
  const all = changes.map((change) => eventsOf(session, change, newNote));
  const drafts = all.flatMap(({ bodies }) => bodies.map((body) => draftOf(body, { since, by })));
  return { drafts, places: all.flatMap(({ place }) => place ?? []) };
}

/** Only an addition is another event each time: what else a person did changes nothing the second time. */
function draftOf(body: EventBody, { since, by }: { readonly since: string; readonly by: Author }): Draft {
  return body.type === "note.added" ? { body, by, key: `typed ${since} ${body.data.note}` } : { body, by };
}

type NewNote = (item: DocumentItem) => NoteId;

interface ChangeEvents {
  readonly bodies: readonly EventBody[];
  /** Where the note that an addition became stands. */
  readonly place?: Comparison["aligned"][number];
}

function eventsOf(session: Session, change: DocumentChange, newNote: NewNote): ChangeEvents {
  switch (change.type) {
    case "added": {
      const { item } = change;
      const note = newNote(item);
      const added: EventBody = { type: "note.added", data: { note, kind: item.kind, ...contentOf(item) } };
      const done: EventBody[] = item.checked === true ? [{ type: "note.done", data: { note } }] : [];
      return { bodies: [added, ...done], place: { note, range: item.range } };
    }
    case "edited":
      return {
        bodies: [
          { type: "note.edited", data: { note: change.note, ...editOf(session, change.note, change.item) } },
        ],
      };
    case "renamed":
      return { bodies: [{ type: "session.renamed", data: { title: change.title } }] };
    case "status":
      return { bodies: statusEvents(session, change) };
    default:
      return { bodies: [{ type: `note.${change.type}`, data: { note: change.note } }] };
  }
}

function contentOf(item: DocumentItem): { text: string; fields: DocumentItem["fields"] } {
  return { text: item.text.slice(0, NOTE_TEXT_CHARS_MAX), fields: item.fields };
}

/** A field that the person took away is an empty string in the event. */
function editOf(session: Session, id: NoteId, item: DocumentItem): Omit<NoteEdited, "note"> {
  const before = session.notes.get(id)?.fields ?? {};
  const removed = Object.keys(before).filter((name) => !Object.hasOwn(item.fields, name));
  const content = { ...contentOf(item), kind: item.kind };
  return {
    ...content,
    fields: { ...content.fields, ...Object.fromEntries(removed.map((name) => [name, ""])) },
  };
}

function statusEvents(
  session: Session,
  { status, reason }: Extract<DocumentChange, { type: "status" }>,
): readonly EventBody[] {
  switch (status) {
    case "completed":
      return [{ type: "session.completed", data: {} }];
    case "blocked":
      return [{ type: "session.blocked", data: { reason: reason ?? "" } }];
    case "in_progress":
      return [
        session.phase === "paused"
          ? { type: "session.resumed", data: {} }
          : { type: "session.reopened", data: {} },
      ];
  }
}
