import { arrayField, asObject, type JsonObject } from "../../base/parse.ts";
import type { Patch } from "../agent.ts";

/**
 * What an edit changed by the agent's own patch: `toolUseResult.structuredPatch`, hunks whose lines begin with ` `, `-` or
 * `+`. Undefined where the result has none, as for a new file, and in subagents' records. Source: Claude Code 2.1.197.
 */
export function patchOf(details: JsonObject | undefined): Patch | undefined {
  const hunks = arrayField(details, "structuredPatch") ?? [];
  if (hunks.length === 0) return undefined;
  const added: string[] = [];
  const removed: string[] = [];
  for (const line of hunks.flatMap((hunk) => arrayField(asObject(hunk), "lines") ?? [])) {
    if (typeof line !== "string") continue;
    if (line.startsWith("+")) added.push(line.slice(1));
    else if (line.startsWith("-")) removed.push(line.slice(1));
  }
  return { added, removed };
}
