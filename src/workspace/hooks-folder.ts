import { resolve } from "node:path";
import { GIT_CONFIG_MS } from "../base/limits.ts";
import { type GitAnswer, runGit } from "./git.ts";
import type { GitLocation } from "./locate.ts";

/** Where git looks for the hooks of a work tree. */
export interface HooksFolder {
  readonly path: string;
  /** By `core.hooksPath`; else it is the folder in the repository's own. */
  readonly isConfigured: boolean;
}

/** @returns undefined where git gave no answer in its time. */
export async function hooksFolderIfTold(location: GitLocation): Promise<HooksFolder | undefined> {
  const answer = await configuredHooks(location);
  return answer.ok ? folderFrom(location, answer) : undefined;
}

/** Asks git: the setting may stand in any of its files, and in one that they include. */
export async function hooksFolder(location: GitLocation): Promise<HooksFolder> {
  return folderFrom(location, await configuredHooks(location));
}

function configuredHooks({ root }: GitLocation): Promise<GitAnswer> {
  return runGit(root, ["config", "--path", "--null", "--get-all", "core.hooksPath"], GIT_CONFIG_MS);
}

function folderFrom({ root, commonDir }: GitLocation, answer: GitAnswer): HooksFolder {
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
