import { existsSync } from "node:fs";
import { join } from "node:path";
import type { HookCall, TranscriptFile } from "../agent/agent.ts";
import type { ConversationId, SessionId } from "../base/id.ts";
import {
  INGEST_AT_ONCE_BYTES,
  SESSION_END_QUIET_MS,
  SESSION_END_REST_MS,
  TRANSCRIPT_LAG_MS,
  TRANSCRIPT_POLL_MS,
} from "../base/limits.ts";
import { type Lock, tryLock } from "../disk/lock.ts";
import type { EventBody } from "../session/event.ts";
import type { Packing } from "../store/store.ts";
import { locateWorkTree } from "../workspace/locate.ts";
import { adoptDocuments } from "./adopt-documents.ts";
import type { App } from "./app.ts";
import { bind, continueSession } from "./bind.ts";
import { transcriptOf } from "./call-transcript.ts";
import { removeLeftNotices, watchContext } from "./context-watch.ts";
import {
  type ConversationState,
  loadConversation,
  newConversation,
  saveConversation,
} from "./conversation.ts";
import { followPages } from "./follow-pages.ts";
import { type Here, hereAt, recogniseHere } from "./here.ts";
import { removeLeftFiles, removeLeftLocks, shortenSpool } from "./leftovers.ts";
import { noticeMoves } from "./notice-moves.ts";
import {
  conversationsWithPendingCalls,
  dropPendingCalls,
  hasPendingCalls,
  leavePendingCall,
  makeCallDurable,
  type PendingCall,
  pendingCalls,
  waitingCalls,
} from "./pending-call.ts";
import { prepareBrief } from "./prepare-brief.ts";
import { readConversation, withUnreadable } from "./read-conversation.ts";
import { loadSession, record } from "./session-log.ts";
import { markWorkTree, publishTaskId, settle } from "./settle.ts";
import { sleep } from "./sleep.ts";
import { saveSummary } from "./summary.ts";
import { documentPath, syncDocument } from "./sync-document.ts";
import { saysSame } from "./turns.ts";

/**
 * Does what a hook call asks for, in a process of its own that nobody waits for: reads what the agent wrote, takes what
 * only the payload knows, and brings the session up to date.
 *
 * One process works on a conversation at a time. Every call is first left in `state/pending/`; whoever holds the
 * conversation works through what lies there (SessionEnd follows Stop within 8 to 24 ms), and removes it when all that
 * follows from it is on disk. At the end it does the same for what a killed process left of other conversations.
 *
 * @param packing is asked for when the kept copy of the conversation is to be packed; without it that waits for a later call.
 */
export async function ingestHookCall(
  app: App,
  call: HookCall,
  packing?: () => Packing | undefined,
): Promise<void> {
  const left = leavePendingCall(app, redactedCall(app, call));
  const { done, here: place } = await ingestPending(app, call.conversation);
  // Another process is at it, or was killed: who knows when the call's turn comes.
  if (!done.some((one) => one.path === left.path)) makeCallDurable(left);
  removeLeftLocks(app);
  for (const conversation of conversationsWithPendingCalls(app)) await ingestPending(app, conversation);
  removeLeftNotices(app);
  shortenSpool(app);
  const here = place ?? recogniseHere(app, call.cwd ?? app.cwd);
  adoptDocuments(app, here);
  removeLeftFiles(app, here);
  // Last, and with no conversation held: whoever comes now waits for nothing of this.
  const how = { isOver: done.some(({ call: { event } }) => event === "SessionEnd") };
  const [agent, { conversation }] = [app.agent.name, call];
  if (done.length > 0 && app.store.archive.isLoose(agent, conversation, how))
    packing?.()?.pack(agent, conversation, how);
}

interface WorkedOff {
  readonly done: readonly PendingCall[];
  /** Where the last of them happened. */
  readonly here: Here | undefined;
}

/** Works through the calls of a conversation that wait on disk, unless another process is at it. */
export async function ingestPending(app: App, conversation: ConversationId): Promise<WorkedOff> {
  let worked: WorkedOff = { done: [], here: undefined };
  // Whoever leaves a call just as the holder lets go either finds the lock free or is seen by this loop.
  while (hasPendingCalls(app, conversation)) {
    const lock = lockConversation(app, conversation);
    if (lock === undefined) break;
    try {
      const { done, here } = await workThrough(app, conversation);
      worked = { done: [...worked.done, ...done], here: here ?? worked.here };
    } finally {
      lock.release();
    }
  }
  return worked;
}

/** For whoever must answer: what calls in this work tree told, and nobody worked off, is taken in without waiting for its transcript. */
export async function catchUpPending(
  app: App,
  here: Here,
  deadlineMs: number,
): Promise<readonly SessionId[]> {
  const sessions: SessionId[] = [];
  for (const conversation of conversationsWithPendingCalls(app)) {
    if (app.clock.monotonicMs() >= deadlineMs) break;
    const [call] = waitingCalls(app, conversation);
    if (call === undefined || locateWorkTree(call.cwd ?? app.cwd).root !== here.root) continue;
    const transcript = transcriptOf(call);
    const none = { path: "", conversation, name: "main", sizeBytes: 0, modifiedAtMs: 0 };
    const file = transcript.kind === "file" ? transcript.file : none;
    const session = await catchUp(app, here, file, deadlineMs);
    if (session !== undefined && session !== "busy") sessions.push(session);
  }
  return sessions;
}

/**
 * Reads the rest of a conversation without a hook call, for whoever finds it behind (a crash, Esc, hooks installed later).
 *
 * @returns the session it is in, if any; `"busy"` if another process is at it.
 */
export async function catchUp(
  app: App,
  here: Here,
  file: TranscriptFile,
  deadlineMs = Number.POSITIVE_INFINITY,
): Promise<SessionId | undefined | "busy"> {
  let result: SessionId | undefined | "busy" = "busy";
  do {
    const lock = lockConversation(app, file.conversation);
    if (lock === undefined) return result;
    try {
      result = await readHeld(app, here, { file, deadlineMs });
    } finally {
      lock.release();
    }
  } while (hasPendingCalls(app, file.conversation));
  return result;
}

/** A transcript that nobody has read to its end, and until when somebody has time to. */
interface Behind {
  readonly file: TranscriptFile;
  readonly deadlineMs: number;
}

/** Reads without waiting for anything: what a pending call told and the transcript lacks is kept. */
async function readHeld(app: App, here: Here, { file, deadlineMs }: Behind): Promise<SessionId | undefined> {
  const pending = pendingCalls(app, file.conversation);
  const calls = pending.map(({ call }) => call);
  const read = await readNew(app, asHeld(app, here, file.conversation), file, deadlineMs);
  const held = calls.reduce((before, call) => inPhase(app, before, call), read);
  const state = bindIfPrompted(app, here, held.state);
  saveConversation(app, state);
  const { session } = keepUnwritten(app, { ...held, state, unwritten: calls });
  if (session !== undefined) saveSummary(app, loadSession(app, session));
  dropWorkedOff(app, file.conversation, pending);
  return session;
}

export function conversationLockPath(app: App, conversation: ConversationId): string {
  return join(app.home, "state", "locks", `ingest-${conversation}`);
}

/** What one process knows while it holds a conversation. */
interface HeldConversation {
  readonly here: Here;
  readonly state: ConversationState;
  /** Calls whose prompt or answer the transcript did not have when we stopped waiting. */
  readonly unwritten: readonly HookCall[];
  readonly turnEnded: boolean;
  /** Calls in hand that a power cut may still take. */
  readonly inHand: readonly PendingCall[];
}

function asHeld(app: App, here: Here, conversation: ConversationId): HeldConversation {
  const state =
    loadConversation(app, conversation) ?? newConversation(app.agent.name, conversation, here.workTree);
  return { here, state, unwritten: [], turnEnded: false, inHand: [] };
}

async function workThrough(app: App, conversation: ConversationId): Promise<WorkedOff> {
  let held: HeldConversation | undefined;
  const done: PendingCall[] = [];
  for (
    let calls = pendingCalls(app, conversation);
    calls.length > 0;
    calls = pendingCalls(app, conversation, done.at(-1))
  ) {
    for (const pending of calls) {
      const here = await hereAt(app, pending.call.cwd ?? app.cwd);
      const before = held ?? asHeld(app, here, conversation);
      held = await handle(app, { ...before, here, inHand: [...before.inHand, pending] }, pending);
      done.push(pending);
    }
  }
  if (held !== undefined) await finish(app, held);
  dropWorkedOff(app, conversation, done);
  return { done, here: held?.here };
}

/** Before anything that takes longer than the work itself: what is in hand must outlast it. */
function withDurableCalls(held: HeldConversation): HeldConversation {
  for (const pending of held.inHand) makeCallDurable(pending);
  return { ...held, inHand: [] };
}

/**
 * Removes calls from whose texts all follows. Those that the transcript has, too, are in the archive, which is not synced
 * otherwise: a power cut would take them with the agent's own transcript, and the call was the last durable copy.
 */
function dropWorkedOff(app: App, conversation: ConversationId, calls: readonly PendingCall[]): void {
  const agent = app.agent.name;
  // Whoever was killed before us left its calls to us; had it nothing to append any more, nobody else would look there again.
  app.store.archive.tidy(agent, conversation);
  if (calls.some(({ call }) => call.prompt !== undefined || call.answer !== undefined))
    app.store.archive.sync({ agent, conversation, file: "main" });
  dropPendingCalls(app, calls);
}

/** One call: read, bind, wait for the record it announces. */
async function handle(app: App, before: HeldConversation, pending: PendingCall): Promise<HeldConversation> {
  const { call } = pending;
  let held = await readCalled(app, before, call);
  if (call.event === "UserPromptSubmit" && call.prompt !== undefined) held = begin(app, held, call.prompt);
  held =
    call.event === "SessionEnd" ? await readToRest(app, held, call) : await waitForRecord(app, held, pending);
  const missing = isWritten(held.state, call) ? [] : [call];
  return { ...inPhase(app, held, call), unwritten: [...held.unwritten, ...missing] };
}

/** When no call is left: what stays of them, then everything derived, once. */
async function finish(app: App, held: HeldConversation): Promise<void> {
  const state = bindIfPrompted(app, held.here, held.state);
  saveConversation(app, state);
  keepUnwritten(app, { ...held, state });
  if (state.session === undefined) return;
  if (!held.turnEnded) {
    saveSummary(app, loadSession(app, state.session));
    return;
  }
  const { session } = settle(app, held.here, loadSession(app, state.session));
  markWorkTree(app, held.here, session);
  noticeMoves(app, held.here);
  const watched = watchContext(app, held.here, { state, session });
  if (watched !== state) saveConversation(app, watched);
  await followPages(app, held.here, session);
  await prepareBrief(app, held.here);
}

/** A prompt puts the conversation into its session, and makes the document where there is none yet. */
function begin(app: App, held: HeldConversation, prompt: string): HeldConversation {
  const { here } = held;
  const { gitBranch } = here.head;
  const nowMs = app.clock.nowMs();
  const { conversation, agent } = held.state;
  // A document that a person has shelved since is no work that a new conversation goes on with.
  if (held.state.session === undefined) noticeMoves(app, here);
  const bound =
    held.state.session === undefined
      ? bind(app, here, { conversation, agent, gitBranch, prompt, atMs: nowMs }).session
      : loadSession(app, held.state.session);
  const session = continueSession(app, bound, gitBranch);
  const state: ConversationState = { ...held.state, session: session.id, phase: "working", phaseAtMs: nowMs };
  saveConversation(app, state);
  publishTaskId(app, session, conversation);
  const missing =
    session.phase !== "archived" &&
    (session.document === undefined || !existsSync(documentPath(app, here, session)));
  saveSummary(app, missing ? syncDocument(app, here, session.id).session : session);
  return { ...held, state };
}

/** A conversation whose prompt hook we never saw is bound by its transcript. */
function bindIfPrompted(app: App, here: Here, state: ConversationState): ConversationState {
  const { turns, gitBranches, startedAtMs, title } = state.facts;
  const turn = turns[0];
  if (state.session !== undefined || turn === undefined) return state;
  const gitBranch = gitBranches.at(-1) ?? here.head.gitBranch;
  const { conversation, agent } = state;
  const atMs = startedAtMs ?? app.clock.nowMs();
  // Else what was read just now would be made again from the archive, for the summary of the session that begins with it.
  const onBound = (session: SessionId) => saveConversation(app, { ...state, session });
  const newcomer = { conversation, agent, gitBranch, prompt: turn.prompt, title, atMs, onBound };
  const { session, wasIn } = bind(app, here, newcomer);
  return { ...state, session: (wasIn ? session : continueSession(app, session, gitBranch)).id };
}

function inPhase(app: App, held: HeldConversation, { event }: HookCall): HeldConversation {
  if (event === "Stop" || event === "StopFailure" || event === "SessionEnd") {
    const phase = event === "SessionEnd" ? "ended" : "idle";
    return { ...held, turnEnded: true, state: { ...held.state, phase, phaseAtMs: app.clock.nowMs() } };
  }
  return held;
}

/**
 * The transcript lags its hooks: at Stop the answer is almost never there, at UserPromptSubmit never the prompt. Polls
 * until the record is there, another call waits, or TRANSCRIPT_LAG_MS are over; then the payload counts.
 */
async function waitForRecord(
  app: App,
  before: HeldConversation,
  pending: PendingCall,
): Promise<HeldConversation> {
  const { call } = pending;
  const endMs = app.clock.monotonicMs() + TRANSCRIPT_LAG_MS;
  let held = before;
  while (!isWritten(held.state, call) && app.clock.monotonicMs() < endMs) {
    if (pendingCalls(app, call.conversation, pending).length > 0) break;
    held = withDurableCalls(held);
    await sleep(TRANSCRIPT_POLL_MS);
    const found = transcriptOf(call);
    if (found.kind === "unreadable") break;
    if (found.kind === "file" && hasMoved(held, found.file)) held = await readNew(app, held, found.file);
  }
  return held;
}

/**
 * After SessionEnd the agent writes its book-keeping and is gone. Nobody waits for us: read that too, so that the brief
 * made now is still true when the next conversation starts.
 */
async function readToRest(app: App, before: HeldConversation, call: HookCall): Promise<HeldConversation> {
  const endMs = app.clock.monotonicMs() + SESSION_END_REST_MS;
  let held = withDurableCalls(before);
  for (
    let quietMs = 0;
    quietMs < SESSION_END_QUIET_MS && app.clock.monotonicMs() < endMs;
    quietMs += TRANSCRIPT_POLL_MS
  ) {
    await sleep(TRANSCRIPT_POLL_MS);
    const found = transcriptOf(call);
    if (found.kind !== "file" || !hasMoved(held, found.file)) continue;
    held = await readNew(app, held, found.file);
    quietMs = 0;
  }
  return held;
}

function hasMoved({ state }: HeldConversation, { name, sizeBytes }: TranscriptFile): boolean {
  return sizeBytes !== state.positions[name]?.sizeBytes;
}

/** True if the transcript holds what the call told, or the call told nothing. */
function isWritten({ facts }: ConversationState, { event, promptId, prompt, answer }: HookCall): boolean {
  const turn = facts.turns.findLast((candidate) => promptId !== undefined && candidate.promptId === promptId);
  if (event === "UserPromptSubmit") return prompt === undefined || turn !== undefined;
  if (answer === undefined || (event !== "Stop" && event !== "StopFailure")) return true;
  const answered = turn ?? (promptId === undefined ? facts.turns.at(-1) : undefined);
  return answered?.answer !== undefined && saysSame(answered.answer, answer);
}

/** What no transcript ever got (kill -9 right after Stop) becomes an event, once. @returns the conversation, which may be bound by it. */
function keepUnwritten(app: App, { here, state, unwritten }: HeldConversation): ConversationState {
  const missing = unwritten.filter((call) => !isWritten(state, call));
  if (missing.length === 0) return state;
  const prompt = missing.find((call) => call.prompt !== undefined)?.prompt;
  const bound =
    state.session === undefined && prompt !== undefined
      ? begin(app, { here, state, unwritten, turnEnded: false, inHand: [] }, prompt).state
      : state;
  if (bound.session === undefined) return bound;
  const agent = { kind: "agent", name: state.agent, conversation: state.conversation } as const;
  const drafts = missing.flatMap((call) => {
    const role = call.event === "UserPromptSubmit" ? "person" : "agent";
    const text = role === "person" ? call.prompt : call.answer;
    if (text === undefined) return [];
    const { conversation, promptId } = call;
    const data = { conversation, role, text, ...(promptId === undefined ? {} : { promptId }) } as const;
    const body: EventBody = { type: "message.kept", data };
    return [
      {
        body,
        by: role === "person" ? ({ kind: "person" } as const) : agent,
        key: `kept ${conversation} ${promptId} ${role} ${text}`,
      },
    ];
  });
  record(app, loadSession(app, bound.session), drafts);
  return bound;
}

/** What the call's transcript has by now. */
async function readCalled(app: App, held: HeldConversation, call: HookCall): Promise<HeldConversation> {
  const found = transcriptOf(call);
  if (found.kind === "file") {
    const { name, sizeBytes } = found.file;
    const isMuch = sizeBytes - (held.state.positions[name]?.offset ?? 0) > INGEST_AT_ONCE_BYTES;
    return readNew(app, isMuch ? withDurableCalls(held) : held, found.file);
  }
  if (found.kind === "none") return held;
  return { ...held, state: withUnreadable(held.state, found.path, found.why) };
}

async function readNew(
  app: App,
  held: HeldConversation,
  file: TranscriptFile,
  deadlineMs = Number.POSITIVE_INFINITY,
): Promise<HeldConversation> {
  let state = await readConversation(app, held.state, file, deadlineMs);
  for (const subagent of await app.agent.subagentTranscripts(file)) {
    if (state.positions[subagent.name]?.offset === subagent.sizeBytes) continue;
    state = await readConversation(app, state, subagent, deadlineMs);
  }
  return { ...held, state };
}

/** Only what was typed and answered can hold a secret; paths and ids must stay as they are. */
function redactedCall(app: App, call: HookCall): HookCall {
  const text = (value: string | undefined) => (value === undefined ? undefined : app.redactor.text(value));
  return { ...call, prompt: text(call.prompt), answer: text(call.answer) };
}

function lockConversation(app: App, conversation: ConversationId): Lock | undefined {
  return tryLock(conversationLockPath(app, conversation));
}
