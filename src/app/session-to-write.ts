import type { ConversationId } from "../base/id.ts";
import { TRANSCRIPT_POLL_MS } from "../base/limits.ts";
import type { Session } from "../session/session.ts";
import type { App } from "./app.ts";
import { bind } from "./bind.ts";
import { loadConversation, newConversation, saveConversation } from "./conversation.ts";
import type { Here } from "./here.ts";
import { callingConversation, resolveSession } from "./resolve-session.ts";
import { loadSession } from "./session-log.ts";
import { sleep } from "./sleep.ts";
import { saveSummary } from "./summary.ts";

/** The ingest of a conversation's first prompt binds it; it was started before the agent could run a command. */
const BINDING_WAIT_MS = 1_000;

/**
 * The session that a command writes to. In an agent's shell there is always one: its conversation's own, which the ingest
 * of its first prompt may be making at this moment, or which we bind it to.
 *
 * @throws AppError as {@link resolveSession}.
 */
export async function sessionToWrite(app: App, here: Here, reference: string | undefined): Promise<Session> {
  const conversation = callingConversation(app);
  if (reference !== undefined || (app.env.LEFTOFF_SESSION ?? "") !== "" || conversation === undefined) {
    return resolveSession(app, here, reference);
  }
  const endMs = app.clock.monotonicMs() + BINDING_WAIT_MS;
  for (;;) {
    const bound = loadConversation(app, conversation)?.session;
    if (bound !== undefined) return loadSession(app, bound);
    if (app.clock.monotonicMs() >= endMs) return bindNow(app, here, conversation);
    await sleep(TRANSCRIPT_POLL_MS);
  }
}

function bindNow(app: App, here: Here, conversation: ConversationId): Session {
  const state =
    loadConversation(app, conversation) ?? newConversation(app.agent.name, conversation, here.workTree);
  const { agent, facts } = state;
  const { gitBranch } = here.head;
  const prompt = facts.turns[0]?.prompt ?? "";
  const { session } = bind(app, here, { conversation, agent, gitBranch, prompt, atMs: app.clock.nowMs() });
  saveConversation(app, { ...state, session: session.id });
  saveSummary(app, session);
  return session;
}
