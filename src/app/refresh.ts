import type { Session } from "../session/session.ts";
import type { App } from "./app.ts";
import { followPages } from "./follow-pages.ts";
import type { Here } from "./here.ts";
import { prepareBrief } from "./prepare-brief.ts";
import { callingConversation } from "./resolve-session.ts";
import { saveSummary } from "./summary.ts";
import { syncFiles } from "./sync-files.ts";

/**
 * Brings what is derived from a session up to date after a command changed it. A person sees their document change at
 * once. For an agent it waits until its turn ends: a document that changes under an agent that has read it comes back in
 * its next prompt as a diff.
 */
export async function refresh(app: App, here: Here, session: Session): Promise<Session> {
  const inAgent = callingConversation(app) !== undefined;
  const after = inAgent ? session : syncFiles(app, here, session).session;
  saveSummary(app, after);
  if (inAgent) return after;
  await followPages(app, here, after);
  await prepareBrief(app, here);
  return after;
}
