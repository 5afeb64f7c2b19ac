import { existsSync, lstatSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { AgentSetup } from "../../agent/agent.ts";
import { AppError } from "../../base/error.ts";
import { INSTALL_LOCK_MS } from "../../base/limits.ts";
import { assertReplaceable } from "../../disk/disk.ts";
import { makeFolder } from "../../disk/folder.ts";
import { withLock } from "../../disk/lock.ts";
import { type HooksFolder, hooksFolder, isIgnored } from "../../workspace/hooks-folder.ts";
import { type GitLocation, isGitLocation, locateWorkTree } from "../../workspace/locate.ts";
import type { App } from "../app.ts";
import { callingPlace } from "../resolve-session.ts";
import { carryOut, type FileEdit, readText, removalOf } from "./edit.ts";
import { addHookLines, hookLines } from "./hook-lines.ts";
import { installRuntime, type Program } from "./install-runtime.ts";
import { addToLedger, installLock, readLedger, removeFromLedger, type Touched } from "./ledger.ts";
import { addContextMerge } from "./merge-lines.ts";
import { type Place, touchedFor } from "./plan.ts";

export interface GitHooksKept {
  readonly changed: readonly { readonly path: string; readonly what: string }[];
  /** Hooks that were left as they are, why, and what their owner can do. */
  readonly warnings: readonly string[];
}

interface Installer {
  readonly setup: AgentSetup;
  readonly program: Program;
}

const HOOKS = ["post-commit", "post-checkout", "post-merge", "post-rewrite"] as const;
/** As git demands of a hook, and for everybody who shares the repository. */
const HOOK_MODE = 0o755;

/**
 * Puts our lines into the hooks of this repository, beside whatever is there, and tells git to merge the context page by
 * keeping both sides. Doing it again changes nothing, and puts back what others took out.
 *
 * @throws AppError `refused` outside git; `store_busy`, `permission_denied`: then none of these files was changed.
 */
export async function addGitHooks(
  app: App,
  { setup, program }: Installer,
  { dryRun }: { readonly dryRun: boolean },
): Promise<GitHooksKept> {
  const location = await repositoryOf(app);
  const folder = await hooksFolder(location);
  const plans = await Promise.all(HOOKS.map((hook) => planHook(app, setup, { location, folder, hook })));
  const edits = [mergeEdit(setup, location), ...plans.flatMap(({ edit }) => edit ?? [])];
  const warnings = plans.flatMap(({ warning }) => warning ?? []);
  if (!dryRun) withLock(installLock(app), INSTALL_LOCK_MS, () => install(app, program, edits));
  return { changed: changesOf(edits), warnings };
}

/** Takes all of that out again: files are byte for byte what they were where nobody changed them since. */
export async function removeGitHooks(
  app: App,
  { setup }: Pick<Installer, "setup">,
  { dryRun }: { readonly dryRun: boolean },
): Promise<GitHooksKept> {
  const location = await repositoryOf(app);
  const root = mainRoot(location);
  const run = (): GitHooksKept => {
    const ours = readLedger(app).filter((touched) => touched.root === root && isGitKind(touched.kind));
    const edits = ours.map((touched) => removalOf(setup, touched));
    if (!dryRun) {
      for (const edit of edits) carryOut(edit);
      removeFromLedger(app, new Set(ours.map(({ path }) => path)));
    }
    return { changed: changesOf(edits), warnings: [] };
  };
  return existsSync(app.home) ? withLock(installLock(app), INSTALL_LOCK_MS, run) : run();
}

/** The order is that of what a broken off run may leave: a program that nobody calls, hooks. */
function install(app: App, program: Program, edits: readonly FileEdit[]): void {
  for (const { touched, before, after } of edits) if (before !== after) assertReplaceable(touched.path);
  installRuntime(app, program);
  makeFolder(join(app.home, "state"));
  addToLedger(
    app,
    edits
      .filter(({ before, after, touched }) => before !== after || touched.created)
      .map(({ touched }) => touched),
  );
  for (const edit of edits) carryOut(edit);
}

function mergeEdit(setup: AgentSetup, location: GitLocation): FileEdit {
  const path = join(location.commonDir, "info", "attributes");
  const before = readText(path);
  const place = { path, kind: "gitattributes", scope: "local", root: mainRoot(location) } as const;
  const touched = touchedFor(setup, place, before);
  const after = addContextMerge(before ?? "");
  return { touched, what: "how the context page is merged", before, after, isRemoval: false, warnings: [] };
}

/** Where our lines would stand in the repository's own folder. */
export function gitPlaces(root: string): readonly Place[] {
  const location = locateWorkTree(root);
  if (!isGitLocation(location) || mainRoot(location) !== root) return [];
  const hooks = HOOKS.map((hook) => ({
    path: join(location.commonDir, "hooks", hook),
    kind: "githook" as const,
  }));
  const attributes = { path: join(location.commonDir, "info", "attributes"), kind: "gitattributes" as const };
  return [...hooks, attributes].map((place) => ({ ...place, scope: "local", root }));
}

interface HookQuestion {
  readonly location: GitLocation;
  readonly folder: HooksFolder;
  readonly hook: string;
}

interface HookPlan {
  readonly edit?: FileEdit;
  readonly warning?: string;
}

async function planHook(
  app: App,
  setup: AgentSetup,
  { location, folder, hook }: HookQuestion,
): Promise<HookPlan> {
  const path = join(folder.path, hook);
  const lines = hookLines(join(app.home, "bin", "git-hook"), hook);
  const why = await whyNot(location, folder, path);
  const before = why === undefined ? readText(path) : undefined;
  const after = why === undefined ? addHookLines(before, lines) : undefined;
  if (after === undefined) {
    const reason = why ?? "it is no sh script";
    return { warning: `${path} was left as it is: ${reason}. This line does it:\n  ${lines[1]}` };
  }
  const touched = touchedFor(
    setup,
    { path, kind: "githook", scope: "local", root: mainRoot(location) },
    before,
  );
  return {
    edit: {
      touched,
      what: `lines after ${hook.slice("post-".length)}`,
      before,
      after,
      isRemoval: false,
      warnings: [],
      mode: HOOK_MODE,
    },
  };
}

/** What is somebody else's as well, or not what git would run, is not ours to write into. */
async function whyNot(location: GitLocation, folder: HooksFolder, path: string): Promise<string | undefined> {
  const isInside = (parent: string) => folder.path === parent || folder.path.startsWith(`${parent}/`);
  if (folder.isConfigured && !isInside(location.root) && !isInside(location.commonDir))
    return "core.hooksPath leads out of this repository, and others may have it, too";
  if (folder.isConfigured && isInside(location.root) && !isInside(location.commonDir)) {
    if (!(await isIgnored(location, path))) return "everybody gets it with the repository";
  }
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  if (stat.isSymbolicLink()) return "it is a link";
  if (!stat.isFile()) return "it is no file";
  return (stat.mode & 0o111) === 0 ? "it may not be executed, so git passes over it" : undefined;
}

async function repositoryOf(app: App): Promise<GitLocation> {
  const { location } = await callingPlace(app);
  if (isGitLocation(location)) return location;
  throw new AppError(
    "refused",
    `${location.root} is no git repository.`,
    "Run it where your project's git is.",
  );
}

/** Linked work trees share their hooks with the one that they were made from: it answers for them. */
function mainRoot({ kind, commonDir, root }: GitLocation): string {
  return kind === "linked" && basename(commonDir) === ".git" ? dirname(commonDir) : root;
}

function isGitKind(kind: Touched["kind"]): boolean {
  return kind === "githook" || kind === "gitattributes";
}

function changesOf(edits: readonly FileEdit[]): GitHooksKept["changed"] {
  return edits
    .filter(({ before, after }) => before !== after)
    .map(({ touched, what }) => ({ path: touched.path, what }));
}
