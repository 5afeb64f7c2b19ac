import type { AgentSetup, PluginRecord } from "../../agent/agent.ts";
import { locateWorkTree } from "../../workspace/locate.ts";
import type { App } from "../app.ts";
import { readableText } from "./edit.ts";

/** Where the agent has our plugin, by its own records: `init` has no part in that, and neither has `uninstall`. */
export function installedPlugins(app: App, setup: AgentSetup): readonly PluginRecord[] {
  const { root } = locateWorkTree(app.cwd);
  return setup.plugins({ workTreePath: root, env: app.env }, readableText);
}

/** The plugin in a few words: its name, version, and whose it is. */
export function pluginWords({ name, version, scope, project }: PluginRecord): string {
  const whose = project === undefined ? "" : ` of ${project}`;
  return `plugin ${name}${version === undefined ? "" : ` ${version}`} (${scope} scope${whose})`;
}

/** What a person types for the agent to do something with the plugin; where it is a project's, in that project. */
export function pluginCommand(
  verb: "uninstall" | "update" | "enable",
  { name, scope }: PluginRecord,
): string {
  return `claude plugin ${verb} ${name}${scope === "user" ? "" : ` --scope ${scope}`}`;
}
