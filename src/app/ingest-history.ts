import { adoptDocuments } from "./adopt-documents.ts";
import type { App } from "./app.ts";
import { catchUpAll } from "./catch-up.ts";
import { unreadBytes } from "./conversation.ts";
import { followPages } from "./follow-pages.ts";
import { agentPlace, type Here } from "./here.ts";
import { prepareBrief } from "./prepare-brief.ts";
import { callingPlace, currentSession } from "./resolve-session.ts";
import { loadSession, record } from "./session-log.ts";
import { settleCaughtUp } from "./settle.ts";
import { saveSummary, summaries } from "./summary.ts";

/** Conversations that moved since then are read by commands on their way; older ones by `leftoff ingest`. */
const RECENT_MS = 7 * 24 * 60 * 60 * 1000;
const COMMAND_INGEST_MS = 3_000;

export interface HistoryRead {
  /** Conversations of this work tree that the agent still has, and their size. */
  readonly found: number;
  readonly foundBytes: number;
  /** Those with something new, and what was read of them. */
  readonly read: number;
  readonly readBytes: number;
  readonly unreadBytes: number;
  /** Sessions made of documents that were put there by hand, or that got something from one. */
  readonly adopted: number;
  readonly tookMs: number;
}

export interface HistoryLimits {
  /** Newest first. */
  readonly conversationsMax: number;
  readonly deadlineMs: number;
  readonly onProgress?: ((read: number, of: number) => void) | undefined;
}

/**
 * Reads what is new in this work tree's conversations. Old work that this brings to light is set aside as paused, all but
 * the session that goes on: history is no to-do list.
 */
export async function ingestHistory(app: App, here: Here, limits: HistoryLimits): Promise<HistoryRead> {
  const startMs = app.clock.monotonicMs();
  const files = await app.agent.transcripts(agentPlace(app, here));
  const newest = files.slice(0, limits.conversationsMax);
  const adopted = adoptDocuments(app, here);
  const known = new Set(summaries(app, here.workTree).map(({ id }) => id));
  let done = 0;
  const caughtUp = await catchUpAll(app, here, newest, {
    deadlineMs: limits.deadlineMs,
    onRead: () => limits.onProgress?.(++done, newest.length),
  });
  for (const session of caughtUp.sessions) settleCaughtUp(app, here, loadSession(app, session));
  const current = currentSession(app, here);
  for (const { id, phase } of summaries(app, here.workTree)) {
    if (known.has(id) || id === current?.id || phase !== "active") continue;
    saveSummary(
      app,
      record(app, loadSession(app, id), [
        { body: { type: "session.paused", data: {} }, by: { kind: "leftoff" } },
      ]),
    );
  }
  if (current !== undefined) await followPages(app, here, current);
  await prepareBrief(app, here);
  return {
    found: files.length,
    foundBytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    read: caughtUp.read,
    readBytes: caughtUp.readBytes,
    unreadBytes: caughtUp.unreadBytes,
    adopted: adopted.length,
    tookMs: app.clock.monotonicMs() - startMs,
  };
}

/** Reads what is new here, however much it is. */
export async function ingestHere(app: App, input: Omit<HistoryLimits, "deadlineMs">): Promise<HistoryRead> {
  const here = await callingPlace(app);
  return ingestHistory(app, here, { ...input, deadlineMs: Number.POSITIVE_INFINITY });
}

/** Reads what is new since the last hook, for commands that show where things stand; bounded, since somebody waits. */
export async function catchUpPlace(app: App, here: Here): Promise<void> {
  const sinceMs = app.clock.nowMs() - RECENT_MS;
  const files = await app.agent.transcripts(
    agentPlace(app, here),
    (file) => file.modifiedAtMs >= sinceMs && unreadBytes(app, file) > 0,
  );
  const deadlineMs = app.clock.monotonicMs() + COMMAND_INGEST_MS;
  const { sessions } = await catchUpAll(app, here, files, { deadlineMs });
  for (const session of sessions) settleCaughtUp(app, here, loadSession(app, session));
}
