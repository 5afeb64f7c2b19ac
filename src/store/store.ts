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

  /**
   * Events after `position` (from the start without one), in journal order, each id once, with what could not be read.
   * The order across machines and "once" hold within one read: who folds read after read relies on a fold that ignores
   * ids it has seen, and starts over when a machine joins whose events may belong before those it has.
   */
  read(session: SessionId, position?: JournalPosition): JournalRead;

  /**
   * Events that {@link replay} to the same session as those of {@link Journal.read}, in that order: for whoever wants the
   * session and not its history, of which the document is told anew after every turn.
   */
  latest(session: SessionId): readonly ReadEvent[];

  /** What {@link Journal.read} says that it could not read, for less where {@link Journal.latest} was asked before. */
  damage(session: SessionId): readonly Damage[];

  /** Files and folders of this machine that change whenever a session's journal does: for telling by `stat` alone that nothing is new. */
  paths(session: SessionId): readonly string[];

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

/** A damaged place that was taken out of a file, and the file beside it that has its bytes now. */
export interface Repaired extends Damage {
  readonly keptIn: string;
}

/** Puts what is truth in order again. */
export interface Repair {
  /**
   * Takes what is damaged out of it, so that it is read without losses again; nothing is thrown away. What was read
   * before is read after, in the same order. Doing it again finds nothing. Killed at any moment, it leaves files that are
   * read like before, and the next one finishes it.
   *
   * @param options.dryRun say what would be taken out, and change nothing.
   * @throws AppError `store_busy` while another repair is at work, `permission_denied`, `disk_full`.
   */
  takeOut(options: { readonly dryRun: boolean }): RepairFindings;
  /** Puts records of the source back to where they stood. */
  fill(file: ArchiveFile): ArchiveFilling;
}

export interface RepairFindings {
  readonly repaired: readonly Repaired[];
  /** What archives lack, by this repair or an earlier one, and their sources may still have. */
  readonly gaps: readonly ArchiveGaps[];
}

/** All gaps of a file, in its order; at least one. */
export interface ArchiveGaps {
  readonly file: ArchiveFile;
  readonly gaps: readonly ArchiveGap[];
}

/** Bytes of a source that an archive had read, of which it has nothing any more. */
export interface ArchiveGap {
  /** Where they begin in the source. */
  readonly from: SourcePosition;
  readonly toByte: number;
  /** A place behind them that was read of the same source: a file in which this place is found is that source. */
  readonly knownBy: SourcePosition;
}

/** Records on their way back into a file of the archive; nothing changes before the end. */
export interface ArchiveFilling {
  /** Consecutive batches of the source, from the gap's beginning to its end. */
  take(gap: ArchiveGap, batch: ArchiveBatch): void;
  /**
   * Puts them in where their gaps are still there. Killed, it leaves the file as it was or with all of them.
   *
   * @returns how many records were put in.
   * @throws AppError `store_busy`, `permission_denied`, `disk_full`.
   */
  end(): number;
}

/** The truth about conversations: redacted copies of agents' transcripts, kept when the agent deletes its own. */
export interface Archive {
  /**
   * Keeps the records of a batch that are not kept yet, in order. They survive the death of every process at once, and a
   * power cut within seconds, or after {@link Archive.sync}: until then the agent's own transcript has them. Doing it twice,
   * or with a batch that overlaps what is kept, adds nothing twice. A batch of another source (see
   * {@link SourcePosition}) is added whole. What an interrupted write left behind is cut off first and reported: its
   * records are part of a batch again, because {@link Archive.position} never counted them.
   *
   * @throws AppError `disk_full`, `permission_denied`, `store_busy` (another process appends to the same file).
   */
  append(file: ArchiveFile, batch: ArchiveBatch): ArchiveAppend;
  /**
   * Makes what was appended to a file so far survive a power cut, too, when it returns. Nothing of a file is nothing to do.
   *
   * @throws AppError where the disk refuses; then it may be lost as before.
   */
  sync(file: ArchiveFile): void;
  /**
   * Whether {@link Packing.pack} has something to do: what is appended in small pieces is kept as it comes, so that an append
   * is cheap. Of a conversation that goes on this tells of what was appended through this store.
   */
  isLoose(agent: string, conversation: ConversationId, how: PackingHow): boolean;
  /** Removes what a killed process was writing into the files of a conversation, and nobody will finish. It is never read. */
  tidy(agent: string, conversation: ConversationId): void;
  /** All records of a file, oldest first. For files of unknown size use {@link Archive.forEach}. */
  read(file: ArchiveFile): ArchiveRead;
  /**
   * Hands the records over in groups, oldest first, in memory bounded by one group (one member), with what had been lost of
   * the source there; returns what could not be read of the archive itself.
   */
  forEach(
    file: ArchiveFile,
    onRecords: (records: readonly JsonObject[], losses: readonly Damage[]) => void,
  ): readonly Damage[];
  /**
   * Hands the records over in groups, the newest group first (in it, the oldest record first), until `onRecords` says stop:
   * the end of a long conversation for the price of its end. What cannot be read is passed over.
   */
  newestFirst(file: ArchiveFile, onRecords: (records: readonly JsonObject[]) => "stop" | undefined): void;
  /** How far the source had been read when the last whole member was written; undefined if nothing is kept. */
  position(file: ArchiveFile): SourcePosition | undefined;
  /** Names of the files kept of a conversation, sorted: `main`, `agent-<id>`. */
  files(agent: string, conversation: ConversationId): readonly string[];
  /** Conversations of which something is kept, sorted. */
  conversations(agent: string): readonly ConversationId[];
}

/** Takes less room for what was appended in small pieces. */
export interface Packing {
  /**
   * Packs the files of a conversation of which enough lies loose, and which nobody else is at work on. Nothing that is read
   * changes; killed at any moment, a file is as it was or packed. Takes long, so never where somebody waits.
   *
   * @throws AppError `disk_full`, `permission_denied`; then all is as it was.
   */
  pack(agent: string, conversation: ConversationId, how: PackingHow): void;
}

export interface PackingHow {
  /** Nothing is going to be appended soon: all files of the conversation, and less is enough. */
  readonly isOver: boolean;
}

/** One transcript file of a conversation: `file` is `main`, or `agent-<id>` for a subagent's. */
export interface ArchiveFile {
  readonly agent: string;
  readonly conversation: ConversationId;
  readonly file: string;
}

/** Identity and progress in a transcript: another inode, or a size below the offset, means another file. */
export interface SourcePosition {
  readonly inode: number;
  readonly sizeBytes: number;
  /** Bytes consumed: to just after a line feed, or a run of NUL bytes, or (`inRecord`) a window of a record. */
  readonly offset: number;
  /** A digest of the bytes just before `offset`, by which the place is known again; undefined where an older version wrote it. */
  readonly tail?: string;
  /** The offset lies inside a record that is kept in windows. */
  readonly inRecord?: true;
  /** The source is one written anew: what it holds up to there may be kept already. Gone once that was read. */
  readonly knownTo?: number;
}

/** Consecutive records of a transcript, redacted, and where they stood in it. */
export interface ArchiveBatch {
  readonly records: readonly JsonObject[];
  /** For each record the byte just after its line, so that a batch can be cut at any record; as long as `records`, ascending. */
  readonly ends: readonly number[];
  /** Where the batch began in the source, and the position after it (which may lie behind the last record: lines that are none). */
  readonly fromByte: number;
  readonly position: SourcePosition;
  /** Bytes of the source between these records that gave nothing: kept, so that they can be told again. */
  readonly losses?: readonly Damage[];
  /** Whatever the positions look like, this source is another one than that of the kept position. */
  readonly restarts?: boolean;
}

export interface ArchiveAppend {
  /** Records added: fewer than the batch has where some were kept already. */
  readonly added: number;
  readonly damage: readonly Damage[];
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
  /** Where a value lies and where the values below a key lie: for telling by `stat` alone whether they changed. */
  path(key: string): { readonly file: string; readonly folder: string };
  /** Keys of the values directly below a folder (`conversations` → `conversations/<id>`), sorted; `""` is the top. */
  list(folder: string): readonly string[];
}
