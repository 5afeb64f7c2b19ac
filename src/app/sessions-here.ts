import type { App } from "./app.ts";
import type { Here } from "./here.ts";
import { noticeMoves } from "./notice-moves.ts";
import { noticePlaced } from "./resolve-session.ts";
import { type SessionSummary, summaries } from "./summary.ts";

/**
 * The sessions of this work tree, newest activity first, with what a person did to their documents taken in: placed some in the
 * folder, moved some to `context/` or back. Where they did nothing, which is nearly always, every summary is read once.
 */
export function sessionsHere(app: App, here: Here): readonly SessionSummary[] {
  const found = summaries(app, here.workTree);
  const came = noticePlaced(app, here, found).length > 0;
  const own = came ? summaries(app, here.workTree) : found;
  return noticeMoves(app, here, own) ? summaries(app, here.workTree) : own;
}
