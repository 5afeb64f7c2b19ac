import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type GitLocation, isGitLocation, type WorkTreeLocation } from "./locate.ts";

/** Where a work tree stands, as its files say it. */
export interface Head {
  /** The git branch; during a rebase the one being rebased. Undefined when detached, and outside git. */
  readonly gitBranch: string | undefined;
  /** HEAD names a commit and no git branch, and no rebase is going on. */
  readonly detached: boolean;
  /** Undefined before the first commit, and where refs are not files (reftable). */
  readonly commit: string | undefined;
}

const NOWHERE: Head = { gitBranch: undefined, detached: false, commit: undefined };
const HASH_PATTERN = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
/** What git writes into HEAD where refs are not files (reftable): the truth is elsewhere, and only git can read it. */
const REFTABLE_REF = "refs/heads/.invalid";
/** A symbolic ref may name another; git follows five (SYMREF_MAXDEPTH in refs.h). */
const SYMREF_DEPTH_MAX = 5;
/** Large repositories pack 100,000 refs into 10 MB. */
const PACKED_REFS_BYTES_MAX = 64 * 1024 * 1024;
const BRANCH_PREFIX = "refs/heads/";

/** Reads HEAD without starting git; the formats are gitrepository-layout(5)'s. Never throws. */
export function readHead(location: WorkTreeLocation): Head {
  if (!isGitLocation(location)) return NOWHERE;
  const head = readText(join(location.gitDir, "HEAD"))?.trimEnd();
  if (head === undefined) return NOWHERE;
  if (HASH_PATTERN.test(head)) {
    const gitBranch = rebasedBranch(location);
    return { gitBranch, detached: gitBranch === undefined, commit: head };
  }
  const ref = symbolicTarget(head);
  if (ref === undefined || ref === REFTABLE_REF) return NOWHERE;
  return { gitBranch: branchOf(ref), detached: false, commit: resolveRef(location, ref) };
}

/** Files that change when HEAD moves, by a commit, a checkout or a rebase. None outside git. */
export function headPaths(location: WorkTreeLocation): readonly string[] {
  if (!isGitLocation(location)) return [];
  const head = join(location.gitDir, "HEAD");
  const ref = symbolicTarget(readText(head)?.trimEnd());
  const refs =
    ref !== undefined && isSafeRef(ref) ? [join(location.gitDir, ref), join(location.commonDir, ref)] : [];
  return [head, ...refs, join(location.commonDir, "packed-refs")];
}

/**
 * The git branch that work is merged into, as far as refs tell: what the remote says, else `main`, `master` or `trunk`
 * where it exists, else the one git branch of a repository without commits. Undefined where nothing tells.
 */
export function readDefaultGitBranch(location: WorkTreeLocation): string | undefined {
  if (!isGitLocation(location)) return undefined;
  const remote = symbolicTarget(readText(join(location.commonDir, "refs/remotes/origin/HEAD"))?.trimEnd());
  const remotePrefix = "refs/remotes/origin/";
  if (remote?.startsWith(remotePrefix)) return remote.slice(remotePrefix.length);
  for (const name of ["main", "master", "trunk"]) {
    if (resolveRef(location, `${BRANCH_PREFIX}${name}`) !== undefined) return name;
  }
  const head = readHead(location);
  return head.commit === undefined ? head.gitBranch : undefined;
}

/** The commit a full ref name stands for, from its own file or packed-refs; undefined where there is none. */
export function resolveRef(location: GitLocation, ref: string): string | undefined {
  let name = ref;
  for (let depth = 0; depth <= SYMREF_DEPTH_MAX; depth += 1) {
    if (!isSafeRef(name)) return undefined;
    const text = looseRef(location, name)?.trimEnd();
    if (text === undefined) return packedRef(location.commonDir, name);
    if (HASH_PATTERN.test(text)) return text;
    const next = symbolicTarget(text);
    if (next === undefined) return undefined;
    name = next;
  }
  return undefined;
}

/** True for the full name of a commit, SHA-1 or SHA-256. */
export function isCommitHash(text: string): boolean {
  return HASH_PATTERN.test(text);
}

/** `head-name` of a rebase holds a full ref name, or the words `detached HEAD`. `git am` has the folder, but no such file. */
function rebasedBranch(location: GitLocation): string | undefined {
  for (const folder of ["rebase-merge", "rebase-apply"]) {
    const name = readText(join(location.gitDir, folder, "head-name"))?.trimEnd();
    if (name !== undefined) return branchOf(name);
  }
  return undefined;
}

function branchOf(ref: string): string | undefined {
  return ref.startsWith(BRANCH_PREFIX) && ref.length > BRANCH_PREFIX.length
    ? ref.slice(BRANCH_PREFIX.length)
    : undefined;
}

function symbolicTarget(text: string | undefined): string | undefined {
  return text?.startsWith("ref:") ? text.slice("ref:".length).trimStart() : undefined;
}

/** A ref name becomes a path: whatever could leave the git folder is none. */
function isSafeRef(ref: string): boolean {
  return ref.startsWith("refs/") && !ref.includes("\0") && !ref.split("/").includes("..");
}

/** Some refs (`refs/bisect`, `refs/worktree`) belong to one work tree, all others to the repository. */
function looseRef(location: GitLocation, ref: string): string | undefined {
  return readText(join(location.gitDir, ref)) ?? readText(join(location.commonDir, ref));
}

function packedRef(commonDir: string, ref: string): string | undefined {
  const path = join(commonDir, "packed-refs");
  const text = readText(path, PACKED_REFS_BYTES_MAX);
  if (text === undefined) return undefined;
  const at = text.indexOf(` ${ref}\n`);
  if (at < 0) return undefined;
  const hash = text.slice(text.lastIndexOf("\n", at) + 1, at);
  return HASH_PATTERN.test(hash) ? hash : undefined;
}

function readText(path: string, bytesMax = 64 * 1024): string | undefined {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined || !stat.isFile() || stat.size > bytesMax) return undefined;
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
