import type { HookCall } from "../../src/agent/agent.ts";
import type { App } from "../../src/app/app.ts";
import { waitingCalls } from "../../src/app/pending-call.ts";
import { openApp } from "../../src/compose.ts";
import { promptOf, UNREAD } from "./box.ts";

/** A prompt that only its hook knows. */
export const CALL: HookCall = {
  event: "UserPromptSubmit",
  conversation: UNREAD,
  transcriptPath: undefined,
  cwd: undefined,
  promptId: undefined,
  prompt: undefined,
  answer: undefined,
  reason: undefined,
  subagent: undefined,
  sinceAnswerMs: undefined,
};

/** The program with a folder as its home. */
export function callsIn(folder: string): App {
  return openApp({ cwd: folder, env: { LEFTOFF_HOME: folder, HOME: folder } });
}

/** What of the calls that were acknowledged does not wait on disk, once. */
export function callTroubles(folder: string, acknowledged: readonly number[]): readonly string[] {
  const waiting = waitingCalls(callsIn(folder), UNREAD).map(({ prompt }) => prompt);
  const lost = acknowledged.filter((n) => waiting.filter((prompt) => prompt === promptOf(n)).length !== 1);
  return lost.length === 0
    ? []
    : [`${lost.length} of ${acknowledged.length} acknowledged calls are not there once: ${lost.slice(0, 5)}`];
}
