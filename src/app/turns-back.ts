import type { TranscriptFile, TranscriptItem } from "../agent/agent.ts";
import type { ConversationId } from "../base/id.ts";
import { LAYERS_RECORDS_MAX, LAYERS_UNREAD_BYTES_MAX, TURNS_KEPT_MAX } from "../base/limits.ts";
import type { JsonObject } from "../base/parse.ts";
import { distill, emptyFacts } from "../distill/distill.ts";
import type { Turn } from "../distill/facts.ts";
import type { Session } from "../session/session.ts";
import type { App } from "./app.ts";
import { type ConversationState, loadConversation } from "./conversation.ts";
import { waitingCalls } from "./pending-call.ts";
import { turnsOf } from "./turns.ts";

/** The turns of a conversation, oldest first, and how many older ones there were. */
export interface TurnsBack {
  readonly turns: readonly Turn[];
  readonly earlier: number;
  /** Turns since then may be missing: they stand in what nobody has read yet. */
  readonly hasGap: boolean;
}

interface Wanted {
  readonly state: ConversationState;
  readonly sinceMs: number;
  /** Its transcript, where that holds what nobody has read yet. */
  readonly behind: TranscriptFile | undefined;
}

/**
 * The turns of a conversation at least back to a moment. Most are among those that its facts keep; what is older is read from the
 * archive again, from its end and no further than needed (at most LAYERS_RECORDS_MAX records), and of what nobody has read
 * yet the end (at most LAYERS_UNREAD_BYTES_MAX).
 */
export function turnsBack(app: App, session: Session, wanted: Wanted): TurnsBack {
  const { state, sinceMs, behind } = wanted;
  const young = behind === undefined ? [] : unreadTurns(app, state, behind);
  const youngKeys = new Set(young.map(keyOf));
  const kept = turnsOf(session, state, waitingCalls(app, state.conversation)).filter(
    (turn) => !youngKeys.has(keyOf(turn)),
  );
  const older = olderTurns(app, wanted, new Set([...youngKeys, ...kept.map(keyOf)]));
  const { turnCount, turns } = state.facts;
  return {
    turns: [...older, ...kept, ...young],
    earlier: Math.max(0, turnCount - turns.length - older.length),
    hasGap: behind !== undefined && (young[0]?.startedAtMs ?? sinceMs) >= sinceMs,
  };
}

/** Those before the ones that the facts keep, where these do not go back far enough. */
function olderTurns(app: App, { state, sinceMs }: Wanted, known: ReadonlySet<string>): readonly Turn[] {
  const { turnCount, turns } = state.facts;
  const [oldest] = turns;
  if (oldest === undefined || turnCount <= turns.length || (oldest.startedAtMs ?? 0) < sinceMs) return [];
  const copied = new Set(copiedKeys(app, state, sinceMs));
  return archivedTurns(app, state, sinceMs).filter(
    (turn) => !known.has(keyOf(turn)) && !copied.has(keyOf(turn)),
  );
}

function unreadTurns(
  app: App,
  { conversation, agent }: ConversationState,
  file: TranscriptFile,
): readonly Turn[] {
  const records = app.agent.readEnd(file, LAYERS_UNREAD_BYTES_MAX);
  const items = records.flatMap((record) => app.agent.itemsOf(app.redactor.value(record) as JsonObject));
  return distilledTurns(conversation, agent, items);
}

/** A fork's archive begins with its parent's turns, which are not its own; the parent's has those of its own parents, too. */
function copiedKeys(app: App, { forkOf }: ConversationState, sinceMs: number): readonly string[] {
  const parent = forkOf === undefined ? undefined : loadConversation(app, forkOf);
  if (parent === undefined) return [];
  return [...parent.facts.turns, ...archivedTurns(app, parent, sinceMs)].map(keyOf);
}

function keyOf({ promptRecord, promptId, startedAtMs }: Turn): string {
  return promptRecord ?? promptId ?? String(startedAtMs);
}

/** The turns that the archive's end holds, back to the first prompt before `sinceMs`. */
function archivedTurns(
  app: App,
  { agent, conversation }: ConversationState,
  sinceMs: number,
): readonly Turn[] {
  const groups: (readonly TranscriptItem[])[] = [];
  let records = 0;
  app.store.archive.newestFirst({ agent, conversation, file: "main" }, (group) => {
    const items = group.flatMap((record) => app.agent.itemsOf(record));
    groups.push(items);
    records += group.length;
    return records >= LAYERS_RECORDS_MAX || hasPromptBefore(items, sinceMs) ? "stop" : undefined;
  });
  return distilledTurns(conversation, agent, groups.reverse().flat());
}

function hasPromptBefore(items: readonly TranscriptItem[], sinceMs: number): boolean {
  return items.some(
    ({ type, subagent, atMs }) => type === "prompt" && subagent === undefined && (atMs ?? sinceMs) < sinceMs,
  );
}

/** All turns of these items: in pieces of which none has more prompts than facts keep turns. */
function distilledTurns(
  conversation: ConversationId,
  agent: ConversationState["agent"],
  items: readonly TranscriptItem[],
): readonly Turn[] {
  const turns = new Map<string, Turn>();
  let facts = emptyFacts(conversation, agent);
  for (let from = 0; from < items.length; from += TURNS_KEPT_MAX) {
    facts = distill(facts, items.slice(from, from + TURNS_KEPT_MAX));
    for (const turn of facts.turns) turns.set(keyOf(turn), turn);
  }
  return [...turns.values()];
}
