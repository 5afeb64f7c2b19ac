import type { RecordBatch, TranscriptFile, TranscriptItem } from "../agent/agent.ts";
import type { ConversationId, WorkTreeId } from "../base/id.ts";
import { READ_LONG_BYTES } from "../base/limits.ts";
import { type JsonObject, stringField } from "../base/parse.ts";
import { distill, emptyFacts } from "../distill/distill.ts";
import type { Session } from "../session/session.ts";
import type { ArchiveFile, Damage, SourcePosition } from "../store/store.ts";
import type { App } from "./app.ts";
import { type ConversationState, newConversation, saveConversation } from "./conversation.ts";
import { type IsCopy, noCopy, parentToldIn, toldCopies } from "./copied-records.ts";
import { archivedRecords, recordKey, withoutRepeated } from "./known-records.ts";
import { parentsFirst } from "./parents-first.ts";
import { windowRecords } from "./window-records.ts";

/** Losses remembered per conversation; a file that is damaged all over says so without filling the state. */
const DAMAGE_MAX = 50;

/**
 * Reads what an agent appended to a transcript since last time: redacted first, then archived, then distilled. Crossing
 * this line is the only way in: nothing after {@link redactedBatch} has ever seen the raw record.
 *
 * Past `deadlineMs` (monotonic clock) it stops after the batch in hand; the next read goes on from there.
 *
 * The archive is written before the state that says so. If the process dies between the two, the archive is ahead, and
 * the facts are made again from it. A file that was replaced or written anew is read from its beginning; what the archive
 * has of it already is passed over.
 */
export async function readConversation(
  app: App,
  before: ConversationState,
  file: TranscriptFile,
  deadlineMs = Number.POSITIVE_INFINITY,
): Promise<ConversationState> {
  if (file.sizeBytes - (before.positions[file.name]?.offset ?? 0) > READ_LONG_BYTES) app.hasMuchToDo();
  let state = inStepWithArchive(app, before, file);
  let isCopy: IsCopy | undefined;
  let hasCopies = false;
  let hasOwn = false;
  let known = mayRepeat(state, file.name) ? archivedRecords(app, archiveFile(state, file.name)) : NONE;
  const onBatch = (batch: RecordBatch): "stop" | undefined => {
    if (batch.restarts) known = archivedRecords(app, archiveFile(state, file.name));
    const kept = withoutKnown(redactedBatch(app, batch), known);
    const archived = app.store.archive.append(archiveFile(state, file.name), kept);
    if (isCopy === undefined) {
      state = { ...state, forkOf: state.forkOf ?? forkedFrom(app, state, kept.records) };
      isCopy = copiesIn(app, state);
    }
    hasCopies ||= state.forkOf !== undefined && kept.records.some(isCopy);
    hasOwn ||= kept.records.some((record) => stringField(record, "uuid") !== undefined);
    state = withStarts(app, state, kept.records);
    state = {
      ...withRecords(app, state, { records: kept.records, isCopy }),
      positions: { ...state.positions, [file.name]: batch.position },
      damage: withDamage(state.damage, [...batch.losses, ...archived.damage]),
    };
    return app.clock.monotonicMs() >= deadlineMs ? "stop" : undefined;
  };
  const read = await app.agent.read(file, state.positions[file.name], onBatch);
  const positions =
    read.position === undefined ? state.positions : { ...state.positions, [file.name]: read.position };
  // Its copies stand at a fork's beginning. Those that the read before this one brought may have been cut off by a deadline; and
  // records without an id, which agents write at any time, may stand before the rest of them.
  const hasLeftParent = before.forkOf !== undefined && hasOwn && !hasCopies;
  return {
    ...state,
    ...(hasLeftParent && file.name === "main" ? { hasLeftParent } : {}),
    positions,
    damage: withDamage(withoutUnreadable(state.damage, file.path), read.damage),
    transcriptPath: file.name === "main" ? file.path : state.transcriptPath,
  };
}

/** Makes the state of a conversation again from what the archive keeps of it, where the state was lost. */
export function rebuildConversation(
  app: App,
  session: Session,
  conversation: ConversationId,
): ConversationState {
  const state = newConversation(app.agent.name, conversation, session.workTree as WorkTreeId);
  const made = rebuilt(app, { ...state, session: session.id, forkOf: parentIn(app, session, conversation) });
  saveConversation(app, made);
  return made;
}

/** The conversation of the same session, joined before this one, that has its first record too. */
function parentIn(app: App, session: Session, conversation: ConversationId): ConversationId | undefined {
  const at = session.conversations.findIndex(({ id }) => id === conversation);
  const earlier = session.conversations.slice(0, Math.max(0, at)).map(({ id }) => id);
  if (earlier.length === 0) return undefined;
  const [first] = recordsOf(app, conversation);
  return first === undefined ? undefined : earlier.find((id) => recordsOf(app, id).has(first));
}

/**
 * State that is behind its archive (or lost) is made again from the archive. Where the archive is behind (a power cut, or
 * somebody deleted it) and the transcript still has the rest, that is read once more.
 */
function inStepWithArchive(app: App, state: ConversationState, file: TranscriptFile): ConversationState {
  const archived = app.store.archive.position(archiveFile(state, file.name));
  const known = state.positions[file.name];
  // Facts of a version that measured nothing.
  if (archived !== undefined && state.facts.stretches === undefined) return rebuilt(app, state);
  if (known === undefined) return archived === undefined ? state : rebuilt(app, state);
  const isSame = archived?.inode === known.inode && archived.offset === known.offset;
  if (isSame || known.offset === 0) return state;
  const isBehind = archived === undefined || archived.inode !== known.inode || archived.offset < known.offset;
  return isBehind && file.sizeBytes < known.offset ? state : rebuilt(app, state);
}

/** The state with what was read made again from what the archive keeps. */
export function rebuilt(app: App, before: ConversationState): ConversationState {
  app.hasMuchToDo();
  const { conversation, agent } = before;
  let state: ConversationState = {
    ...before,
    facts: emptyFacts(conversation, agent),
    recent: [],
    positions: {},
    hasLeftParent: false,
  };
  let isCopy: IsCopy | undefined;
  // A conversation's own words first, as they were first read.
  const files = [...app.store.archive.files(agent, conversation)].sort((a, b) => rank(a) - rank(b));
  for (const file of files) {
    const damage = app.store.archive.forEach(archiveFile(state, file), (records, losses) => {
      if (isCopy === undefined) {
        state = { ...state, forkOf: state.forkOf ?? forkedFrom(app, state, records) };
        isCopy = copiesIn(app, state);
      }
      state = withStarts(app, state, records);
      state = {
        ...withRecords(app, state, { records, isCopy }),
        damage: withDamage(state.damage, losses),
        positions: { ...state.positions, [file]: NOWHERE },
      };
    });
    const position = app.store.archive.position(archiveFile(state, file));
    if (position !== undefined) state = { ...state, positions: { ...state.positions, [file]: position } };
    state = { ...state, damage: withDamage(state.damage, damage) };
  }
  return state;
}

const NONE: ReadonlySet<string> = new Set();

/** A file that was written anew is still being read up to where it ended then. */
function mayRepeat({ positions }: ConversationState, file: string): boolean {
  return positions[file]?.knownTo !== undefined;
}

const NOWHERE: SourcePosition = { inode: 0, sizeBytes: 0, offset: 0 };

function rank(file: string): number {
  return file === "main" ? 0 : 1;
}

/** A batch as it may be kept: nothing of the raw one goes further than here. */
export function redactedBatch(app: App, batch: RecordBatch): RecordBatch {
  const { window, ...rest } = batch;
  if (window === undefined)
    return { ...rest, records: batch.records.map((record) => app.redactor.value(record) as JsonObject) };
  const records = windowRecords(app.redactor, window, batch);
  return { ...rest, records, ends: records.map(() => batch.position.offset) };
}

/** A batch without the records of these keys. */
export function withoutKnown(batch: RecordBatch, known: ReadonlySet<string>): RecordBatch {
  if (known.size === 0) return batch;
  const isNew = batch.records.map((record) => !known.has(recordKey(record)));
  return {
    ...batch,
    records: batch.records.filter((_, index) => isNew[index]),
    ends: batch.ends.filter((_, index) => isNew[index]),
  };
}

/** The facts continued with records, each counted once. */
function withRecords(
  app: App,
  state: ConversationState,
  { records, isCopy }: { readonly records: readonly JsonObject[]; readonly isCopy: IsCopy },
): ConversationState {
  const once = withoutRepeated(records, state.recent ?? []);
  return {
    ...state,
    facts: distill(state.facts, itemsOf(app, parentsFirst(once.records), isCopy)),
    recent: once.recent,
  };
}

/** Each loss is remembered once, however often the file is read. */
function withDamage(before: readonly Damage[], found: readonly Damage[]): readonly Damage[] {
  const news = found.filter((loss) => !before.some((known) => isSameLoss(known, loss)));
  return news.length === 0 ? before : [...before, ...news].slice(-DAMAGE_MAX);
}

function isSameLoss(a: Damage, b: Damage): boolean {
  return a.path === b.path && a.fromByte === b.fromByte && a.toByte === b.toByte && a.reason === b.reason;
}

/** Remembers that a file cannot be read as a whole, until it was. */
export function withUnreadable(state: ConversationState, path: string, why: string): ConversationState {
  const reason = `cannot be read (${why})`;
  const loss = { path, line: undefined, fromByte: 0, toByte: 0, reason };
  return { ...state, damage: withDamage(withoutUnreadable(state.damage, path), [loss]) };
}

/** What kept a file from being opened is over once it was read. */
function withoutUnreadable(damage: readonly Damage[], path: string): readonly Damage[] {
  return damage.filter((loss) => loss.path !== path || loss.toByte > loss.fromByte);
}

function itemsOf(app: App, records: readonly JsonObject[], isCopy: IsCopy): readonly TranscriptItem[] {
  return records.filter((record) => !isCopy(record)).flatMap((record) => app.agent.itemsOf(record));
}

/**
 * The conversation that this one began as a copy of. `--fork-session` and `/branch` copy records with their ids into a
 * new file and (but for /branch) say so nowhere, so we remember where every conversation starts. What /branch says counts
 * first: it is true also before anybody has read the conversation that was copied.
 */
function forkedFrom(
  app: App,
  state: ConversationState,
  records: readonly JsonObject[],
): ConversationId | undefined {
  const told = parentToldIn(app, state, records);
  if (told !== undefined) return told;
  const first = records.map((record) => stringField(record, "uuid")).find((uuid) => uuid !== undefined);
  if (first === undefined) return undefined;
  const parent = app.store.state.get(startKey(state, first));
  return typeof parent === "string" && parent !== state.conversation ? (parent as ConversationId) : undefined;
}

/**
 * Notes where copies can begin: with the first record that has an id (a terminal writes others before it), or with the
 * first one of the live part after a compaction.
 */
function withStarts(app: App, state: ConversationState, records: readonly JsonObject[]): ConversationState {
  const withId = records.filter((record) => stringField(record, "uuid") !== undefined);
  const isCopy = toldCopies(app, state);
  const starts = withId.filter(
    (record, index) => ((!state.hasStart && index === 0) || isBoundary(record)) && !isCopy(record),
  );
  for (const start of starts) {
    const key = startKey(state, stringField(start, "uuid") ?? "");
    if (app.store.state.get(key) === undefined) app.store.state.put(key, state.conversation);
  }
  return withId.length > 0 ? { ...state, hasStart: true } : state;
}

function copiesIn(app: App, state: ConversationState): IsCopy {
  if (state.forkOf === undefined) return noCopy;
  const isToldCopy = toldCopies(app, state);
  if (state.hasLeftParent) return isToldCopy;
  const ids = recordsOf(app, state.forkOf);
  return (record) => ids.has(stringField(record, "uuid") ?? "") || isToldCopy(record);
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
