import { resolve } from "node:path";
import { GIT_CONFIG_MS } from "../base/limits.ts";
import { runGit } from "./git.ts";
import type { GitLocation } from "./locate.ts";

/** Where git looks for the hooks of a work tree. */
export interface HooksFolder {
  readonly path: string;
  /** By `core.hooksPath`; else it is the folder in the repository's own. */
  readonly isConfigured: boolean;
}

/** Asks git: the setting may stand in any of its files, and in one that they include. */
export async function hooksFolder({ root, commonDir }: GitLocation): Promise<HooksFolder> {
  const answer = await runGit(
    root,
    ["config", "--path", "--null", "--get-all", "core.hooksPath"],
    GIT_CONFIG_MS,
  );
  // The last one is our own, by which no hook of the repository runs for us.
  const configured = answer.stdout.split("\0").slice(0, -2).at(-1) ?? "";
  return configured === ""
    ? { path: resolve(commonDir, "hooks"), isConfigured: false }
    : { path: resolve(root, configured), isConfigured: true };
}

/** True where git is told to take no notice of a path of the work tree: nobody gets it with a commit. */
export async function isIgnored({ root }: GitLocation, path: string): Promise<boolean> {
  const answer = await runGit(root, ["check-ignore", "--quiet", "--", path], GIT_CONFIG_MS);
  return answer.exitCode === 0;
}
