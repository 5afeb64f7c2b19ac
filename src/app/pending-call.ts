import { basename, dirname, join } from "node:path";
import type { HookCall, HookEvent } from "../agent/agent.ts";
import { type ConversationId, isConversationId, newEventId } from "../base/id.ts";
import { asObject, numberField, parseJson, stringField } from "../base/parse.ts";
import { remove, replace, sync } from "../disk/disk.ts";
import { removeFolderIfEmpty } from "../disk/folder.ts";
import { filesBelow, readIfThere } from "../disk/read.ts";
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
 * Leaves a call on disk, `state/pending/<conversation>.<event id>.json`: by event id they are in the order of arrival. It outlives
 * whoever works on it, but not yet a power cut (see {@link makeCallDurable}).
 */
export function leavePendingCall(app: App, call: HookCall): PendingCall {
  const path = join(folderOf(app), `${call.conversation}.${newEventId(app.clock.nowMs())}.json`);
  replace(path, Buffer.from(JSON.stringify(call)), { durability: "cached" });
  return { path, call };
}

/**
 * What was typed or answered is there also after a power cut: the agent does not sync its transcript. For whoever waits before working
 * on a call, or leaves it to another; what follows from a call that is worked on at once is durable as soon as the call would be. A call
 * that only says that something happened is made up for by the next one.
 */
export function makeCallDurable({ path, call }: PendingCall): void {
  if (call.prompt !== undefined || call.answer !== undefined) sync(path, 1);
}

/** Conversations that calls wait for: being worked on, or left by a process that was killed. */
export function conversationsWithPendingCalls(app: App): readonly ConversationId[] {
  return [...new Set(callFiles(app).map(({ conversation }) => conversation))];
}

/** Damaged ones count, because who works through them removes them; folders and stray files do not. */
export function hasPendingCalls(app: App, conversation: ConversationId): boolean {
  return pathsOf(app, conversation).length > 0;
}

/** The conversation whose call waits in a file; undefined for a file that is no such one. */
export function pendingConversation(app: App, path: string): ConversationId | undefined {
  return callFileAt(app, path)?.conversation;
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
    .filter((path) => after === undefined || eventOf(path) > eventOf(after.path))
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

/** Removes what was worked through: an empty `state/pending/` means that nothing waits. */
export function dropPendingCalls(app: App, calls: readonly PendingCall[]): void {
  for (const { path } of calls) remove(path);
  const folders = new Set(calls.map(({ path }) => dirname(path)));
  for (const folder of folders) if (folder !== folderOf(app)) removeFolderIfEmpty(folder);
}

interface CallFile {
  readonly path: string;
  readonly conversation: ConversationId;
}

function pathsOf(app: App, conversation: ConversationId): readonly string[] {
  return callFiles(app)
    .filter((file) => file.conversation === conversation)
    .map(({ path }) => path)
    .slice(0, PENDING_CALLS_MAX);
}

/** Oldest first. Files only: what else lies there is nobody's call. */
function callFiles(app: App): readonly CallFile[] {
  return filesBelow(folderOf(app))
    .flatMap((path) => callFileAt(app, path) ?? [])
    .sort((a, b) => (eventOf(a.path) < eventOf(b.path) ? -1 : 1));
}

/** Versions before 0.1 left them as `<conversation>/<event id>.json`: to make and remove a folder for each call took longer than the rest. */
function callFileAt(app: App, path: string): CallFile | undefined {
  const folder = dirname(path);
  const names = basename(path).split(".");
  const [conversation = "", ...rest] = folder === folderOf(app) ? names : [basename(folder), ...names];
  const isCall = rest.length === 2 && rest[1] === "json" && isConversationId(conversation);
  return isCall ? { path, conversation } : undefined;
}

/** By which calls are in order. */
function eventOf(path: string): string {
  return basename(path).split(".").at(-2) ?? "";
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

function folderOf(app: App): string {
  return join(app.home, "state", "pending");
}
