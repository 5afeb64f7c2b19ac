import { join } from "node:path";
import type { HookCall } from "../agent/agent.ts";
import { type ConversationId, newEventId } from "../base/id.ts";
import { asObject, parseJson, stringField } from "../base/parse.ts";
import { remove, replace } from "../disk/disk.ts";
import { namesIn, readIfThere } from "../disk/read.ts";
import type { App } from "./app.ts";

/** A hook call that waits to be worked through, already redacted; `path` is its file. */
export interface PendingCall {
  readonly path: string;
  readonly call: HookCall;
}

/** Calls read at a time: a hook a second for a quarter of an hour. */
const PENDING_CALLS_MAX = 1_000;

/** Leaves a call on disk, named so that the order of names is that of arrival. */
export function leavePendingCall(app: App, call: HookCall): void {
  const path = join(folderOf(app, call.conversation), `${newEventId(app.clock.nowMs())}.json`);
  // Against kill -9, not against a power cut: what was said is in the transcript by then.
  replace(path, Buffer.from(JSON.stringify(call)), { durability: "cached" });
}

/** Asks for calls that can be worked on, not for files: one that is no call must not keep anybody looking for ever. */
export function hasPendingCalls(app: App, conversation: ConversationId): boolean {
  return pendingCalls(app, conversation).length > 0;
}

/**
 * What waits, oldest first, after one that was seen already. Only the holder of the conversation's lock may work on it.
 * A damaged file says nothing and is removed: the transcript has the rest.
 */
export function pendingCalls(
  app: App,
  conversation: ConversationId,
  after?: PendingCall,
): readonly PendingCall[] {
  const folder = folderOf(app, conversation);
  const found = namesIn(folder)
    .slice(0, PENDING_CALLS_MAX)
    .map((name) => join(folder, name));
  return found
    .filter((path) => after === undefined || path > after.path)
    .flatMap((path) => {
      const call = asObject(parseJson(readIfThere(path)?.toString("utf8") ?? ""));
      if (stringField(call, "conversation") === conversation)
        return [{ path, call: call as unknown as HookCall }];
      remove(path);
      return [];
    });
}

export function dropPendingCalls(calls: readonly PendingCall[]): void {
  for (const { path } of calls) remove(path);
}

function folderOf(app: App, conversation: ConversationId): string {
  return join(app.home, "state", "pending", conversation);
}
