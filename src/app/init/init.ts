import { join } from "node:path";
import type { AgentSetup } from "../../agent/agent.ts";
import { AppError } from "../../base/error.ts";
import { INIT_CONVERSATIONS_MAX, INIT_INGEST_MS, INSTALL_LOCK_MS } from "../../base/limits.ts";
import { assertReplaceable } from "../../disk/disk.ts";
import { makeFolder } from "../../disk/folder.ts";
import { removeLeftovers } from "../../disk/leftovers.ts";
import { waitForLock, withLock } from "../../disk/lock.ts";
import { foldersBelow } from "../../disk/read.ts";
import { locateWorkTree } from "../../workspace/locate.ts";
import type { App } from "../app.ts";
import { hereAt } from "../here.ts";
import { assertUsableHome } from "../home.ts";
import { type HistoryRead, ingestHistory } from "../ingest-history.ts";
import { carryOut, type FileEdit } from "./edit.ts";
import { installRuntime, type Program } from "./install-runtime.ts";
import { addToLedger, installLock, removeFromLedger } from "./ledger.ts";
import { type InitWish, planInit, planRepeat } from "./plan.ts";

export interface InitInput extends InitWish {
  /** Say what would be done, and do nothing. */
  readonly dryRun: boolean;
}

export interface InitResult {
  readonly root: string;
  /** Files that were (or, in a dry run, would be) changed; those that are right already are left out. */
  readonly changed: readonly { readonly path: string; readonly what: string }[];
  readonly warnings: readonly string[];
  /** What was read of this work tree's past; undefined in a dry run. */
  readonly history: HistoryRead | undefined;
}

/**
 * Sets leftoff up for a work tree (or, with scope `user`, for every one) and reads its newest conversations, so that the
 * first brief already knows them. Asks nothing; doing it again changes nothing, and finishes what was broken off.
 *
 * @throws AppError `settings_unreadable`, `permission_denied`, `refused`: then none of the user's files was changed;
 * `store_busy` where another `init` takes too long.
 */
export async function init(
  app: App,
  installer: { readonly setup: AgentSetup; readonly program: Program },
  input: InitInput & { readonly onProgress?: (read: number, of: number) => void },
): Promise<InitResult> {
  assertUsableHome(app.home);
  const location = locateWorkTree(app.cwd);
  const wish = { ...input, location };
  if (input.dryRun)
    return { ...outcome(location.root, planInit(app, installer.setup, wish)), history: undefined };

  const edits = await underLock(app, () => setUp(app, installer, wish));
  const ready = await hereAt(app, app.cwd);
  const limits = {
    conversationsMax: INIT_CONVERSATIONS_MAX,
    deadlineMs: app.clock.monotonicMs() + INIT_INGEST_MS,
  };
  const history = await ingestHistory(app, ready, { ...limits, onProgress: input.onProgress });
  return { ...outcome(ready.root, edits), history };
}

/** The order is that of what a broken off run may leave: a program that nobody calls, a ledger that knows too much, hooks. */
async function setUp(
  app: App,
  { setup, program }: { readonly setup: AgentSetup; readonly program: Program },
  wish: Parameters<typeof planInit>[2],
): Promise<readonly FileEdit[]> {
  const edits = planInit(app, setup, wish);
  for (const { touched, before, after } of edits) {
    if (before !== after) assertReplaceable(touched.path);
  }
  for (const folder of [app.home, join(app.home, "bin"), ...foldersBelow(join(app.home, "runtime"))])
    removeLeftovers(folder);
  installRuntime(app, program);
  // Where the first hook leaves its line: a shell script makes no folders.
  makeFolder(join(app.home, "state"));
  addToLedger(
    app,
    edits.filter(isOurDoing).map(({ touched }) => touched),
  );
  for (const edit of edits) carryOut(edit);
  removeFromLedger(
    app,
    new Set(edits.filter(({ isRemoval }) => isRemoval).map(({ touched }) => touched.path)),
  );
  const here = await hereAt(app, app.cwd);
  if (!here.initialised) {
    app.workspaces.append([
      { type: "work_tree.initialised", atMs: app.clock.nowMs(), workTree: here.workTree },
    ]);
  }
  return edits;
}

/**
 * Does again what `init` did to settings files, for `doctor`: in every one that is ours, and here where a folder was moved or
 * hooks stand in two files. A file that can't be changed is passed over; the next look finds it again.
 *
 * @returns paths of what was changed.
 */
export function repeatSettings(app: App, setup: AgentSetup): readonly string[] {
  return withLock(installLock(app), INSTALL_LOCK_MS, () => {
    const edits = planRepeat(app, setup, locateWorkTree(app.cwd).root);
    addToLedger(
      app,
      edits.filter(isOurDoing).map(({ touched }) => touched),
    );
    for (const edit of edits) carryOut(edit);
    removeFromLedger(
      app,
      new Set(edits.filter(({ isRemoval }) => isRemoval).map(({ touched }) => touched.path)),
    );
    return edits.filter(({ before, after }) => before !== after).map(({ touched }) => touched.path);
  });
}

/** Hooks in a shared file that is right already may be a colleague's, and so may lines of a `.gitignore`. */
function isOurDoing({ before, after, touched: { kind, scope, created } }: FileEdit): boolean {
  return (
    before !== after || created || ((kind === "settings" || kind === "statusline") && scope !== "project")
  );
}

function outcome(root: string, edits: readonly FileEdit[]): Omit<InitResult, "history"> {
  const changed = edits.filter(({ before, after }) => before !== after);
  return {
    root,
    changed: changed.map(({ touched, what }) => ({ path: touched.path, what })),
    warnings: edits.flatMap((edit) => edit.warnings),
  };
}

async function underLock<T>(app: App, run: () => Promise<T>): Promise<T> {
  const lock = waitForLock(installLock(app), INSTALL_LOCK_MS);
  if (lock === undefined) {
    throw new AppError(
      "store_busy",
      `Another \`leftoff init\` or \`uninstall\` has been at work in ${app.home} for more than ${INSTALL_LOCK_MS / 1000} s.`,
      "Try again when it is done.",
    );
  }
  try {
    return await run();
  } finally {
    lock.release();
  }
}
