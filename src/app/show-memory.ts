import { statSync } from "node:fs";
import type { SessionMemory } from "../memory/memory.ts";
import type { App } from "./app.ts";
import { displayPath, type Here } from "./here.ts";
import { callingPlace, resolveSession } from "./resolve-session.ts";
import { loadSession } from "./session-log.ts";
import { memoryFiles, sessionMemory, taskOf } from "./session-memory.ts";
import { summaries } from "./summary.ts";
import { readEdits } from "./sync-files.ts";

export interface MemoryShown {
  readonly session: string;
  readonly slug: string;
  readonly memory: SessionMemory;
  /** Its files, relative to the work tree. */
  readonly files: readonly string[];
  readonly trouble: string | undefined;
}

/**
 * A session's memory, with what was just written into its files. There is one whether or not it has files.
 *
 * @throws AppError `session_not_found`, `session_ambiguous`, `no_current_session`.
 */
export async function showMemory(
  app: App,
  input: { readonly session?: string | undefined },
): Promise<MemoryShown> {
  const here = await callingPlace(app);
  const { session, trouble } = readEdits(app, here, resolveSession(app, here, input.session).id);
  const files = memoryFiles(here, session).map((path) => displayPath(here, path));
  return { session: session.id, slug: session.slug, memory: sessionMemory(session), files, trouble };
}

export interface MemoryListed {
  readonly slug: string;
  readonly task: string;
  readonly path: string;
  readonly sizeBytes: number;
  readonly fileChangedAtMs: number;
}

/** The memory files of all sessions of this work tree, those of the session worked on last first. */
export async function listMemory(app: App): Promise<readonly MemoryListed[]> {
  const here = await callingPlace(app);
  return summaries(app, here.workTree).flatMap(({ id }) => listed(here, loadSession(app, id)));
}

function listed(here: Here, session: Parameters<typeof memoryFiles>[1]): readonly MemoryListed[] {
  return memoryFiles(here, session).flatMap((path) => {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return [];
    const { slug } = session;
    const shown = displayPath(here, path);
    return [
      {
        slug,
        task: taskOf(session),
        path: shown,
        sizeBytes: stat.size,
        fileChangedAtMs: Math.floor(stat.mtimeMs),
      },
    ];
  });
}
