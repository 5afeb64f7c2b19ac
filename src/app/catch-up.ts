import type { TranscriptFile } from "../agent/agent.ts";
import type { SessionId } from "../base/id.ts";
import type { App } from "./app.ts";
import { unreadBytes } from "./conversation.ts";
import type { Here } from "./here.ts";
import { catchUp } from "./ingest.ts";

export interface CaughtUp {
  /** Sessions that have news. */
  readonly sessions: readonly SessionId[];
  /** Conversations that were read. */
  readonly read: number;
  readonly readBytes: number;
  /** Bytes of conversations that could not be read before the deadline, or that another process is reading. */
  readonly unreadBytes: number;
}

/**
 * Reads what nobody has read yet of some conversations, oldest first so that sessions come about in the order they
 * happened. What is derived from the sessions that this changed is the caller's to bring up to date.
 *
 * @param deadlineMs on the monotonic clock: past it no conversation is begun, and the one in hand is left where it is.
 */
export async function catchUpAll(
  app: App,
  here: Here,
  files: readonly TranscriptFile[],
  { deadlineMs, onRead }: { readonly deadlineMs: number; readonly onRead?: (file: TranscriptFile) => void },
): Promise<CaughtUp> {
  const behind = files.filter((file) => unreadBytes(app, file) > 0);
  const oldestFirst = [...behind].sort((a, b) => a.modifiedAtMs - b.modifiedAtMs);
  const touched = new Set<SessionId>();
  let result: Omit<CaughtUp, "sessions"> = { read: 0, readBytes: 0, unreadBytes: 0 };
  for (const file of oldestFirst) {
    const bytes = unreadBytes(app, file);
    const session =
      app.clock.monotonicMs() < deadlineMs ? await catchUp(app, here, file, deadlineMs) : "busy";
    if (session === "busy") {
      result = { ...result, unreadBytes: result.unreadBytes + bytes };
      continue;
    }
    if (session !== undefined) touched.add(session);
    const left = unreadBytes(app, file);
    result = {
      read: result.read + 1,
      readBytes: result.readBytes + bytes - left,
      unreadBytes: result.unreadBytes + left,
    };
    onRead?.(file);
  }
  return { ...result, sessions: [...touched] };
}
