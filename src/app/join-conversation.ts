import type { Author } from "../session/note.ts";
import type { Session } from "../session/session.ts";
import type { App } from "./app.ts";
import { loadConversation, newConversation, saveConversation } from "./conversation.ts";
import type { Here } from "./here.ts";
import { callingAuthor, callingConversation } from "./resolve-session.ts";
import { loadSession, record } from "./session-log.ts";
import { publishTaskId } from "./settle.ts";
import { saveSummary } from "./summary.ts";

/** Moves the calling agent's conversation into a session; for a person, who has none, changes nothing. */
export function joinConversation(app: App, here: Here, session: Session): Session {
  const conversation = callingConversation(app);
  if (conversation === undefined) return session;
  const by: Author = callingAuthor(app);
  const state =
    loadConversation(app, conversation) ?? newConversation(app.agent.name, conversation, here.workTree);
  if (state.session === session.id) return session;
  if (state.session !== undefined) {
    saveSummary(
      app,
      record(app, loadSession(app, state.session), [
        { body: { type: "conversation.left", data: { conversation } }, by },
      ]),
    );
  }
  saveConversation(app, { ...state, session: session.id });
  publishTaskId(app, session, conversation);
  return record(app, session, [
    { body: { type: "conversation.joined", data: { conversation, agent: state.agent } }, by },
  ]);
}
