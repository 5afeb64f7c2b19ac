import type { AgentName, TranscriptFile } from "../agent/agent.ts";
import type { ConversationId, SessionId, WorkTreeId } from "../base/id.ts";
import { WORKING_EXPIRES_MS } from "../base/limits.ts";
import { asObject, booleanField, numberField } from "../base/parse.ts";
import { emptyFacts } from "../distill/distill.ts";
import type { ConversationFacts } from "../distill/facts.ts";
import type { Damage, SourcePosition } from "../store/store.ts";
import type { App } from "./app.ts";

/** What we know of one conversation of a work tree: how far it was read, what it did, whose session it is in. Derived. */
export interface ConversationState {
  readonly version: 1;
  readonly conversation: ConversationId;
  readonly agent: AgentName;
  readonly workTree: WorkTreeId;
  /** Undefined until its first prompt binds it. */
  readonly session: SessionId | undefined;
  readonly transcriptPath: string | undefined;
  /** Per file of it (`main`, `agent-<id>`), how far it was read. */
  readonly positions: { readonly [file: string]: SourcePosition };
  readonly phase: ConversationPhase;
  readonly phaseAtMs: number;
  readonly facts: ConversationFacts;
  /** Digests of the ids of the records read last, so that one written twice is counted once. Undefined in states of older versions. */
  readonly recent?: readonly string[];
  /** After how many compactions the agent was last told that its context fills. Undefined where it was not. */
  readonly noticeAfter?: number;
  /** Its first record is known by its id, so that a copy of it is told. Undefined in states of older versions. */
  readonly hasStart?: boolean;
  /** The conversation whose records this one begins with; they are not counted again. */
  readonly forkOf: ConversationId | undefined;
  /** It was read on without a copy since: its parent's records, which may be many, need not be known any more. */
  readonly hasLeftParent?: boolean;
  /** Losses found while reading, oldest first. */
  readonly damage: readonly Damage[];
}

export type ConversationPhase = "working" | "idle" | "ended";

export function newConversation(
  agent: AgentName,
  conversation: ConversationId,
  workTree: WorkTreeId,
): ConversationState {
  return {
    version: 1,
    conversation,
    agent,
    workTree,
    session: undefined,
    transcriptPath: undefined,
    positions: {},
    phase: "idle",
    phaseAtMs: 0,
    facts: emptyFacts(conversation, agent),
    forkOf: undefined,
    damage: [],
  };
}

/** The saved state of a conversation, or undefined where there is none that this version understands. */
export function loadConversation(app: App, id: ConversationId): ConversationState | undefined {
  const value = asObject(app.store.state.get(stateKey(app.agent.name, id)));
  return value?.version === 1 ? (value as unknown as ConversationState) : undefined;
}

export function saveConversation(app: App, state: ConversationState): void {
  app.store.state.put(stateKey(state.agent, state.conversation), state);
  const position = { ...state.positions.main, ...(state.damage.length > 0 ? { damaged: true } : {}) };
  app.store.state.put(positionKey(state.agent, state.conversation), position);
}

/** A turn counts as working only while its transcript moves: Esc and kill -9 send no hook. */
export function isWorking(state: ConversationState, nowMs: number): boolean {
  const lastAtMs = Math.max(state.phaseAtMs, state.facts.lastAtMs ?? 0);
  // A clock that was ahead leaves times of the future behind: those say nothing about now.
  return state.phase === "working" && Math.abs(nowMs - lastAtMs) < WORKING_EXPIRES_MS;
}

/**
 * True where a turn may still go on, for whoever must not get in its way: also when only the transcript tells, which has a
 * prompt without its answer.
 */
export function mayBeInTurn(state: ConversationState, nowMs: number): boolean {
  const isOpen = state.phase !== "ended" && state.facts.turns.at(-1)?.outcome === "open";
  return isWorking(isOpen ? { ...state, phase: "working" } : state, nowMs);
}

/**
 * Bytes of a main transcript that nobody has read yet, or that the archive has lost. Asks files of a few bytes, not the
 * whole state: a start looks at many.
 */
export function unreadBytes(app: App, file: TranscriptFile): number {
  const { conversation } = file;
  const position = asObject(app.store.state.get(positionKey(app.agent.name, conversation)));
  const archived = app.store.archive.position({ agent: app.agent.name, conversation, file: "main" });
  const offset = Math.min(numberField(position, "offset") ?? 0, archived?.offset ?? 0);
  return file.sizeBytes < offset ? file.sizeBytes : file.sizeBytes - offset;
}

/** Something of a conversation could not be read. */
export function isDamaged(app: App, { conversation }: TranscriptFile): boolean {
  const position = asObject(app.store.state.get(positionKey(app.agent.name, conversation)));
  return booleanField(position, "damaged") === true;
}

function positionKey(agent: AgentName, id: ConversationId): string {
  return `positions/${agent}/${id}`;
}

function stateKey(agent: AgentName, id: ConversationId): string {
  return `conversations/${agent}/${id}`;
}
