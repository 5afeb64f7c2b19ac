import { DRIFT_GIT_MS } from "../base/limits.ts";
import { runGit } from "./git.ts";
import { isGitLocation, type WorkTreeLocation } from "./locate.ts";

/** What git knows of one file: nothing (or it ignores it), that it is as it was added or committed, or that it is another one now. */
export type Tracked = "untracked" | "unchanged" | "changed";

/** @param path relative to the work tree. `unchanged` where git does not tell in time: who asks wants to disturb nothing. */
export async function trackedState(location: WorkTreeLocation, path: string): Promise<Tracked> {
  if (!isGitLocation(location)) return "untracked";
  // Each tracked file as H, and once more as C where it differs: through the filters that git has for it.
  const args = ["--literal-pathspecs", "ls-files", "-z", "-t", "--cached", "--modified", "--", path];
  const answer = await runGit(location.root, args, DRIFT_GIT_MS);
  if (!answer.ok) return "unchanged";
  if (answer.stdout === "") return "untracked";
  return answer.stdout.split("\0").some((entry) => !entry.startsWith("H ") && entry !== "")
    ? "changed"
    : "unchanged";
}
