import { isConversationId, isEventId, isMachineId, isNoteId } from "../../base/id.ts";
import { asArray, asObject, type JsonObject, numberField, stringField } from "../../base/parse.ts";
import type { EventHead, EventType, JournalEvent, ReadEvent } from "../../session/event.ts";
import { isNoteKind, NOTE_FIELDS } from "../../session/note.ts";

/**
 * A record of a journal as an event, whatever is in it: one we know, with members that we do not know kept; or an unknown
 * one, where its type, its data or its author is of another version. Undefined without an id, a machine and a time, which
 * no version leaves out. Never throws.
 */
export function eventOf(record: JsonObject): ReadEvent | undefined {
  const id = stringField(record, "id") ?? "";
  const machine = stringField(record, "machine") ?? "";
  const atMs = numberField(record, "atMs");
  if (!isEventId(id) || !isMachineId(machine) || atMs === undefined) return undefined;
  const type = stringField(record, "type") ?? "";
  // Both were checked member by member; no cast-free way leads from a table of checks to the union.
  if (isKnownType(type) && DATA[type](record.data) && author(record.by))
    return record as unknown as JournalEvent;
  const by = author(record.by) ? (record.by as EventHead["by"]) : ({ kind: "leftoff" } as const);
  return { id, machine, atMs, by, type: "unknown", originalType: type, data: record.data };
}

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === "string";
const listOf =
  (item: Check): Check =>
  (value) =>
    asArray(value)?.every(item) ?? false;
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const number: Check = (value) => typeof value === "number" && Number.isFinite(value);
const textThat =
  (is: (text: string) => boolean): Check =>
  (value) =>
    typeof value === "string" && is(value);
/** An object whose named members are as the table says; others may be there. */
const members = (table: { readonly [name: string]: Check }): Check => {
  // Not pairs: to take one apart takes an iterator, and a journal asks some thousand times.
  const checks = Object.entries(table).map(([name, check]) => ({ name, check }));
  return (value) => {
    const object = asObject(value);
    return (
      object !== undefined &&
      checks.every(({ name, check }) => check(Object.hasOwn(object, name) ? object[name] : undefined))
    );
  };
};

const conversation = textThat(isConversationId);
const note = textThat(isNoteId);
const kind = textThat(isNoteKind);
const fields = members(Object.fromEntries(NOTE_FIELDS.map((name) => [name, optional(text)])));
const evidence = members({ conversation, record: text });
const nothing = members({});
const reason = members({ reason: text });
const count: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const items = listOf(members({ note, section: text, hash: text }));
const aNote = members({ note });
const person = members({ name: optional(text) });
const agent = members({ name: text, conversation: optional(conversation) });
const newNote = { note, kind, text, fields: optional(fields), saidAtMs: optional(number) };

/** docs/formats/journal.md, Members of a record. */
const DATA: { readonly [Type in EventType]: Check } = {
  "session.started": members({
    title: text,
    slug: text,
    workspace: text,
    workTree: text,
    gitBranch: optional(text),
    continues: optional(text),
    handedBy: optional(text),
    handedFigures: optional(
      members({ activeMs: count, prompts: count, linesAdded: count, linesRemoved: count, testsAdded: count }),
    ),
  }),
  "session.renamed": members({ title: text }),
  "session.chosen": members({ gitBranch: optional(text) }),
  "session.paused": nothing,
  "session.blocked": reason,
  "session.resumed": nothing,
  "session.completed": nothing,
  "session.cancelled": reason,
  "session.reopened": nothing,
  "session.archived": members({ path: optional(text), kept: optional(text), summary: optional(text) }),
  "session.unarchived": nothing,
  "session.rotated": members({ path: text, notes: listOf(note) }),
  "session.unrotated": members({ path: text }),
  "conversation.joined": members({ conversation, agent: text, gitBranch: optional(text) }),
  "conversation.left": members({ conversation }),
  "git_branch.touched": members({ gitBranch: text }),
  "head.seen": members({ commit: optional(text), gitBranch: optional(text) }),
  "note.added": members({ ...newNote, evidence: optional(evidence) }),
  "note.proposed": members({ ...newNote, evidence }),
  "note.confirmed": aNote,
  "note.edited": members({ note, text: optional(text), kind: optional(kind), fields: optional(fields) }),
  "note.done": aNote,
  "note.dropped": aNote,
  "note.reopened": aNote,
  "document.written": members({ path: text, textHash: text, items }),
  "document.updated": members({
    path: text,
    textHash: text,
    base: textThat(isEventId),
    edits: listOf(members({ at: count, remove: count, items })),
  }),
  "memory.initialised": members({ task: text, dated: (value) => typeof value === "boolean" }),
  "memory.known": members({ lines: listOf(text) }),
  "context.changed": members({ added: listOf(text), removed: listOf(text) }),
  "message.kept": members({
    conversation,
    role: textThat((role) => role === "person" || role === "agent"),
    text,
    promptId: optional(text),
  }),
};

function isKnownType(type: string): type is EventType {
  return Object.hasOwn(DATA, type);
}

function author(value: unknown): boolean {
  const by = asObject(value);
  switch (stringField(by, "kind")) {
    case "leftoff":
      return true;
    case "person":
      return person(by);
    case "agent":
      return agent(by);
    default:
      return false;
  }
}
