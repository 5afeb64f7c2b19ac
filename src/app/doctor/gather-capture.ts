import { statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type ConversationId, isConversationId } from "../../base/id.ts";
import { asObject, numberField, parseJson, stringField } from "../../base/parse.ts";
import { isHeld, isLeftBehind } from "../../disk/lock.ts";
import { namesIn, readIfThere, readPartIfThere } from "../../disk/read.ts";
import type { App } from "../app.ts";
import { conversationLockPath } from "../ingest.ts";
import { conversationsWithPendingCalls, pendingConversation } from "../pending-call.ts";
import { loadSession } from "../session-log.ts";
import type { CaptureFacts, FailureFacts, PendingFacts } from "./facts.ts";
import type { Entry } from "./walk.ts";

/** A line of the spool is an event and a conversation's id: some 50 bytes. */
const SPOOL_TAIL_BYTES = 4_096;

export const NOTHING_CAPTURED: CaptureFacts = {
  pending: [],
  leftLocks: [],
  failures: { path: "", count: 0, last: undefined },
  off: [],
  lastNudge: undefined,
};

export function gatherCapture(app: App, entries: readonly Entry[]): CaptureFacts {
  const files = entries.filter(({ isFolder }) => !isFolder);
  return {
    pending: pendingFacts(app, files),
    leftLocks: files.filter(({ path }) => isLock(path) && isLeftBehind(path)).map(({ path }) => path),
    failures: failureFacts(app),
    off: offPlaces(app),
    lastNudge: lastNudge(app),
  };
}

function isLock(path: string): boolean {
  return basename(dirname(path)) === "locks" || /\.lock(?:\.takeover)*$/.test(path);
}

function pendingFacts(app: App, files: readonly Entry[]): readonly PendingFacts[] {
  return conversationsWithPendingCalls(app).map((conversation) => {
    const calls = files.filter(({ path }) => pendingConversation(app, path) === conversation);
    return {
      conversation,
      calls: calls.length,
      oldestAtMs: Math.min(...calls.map(({ modifiedAtMs }) => modifiedAtMs)),
      isHeld: isHeld(conversationLockPath(app, conversation)),
    };
  });
}

export function failuresPath({ home }: App): string {
  return join(home, "state", "hook-failures.jsonl");
}

function failureFacts(app: App): CaptureFacts["failures"] {
  const path = failuresPath(app);
  const lines = (readIfThere(path)?.toString("utf8") ?? "").split("\n").filter((line) => line.trim() !== "");
  return { path, count: lines.length, last: failureIn(lines.at(-1) ?? "") };
}

function failureIn(line: string): FailureFacts | undefined {
  const failure = asObject(parseJson(line));
  const atMs = numberField(failure, "atMs");
  const what = stringField(failure, "what")?.split("\n")[0];
  return atMs === undefined || what === undefined ? undefined : { atMs, what };
}

function offPlaces(app: App): readonly string[] {
  const { env, home } = app;
  const wish = env.LEFTOFF_OFF ?? "";
  const everywhere = statSync(join(home, "off"), { throwIfNoEntry: false }) !== undefined;
  const trees = app.workspaces.read().trees;
  return [
    ...(wish !== "" && wish !== "0" ? [`by LEFTOFF_OFF=${wish} in this shell`] : []),
    ...(everywhere ? [`everywhere (${join(home, "off")})`] : []),
    ...namesIn(join(home, "off.d")).map((name) => {
      const root = trees.find(({ id }) => id === name)?.root;
      return root === undefined ? `for the session ${sessionName(app, name)}` : `in ${root}`;
    }),
  ];
}

function sessionName(app: App, name: string): string {
  const id = app.store.journal.sessions().find((session) => session === name);
  return (id === undefined ? "" : loadSession(app, id).slug) || name;
}

/** Hooks leave a line in the spool before they do anything else: what was heard last, and whether it was read since. */
function lastNudge(app: App): CaptureFacts["lastNudge"] {
  const path = join(app.home, "state", "spool");
  const sizeBytes = readPartIfThere(path, 0, 0)?.sizeBytes ?? 0;
  const tail = readPartIfThere(path, Math.max(0, sizeBytes - SPOOL_TAIL_BYTES))?.bytes.toString("utf8") ?? "";
  const conversation = tail.trimEnd().split("\n").at(-1)?.split(" ")[1] ?? "";
  if (!isConversationId(conversation)) return undefined;
  const atMs = statSync(path).mtimeMs;
  return { conversation, atMs, isRead: isKnown(app, conversation) };
}

function isKnown(app: App, conversation: ConversationId): boolean {
  return app.store.state.get(`conversations/${app.agent.name}/${conversation}`) !== undefined;
}
