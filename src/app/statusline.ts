import { join } from "node:path";
import { replace } from "../disk/disk.ts";
import { readIfThere } from "../disk/read.ts";
import { statusline } from "../recall/statusline.ts";
import type { Session } from "../session/session.ts";
import type { App } from "./app.ts";

/**
 * What the person's status line shows, in two files of one line each, because the agent asks for it again and again while it
 * works, and a shell script reads them: `state/statusline/<conversation>` names the session, `state/statusline/<session>` says
 * what is next in it. Derived.
 */
export function publishSession(app: App, session: Session, conversation: string): void {
  keep(app, conversation, session.id);
}

/** Brings a session's line up to date; a line that is the same is not written again. */
export function publishStatusline(app: App, session: Session): void {
  keep(app, session.id, statusline(session));
}

function keep(app: App, name: string, line: string): void {
  const path = join(app.home, "state", "statusline", name);
  const bytes = Buffer.from(`${line}\n`);
  if (readIfThere(path)?.equals(bytes) !== true) replace(path, bytes, { durability: "cached" });
}
