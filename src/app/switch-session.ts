import type { App } from "./app.ts";
import { chooseSession } from "./choose-session.ts";
import { joinConversation } from "./join-conversation.ts";
import { refresh } from "./refresh.ts";
import { callingPlace, resolveSession } from "./resolve-session.ts";
import { type SessionSummary, saveSummary } from "./summary.ts";

/**
 * Makes a session the one that new conversations here start in. Opens nothing. An agent that calls this takes its
 * conversation along.
 *
 * @throws AppError `session_not_found`, `session_ambiguous`.
 */
export async function switchSession(app: App, input: { readonly session: string }): Promise<SessionSummary> {
  const here = await callingPlace(app);
  const session = chooseSession(app, here, resolveSession(app, here, input.session));
  return saveSummary(app, await refresh(app, here, joinConversation(app, here, session)));
}
