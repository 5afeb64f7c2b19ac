import type { ConversationId, MachineId, SessionId } from "../base/id.ts";
import type { JsonObject } from "../base/parse.ts";
import type { JournalEvent, ReadEvent } from "../session/event.ts";

/**
 * Where sessions live. Adapters: local/ (files on one machine), later postgres/ (a team). What store.contract.ts does
 * not say, no caller may rely on. Everything given to a store is already redacted.
 */
export interface Store {
  readonly journal: Journal;
  readonly archive: Archive;
  readonly state: State;
  /** The id under which this machine writes; made at first use, the same for ever. */
  machine(): MachineId;
}

/** The truth about sessions: our events, append-only. */
export interface Journal {
  /**
   * Appends events to a session's journal in one write and returns when they are on disk. Callers may append an event
   * twice: readers drop the second copy by its id.
   *
   * @param events at most EVENTS_PER_APPEND_MAX, each at most EVENT_BYTES_MAX as a line.
   * @throws AppError `disk_full`, `permission_denied`; nothing is acknowledged then.
   */
  append(session: SessionId, events: readonly JournalEvent[]): void;

  /** Events after `position` (from the start without one), in journal order, each id once, with what could not be read. */
  read(session: SessionId, position?: JournalPosition): JournalRead;

  /** Ids of all sessions that have a journal, in no order. */
  sessions(): readonly SessionId[];
}

/** How far each machine's file was read, in bytes. */
export type JournalPosition = { readonly [machine: string]: number };

export interface JournalRead {
  readonly events: readonly ReadEvent[];
  readonly position: JournalPosition;
  readonly damage: readonly Damage[];
}

/** Bytes that could not be understood: where they are, and why. Everything around them was read. */
export interface Damage {
  readonly path: string;
  /** Line number, from 1, where known. */
  readonly line: number | undefined;
  readonly fromByte: number;
  readonly toByte: number;
  readonly reason: string;
}

/** The truth about conversations: redacted copies of agents' transcripts, kept when the agent deletes its own. */
export interface Archive {
  /**
   * Adds records of one transcript file after those already kept. Members are independent, so a torn last one costs
   * nothing before it.
   *
   * @param source the agent's file these records came from, and the byte range they stood at.
   */
  append(agent: string, conversation: ConversationId, file: string, batch: ArchiveBatch): void;
  /** All records of one file of a conversation, oldest first. */
  read(agent: string, conversation: ConversationId, file: string): ArchiveRead;
  /** Where the source had been read to when the last member was written; undefined if nothing is kept. */
  position(agent: string, conversation: ConversationId, file: string): SourcePosition | undefined;
  /** The files kept of a conversation: `main`, `agent-<id>`. */
  files(agent: string, conversation: ConversationId): readonly string[];
  conversations(agent: string): readonly ConversationId[];
}

/** Identity and progress in a transcript: another inode or a smaller size means another file. */
export interface SourcePosition {
  readonly inode: number;
  readonly sizeBytes: number;
  /** Bytes consumed; always just after a line feed. */
  readonly offset: number;
}

export interface ArchiveBatch {
  readonly records: readonly JsonObject[];
  /** Where the batch began in the source, and the position after it. */
  readonly fromByte: number;
  readonly position: SourcePosition;
}

export interface ArchiveRead {
  readonly records: readonly JsonObject[];
  readonly damage: readonly Damage[];
}

/** Derived values under a path of names (`conversations/<id>`): may be deleted at any time, and rebuilt. */
export interface State {
  /** The value, or undefined where there is none or it is damaged (it is derived: damage means "make it again"). */
  get(key: string): unknown;
  /** Replaces the value: a reader sees the old or the new one, never a part. */
  put(key: string, value: unknown): void;
  remove(key: string): void;
  /** Keys directly below a folder, sorted. */
  list(folder: string): readonly string[];
}
