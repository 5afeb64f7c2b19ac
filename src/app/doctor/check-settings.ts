import { type Check, finding, fine, note } from "./check.ts";
import { settingsWithHooks, workingPlugin } from "./check-plugin.ts";
import type { Facts, PluginFacts, SettingsFacts } from "./facts.ts";

const MEND = "`leftoff doctor --fix` puts them right, as does `leftoff init`.";

/** Whether the agent calls us, once for each event, and what in its settings keeps it from that. */
export function checkSettings(facts: Facts): readonly Check[] {
  const { settings, program, home, plugins, install } = facts;
  const here = settingsWithHooks(facts);
  const all = [...settings.flatMap((file) => ofFile(file, install.ledger === "damaged")), ...several(here)];
  const isSaid = all.some(({ name }) => name === "hooks");
  const plugin = workingPlugin(facts);
  if (!isSaid && here.length === 0 && plugin !== undefined) {
    return [...all, fine("hooks", `those of the plugin, ${plugin.folder}`)];
  }
  if (home.kind !== "folder") return all;
  if (!program.isSetUp && here.length === 0 && !plugins.some(({ isEnabled }) => isEnabled)) {
    return [...all, finding("hooks", "leftoff is set up nowhere.", "Run `leftoff init` in your project.")];
  }
  if (isSaid || plugins.some(isBroken)) return all;
  if (here.length === 0) {
    return [
      ...all,
      note("hooks", "leftoff is not set up here, but in other places.", "Run `leftoff init` here, too."),
    ];
  }
  return [...all, fine("hooks", here.map(({ path }) => path).join(", "))];
}

/** Then that is the finding. */
function isBroken({ isHere, isEnabled, hasPrograms }: PluginFacts): boolean {
  return isHere && isEnabled && !hasPrograms;
}

function ofFile(file: SettingsFacts, isUnknown: boolean): readonly Check[] {
  const { path, findings, isOurs, isHere } = file;
  if (findings === undefined) {
    return isOurs ? [finding("hooks", `${path} is gone, and our hooks with it.`, MEND, "settings")] : [];
  }
  if (findings.kind === "unreadable") {
    const fix = "Correct the file by hand: the agent can't read it either.";
    return isOurs || isHere
      ? [finding("settings", `${path}:${findings.line}:${findings.column}: ${findings.what}`, fix)]
      : [];
  }
  return [...ownHooks(file, isUnknown), ...(isHere ? obstacles(file) : [])];
}

/** `isUnknown`: what was written down is damaged, which is told for all files at once. */
function ownHooks({ path, scope, findings, isOurs }: SettingsFacts, isUnknown: boolean): readonly Check[] {
  if (findings?.kind !== "readable" || (findings.hooks === 0 && !isOurs)) return [];
  if (!findings.isComplete) {
    const what =
      findings.hooks === 0
        ? `${path} has none of our hooks any more.`
        : `${path} does not have our hooks and permissions as they should be (another version, doubled, or changed by hand).`;
    return [finding("hooks", what, MEND, "settings")];
  }
  // A project's file is everybody's: whoever ran `init` need not be the person here.
  if (isOurs || isUnknown || scope === "project") return [];
  return [
    finding(
      "hooks",
      `${path} has our hooks, but nobody wrote down that it was us (the folder was moved or copied).`,
      "`leftoff doctor --fix` writes it down, so that `leftoff uninstall` finds them; that takes them out in any case.",
      "settings",
    ),
  ];
}

function obstacles({ path, findings }: SettingsFacts): readonly Check[] {
  if (findings?.kind !== "readable") return [];
  const off = findings.hooksOff
    ? [
        finding(
          "settings",
          `${path} has disableAllHooks: no hook runs, leftoff's neither.`,
          "Take it out of the file if you want leftoff to see anything.",
        ),
      ]
    : [];
  const misnamed = findings.misnamed.map(({ name, meant, line, column }) =>
    finding(
      "settings",
      `${path}:${line}:${column}: "${name}" is no event of Claude Code, so nothing ever runs there.`,
      `If it is meant to run, move it below "hooks" and name it "${meant}".`,
    ),
  );
  return [...off, ...misnamed];
}

/** They run once in any case: those of the narrowest file answer. */
function several(here: readonly SettingsFacts[]): readonly Check[] {
  if (here.length < 2) return [];
  const where = here.map(({ path }) => path).join(" and ");
  if (here.some(({ scope }) => scope === "local")) {
    return [finding("hooks", `Our hooks stand in ${where}; one file is enough.`, MEND, "settings")];
  }
  const fix = "Nothing to do: those of the project answer, and the others keep still.";
  return [note("hooks", `Our hooks stand in ${where}.`, fix)];
}
