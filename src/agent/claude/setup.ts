import { join } from "node:path";
import { personFolder } from "../../base/person-folder.ts";
import type { AgentPlace, AgentSetup, SettingsScope } from "../agent.ts";
import { pluginRecords } from "./plugin.ts";
import { pluginText } from "./plugin-text.ts";
import {
  addAllowRules,
  addHooks,
  addHooksVariable,
  hookEntries,
  isOurHook,
  removeAllowRules,
  removeHooks,
  removeHooksVariable,
} from "./settings.ts";
import { inspectSettings } from "./settings-inspect.ts";
import { addStatusline, removeStatusline } from "./statusline.ts";

/**
 * Commands and tools that read or write leftoff's own records only: an agent that is asked for permission each time stops
 * noting. Never anything that starts a process or writes into the work tree.
 */
const COMMANDS = [
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
  "reopen",
  "memory checkpoint",
  "memory show",
];
const TOOLS = ["brief", "search_notes", "note", "notes", "memory", "session", "show"];
const ALLOWED = [
  ...COMMANDS.map((command) => `Bash(leftoff ${command}:*)`),
  ...TOOLS.map((tool) => `mcp__leftoff__${tool}`),
];

/** Claude Code's settings files, as 2.1.197 and 2.1.329 read them. */
export const claudeSetup: Omit<AgentSetup, "mcpClients"> = {
  settingsPath: (scope, place) =>
    join(settingsFolder(scope, place), scope === "local" ? "settings.local.json" : "settings.json"),
  install: (text, place) => {
    const hooks = addHooks(text, hookEntries(place));
    const rules = addAllowRules(hooks.text, ALLOWED);
    const after = addHooksVariable(rules.text, place).text;
    return { text: after, changed: after !== (text ?? ""), warnings: hooks.warnings };
  },
  addStatusline: (text, binFolder) => ({ ...addStatusline(text, binFolder), warnings: [] }),
  uninstall: (text) => {
    // What came last goes first: then what the file ended with is what it ends with again.
    const line = removeStatusline(text);
    const rules = removeAllowRules(removeHooksVariable(line.text).text, ALLOWED);
    const after = removeHooks(rules.text, isOurHook).text;
    return { text: after, changed: after !== text, warnings: [] };
  },
  pluginText,
  inspect: (text, place) => inspectSettings(text, { entries: hookEntries(place), rules: ALLOWED, place }),
  plugins: ({ workTreePath, env }, read) =>
    pluginRecords({ configFolder: configFolder(env), workTreePath, read }),
};

function settingsFolder(scope: SettingsScope, { workTreePath, env }: AgentPlace): string {
  return scope === "user" ? configFolder(env) : join(workTreePath, ".claude");
}

function configFolder(env: AgentPlace["env"]): string {
  return env.CLAUDE_CONFIG_DIR || join(personFolder(env), ".claude");
}
