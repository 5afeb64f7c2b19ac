import type { Session } from "../session/session.ts";
import type { App } from "./app.ts";
import type { Here } from "./here.ts";
import { callingAuthor } from "./resolve-session.ts";
import { record } from "./session-log.ts";

/** Makes a session the one that new conversations of its work tree start in, from now on and on this git branch. */
export function chooseSession(app: App, { head }: Here, session: Session): Session {
  const data = head.gitBranch === undefined ? {} : { gitBranch: head.gitBranch };
  return record(app, session, [{ body: { type: "session.chosen", data }, by: callingAuthor(app) }]);
}
