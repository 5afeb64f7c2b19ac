import { dirname, join } from "node:path";
import type { HookCall, HookEvent } from "../agent/agent.ts";
import { AppError } from "../base/error.ts";
import { type ConversationId, isConversationId, newEventId } from "../base/id.ts";
import { asObject, numberField, parseJson, stringField } from "../base/parse.ts";
import { remove, replace } from "../disk/disk.ts";
import { removeFolderIfEmpty } from "../disk/folder.ts";
import { filesIn, namesIn, readIfThere } from "../disk/read.ts";
import type { App } from "./app.ts";
import { noteHookFailure } from "./hook-failure.ts";

/** A hook call that waits to be worked through, already redacted; `path` is its file. */
export interface PendingCall {
  readonly path: string;
  readonly call: HookCall;
}

/** Calls read at a time: a hook a second for a quarter of an hour. */
const PENDING_CALLS_MAX = 1_000;

/**
 * Leaves a call on disk, named so that the order of names is that of arrival. What was typed or answered is there also
 * after a power cut: the agent does not sync its transcript. A call that only says that something happened is made up for
 * by the next one.
 */
export function leavePendingCall(app: App, call: HookCall): void {
  const path = join(folderOf(app, call.conversation), `${newEventId(app.clock.nowMs())}.json`);
  const bytes = Buffer.from(JSON.stringify(call));
  const durability = call.prompt === undefined && call.answer === undefined ? "cached" : "durable";
  for (let tries = 1; ; tries += 1) {
    try {
      replace(path, bytes, { durability });
      return;
    } catch (error) {
      // Whoever worked off the calls before this one may just have removed the folder.
      const isGone = error instanceof AppError && error.code === "refused";
      if (!isGone || tries === LEAVE_TRIES_MAX) throw error;
    }
  }
}

/** Each try that finds its folder gone means that another call was worked off in that very moment. */
const LEAVE_TRIES_MAX = 5;

/** Conversations that calls wait for: being worked on, or left by a process that was killed. */
export function conversationsWithPendingCalls(app: App): readonly ConversationId[] {
  return namesIn(join(app.home, "state", "pending"))
    .filter(isConversationId)
    .filter((conversation) => hasPendingCalls(app, conversation));
}

/** Damaged ones count, because who works through them removes them; folders and stray files do not. */
export function hasPendingCalls(app: App, conversation: ConversationId): boolean {
  return pathsOf(app, conversation).length > 0;
}

/**
 * What waits, oldest first, after one that was seen already. Only the holder of the conversation's lock may work on it.
 * A damaged file is told and removed: the transcript has what it said, but for a prompt or answer that was never written.
 */
export function pendingCalls(
  app: App,
  conversation: ConversationId,
  after?: PendingCall,
): readonly PendingCall[] {
  return pathsOf(app, conversation)
    .filter((path) => after === undefined || path > after.path)
    .flatMap((path) => {
      const bytes = readIfThere(path);
      const call = callOf(parseJson(bytes?.toString("utf8") ?? ""));
      if (call?.conversation === conversation) return [{ path, call }];
      if (bytes !== undefined)
        noteHookFailure(app.home, "pending", `a pending call was damaged: ${path}, ${bytes.length} bytes`);
      remove(path);
      return [];
    });
}

/** What waits, for somebody who only looks: nothing is removed, and no lock is needed. */
export function waitingCalls(app: App, conversation: ConversationId): readonly HookCall[] {
  return pathsOf(app, conversation)
    .map((path) => callOf(parseJson(readIfThere(path)?.toString("utf8") ?? "")))
    .filter((call) => call?.conversation === conversation)
    .filter((call) => call !== undefined);
}

/** Removes what was worked through, and the folder with the last of it: an empty `state/pending/` means that nothing waits. */
export function dropPendingCalls(calls: readonly PendingCall[]): void {
  for (const { path } of calls) remove(path);
  for (const folder of new Set(calls.map(({ path }) => dirname(path)))) removeFolderIfEmpty(folder);
}

/** Files only: what else lies there is nobody's call. */
function pathsOf(app: App, conversation: ConversationId): readonly string[] {
  return filesIn(folderOf(app, conversation))
    .filter((path) => path.endsWith(".json"))
    .slice(0, PENDING_CALLS_MAX);
}

const EVENTS: ReadonlySet<string> = new Set<HookEvent>([
  "SessionStart",
  "UserPromptSubmit",
  "Stop",
  "StopFailure",
  "SubagentStop",
  "SessionEnd",
  "PreCompact",
]);

/** The call in a file's value; undefined where a bit of it is not what we write. */
function callOf(value: unknown): HookCall | undefined {
  const object = asObject(value);
  const event = stringField(object, "event") ?? "";
  const conversation = stringField(object, "conversation") ?? "";
  if (!EVENTS.has(event) || !isConversationId(conversation)) return undefined;
  const text = (name: string) => stringField(object, name);
  return {
    event: event as HookEvent,
    conversation,
    transcriptPath: text("transcriptPath"),
    cwd: text("cwd"),
    promptId: text("promptId"),
    prompt: text("prompt"),
    answer: text("answer"),
    reason: text("reason"),
    subagent: text("subagent"),
    sinceAnswerMs: numberField(object, "sinceAnswerMs"),
  };
}

function folderOf(app: App, conversation: ConversationId): string {
  return join(app.home, "state", "pending", conversation);
}
