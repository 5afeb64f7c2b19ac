import type { ConversationId, EventId, MachineId, NoteId } from "../base/id.ts";
import type { Author, Evidence, NoteFields, NoteKind } from "./note.ts";

/**
 * A fact about one session, in the past tense. Fields may be added, never renamed or given a new meaning: the format is
 * docs/formats/journal.md. Facts that a transcript can give again (files, commands, usage) are never events.
 */
export type JournalEvent = EventHead & EventBody;

/** What every event carries. `atMs` is the writer's clock: order is by position, never by time alone. */
export interface EventHead {
  readonly id: EventId;
  readonly machine: MachineId;
  /** Milliseconds since the Unix epoch, UTC. */
  readonly atMs: number;
  readonly by: Author;
}

export type EventBody =
  | { readonly type: "session.started"; readonly data: SessionStarted }
  | { readonly type: "session.renamed"; readonly data: { readonly title: string } }
  | { readonly type: "session.chosen"; readonly data: { readonly gitBranch?: string } }
  | { readonly type: "session.paused"; readonly data: NoData }
  | { readonly type: "session.blocked"; readonly data: { readonly reason: string } }
  | { readonly type: "session.resumed"; readonly data: NoData }
  | { readonly type: "session.completed"; readonly data: NoData }
  | { readonly type: "session.cancelled"; readonly data: { readonly reason: string } }
  | { readonly type: "session.reopened"; readonly data: NoData }
  | { readonly type: "session.archived"; readonly data: SessionArchived }
  | { readonly type: "session.unarchived"; readonly data: NoData }
  | { readonly type: "session.rotated"; readonly data: SessionRotated }
  | { readonly type: "session.unrotated"; readonly data: { readonly path: string } }
  | { readonly type: "conversation.joined"; readonly data: ConversationJoined }
  | { readonly type: "conversation.left"; readonly data: { readonly conversation: ConversationId } }
  | { readonly type: "git_branch.touched"; readonly data: { readonly gitBranch: string } }
  | { readonly type: "head.seen"; readonly data: HeadSeen }
  | { readonly type: "note.added"; readonly data: NoteAdded }
  | { readonly type: "note.proposed"; readonly data: NoteAdded & { readonly evidence: Evidence } }
  | { readonly type: "note.confirmed"; readonly data: { readonly note: NoteId } }
  | { readonly type: "note.edited"; readonly data: NoteEdited }
  | { readonly type: "note.done"; readonly data: { readonly note: NoteId } }
  | { readonly type: "note.dropped"; readonly data: { readonly note: NoteId } }
  | { readonly type: "note.reopened"; readonly data: { readonly note: NoteId } }
  | { readonly type: "document.written"; readonly data: DocumentWritten }
  | { readonly type: "memory.initialised"; readonly data: MemoryFile }
  | { readonly type: "memory.known"; readonly data: { readonly lines: readonly string[] } }
  | { readonly type: "document.updated"; readonly data: DocumentUpdated }
  | { readonly type: "context.changed"; readonly data: ContextChanged }
  | { readonly type: "message.kept"; readonly data: MessageKept };

export type EventType = EventBody["type"];
type NoData = { readonly [key: string]: never };

export interface SessionStarted {
  readonly title: string;
  /** `{YYYY-MM-DD}-{brief-description}`, unique among the sessions of the work tree. */
  readonly slug: string;
  readonly workspace: string;
  readonly workTree: string;
  readonly gitBranch?: string;
  /** The session of somebody else that this goes on with, by a handoff of theirs, and what they are called. */
  readonly continues?: string;
  readonly handedBy?: string;
  /** What it had taken them, as the handoff says. */
  readonly handedFigures?: HandedFigures;
}

/** Figures of a colleague's work, to the minute. Whole numbers of 0 and more. */
export interface HandedFigures {
  readonly activeMs: number;
  readonly prompts: number;
  readonly linesAdded: number;
  readonly linesRemoved: number;
  readonly testsAdded: number;
}

/** A session was shelved: by `archive`, or by a person who moved its document to `context/`. Paths are absolute. */
export interface SessionArchived {
  /** Where the document lay, and lies again after `unarchive`; absent where there was none. */
  readonly path?: string;
  /** Where its bytes lie now. */
  readonly kept?: string;
  /** The summary that we wrote. */
  readonly summary?: string;
}

/** Notes that are over were put away into an older part of the document: the page at `path`, absolute. */
export interface SessionRotated {
  readonly path: string;
  readonly notes: readonly NoteId[];
}

export interface ConversationJoined {
  readonly conversation: ConversationId;
  readonly agent: string;
  readonly gitBranch?: string;
}

/** Where HEAD stood at the end of a turn, written when it was elsewhere at the last one: drift is measured from it. */
export interface HeadSeen {
  readonly commit?: string;
  readonly gitBranch?: string;
}

export interface NoteAdded {
  readonly note: NoteId;
  readonly kind: NoteKind;
  readonly text: string;
  readonly fields?: NoteFields;
  readonly evidence?: Evidence;
  /** When it was said, where that is told and was before it was written down here. */
  readonly saidAtMs?: number;
}

/** Where a session's memory is written: `working/<task>/session_memory.md`, or a file of each day. */
export interface MemoryFile {
  readonly task: string;
  readonly dated: boolean;
}

/** What is given replaces what was there; a field that is an empty string is taken away. */
export interface NoteEdited {
  readonly note: NoteId;
  readonly text?: string;
  readonly kind?: NoteKind;
  readonly fields?: NoteFields;
}

/** What we wrote into a document, or knew of it after taking in a person's edits, so that a person's changes can be told from ours. `hash` is of one item's own bytes. */
export interface DocumentWritten {
  readonly path: string;
  readonly textHash: string;
  readonly items: readonly WrittenItem[];
}
/** The same, told by what differs from the items at `base`: this machine's last event about the document. Edits are in order and do not overlap. */
export interface DocumentUpdated {
  readonly path: string;
  readonly textHash: string;
  readonly base: EventId;
  readonly edits: readonly ItemsEdit[];
}
/** From the place `at` of the list before, `remove` items go and `items` come. */
export interface ItemsEdit {
  readonly at: number;
  readonly remove: number;
  readonly items: readonly WrittenItem[];
}
export interface WrittenItem {
  readonly note: NoteId;
  readonly section: string;
  readonly hash: string;
}

/** Lines of leftoff's that came to the context page and went from it, while this session was the current one. */
export interface ContextChanged {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** A prompt or an answer that a hook told us and that the transcript may never get (kill -9 right after Stop). */
export interface MessageKept {
  readonly conversation: ConversationId;
  readonly role: "person" | "agent";
  readonly text: string;
  readonly promptId?: string;
}

/** An event as read: one we know, or one of a later version, which is kept and passed over. */
export type ReadEvent = JournalEvent | UnknownEvent;
export interface UnknownEvent extends EventHead {
  readonly type: "unknown";
  readonly originalType: string;
  readonly data: unknown;
}
