import type { HookCall } from "../agent/agent.ts";
import type { ConversationId } from "../base/id.ts";
import { COPIES_LOOKED_AT_BYTES, FORK_AGE_TOLERANCE_MS } from "../base/limits.ts";
import type { Session } from "../session/session.ts";
import type { App } from "./app.ts";
import { transcriptOf } from "./call-transcript.ts";
import { type ConversationState, loadConversation } from "./conversation.ts";
import { conversationsIn } from "./summary.ts";

/**
 * The conversations whose words a resumed or forked one holds: itself, what it was forked from, what that was forked from.
 * To none of them is news what any of them was told or said.
 */
export function lineageOf(app: App, session: Session, call: HookCall): readonly ConversationId[] {
  const lineage: ConversationId[] = [];
  let next: ConversationId | undefined = call.conversation;
  while (next !== undefined && !lineage.includes(next)) {
    lineage.push(next);
    const known = loadConversation(app, next);
    next = known === undefined ? (parentTold(app, call) ?? forkedFrom(app, session, call)) : known.forkOf;
  }
  return lineage;
}

/** Where a conversation came from that nobody had the time to read, or the right to: its agent may say so in what it copied. */
function parentTold(app: App, call: HookCall): ConversationId | undefined {
  const found = transcriptOf(call);
  if (found.kind !== "file") return undefined;
  const origins = app.agent
    .readEnd(found.file, COPIES_LOOKED_AT_BYTES)
    .map((record) => app.agent.originOf(record));
  return origins.findLast((origin) => origin !== undefined && origin !== call.conversation);
}

/**
 * Where a fork came from that has written nothing yet. Claude Code 2.1.329 tells the new id only, and how many seconds ago
 * the old conversation was answered: that is the one whose last answer is as old.
 */
function forkedFrom(
  app: App,
  session: Session,
  { reason, conversation, sinceAnswerMs }: HookCall,
): ConversationId | undefined {
  if (reason !== "fork" || sinceAnswerMs === undefined) return undefined;
  const answeredAtMs = app.clock.nowMs() - sinceAnswerMs;
  const off = (state: ConversationState) => Math.abs((lastAnswerAtMs(state) ?? 0) - answeredAtMs);
  const [nearest] = conversationsIn(app, session)
    .filter((state) => state.conversation !== conversation && off(state) <= FORK_AGE_TOLERANCE_MS)
    .sort((a, b) => off(a) - off(b));
  return nearest?.conversation;
}

function lastAnswerAtMs({ facts }: ConversationState): number | undefined {
  return facts.turns.findLast(({ answer }) => answer !== undefined)?.endedAtMs ?? facts.lastAtMs;
}
