import { existsSync, statSync } from "node:fs";
import { sep } from "node:path";
import { sha256 } from "../base/digest.ts";
import {
  derivedWorkspaceId,
  derivedWorkTreeId,
  type MachineId,
  newWorkTreeId,
  type WorkspaceId,
  type WorkTreeId,
} from "../base/id.ts";
import { GIT_IDENTITY_MS, GIT_IDENTITY_RETRY_MS } from "../base/limits.ts";
import { runGit } from "./git.ts";
import { isCommitHash, readDefaultGitBranch, resolveRef } from "./head.ts";
import { type GitLocation, isGitLocation, type WorkTreeLocation } from "./locate.ts";
import { folderMark, type Sighting, sightWorkTree } from "./sighting.ts";
import {
  type KnownWorkTree,
  treeAtPath,
  type WorkspaceBasis,
  type WorkspaceRecord,
  type WorkTreePlace,
} from "./workspaces.ts";

/** What identity needs to know besides the place itself. */
export interface IdentityContext {
  readonly known: readonly KnownWorkTree[];
  readonly machine: MachineId;
  readonly nowMs: number;
}

/**
 * Which work tree this is, by files alone (about 0.2 ms): for hooks, which must answer. Nothing is to be recorded: a
 * work tree that is not known yet gets the id that {@link identifyWorkTree} will record.
 */
export function recogniseWorkTree(location: WorkTreeLocation, context: IdentityContext): KnownWorkTree {
  return deletedTree(location, context) ?? decide(lookAround(location, context), undefined).tree;
}

/**
 * Which work tree and workspace this is, asking git for the root commit where that is not known yet (once per
 * repository). The caller appends `records` to the file of work trees; there are none where nothing is new.
 */
export async function identifyWorkTree(
  location: WorkTreeLocation,
  context: IdentityContext,
): Promise<{ readonly tree: KnownWorkTree; readonly records: readonly WorkspaceRecord[] }> {
  const deleted = deletedTree(location, context);
  if (deleted !== undefined) return { tree: deleted, records: [] };
  const surroundings = lookAround(location, context);
  if (!isGitLocation(location) || !needsRootCommits(surroundings)) return decide(surroundings, undefined);
  return decide(surroundings, await readRootCommits(location));
}

/** What the decision is made from. */
export interface Surroundings extends IdentityContext {
  readonly sighting: Sighting;
  /** A known work tree is not where it was. Asked of few: there may be hundreds, some on disks that sleep. */
  readonly isGone: (tree: KnownWorkTree) => boolean;
  /** A known work tree is this folder, its name written in other letters (`Shop`, `shop`). */
  readonly isSpelling: (tree: KnownWorkTree) => boolean;
}

/**
 * Decides who a sighted work tree is, and what of it is new. `rootCommits` is git's answer: [] if it was asked in vain,
 * undefined if it was not asked.
 */
export function decide(
  around: Surroundings,
  rootCommits: readonly string[] | undefined,
): { readonly tree: KnownWorkTree; readonly records: readonly WorkspaceRecord[] } {
  const { sighting, nowMs } = around;
  const rootCommit = chooseRootCommit(around, rootCommits);
  const before = sameTree(around, rootCommit);
  const id = before?.id ?? newId(around);
  const identity = workspaceOf(around, { id, before, rootCommit });
  const askedInVain = rootCommits !== undefined && rootCommits.length === 0;
  const place: WorkTreePlace = {
    ...identity,
    root:
      before !== undefined && (isAlias(around, before) || around.isSpelling(before))
        ? before.root
        : sighting.root,
    kind: sighting.kind,
    rootMark: sighting.rootMark,
    gitMark: sighting.gitMark,
    commonMark: sighting.commonMark,
    rootCommit: rootCommit ?? before?.rootCommit,
    remote: sighting.remote,
    gitFailedAtMs: askedInVain ? nowMs : rootCommit === undefined ? before?.gitFailedAtMs : undefined,
  };
  const type = recordType(before, place);
  const tree: KnownWorkTree = {
    ...place,
    id,
    foundAtMs: before?.foundAtMs ?? nowMs,
    identifiedAtMs: type === undefined ? (before?.identifiedAtMs ?? nowMs) : nowMs,
    initialisedAtMs: before?.initialisedAtMs,
  };
  return { tree, records: type === undefined ? [] : [{ type, atMs: nowMs, workTree: id, ...place }] };
}

type RecordType = "work_tree.found" | "work_tree.moved" | "work_tree.identified";

function recordType(before: KnownWorkTree | undefined, place: WorkTreePlace): RecordType | undefined {
  if (before === undefined) return "work_tree.found";
  if (before.root !== place.root) return "work_tree.moved";
  const keys = Object.keys(place) as (keyof WorkTreePlace)[];
  return keys.some((key) => before[key] !== place[key]) ? "work_tree.identified" : undefined;
}

/**
 * The known work tree that this is. A folder's own mark is proof. A git folder's mark is, if the work tree that had it
 * is gone (copies of a linked work tree name one git folder). The path is, unless another repository lies there now; so is
 * another spelling of it, where the file system keeps no time of birth and so gives no marks (Windows' disks in WSL). A
 * root commit is, if it belongs to one known clone only and that one is gone: moved to another file system.
 */
function sameTree(around: Surroundings, rootCommit: string | undefined): KnownWorkTree | undefined {
  const { known, sighting, isGone } = around;
  const byRootMark = known.find((tree) => isSame(tree.rootMark, sighting.rootMark));
  if (byRootMark !== undefined) return byRootMark;
  const byGitMark = known.find((tree) => isSame(tree.gitMark, sighting.gitMark) && isGone(tree));
  if (byGitMark !== undefined) return byGitMark;
  const atPath = treeAtPath(known, sighting.root);
  if (atPath !== undefined && !isReplaced(atPath, sighting, rootCommit)) return atPath;
  const bySpelling = known.find(around.isSpelling);
  if (bySpelling !== undefined) return bySpelling;
  // Linked work trees come and go below one repository: each is its own.
  if (rootCommit === undefined || sighting.kind !== "git") return undefined;
  const clones = known.filter((tree) => tree.kind === "git" && tree.rootCommit === rootCommit);
  const [only] = clones;
  return clones.length === 1 && only !== undefined && isGone(only) ? only : undefined;
}

function isReplaced(tree: KnownWorkTree, sighting: Sighting, rootCommit: string | undefined): boolean {
  if (isSame(tree.gitMark, sighting.gitMark)) return false;
  return tree.rootCommit !== undefined && rootCommit !== undefined && tree.rootCommit !== rootCommit;
}

/** The same folder under a second path (a bind mount), while the first still shows it: no move. */
function isAlias(around: Surroundings, tree: KnownWorkTree): boolean {
  return isSame(tree.rootMark, around.sighting.rootMark) && !around.isGone(tree);
}

/**
 * Git's answer, or what is known without it: this repository's (a linked work tree has its siblings'), as long as it is
 * the same git folder. Of several roots the one that another work tree already goes by, else the smallest.
 */
function chooseRootCommit(around: Surroundings, answer: readonly string[] | undefined): string | undefined {
  const { known, sighting } = around;
  if (answer !== undefined && answer.length > 0) {
    const roots = [...answer].sort();
    return roots.find((root) => known.some((tree) => tree.rootCommit === root)) ?? roots[0];
  }
  return known.find((tree) => tree.rootCommit !== undefined && isSame(tree.commonMark, sighting.commonMark))
    ?.rootCommit;
}

interface WorkspaceEvidence {
  readonly id: WorkTreeId;
  readonly before: KnownWorkTree | undefined;
  readonly rootCommit: string | undefined;
}

/** The surest identity that the evidence gives; never a weaker one than what the work tree already has. */
function workspaceOf(
  around: Surroundings,
  { id, before, rootCommit }: WorkspaceEvidence,
): Pick<WorkTreePlace, "workspace" | "basis"> {
  if (rootCommit !== undefined)
    return { workspace: workspaceId("root_commit", rootCommit), basis: "root_commit" };
  const { known, sighting } = around;
  const others = known.filter((tree) => tree.id !== id);
  const sibling = others.find((tree) => isSame(tree.commonMark, sighting.commonMark));
  // A shallow clone beside a whole one: the whole one knows the root commit.
  const clone = others.find((tree) => tree.basis === "root_commit" && isSame(tree.remote, sighting.remote));
  const own: Pick<WorkTreePlace, "workspace" | "basis"> =
    sighting.remote !== undefined
      ? { workspace: workspaceId("remote", sighting.remote), basis: "remote" }
      : { workspace: workspaceId("path", id), basis: "path" };
  const candidates = [before, clone, sibling, own].filter((candidate) => candidate !== undefined);
  const surest = candidates.reduce((best, next) => (rank(next.basis) < rank(best.basis) ? next : best));
  return { workspace: surest.workspace, basis: surest.basis };
}

const RANKS: { readonly [basis in WorkspaceBasis]: number } = { root_commit: 0, remote: 1, path: 2 };

function rank(basis: WorkspaceBasis): number {
  return RANKS[basis];
}

/** A path is given to other folders later, so a workspace that has nothing else goes by the work tree's own id. */
function workspaceId(basis: WorkspaceBasis, value: string): WorkspaceId {
  return derivedWorkspaceId(sha256(`${basis}\n${value}`));
}

/** Two processes that find a place at the same moment must agree, so the id comes from the place; by chance only where that id is taken. */
function newId({ sighting, machine, known, nowMs }: Surroundings): WorkTreeId {
  const id = derivedWorkTreeId(
    sha256(`${machine}\n${sighting.root}\n${sighting.rootMark}\n${sighting.gitMark}`),
  );
  return known.some((tree) => tree.id === id) ? newWorkTreeId(nowMs) : id;
}

/** Git is asked where its answer can be had and is not known, and again a day after it did not answer. */
function needsRootCommits(around: Surroundings): boolean {
  if (!around.sighting.hasHistory || chooseRootCommit(around, undefined) !== undefined) return false;
  const failedAtMs = sameTree(around, undefined)?.gitFailedAtMs;
  return failedAtMs === undefined || Math.abs(around.nowMs - failedAtMs) > GIT_IDENTITY_RETRY_MS;
}

/** Roots of the git branch that all clones have, where it is known: an orphan git branch (`gh-pages`) has its own. */
async function readRootCommits(location: GitLocation): Promise<readonly string[]> {
  const name = readDefaultGitBranch(location);
  const refs = name === undefined ? [] : [`refs/remotes/origin/${name}`, `refs/heads/${name}`];
  const ref = refs.find((candidate) => resolveRef(location, candidate) !== undefined) ?? "HEAD";
  const args = ["--no-replace-objects", "rev-list", "--max-parents=0", ref, "--"];
  const answer = await runGit(location.root, args, GIT_IDENTITY_MS);
  return answer.ok ? answer.stdout.split("\n").filter(isCommitHash) : [];
}

function lookAround(location: WorkTreeLocation, context: IdentityContext): Surroundings {
  const sighting = sightWorkTree(location);
  return {
    ...context,
    sighting,
    isGone: (tree) => isGoneFrom(tree, sighting),
    isSpelling: ({ root }) => isSpelling(root, sighting.root),
  };
}

/** Whether two names that differ in case alone lead to one folder. Files are asked only where they do. */
function isSpelling(name: string, other: string): boolean {
  if (name === other || name.toLowerCase() !== other.toLowerCase()) return false;
  try {
    const [one, two] = [statSync(name, { bigint: true }), statSync(other, { bigint: true })];
    return one.dev === two.dev && one.ino === two.ino;
  } catch {
    return false;
  }
}

/**
 * Nothing is at its path; or another folder is, and the sighted one bears its mark. Another mark alone does not say it:
 * device numbers may change at a reboot.
 */
function isGoneFrom(tree: KnownWorkTree, sighting: Sighting): boolean {
  if (!existsSync(tree.root)) return true;
  const isMarked = isSame(tree.rootMark, sighting.rootMark) || isSame(tree.gitMark, sighting.gitMark);
  return isMarked && folderMark(tree.root) !== tree.rootMark;
}

/** A conversation outlives its folder (`claude -w` removes its work tree at the end): what lay there was known, and is no other. */
function deletedTree(location: WorkTreeLocation, { known }: IdentityContext): KnownWorkTree | undefined {
  const { missing } = location;
  if (missing === undefined) return undefined;
  const below = (root: string): boolean => missing === root || missing.startsWith(`${root}${sep}`);
  const trees = known.filter((tree) => below(tree.root) && tree.root.length > location.root.length);
  const deepest = trees.reduce<KnownWorkTree | undefined>(
    (best, tree) => (best === undefined || tree.root.length >= best.root.length ? tree : best),
    undefined,
  );
  return deepest;
}

function isSame(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && a === b;
}
