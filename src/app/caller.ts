import type { ConversationId } from "../base/id.ts";
import { CALL_LOOKUP_MS, TRANSCRIPT_POLL_MS } from "../base/limits.ts";
import type { App, Caller } from "./app.ts";
import { loadConversation } from "./conversation.ts";
import { agentPlace, hereAt } from "./here.ts";
import { sleep } from "./sleep.ts";

/** What a door that outlives conversations knows of one call. */
export interface CallSigns {
  /** The agent's own id of the tool call; undefined where it tells none. */
  readonly callId: string | undefined;
  /** The conversation of the call before, or the one that the door was started in. */
  readonly lastKnown: ConversationId | undefined;
  /** The person or the agent has taken the call back. */
  readonly signal?: AbortSignal;
}

/**
 * Which conversation of our agent makes a call: the one whose transcript holds it, which is waited for at most
 * CALL_LOOKUP_MS; else the last one known, if no hook said that it ended. After `/clear`, `/resume` and `/branch` what a
 * long-lived process knew at its start is wrong (docs/formats/mcp.md).
 */
export async function callerOf(app: App, { callId, lastKnown, signal }: CallSigns): Promise<Caller> {
  const found = callId === undefined ? undefined : await lookedUp(app, callId, signal);
  return { agent: app.agent.name, conversation: found ?? stillOpen(app, lastKnown) };
}

async function lookedUp(
  app: App,
  callId: string,
  signal: AbortSignal | undefined,
): Promise<ConversationId | undefined> {
  const place = agentPlace(app, await hereAt(app, app.cwd));
  const endMs = app.clock.monotonicMs() + CALL_LOOKUP_MS;
  for (;;) {
    const found = await app.agent.conversationOfCall(place, callId);
    if (found !== undefined || app.clock.monotonicMs() >= endMs || signal?.aborted === true) return found;
    await sleep(TRANSCRIPT_POLL_MS);
  }
}

function stillOpen(app: App, conversation: ConversationId | undefined): ConversationId | undefined {
  const ended = conversation !== undefined && loadConversation(app, conversation)?.phase === "ended";
  return ended ? undefined : conversation;
}
