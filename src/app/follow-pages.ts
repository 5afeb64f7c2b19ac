import type { Session } from "../session/session.ts";
import type { App } from "./app.ts";
import type { Here } from "./here.ts";
import { followBoard } from "./keep-board.ts";
import { followContext } from "./keep-context.ts";

/** Brings the pages for others up to date that somebody made here and that tell of this session: the context page and the team's board. */
export async function followPages(app: App, here: Here, session: Session): Promise<void> {
  await followContext(app, here);
  await followBoard(app, here, session);
}
