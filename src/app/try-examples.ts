import { readFileSync } from "node:fs";
import type { App } from "./app.ts";
import { hereAt } from "./here.ts";
import { type HistoryRead, ingestHistory } from "./ingest-history.ts";
import { type MadeBrief, makeBrief } from "./prepare-brief.ts";
import { currentSession } from "./resolve-session.ts";
import { documentPath } from "./sync-document.ts";

/** What leftoff makes of the bundled conversations. */
export interface TryResult {
  readonly history: HistoryRead;
  readonly documentPath: string;
  readonly document: string;
  readonly prepared: MadeBrief;
}

/** Does what `init` and the next SessionStart do, in the box that `app` was opened for. */
export async function tryExamples(app: App): Promise<TryResult | undefined> {
  const before = await hereAt(app, app.cwd);
  app.workspaces.append([
    { type: "work_tree.initialised", atMs: app.clock.nowMs(), workTree: before.workTree },
  ]);
  const here = await hereAt(app, app.cwd);
  const history = await ingestHistory(app, here, {
    conversationsMax: Number.MAX_SAFE_INTEGER,
    deadlineMs: Number.POSITIVE_INFINITY,
  });
  const session = currentSession(app, here);
  if (session === undefined) return undefined;
  const path = documentPath(app, here, session);
  return {
    history,
    documentPath: path,
    document: readFileSync(path, "utf8"),
    prepared: await makeBrief(app, here, session),
  };
}
