import type { Session } from "../session/session.ts";
import type { App } from "./app.ts";
import { callingAuthor } from "./resolve-session.ts";
import { record } from "./session-log.ts";

/** Makes a session the one that new conversations of its work tree start in. */
export function chooseSession(app: App, session: Session): Session {
  return record(app, session, [{ body: { type: "session.chosen", data: {} }, by: callingAuthor(app) }]);
}
