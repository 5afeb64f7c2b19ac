import { readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

/** Where some folder belongs: a git work tree, or the folder itself. All paths are real paths. */
export type WorkTreeLocation = GitLocation | FolderLocation;

export interface GitLocation extends LocationHead {
  /** `linked`: made by `git worktree add`. `submodule`: its git folder lies in another repository's. */
  readonly kind: "git" | "linked" | "submodule";
  /** This work tree's own git folder: HEAD, a rebase in progress. */
  readonly gitDir: string;
  /** The repository's folder, the same for all its linked work trees: refs, config. */
  readonly commonDir: string;
}

export interface FolderLocation extends LocationHead {
  readonly kind: "folder";
}

interface LocationHead {
  /** Top of the work tree, or the plain folder. */
  readonly root: string;
  /**
   * The folder that was asked for, if it no longer exists; `root` is then found from its nearest ancestor, which may be
   * another work tree than the one that was deleted.
   */
  readonly missing: string | undefined;
}

/** A `.git` file holds one path; more than this is none. */
const GIT_FILE_CHARS_MAX = 16_384;

/**
 * Finds the work tree of a folder by reading files, without starting git (10 `stat` calls where git costs 5 ms and more).
 * Never throws: a folder that was deleted, may not be read or belongs to a broken repository is still somewhere.
 *
 * The rules are gitrepository-layout(5) and gitfile's (`gitdir:` in a `.git` file, `commondir` in a linked one's folder);
 * GIT_DIR and GIT_WORK_TREE of the environment are ignored, because a hook inherits them from whatever started the agent.
 */
export function locateWorkTree(cwd: string): WorkTreeLocation {
  const { real, missing } = nearestReal(resolve(cwd));
  for (let folder = real; ; folder = dirname(folder)) {
    const found = gitAt(folder);
    if (found !== undefined) return { ...found, root: folder, missing };
    if (dirname(folder) === folder) return { kind: "folder", root: missing ?? real, missing };
  }
}

/** True for work trees that git knows about. */
export function isGitLocation(location: WorkTreeLocation): location is GitLocation {
  return location.kind !== "folder";
}

/** Where a path leads, through symlinks, even if its end does not exist (yet, or any more). */
export function realPathOf(path: string): string {
  const { real, missing } = nearestReal(resolve(path));
  return missing ?? real;
}

type Found = Pick<GitLocation, "kind" | "gitDir" | "commonDir"> | Pick<FolderLocation, "kind">;

function gitAt(folder: string): Found | undefined {
  const entry = join(folder, ".git");
  const stat = statOf(entry);
  if (stat === undefined) return undefined;
  if (stat.isFile()) return gitFileAt(folder, entry);
  // An empty `.git` folder is no repository: git walks past it, and so do we.
  const gitDir = stat.isDirectory() ? realGitDir(entry) : undefined;
  return gitDir === undefined ? undefined : { kind: "git", gitDir, commonDir: gitDir };
}

/** A `.git` file whose target is gone marks a work tree that is broken, but still a place of its own, not its parent's. */
function gitFileAt(folder: string, entry: string): Found {
  const target = readLine(entry, "gitdir: ");
  const gitDir = target === undefined ? undefined : realGitDir(resolve(folder, target));
  if (gitDir === undefined) return { kind: "folder" };
  const common = readLine(join(gitDir, "commondir"), "");
  if (common !== undefined) {
    const commonDir = realPath(resolve(gitDir, common));
    return commonDir === undefined ? { kind: "folder" } : { kind: "linked", gitDir, commonDir };
  }
  // `git init --separate-git-dir` also writes a `.git` file; only submodules live below a folder `modules`.
  const kind = gitDir.split("/").includes("modules") ? "submodule" : "git";
  return { kind, gitDir, commonDir: gitDir };
}

function realGitDir(path: string): string | undefined {
  const real = realPath(path);
  return real !== undefined && statOf(join(real, "HEAD")) !== undefined ? real : undefined;
}

function statOf(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** The text after `prefix` in a file of one line; undefined where there is no such file. Only the line end is taken off: paths may end in spaces. */
function readLine(path: string, prefix: string): string | undefined {
  try {
    const text = readFileSync(path, "utf8");
    if (text.length > GIT_FILE_CHARS_MAX || !text.startsWith(prefix)) return undefined;
    let end = text.length;
    while (end > prefix.length && (text[end - 1] === "\n" || text[end - 1] === "\r")) end -= 1;
    return end === prefix.length ? undefined : text.slice(prefix.length, end);
  } catch {
    return undefined;
  }
}

/** The real path of the nearest folder that exists, and what the whole path would be if part of it does not. */
function nearestReal(path: string): { readonly real: string; readonly missing: string | undefined } {
  let rest = "";
  for (let folder = path; ; folder = dirname(folder)) {
    const real = realPath(folder);
    if (real !== undefined) return { real, missing: rest === "" ? undefined : join(real, rest) };
    if (dirname(folder) === folder) return { real: folder, missing: path };
    rest = rest === "" ? basename(folder) : join(basename(folder), rest);
  }
}

/** The native form also gives the true case of names on file systems that ignore it. */
function realPath(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}
