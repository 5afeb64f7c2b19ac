import { join } from "node:path";
import type { HookCall } from "../agent/agent.ts";
import type { ConversationId } from "../base/id.ts";
import { asArray, asObject, parseJson } from "../base/parse.ts";
import { append, replace } from "../disk/disk.ts";
import { readIfThere } from "../disk/read.ts";
import { attempt } from "./hook-failure.ts";

/** What a hook that answers prints: text for the model, a line for the person. */
export interface HookAnswer {
  readonly context: string | undefined;
  readonly line: string | undefined;
}

/** Keys remembered per conversation: several whole briefs and their deltas. */
const DELIVERED_KEYS_MAX = 500;

/** A conversation that goes on already holds what it was told before. */
export function isResumed({ reason }: HookCall): boolean {
  return reason === "resume" || reason === "fork";
}

/**
 * Remembers what this conversation was told, so that resuming it tells only what is new. Derived: where it cannot be
 * written (a full disk), the answer is given all the same, and resuming tells it again.
 */
export function rememberDelivered(home: string, call: HookCall, told: readonly string[]): void {
  attempt(home, call.event, () => {
    const before = isResumed(call) ? deliveredKeys(home, call.conversation) : [];
    const keys = [...new Set([...before, ...told])].slice(-DELIVERED_KEYS_MAX);
    const path = deliveredPath(home, call.conversation);
    replace(path, Buffer.from(JSON.stringify({ version: 1, keys })), { durability: "cached" });
  });
}

export function deliveredKeys(home: string, conversation: ConversationId): readonly string[] {
  const value = asObject(parseJson(readIfThere(deliveredPath(home, conversation))?.toString("utf8") ?? ""));
  return (asArray(value?.keys) ?? []).filter((key) => typeof key === "string");
}

/**
 * Lets the agent's shell find `leftoff`, these records wherever they are, and its session's name in TASK_ID. Claude Code
 * sources CLAUDE_ENV_FILE before each command, so TASK_ID is looked up at that moment: the conversation is bound to its
 * session only by its first prompt. An agent that is started from this shell has settings of its own, and is told by them
 * whose hooks answer.
 */
export function prepareShell(home: string, env: { readonly [name: string]: string | undefined }): void {
  const { CLAUDE_ENV_FILE: envFile, LEFTOFF_PLUGIN_BIN: pluginBin } = env;
  if (!envFile) return;
  const bin = shellQuoted(pluginBin || join(home, "bin"));
  const taskIds = shellQuoted(join(home, "state", "task-id"));
  const lines = [
    `case ":$PATH:" in *:${bin}:*) ;; *) export PATH=${bin}:"$PATH" ;; esac`,
    `export LEFTOFF_HOME=${shellQuoted(home)}`,
    "unset LEFTOFF_HOOKS",
    `export TASK_ID="$(cat ${taskIds}/"$CLAUDE_CODE_SESSION_ID" 2>/dev/null)"`,
  ];
  attempt(home, "SessionStart", () => append(envFile, Buffer.from(`${lines.join("\n")}\n`), "cached"));
}

function deliveredPath(home: string, conversation: ConversationId): string {
  return join(home, "state", "delivered", `${conversation}.json`);
}

function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
