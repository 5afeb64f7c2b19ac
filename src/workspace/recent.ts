import { runGit } from "./git.ts";
import { isGitLocation, type WorkTreeLocation } from "./locate.ts";

/** The last commits, newest first: abbreviated hash and subject. [] where git does not tell in time. */
export async function recentCommits(
  location: WorkTreeLocation,
  countMax: number,
  timeoutMs: number,
): Promise<readonly { readonly hash: string; readonly subject: string }[]> {
  if (!isGitLocation(location)) return [];
  const format = "--format=%h%x00%s";
  const answer = await runGit(location.root, ["log", "-z", `-n${countMax}`, "--no-color", format], timeoutMs);
  if (!answer.ok) return [];
  const parts = answer.stdout.split("\0");
  const commits: { hash: string; subject: string }[] = [];
  for (let at = 0; at + 1 < parts.length; at += 2) {
    commits.push({ hash: parts[at] ?? "", subject: parts[at + 1] ?? "" });
  }
  return commits;
}

export interface FileCommit {
  readonly hash: string;
  readonly author: string;
  readonly atMs: number;
  readonly subject: string;
}

/** The last commits that changed a file, newest first. [] where git does not tell in time. */
export async function commitsOfFile(
  location: WorkTreeLocation,
  path: string,
  { countMax, timeoutMs }: { readonly countMax: number; readonly timeoutMs: number },
): Promise<readonly FileCommit[]> {
  if (!isGitLocation(location)) return [];
  const format = "--format=%h%x00%an%x00%at%x00%s";
  const args = ["--literal-pathspecs", "log", "-z", `-n${countMax}`, "--no-color", format, "--", path];
  const answer = await runGit(location.root, args, timeoutMs);
  if (!answer.ok) return [];
  const parts = answer.stdout.split("\0");
  const commits: FileCommit[] = [];
  for (let at = 0; at + 3 < parts.length; at += 4) {
    const [hash = "", author = "", seconds = "", subject = ""] = parts.slice(at, at + 4);
    commits.push({ hash, author, atMs: Number(seconds) * 1000, subject });
  }
  return commits;
}

/** Paths that differ from HEAD or are not tracked; undefined where git does not tell in time. */
export async function uncommittedPaths(
  location: WorkTreeLocation,
  timeoutMs: number,
): Promise<{ readonly changed: readonly string[]; readonly untracked: readonly string[] } | undefined> {
  if (!isGitLocation(location)) return undefined;
  const args = ["status", "--porcelain=v1", "-z", "--no-renames", "--ignore-submodules=all"];
  const answer = await runGit(location.root, args, timeoutMs);
  if (!answer.ok) return undefined;
  const entries = answer.stdout.split("\0").filter((entry) => entry.length > 3);
  const named = (isOurs: (code: string) => boolean): readonly string[] =>
    entries.filter((entry) => isOurs(entry.slice(0, 2))).map((entry) => entry.slice(3));
  return { changed: named((code) => code !== "??"), untracked: named((code) => code === "??") };
}
