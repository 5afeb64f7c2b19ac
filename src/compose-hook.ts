import type { HookCall } from "./agent/agent.ts";
import { hookOf } from "./agent/claude/hook.ts";

/** What the small hook program needs of its agent: apart from compose.ts, which would bring the rest along. */
export function readHookCall(payload: string): HookCall | undefined {
  return hookOf(payload);
}
