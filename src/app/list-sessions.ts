import { isOpen } from "../session/life-cycle.ts";
import type { App } from "./app.ts";
import type { Here } from "./here.ts";
import { noticeMoves } from "./notice-moves.ts";
import { callingPlace } from "./resolve-session.ts";
import { type SessionSummary, summaries } from "./summary.ts";

export interface SessionList {
  readonly here: Here;
  readonly sessions: readonly SessionSummary[];
  /** Finished sessions of this work tree that were not listed. */
  readonly finishedOmitted: number;
}

/** Open sessions of this work tree, newest activity first; with `all`, those of every workspace and every status. */
export async function listSessions(app: App, input: { readonly all: boolean }): Promise<SessionList> {
  const here = await callingPlace(app);
  noticeMoves(app, here);
  if (input.all) return { here, sessions: summaries(app), finishedOmitted: 0 };
  const own = summaries(app, here.workTree);
  const open = own.filter(({ phase }) => isOpen(phase));
  return { here, sessions: open, finishedOmitted: own.length - open.length };
}
