import { CONTEXT_GIT_MS } from "../base/limits.ts";
import { runGit } from "./git.ts";
import { isGitLocation, type WorkTreeLocation } from "./locate.ts";

/** What git knows of one file: nothing (or it ignores it), that it is as it was added or committed, or that it is another one now. */
export type Tracked = "untracked" | "unchanged" | "changed";

/** @param path relative to the work tree. `unchanged` where git does not tell in time: who asks wants to disturb nothing. */
export async function trackedState(location: WorkTreeLocation, path: string): Promise<Tracked> {
  if (!isGitLocation(location)) return "untracked";
  const run = (...args: readonly string[]) =>
    runGit(location.root, ["--literal-pathspecs", ...args, "--", path], CONTEXT_GIT_MS);
  const known = await run("ls-files", "-z", "--cached");
  if (known.ok && known.stdout === "") return "untracked";
  // `ls-files --modified` goes by the size; this asks the filters that git has for the file, too.
  const status = await run("status", "--porcelain=v1", "-z");
  // The second letter is about the work tree.
  return known.ok && status.ok && /^.[^ ]/.test(status.stdout) ? "changed" : "unchanged";
}
