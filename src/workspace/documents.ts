import { join } from "node:path";
import { realPathOf, type WorkTreeLocation } from "./locate.ts";

export interface DocumentPlace {
  readonly location: WorkTreeLocation;
  /** `leftoff init` was run in this work tree. */
  readonly initialised: boolean;
  /** CLAUDE_CONFIG_DIR, where it is set. */
  readonly claudeConfigDir: string | undefined;
  readonly home: string;
}

/**
 * The folder of a work tree's documents, `<root>/.claude/sessions`; undefined where they lie under LEFTOFF_HOME: in a
 * work tree that was not initialised, and where the project's `.claude` is the agent's own config folder (the home
 * directory as project, a symlink), because Claude Code deletes foreign files from its own `sessions/`.
 */
export function documentFolder(place: DocumentPlace): string | undefined {
  if (!place.initialised) return undefined;
  const folder = join(place.location.root, ".claude", "sessions");
  const configs = [place.claudeConfigDir, join(place.home, ".claude")].filter((path) => isSet(path));
  // Claude Code may be started without CLAUDE_CONFIG_DIR next time, so ~/.claude is its folder in any case.
  return configs.some((config) => isConfigFolder(realPathOf(folder), realPathOf(config)))
    ? undefined
    : folder;
}

function isConfigFolder(folder: string, config: string): boolean {
  return folder === join(config, "sessions") || folder === config;
}

function isSet(path: string | undefined): path is string {
  return path !== undefined && path !== "";
}
