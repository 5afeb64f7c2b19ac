import type { RecordBatch, TranscriptFile, TranscriptItem } from "../agent/agent.ts";
import type { ConversationId, WorkTreeId } from "../base/id.ts";
import { type JsonObject, stringField } from "../base/parse.ts";
import { distill, emptyFacts } from "../distill/distill.ts";
import type { ConversationFacts } from "../distill/facts.ts";
import type { Session } from "../session/session.ts";
import type { ArchiveFile, Damage } from "../store/store.ts";
import type { App } from "./app.ts";
import {
  type ConversationState,
  loadConversation,
  newConversation,
  saveConversation,
} from "./conversation.ts";

/** Losses remembered per conversation; a file that is damaged all over says so without filling the state. */
const DAMAGE_MAX = 50;

/**
 * Reads what an agent appended to a transcript since last time: redacted first, then archived, then distilled. Crossing
 * this line is the only way in: nothing after `redactor.value` has ever seen the raw record.
 *
 * Past `deadlineMs` (monotonic clock) it stops after the batch in hand; the next read goes on from there.
 *
 * The archive is written before the state that says so. If the process dies between the two, the archive is ahead, and
 * the facts are made again from it.
 */
export async function readConversation(
  app: App,
  before: ConversationState,
  file: TranscriptFile,
  deadlineMs = Number.POSITIVE_INFINITY,
): Promise<ConversationState> {
  let state = caughtUpWithArchive(app, before, file.name);
  let copies: ReadonlySet<string> | undefined;
  const losses: Damage[] = [];
  const onBatch = (batch: RecordBatch): "stop" | undefined => {
    const records = batch.records.map((record) => app.redactor.value(record) as JsonObject);
    const archived = app.store.archive.append(archiveFile(state, file.name), { ...batch, records });
    losses.push(...archived.damage);
    if (copies === undefined) {
      state = { ...state, forkOf: state.forkOf ?? forkedFrom(app, state, records) };
      copies = recordsOf(app, state.forkOf);
    }
    noteStarts(app, state, records);
    state = {
      ...state,
      positions: { ...state.positions, [file.name]: batch.position },
      facts: distill(state.facts, itemsOf(app, records, copies)),
    };
    return app.clock.monotonicMs() >= deadlineMs ? "stop" : undefined;
  };
  const read = await app.agent.read(file, state.positions[file.name], onBatch);
  const damage = [...state.damage, ...losses, ...read.damage].slice(-DAMAGE_MAX);
  const positions =
    read.position === undefined ? state.positions : { ...state.positions, [file.name]: read.position };
  return {
    ...state,
    positions,
    damage,
    transcriptPath: file.name === "main" ? file.path : state.transcriptPath,
  };
}

/** Makes the state of a conversation again from what the archive keeps of it, where the state was lost. */
export function rebuildConversation(app: App, session: Session, conversation: ConversationId): void {
  if (loadConversation(app, conversation) !== undefined) return;
  const state = newConversation(app.agent.name, conversation, session.workTree as WorkTreeId);
  saveConversation(app, rebuilt(app, { ...state, session: session.id }));
}

/** State that is behind its archive (or lost) is made again from the archive. */
function caughtUpWithArchive(app: App, state: ConversationState, file: string): ConversationState {
  const archived = app.store.archive.position(archiveFile(state, file));
  const known = state.positions[file];
  if (archived === undefined) return state;
  if (known !== undefined && known.inode === archived.inode && known.offset >= archived.offset) return state;
  return rebuilt(app, state);
}

function rebuilt(app: App, state: ConversationState): ConversationState {
  let facts: ConversationFacts = emptyFacts(state.conversation, state.agent);
  const copies = recordsOf(app, state.forkOf);
  const positions: Record<string, NonNullable<ConversationState["positions"][string]>> = {};
  for (const file of app.store.archive.files(state.agent, state.conversation)) {
    app.store.archive.forEach(archiveFile(state, file), (records) => {
      facts = distill(facts, itemsOf(app, records, copies));
    });
    const position = app.store.archive.position(archiveFile(state, file));
    if (position !== undefined) positions[file] = position;
  }
  return { ...state, facts, positions };
}

function itemsOf(
  app: App,
  records: readonly JsonObject[],
  copies: ReadonlySet<string>,
): readonly TranscriptItem[] {
  return records
    .filter((record) => !copies.has(stringField(record, "uuid") ?? ""))
    .flatMap((record) => app.agent.itemsOf(record));
}

/**
 * The conversation that this one began as a copy of. `--fork-session` and `/branch` copy records with their ids into a
 * new file and (but for /branch) say so nowhere, so we remember where every conversation starts.
 */
function forkedFrom(
  app: App,
  state: ConversationState,
  records: readonly JsonObject[],
): ConversationId | undefined {
  const first = records.map((record) => stringField(record, "uuid")).find((uuid) => uuid !== undefined);
  if (first === undefined) return undefined;
  const parent = app.store.state.get(startKey(state, first));
  return typeof parent === "string" && parent !== state.conversation ? (parent as ConversationId) : undefined;
}

/** Copies begin with the first record of a conversation, or with the first one of its live part after a compaction. */
function noteStarts(app: App, state: ConversationState, records: readonly JsonObject[]): void {
  const isNew = Object.keys(state.positions).length === 0;
  const withId = records.filter((record) => stringField(record, "uuid") !== undefined);
  const starts = withId.filter((record, index) => (isNew && index === 0) || isBoundary(record));
  for (const start of starts) {
    const key = startKey(state, stringField(start, "uuid") ?? "");
    if (app.store.state.get(key) === undefined) app.store.state.put(key, state.conversation);
  }
}

function isBoundary(record: JsonObject): boolean {
  return stringField(record, "subtype") === "compact_boundary" || record.isCompactSummary === true;
}

function recordsOf(app: App, conversation: ConversationId | undefined): ReadonlySet<string> {
  const ids = new Set<string>();
  if (conversation === undefined) return ids;
  app.store.archive.forEach({ agent: app.agent.name, conversation, file: "main" }, (records) => {
    for (const record of records) ids.add(stringField(record, "uuid") ?? "");
  });
  ids.delete("");
  return ids;
}

function archiveFile(state: ConversationState, file: string): ArchiveFile {
  return { agent: state.agent, conversation: state.conversation, file };
}

/** Record ids are the agent's; what is no plain name is no key. */
function startKey(state: ConversationState, record: string): string {
  return `worktrees/${state.workTree}/starts/${record.replaceAll(/[^A-Za-z0-9-]/g, "_").slice(0, 64)}`;
}
