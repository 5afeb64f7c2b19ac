import type { HookCall } from "../agent/agent.ts";
import {
  PRE_COMPACT_INGEST_MS,
  SESSION_START_WAIT_MS,
  SUMMARY_CHARS_MAX,
  SUMMARY_TOKENS_MAX,
} from "../base/limits.ts";
import { waitUntilFree } from "../disk/lock.ts";
import { packKept } from "../recall/kept.ts";
import type { Session } from "../session/session.ts";
import type { App } from "./app.ts";
import { transcriptOf } from "./call-transcript.ts";
import { catchUpAll } from "./catch-up.ts";
import { loadConversation } from "./conversation.ts";
import { type Here, recogniseHere } from "./here.ts";
import type { HookAnswer } from "./hook-answer.ts";
import { noteHookFailure } from "./hook-failure.ts";
import { conversationLockPath } from "./ingest.ts";
import { loadSession } from "./session-log.ts";
import { settle } from "./settle.ts";

const NOTHING: HookAnswer = { context: undefined, line: undefined };
const LIMITS = { tokensMax: SUMMARY_TOKENS_MAX, charsMax: SUMMARY_CHARS_MAX };

/**
 * Before the agent replaces its context by a summary: what it said is read to its end and settled, and what the summary
 * must keep is told. Where something of that fails (a full disk, a document that somebody else writes), the rest is done
 * all the same. Other conversations wait for SessionStart, which follows.
 */
export async function answerPreCompact(app: App, call: HookCall): Promise<HookAnswer> {
  const here = recogniseHere(app, call.cwd ?? app.cwd);
  await attemptAsync(app, call, () => readToItsEnd(app, here, call));
  const id = loadConversation(app, call.conversation)?.session;
  if (id === undefined) return NOTHING;
  const session = settled(app, here, call, loadSession(app, id));
  const notes = [...session.notes.values()].map((note) => ({ note, staleFiles: [] }));
  const text = packKept({ nowMs: app.clock.nowMs(), notes }, LIMITS);
  return text === "" ? NOTHING : { context: text, line: undefined };
}

async function readToItsEnd(app: App, here: Here, call: HookCall): Promise<void> {
  waitUntilFree(conversationLockPath(app, call.conversation), SESSION_START_WAIT_MS);
  const found = transcriptOf(call);
  if (found.kind !== "file") return;
  const deadlineMs = app.clock.monotonicMs() + PRE_COMPACT_INGEST_MS;
  await catchUpAll(app, here, [found.file], { deadlineMs });
}

function settled(app: App, here: Here, call: HookCall, session: Session): Session {
  try {
    return settle(app, here, session).session;
  } catch (error) {
    noteHookFailure(app.home, call.event, error);
    return session;
  }
}

async function attemptAsync(app: App, call: HookCall, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    noteHookFailure(app.home, call.event, error);
  }
}
