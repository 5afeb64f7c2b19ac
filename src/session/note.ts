import type { ConversationId, NoteId } from "../base/id.ts";

/** What a note can be. Where each stands in the state document: document/sections.ts. */
export const NOTE_KINDS = [
  "summary",
  "finding",
  "worked",
  "failed",
  "untried",
  "next",
  "decision",
  "progress",
  "issue",
  "blocker",
  "risk",
  "learning",
  "file",
  "command",
  "solution",
  "implementation",
  "deployment",
  "metric",
] as const;
export type NoteKind = (typeof NOTE_KINDS)[number];

/** proposed: a guess of ours that nobody has confirmed. open: stands. done: ticked off. dropped: no longer counts, never proposed again. */
export type NoteState = "proposed" | "open" | "done" | "dropped";

/** Further sentences of a note: `leftoff note --NAME` and a bold field of the document (document/fields.ts) hold each. */
export const NOTE_FIELDS = [
  "result",
  "why",
  "lesson",
  "time",
  "file",
  "priority",
  "impact",
  "tradeoff",
  "approved",
  "status",
  "horizon",
  "cause",
  "evidence",
  "mitigation",
  "likelihood",
  "waiting",
  "expected",
  "superseded",
  "before",
  "after",
  "gain",
  "owner",
  "link",
  "tags",
  "scope",
  "pinned",
] as const;
export type NoteField = (typeof NOTE_FIELDS)[number];
export type NoteFields = { readonly [Field in NoteField]?: string };

/** When a next step is due; the value of the field `horizon`. No value means immediate. */
export const HORIZONS = ["immediate", "short-term", "future"] as const;
export type Horizon = (typeof HORIZONS)[number];

/** Who said or did something. An agent is named with the conversation it did it in. */
export type Author =
  | { readonly kind: "person"; readonly name?: string }
  | { readonly kind: "agent"; readonly name: string; readonly conversation?: ConversationId }
  | { readonly kind: "leftoff" };

/** Where a note comes from, so that everything shown can be traced. */
export interface Evidence {
  readonly conversation: ConversationId;
  /** The agent's id of the record that says so. */
  readonly record: string;
}

/** One item of a session. Derived from the journal; `text` is redacted and at most NOTE_TEXT_CHARS_MAX characters. */
export interface Note {
  readonly id: NoteId;
  readonly kind: NoteKind;
  readonly text: string;
  readonly fields: NoteFields;
  readonly state: NoteState;
  readonly by: Author;
  /** Milliseconds since the epoch when it was first recorded, and when it was last changed. */
  readonly atMs: number;
  readonly changedAtMs: number;
  readonly evidence: Evidence | undefined;
}

/** It belongs to the project and outlives its session: field `scope`. */
export function isOfProject({ fields: { scope } }: Pick<Note, "fields">): boolean {
  return scope !== undefined && /^\W{0,4}project\b/i.test(scope);
}

/** It never falls out of a brief: field `pinned`, whose value may be any word but one of no. */
export function isPinned({ fields }: Pick<Note, "fields">): boolean {
  const value = (fields.pinned ?? "").trim();
  return value !== "" && !/^(?:no|none|false|0|✗|❌)(?:\W|$)/iu.test(value);
}

/** A step that came with the template its session began from, and that nobody has put into other words. */
export function isOfTemplate({ kind, by, evidence }: Pick<Note, "kind" | "by" | "evidence">): boolean {
  return kind === "next" && by.kind === "leftoff" && evidence === undefined;
}

/** A decision that another one stands in the place of, by its field or its status. */
export function isSuperseded({ fields }: Pick<Note, "fields">): boolean {
  if ((fields.superseded ?? "") !== "") return true;
  const status = (fields.status ?? "").slice(0, STATUS_CHARS_MAX);
  return /^\W{0,4}(?:superseded|replaced|obsolete|rejected|reverted)/i.test(status);
}

/** A word of state stands at the beginning, if anywhere. */
const STATUS_CHARS_MAX = 100;

/** The words of the field `tags`, each once, without the `#` that people write before them. */
export function tagsIn(tags: string | undefined): readonly string[] {
  const words = (tags ?? "").split(/[,;\s]+/).map((word) => word.replace(/^#+/, ""));
  return [...new Set(words)].filter((word) => word !== "");
}

export function isNoteKind(text: string): text is NoteKind {
  return (NOTE_KINDS as readonly string[]).includes(text);
}

const FIELDS: ReadonlySet<string> = new Set(NOTE_FIELDS);

export function isNoteField(text: string): text is NoteField {
  return FIELDS.has(text);
}

/** Whether two notes have the same further sentences. Fields without a value count as none. */
export function sameFields(a: NoteFields, b: NoteFields): boolean {
  return a === b || (hasFieldsOf(a, b) && hasFieldsOf(b, a));
}

function hasFieldsOf(a: NoteFields, b: NoteFields): boolean {
  for (const field in b) {
    if (a[field as NoteField] !== b[field as NoteField]) return false;
  }
  return true;
}
