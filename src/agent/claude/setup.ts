import { homedir } from "node:os";
import { join } from "node:path";
import type { AgentPlace, AgentSetup, SettingsScope } from "../agent.ts";
import {
  addAllowRules,
  addHooks,
  hookEntries,
  isOurHook,
  removeAllowRules,
  removeHooks,
} from "./settings.ts";
import { inspectSettings } from "./settings-inspect.ts";

/**
 * Commands that read or write leftoff's own records only: an agent that is asked for permission each time stops noting.
 * Never anything that starts a process or writes into the work tree.
 */
const ALLOWED = [
  "note",
  "notes",
  "status",
  "list",
  "show",
  "brief",
  "new",
  "switch",
  "pause",
  "block",
  "complete",
].map((command) => `Bash(leftoff ${command}:*)`);

/** Claude Code's settings files, as 2.1.197 and 2.1.329 read them. */
export const claudeSetup: AgentSetup = {
  settingsPath: (scope, place) =>
    join(settingsFolder(scope, place), scope === "local" ? "settings.local.json" : "settings.json"),
  install: (text, { scope, binFolder }) => {
    const hooks = addHooks(text, hookEntries({ scope, binFolder }));
    const rules = addAllowRules(hooks.text, ALLOWED);
    return { text: rules.text, changed: hooks.changed || rules.changed, warnings: hooks.warnings };
  },
  uninstall: (text) => {
    const rules = removeAllowRules(text, ALLOWED);
    const hooks = removeHooks(rules.text, isOurHook);
    return { text: hooks.text, changed: rules.changed || hooks.changed, warnings: [] };
  },
  inspect: (text, { scope, binFolder }) =>
    inspectSettings(text, { entries: hookEntries({ scope, binFolder }), rules: ALLOWED }),
};

function settingsFolder(scope: SettingsScope, { workTreePath, env }: AgentPlace): string {
  if (scope !== "user") return join(workTreePath, ".claude");
  return env.CLAUDE_CONFIG_DIR || join(env.HOME || homedir(), ".claude");
}
