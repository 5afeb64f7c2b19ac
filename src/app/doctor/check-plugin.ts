import { pluginCommand, pluginWords } from "../init/plugins.ts";
import { type Check, finding, fine, note } from "./check.ts";
import type { Facts, PluginFacts, SettingsFacts } from "./facts.ts";
import { isBelow } from "./version.ts";

/** Whether the plugin, where the agent has it, can do its work, and whose turn it is where settings have hooks, too. */
export function checkPlugin(facts: Facts): readonly Check[] {
  const here = facts.plugins.filter(({ isHere }) => isHere);
  const plugin = here.find(({ isEnabled }) => isEnabled);
  if (plugin === undefined) return here.slice(0, 1).map(switchedOff);
  if (!plugin.hasPrograms) return [withoutPrograms(plugin)];
  const checks = [...olderThanRuntime(plugin, facts), ...besideSettings(plugin, facts)];
  return checks.length > 0 ? checks : [fine("plugin", `${pluginWords(plugin)}, ${plugin.folder}`)];
}

/** The plugin that hooks are run of in this work tree, if any can be. */
export function workingPlugin({ plugins }: Facts): PluginFacts | undefined {
  return plugins.find(({ isHere, isEnabled, hasPrograms }) => isHere && isEnabled && hasPrograms);
}

/** Settings files that the agent reads here and that have hooks of ours. */
export function settingsWithHooks({ settings }: Facts): readonly SettingsFacts[] {
  return settings.filter(
    ({ isHere, findings }) => isHere && findings?.kind === "readable" && findings.hooks > 0,
  );
}

function switchedOff(plugin: PluginFacts): Check {
  const fix = `\`${pluginCommand("enable", plugin)}\` switches it on, if you want it.`;
  return note("plugin", `The ${pluginWords(plugin)} is installed and switched off.`, fix);
}

function withoutPrograms(plugin: PluginFacts): Check {
  const { folder, version } = plugin;
  if (version === undefined) {
    const fix = `Put the folder back, or take the plugin out: \`${pluginCommand("uninstall", plugin)}\`.`;
    return finding("plugin", `The ${pluginWords(plugin)} runs in ${folder}, and none is there.`, fix);
  }
  return finding(
    "plugin",
    `The ${pluginWords(plugin)} has no programs in ${folder}, as after an install from a git URL: its hooks do nothing.`,
    "Build them there, if it is in a clone (`npm ci && npm run build`), or install the plugin from a packed tarball (docs/guides/plugin.md).",
  );
}

function olderThanRuntime(plugin: PluginFacts, { program }: Facts): readonly Check[] {
  const { version, installed } = program;
  const newest = installed !== undefined && isBelow(version, installed.version) ? installed.version : version;
  if (plugin.version === undefined || !isBelow(plugin.version, newest)) return [];
  const fix = `\`claude plugin marketplace update ${plugin.marketplace}\`, then \`${pluginCommand("update", plugin)}\`.`;
  return [note("plugin", `The ${pluginWords(plugin)} is older than leftoff ${newest} here.`, fix)];
}

function besideSettings(plugin: PluginFacts, facts: Facts): readonly Check[] {
  const paths = settingsWithHooks(facts).map(({ path }) => path);
  if (paths.length === 0) return [];
  const where = `The ${pluginWords(plugin)} is installed beside the hooks in ${paths.join(" and ")}`;
  return facts.program.installed === undefined
    ? [note("plugin", `${where}, whose scripts are gone: the plugin's hooks do the work.`, NOTHING_TO_DO)]
    : [note("plugin", `${where}: those do the work, and the plugin's keep still.`, NOTHING_TO_DO)];
}

const NOTHING_TO_DO =
  "Nothing to do: each event is worked on once. Tools, slash commands and skill are the plugin's.";
