import { join } from "node:path";
import type { AgentSetup } from "./agent/agent.ts";
import { claudeSetup } from "./agent/claude/setup.ts";
import { codexMcp } from "./agent/codex/setup.ts";
import { geminiMcp } from "./agent/gemini/setup.ts";
import { opencodeMcp } from "./agent/opencode/setup.ts";
import { systemClock } from "./base/clock.ts";
import { openRepair } from "./store/local/repair.ts";
import type { Repair } from "./store/store.ts";
import { damagedLines } from "./workspace/workspaces.ts";

/** What `init`, `uninstall` and `doctor` need beside the program: apart from compose.ts, so that no hook ever loads it. */
export function openSetup(): AgentSetup {
  return { ...claudeSetup, mcpClients: [codexMcp, geminiMcp, opencodeMcp] };
}

/** What `repair` and `doctor --fix` mend. */
export function openRepairs(home: string): Repair {
  return openRepair(home, systemClock, [{ path: join(home, "workspaces.jsonl"), damageIn: damagedLines }]);
}
