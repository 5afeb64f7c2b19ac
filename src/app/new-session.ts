import { AppError } from "../base/error.ts";
import { TITLE_CHARS_MAX } from "../base/limits.ts";
import type { Session } from "../session/session.ts";
import type { App } from "./app.ts";
import { startSession } from "./bind.ts";
import { chooseSession } from "./choose-session.ts";
import { joinConversation } from "./join-conversation.ts";
import { refresh } from "./refresh.ts";
import { callingAuthor, callingPlace } from "./resolve-session.ts";
import { type SessionSummary, saveSummary } from "./summary.ts";

/**
 * Starts a session here and makes it current. An agent that calls this goes on in the new one.
 *
 * @throws AppError `input_invalid` for an empty or overlong title.
 */
export async function newSession(app: App, input: { readonly title: string }): Promise<SessionSummary> {
  const title = input.title.replaceAll(/\s+/g, " ").trim();
  if (title === "" || title.length > TITLE_CHARS_MAX) {
    throw new AppError(
      "input_invalid",
      `A title has 1 to ${TITLE_CHARS_MAX} characters; this one has ${title.length}.`,
      'For example: leftoff new "Refresh token rotation"',
    );
  }
  const here = await callingPlace(app);
  const { gitBranch } = here.head;
  const started = startSession(app, here, {
    title,
    description: title,
    gitBranch,
    by: callingAuthor(app),
    carryFrom: undefined,
    atMs: app.clock.nowMs(),
  });
  const joined: Session = joinConversation(app, here, chooseSession(app, here, started));
  return saveSummary(app, await refresh(app, here, joined));
}
