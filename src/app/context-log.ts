import { CONTEXT_GIT_MS, CONTEXT_HISTORY_EVENTS_MAX, CONTEXT_HISTORY_SESSIONS_MAX } from "../base/limits.ts";
import { commitsOfFile } from "../workspace/recent.ts";
import type { App } from "./app.ts";
import { contextPagePath } from "./context-place.ts";
import { displayPath, type Here } from "./here.ts";
import { callingPlace } from "./resolve-session.ts";
import { type SessionSummary, summaries } from "./summary.ts";

/** One change of the context page: lines that leftoff wrote, or a commit of whoever. */
export type ContextChange =
  | {
      readonly kind: "lines";
      readonly atMs: number;
      readonly session: string;
      readonly added: readonly string[];
      readonly removed: readonly string[];
    }
  | {
      readonly kind: "commit";
      readonly atMs: number;
      readonly hash: string;
      readonly author: string;
      readonly subject: string;
    };

export interface ContextLog {
  readonly path: string;
  /** Newest first. */
  readonly changes: readonly ContextChange[];
}

/** What happened to the context page of this work tree, as far as journals and git tell. */
export async function contextLog(app: App): Promise<ContextLog> {
  const here = await callingPlace(app);
  const path = contextPagePath(app, here);
  const newest = summaries(app, here.workTree).slice(0, CONTEXT_HISTORY_SESSIONS_MAX);
  const all = [...newest.flatMap((summary) => written(app, summary)), ...(await committed(app, here, path))];
  const changes = all.sort((a, b) => b.atMs - a.atMs).slice(0, CONTEXT_HISTORY_EVENTS_MAX);
  return { path, changes };
}

function written(app: App, { id, slug }: SessionSummary): readonly ContextChange[] {
  // Newest first also within one millisecond.
  return [...app.store.journal.read(id).events]
    .reverse()
    .flatMap((event) =>
      event.type === "context.changed"
        ? [{ kind: "lines", atMs: event.atMs, session: slug, ...event.data } as const]
        : [],
    );
}

async function committed(app: App, here: Here, path: string): Promise<readonly ContextChange[]> {
  if (!path.startsWith(`${here.root}/`)) return [];
  const limits = { countMax: CONTEXT_HISTORY_EVENTS_MAX, timeoutMs: CONTEXT_GIT_MS };
  const commits = await commitsOfFile(here.location, displayPath(here, path), limits);
  return commits.map((commit) => {
    const { author, subject } = app.redactor.value(commit) as typeof commit;
    return { kind: "commit", ...commit, author, subject };
  });
}
