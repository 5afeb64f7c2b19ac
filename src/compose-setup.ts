import type { AgentSetup } from "./agent/agent.ts";
import { claudeSetup } from "./agent/claude/setup.ts";
import { codexMcp } from "./agent/codex/setup.ts";
import { geminiMcp } from "./agent/gemini/setup.ts";
import { opencodeMcp } from "./agent/opencode/setup.ts";

/** What `init` and `uninstall` need beside the program: apart from compose.ts, so that no hook ever loads it. */
export function openSetup(): AgentSetup {
  return { ...claudeSetup, mcpClients: [codexMcp, geminiMcp, opencodeMcp] };
}
