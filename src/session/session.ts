import { assertNever } from "../base/error.ts";
import type { ConversationId, NoteId, SessionId } from "../base/id.ts";
import type {
  ConversationJoined,
  HandedFigures,
  HeadSeen,
  JournalEvent,
  MemoryFile,
  MessageKept,
  NoteAdded,
  NoteEdited,
  ReadEvent,
  SessionArchived,
  SessionRotated,
} from "./event.ts";
import {
  type DocumentKnowledge,
  isDocumentEvent,
  type KnownDocument,
  withDocument,
} from "./known-document.ts";
import { type Phase, TRANSITIONS, type Trigger } from "./life-cycle.ts";
import type { Author, Note, NoteFields, NoteState } from "./note.ts";

/** What is known of a session from its journal. Derived: replaying the events gives it again. */
export interface Session extends DocumentKnowledge {
  readonly id: SessionId;
  readonly title: string;
  readonly slug: string;
  readonly workspace: string;
  readonly workTree: string;
  /** `working` never stands here: it belongs to conversations (see life-cycle.ts). */
  readonly phase: Exclude<Phase, "working">;
  /** Why it is blocked or was cancelled; undefined otherwise. */
  readonly reason: string | undefined;
  readonly blocked: boolean;
  /** How often it was blocked so far, now included. */
  readonly timesBlocked: number;
  /** While it is archived: where its document went, and what it goes back to. */
  readonly shelved: ShelvedSession | undefined;
  /** When it was last completed or cancelled; 0 before that. */
  readonly finishedAtMs: number;
  /** Whose work this goes on with, by a handoff. */
  readonly handedBy?: string;
  readonly handedFigures?: HandedFigures;
  readonly continues?: string;
  readonly createdAtMs: number;
  /** The last event by a person or an agent; 0 before the first. Turns of conversations are not in the journal. */
  readonly updatedAtMs: number;
  /** When `switch` or `new` last made it the one that conversations start in; 0 if never. */
  readonly chosenAtMs: number;
  /** The git branch that this was done on. */
  readonly chosenOn: string | undefined;
  /** Where HEAD stood at the end of its last turn. */
  readonly head: (HeadSeen & { readonly atMs: number }) | undefined;
  readonly conversations: readonly JoinedConversation[];
  readonly gitBranches: readonly string[];
  /** In the order they were first recorded; dropped ones too, so that they are never proposed again. */
  readonly notes: ReadonlyMap<NoteId, Note>;
  /** Older parts of its document, oldest first: where their pages lie, and the notes that each took. */
  readonly parts: readonly SessionRotated[];
  /** Notes that stand in an older part, and in the document no more. */
  readonly putAway: ReadonlySet<NoteId>;
  /** Lines of ours (a file, a metric) that a person took out of the document, by the ids they stood under: they stay out. */
  readonly hidden: ReadonlySet<NoteId>;
  /** Where its memory is written; undefined before `leftoff memory init`. */
  readonly memory: MemoryFile | undefined;
  /** Lines of memory files that were taken in or are ours, each as a digest and which of its equals it is. */
  readonly memoryLines: ReadonlySet<string>;
  readonly kept: readonly (MessageKept & { readonly atMs: number })[];
}

export interface ShelvedSession extends SessionArchived {
  /** `cancelled` or `complete`, with the reason it had. */
  readonly phase: Session["phase"];
  readonly reason: string | undefined;
}

export interface JoinedConversation {
  readonly id: ConversationId;
  readonly agent: string;
  readonly joinedAtMs: number;
}

/** The document's word for where the work stands. */
export type SessionStatus = "in_progress" | "completed" | "blocked";

export function emptySession(id: SessionId): Session {
  return {
    id,
    title: "",
    slug: "",
    workspace: "",
    workTree: "",
    phase: "new",
    reason: undefined,
    blocked: false,
    timesBlocked: 0,
    shelved: undefined,
    finishedAtMs: 0,
    createdAtMs: 0,
    updatedAtMs: 0,
    chosenAtMs: 0,
    chosenOn: undefined,
    head: undefined,
    conversations: [],
    gitBranches: [],
    notes: new Map(),
    document: undefined,
    documents: new Map(),
    parts: [],
    putAway: new Set(),
    hidden: new Set(),
    memory: undefined,
    memoryLines: new Set(),
    kept: [],
  };
}

export function replay(id: SessionId, events: Iterable<ReadEvent>): Session {
  return evolveAll(emptySession(id), events);
}

/**
 * The session after some more events: the same as one {@link evolve} after the other, in linear time.
 *
 * @param visit is told each event with the session before it, whose notes change when it returns.
 */
export function evolveAll(
  before: Session,
  events: Iterable<ReadEvent>,
  visit?: (event: ReadEvent, session: Session) => void,
): Session {
  const notes = new Map(before.notes);
  let session: Session = { ...before, notes };
  for (const event of events) {
    visit?.(event, session);
    session = after(session, event, (_, note) => notes.set(note.id, note));
  }
  return session;
}

/**
 * The session after one more event. Total: an event that makes no sense here changes nothing and throws nothing, an
 * event of a later version is passed over, and the same note twice is one note.
 */
export function evolve(before: Session, event: ReadEvent): Session {
  return after(before, event, (notes, note) => new Map(notes).set(note.id, note));
}

/** Puts a note among the others: into a copy of them, or in place where nobody else holds them. */
type PutNote = (notes: Session["notes"], note: Note) => Session["notes"];

function after(before: Session, event: ReadEvent, put: PutNote): Session {
  if (event.type === "unknown") return before;
  if (isDocumentEvent(event)) return { ...before, ...withDocument(before, event) };
  const session: Session = { ...before, updatedAtMs: activity(before, event) };
  switch (event.type) {
    case "session.started":
      return {
        ...session,
        ...event.data,
        gitBranches: touched(session, event.data.gitBranch),
        createdAtMs: event.atMs,
      };
    case "session.renamed":
      return { ...session, title: event.data.title };
    case "session.chosen":
      return { ...before, chosenAtMs: event.atMs, chosenOn: event.data.gitBranch };
    case "head.seen":
      return { ...before, head: { ...event.data, atMs: event.atMs } };
    case "session.paused":
      return moved(session, "pause", undefined);
    case "session.blocked":
      return {
        ...moved(session, "block", event.data.reason),
        blocked: true,
        timesBlocked: session.timesBlocked + (session.blocked ? 0 : 1),
      };
    case "session.resumed":
      return moved(session, "resume", undefined);
    case "session.completed":
      return { ...moved(session, "complete", undefined), finishedAtMs: event.atMs };
    case "session.cancelled":
      return { ...moved(session, "cancel", event.data.reason), finishedAtMs: event.atMs };
    case "session.reopened":
      return { ...moved(session, "reopen", undefined), shelved: undefined, document: broughtBack(session) };
    case "session.archived":
      return archived(session, event.data);
    case "session.unarchived":
      return unarchived(session);
    case "session.rotated":
      return rotated(session, event.data);
    case "session.unrotated":
      return unrotated(session, event.data.path);
    case "conversation.joined":
      return withConversation(session, event.data, event.atMs);
    case "conversation.left":
      return {
        ...session,
        conversations: session.conversations.filter(({ id }) => id !== event.data.conversation),
      };
    case "git_branch.touched":
      return { ...session, gitBranches: touched(session, event.data.gitBranch) };
    case "memory.initialised":
      return { ...before, memory: event.data };
    case "memory.known":
      return { ...before, memoryLines: new Set([...before.memoryLines, ...event.data.lines]) };
    case "context.changed":
      return before;
    case "message.kept":
      return { ...session, kept: [...session.kept, { ...event.data, atMs: event.atMs }] };
    default:
      return withNoteEvent(session, event, put);
  }
}

export function statusOf(session: Pick<Session, "phase" | "blocked">): SessionStatus {
  if (session.blocked) return "blocked";
  return session.phase === "complete" || session.phase === "archived" || session.phase === "cancelled"
    ? "completed"
    : "in_progress";
}

type NoteEvent = Extract<JournalEvent, { type: `note.${string}` }>;

function withNoteEvent(session: Session, event: NoteEvent, put: PutNote): Session {
  const before = session.notes.get(event.data.note);
  // Not a note: a line that leftoff keeps, and a person took out.
  if (event.type === "note.dropped" && before === undefined)
    return { ...session, hidden: new Set(session.hidden).add(event.data.note) };
  const now = noteAfter(before, event);
  if (now === undefined || now === before) return session;
  // What changes is of now, and stands in the document again.
  return { ...session, notes: put(session.notes, now), putAway: withoutNote(session.putAway, now.id) };
}

function noteAfter(note: Note | undefined, event: NoteEvent): Note | undefined {
  if (event.type === "note.added") return note ?? newNote(event, event.data, "open");
  if (event.type === "note.proposed") return note ?? newNote(event, event.data, "proposed");
  if (note === undefined) return undefined;
  const changed = changedNote(note, event);
  return changed === note ? note : { ...changed, changedAtMs: event.atMs };
}

function newNote(event: NoteEvent, data: NoteAdded, state: NoteState): Note {
  return {
    id: data.note,
    kind: data.kind,
    text: data.text,
    fields: data.fields ?? {},
    state,
    by: event.by,
    atMs: Math.min(event.atMs, data.saidAtMs ?? event.atMs),
    changedAtMs: event.atMs,
    evidence: data.evidence,
  };
}

function changedNote(note: Note, event: Exclude<NoteEvent, { type: "note.added" | "note.proposed" }>): Note {
  switch (event.type) {
    case "note.edited":
      return edited(note, event.data, event.by);
    case "note.confirmed":
      return note.state === "proposed" ? inState(note, "open") : note;
    case "note.done":
      return inState(note, "done");
    case "note.dropped":
      return inState(note, "dropped");
    case "note.reopened":
      return inState(note, "open");
    default:
      return assertNever(event);
  }
}

function withoutNote(notes: ReadonlySet<NoteId>, note: NoteId): ReadonlySet<NoteId> {
  return notes.has(note) ? new Set([...notes].filter((id) => id !== note)) : notes;
}

function inState(note: Note, state: NoteState): Note {
  return note.state === state ? note : { ...note, state };
}

/** An edit of a proposal by anybody makes it stand. What leftoff said, and somebody put into their own words, is theirs. */
function edited(note: Note, change: NoteEdited, by: Author): Note {
  return {
    ...note,
    kind: change.kind ?? note.kind,
    text: change.text ?? note.text,
    fields: change.fields ? mergedFields(note.fields, change.fields) : note.fields,
    state: note.state === "proposed" ? "open" : note.state,
    by: note.by.kind === "leftoff" && change.text !== undefined ? by : note.by,
  };
}

function mergedFields(before: NoteFields, change: NoteFields): NoteFields {
  const entries = Object.entries({ ...before, ...change }).filter(([, value]) => value !== "");
  return Object.fromEntries(entries);
}

function moved(session: Session, trigger: Trigger, reason: string | undefined): Session {
  const phase = TRANSITIONS[session.phase][trigger];
  if (phase === undefined || phase === "working") return session;
  return { ...session, phase, reason, blocked: false };
}

/** Shelving is no work on it, yet it is the last thing that happened: the reason of a cancelled one stays. */
function archived(session: Session, data: SessionArchived): Session {
  const after = moved(session, "archive", session.reason);
  if (after === session) return session;
  const { phase, reason } = session;
  return { ...after, shelved: { ...data, phase, reason } };
}

function unarchived(session: Session): Session {
  if (session.shelved === undefined) return session;
  const { phase, reason } = session.shelved;
  return { ...session, phase, reason, shelved: undefined, document: broughtBack(session) };
}

function rotated(session: Session, part: SessionRotated): Session {
  return {
    ...session,
    parts: [...session.parts, part],
    putAway: new Set([...session.putAway, ...part.notes]),
  };
}

function unrotated(session: Session, path: string): Session {
  const back = new Set(session.parts.filter((part) => part.path === path).flatMap(({ notes }) => notes));
  return {
    ...session,
    parts: session.parts.filter((part) => part.path !== path),
    putAway: new Set([...session.putAway].filter((note) => !back.has(note))),
  };
}

/** What a person wrote into the document on its way out was read where they had put it. */
function broughtBack({ document, shelved }: Session): KnownDocument | undefined {
  return document === undefined || shelved?.path === undefined
    ? document
    : { ...document, path: shelved.path };
}

/** A conversation that joins makes a new session an active one. Joining twice changes nothing. */
function withConversation(session: Session, joined: ConversationJoined, atMs: number): Session {
  const known = session.conversations.some(({ id }) => id === joined.conversation);
  return {
    ...session,
    phase: session.phase === "new" ? "active" : session.phase,
    gitBranches: touched(session, joined.gitBranch),
    conversations: known
      ? session.conversations
      : [...session.conversations, { id: joined.conversation, agent: joined.agent, joinedAtMs: atMs }],
  };
}

/** What we do by ourselves (reading old conversations, proposing) is no activity of the work. */
function activity(session: Session, event: JournalEvent): number {
  return event.by.kind === "leftoff" ? session.updatedAtMs : Math.max(session.updatedAtMs, event.atMs);
}

function touched(session: Session, gitBranch: string | undefined): readonly string[] {
  if (gitBranch === undefined || session.gitBranches.includes(gitBranch)) return session.gitBranches;
  return [...session.gitBranches, gitBranch];
}
