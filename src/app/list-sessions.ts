import type { SessionId } from "../base/id.ts";
import { isOpen } from "../session/life-cycle.ts";
import type { App } from "./app.ts";
import type { Here } from "./here.ts";
import { callingPlace, currentSession } from "./resolve-session.ts";
import { sessionsHere } from "./sessions-here.ts";
import { type SessionSummary, summaries } from "./summary.ts";

export interface SessionList {
  readonly here: Here;
  readonly sessions: readonly SessionSummary[];
  /** The one that a conversation here would go on with, if it is listed. */
  readonly current: SessionId | undefined;
  /** Finished sessions of this work tree that were not listed. */
  readonly finishedOmitted: number;
}

/** Open sessions of this work tree, newest activity first; with `all`, those of every workspace and every status. */
export async function listSessions(app: App, input: { readonly all: boolean }): Promise<SessionList> {
  const here = await callingPlace(app);
  const own = sessionsHere(app, here);
  const current = currentSession(app, here, own)?.id;
  if (input.all) return { here, sessions: summaries(app), current, finishedOmitted: 0 };
  const open = own.filter(({ phase }) => isOpen(phase));
  return { here, sessions: open, current, finishedOmitted: own.length - open.length };
}
