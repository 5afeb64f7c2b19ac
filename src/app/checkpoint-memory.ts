import { type NoteId, newNoteId, type SessionId } from "../base/id.ts";
import { checkpointItem, isLabelled } from "../memory/read.ts";
import type { NoteFields, NoteKind } from "../session/note.ts";
import type { CountedWork } from "../session/progress.ts";
import type { App } from "./app.ts";
import type { CheckpointInput } from "./memory.input.ts";
import { refresh } from "./refresh.ts";
import { callingAuthor, callingPlace } from "./resolve-session.ts";
import { type Draft, record } from "./session-log.ts";
import { sessionMemory } from "./session-memory.ts";
import { sessionToWrite } from "./session-to-write.ts";

export interface MemoryCheckpoint {
  readonly session: SessionId;
  readonly slug: string;
  readonly notes: readonly { readonly note: NoteId; readonly kind: NoteKind; readonly text: string }[];
  /** Work that is counted through, as it stands after this. */
  readonly counted: readonly CountedWork[];
}

/**
 * Records what a checkpoint says as notes of the session, all or none. They are in the journal when this returns; files
 * follow at once for a person, and at the end of the turn for an agent.
 *
 * @throws AppError `session_not_found`, `session_ambiguous`, `no_current_session`, and the store's.
 */
export async function checkpointMemory(app: App, input: CheckpointInput): Promise<MemoryCheckpoint> {
  const here = await callingPlace(app);
  const before = await sessionToWrite(app, here, input.session);
  const by = callingAuthor(app);
  const parts = partsOf(input).map((part) => ({ ...part, note: newNoteId(app.clock.nowMs()) }));
  const drafts: readonly Draft[] = parts.map((data) => ({ body: { type: "note.added", data }, by }));
  const session = record(app, before, drafts);
  const after = await refresh(app, here, session);
  return {
    session: after.id,
    slug: after.slug,
    notes: parts.map(({ note, kind, text }) => ({
      note,
      kind,
      text: session.notes.get(note)?.text ?? text,
    })),
    counted: sessionMemory(after).counted,
  };
}

interface Part {
  readonly kind: NoteKind;
  readonly text: string;
  readonly fields: NoteFields;
}

function partsOf(input: CheckpointInput): readonly Part[] {
  const progress = (text: string | undefined, status: string): readonly Part[] =>
    partOf("progress", text, { status });
  return [
    ...linesIn(input.note ?? "").map(noted),
    ...progress(input.completed, "COMPLETED"),
    ...progress(input.in_progress, "IN_PROGRESS"),
    ...progress(input.pending, "PENDING"),
    ...partOf("decision", input.decision, input.why?.trim() ? { why: input.why.trim() } : {}),
    ...partOf("finding", input.discovery, {}),
    ...partOf("next", input.next, {}),
  ];
}

function partOf(kind: NoteKind, words: string | undefined, fields: NoteFields): readonly Part[] {
  const text = words?.trim() ?? "";
  return text === "" ? [] : [{ kind, text, fields }];
}

/** A label begins something new; a line without one goes on with what stands before it. */
function linesIn(note: string): readonly string[] {
  const said: string[] = [];
  for (const line of note.split("\n").map((each) => each.trim())) {
    if (line === "") continue;
    const before = said.length === 0 || isLabelled(line) ? undefined : said.pop();
    said.push(before === undefined ? line : `${before} ${line}`);
  }
  return said;
}

/** Free words say themselves what they are: `COMPLETED: files 1-50`, `DECISION: …`. */
function noted(words: string): Part {
  const { kind, text, why, status } = checkpointItem(words);
  return {
    kind,
    text,
    fields: { ...(why === undefined ? {} : { why }), ...(status === undefined ? {} : { status }) },
  };
}
