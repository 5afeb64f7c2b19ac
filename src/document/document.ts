import type { NoteId } from "../base/id.ts";
import type { DocumentWritten } from "../session/event.ts";
import type { Note, NoteFields, NoteKind } from "../session/note.ts";

/** A state document as read: what we understood of it, with the place of every part, so that edits splice and never re-print. */
export interface StateDocument {
  readonly text: string;
  readonly title: string | undefined;
  readonly status: DocumentStatus | undefined;
  /** What stands behind the status word: "Blocked on the security review". */
  readonly statusReason: string | undefined;
  readonly sections: readonly Section[];
  readonly warnings: readonly DocumentWarning[];
}

/** The human word for where the work stands. */
export type DocumentStatus = "in_progress" | "completed" | "blocked";

export interface Section {
  readonly heading: string;
  /** The note kind its items are; `derived` for what leftoff keeps (continuity, metrics); undefined for people's own sections. */
  readonly holds: NoteKind | "derived" | undefined;
  readonly range: Range;
  readonly items: readonly DocumentItem[];
}

/** One list item of a section with everything below it (its bold fields, its own lines). */
export interface DocumentItem {
  readonly kind: NoteKind;
  readonly text: string;
  readonly fields: NoteFields;
  /** `- [x]`; undefined where there is no box. */
  readonly checked: boolean | undefined;
  /** Marked `(unconfirmed)`: a proposal of ours. */
  readonly unconfirmed: boolean;
  readonly range: Range;
}

/** UTF-16 offsets into the text: from inclusive, to exclusive. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

export interface DocumentWarning {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** What we last wrote: a text of ours and which of its items is which note. */
export interface WrittenDocument {
  readonly text: string;
  readonly items: DocumentWritten["items"];
  /**
   * Hashes of the items that leftoff put into it, none for a text that a person wrote: a file with one of them was made
   * from this text, or from a later one. Undefined where nobody kept it.
   */
  readonly put?: readonly string[];
  /** Of a text that stands in for one that was lost: the headings that are known to have been in that one. */
  readonly headings?: readonly string[];
}

/** What a person did to the document since we wrote it, ready to become events. */
export type DocumentChange =
  | { readonly type: "added"; readonly item: DocumentItem }
  | { readonly type: "edited"; readonly note: NoteId; readonly item: DocumentItem }
  | { readonly type: "done"; readonly note: NoteId }
  | { readonly type: "reopened"; readonly note: NoteId }
  | { readonly type: "confirmed"; readonly note: NoteId }
  | { readonly type: "dropped"; readonly note: NoteId }
  | { readonly type: "renamed"; readonly title: string }
  | { readonly type: "status"; readonly status: DocumentStatus; readonly reason: string | undefined };

export interface Comparison {
  readonly changes: readonly DocumentChange[];
  /** Which item of the text (by its place) is which note, for the next write. */
  readonly aligned: readonly { readonly note: NoteId; readonly range: Range }[];
  /** Why deletions were not believed: the file lost more than half its items at once, is empty, holds conflict marks. */
  readonly withheld: string | undefined;
  /** Holds merge-conflict marks: nothing may be written into it until a person has settled them. */
  readonly conflicted: boolean;
}

/** What the document shall say: the session's notes and what leftoff keeps beside them. */
export interface DocumentView {
  readonly title: string;
  /** `YYYY-MM-DD`, local. */
  readonly createdDate: string;
  readonly updatedDate: string;
  readonly status: DocumentStatus;
  readonly statusReason: string | undefined;
  readonly thread: string | undefined;
  readonly notes: readonly Note[];
  readonly files: readonly { readonly path: string; readonly what: string }[];
  readonly commands: readonly { readonly command: string; readonly what: string }[];
  /** Previous / current / expected next conversation, one entry each; `when` is a date. */
  readonly continuity: {
    readonly previous: ContinuityEntry | undefined;
    readonly current: ContinuityEntry | undefined;
    readonly next: readonly string[];
  };
  readonly metrics: readonly { readonly name: string; readonly value: string }[];
  /** Lines that leftoff keeps and a person took out: ids of `dropped` changes that are no notes. They stay out. */
  readonly hidden?: readonly NoteId[];
}

export interface ContinuityEntry {
  readonly when: string;
  readonly lines: readonly string[];
}
