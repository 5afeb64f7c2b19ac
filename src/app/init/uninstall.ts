import { existsSync } from "node:fs";
import { join } from "node:path";
import type { AgentSetup, PluginRecord } from "../../agent/agent.ts";
import { AppError } from "../../base/error.ts";
import { INSTALL_LOCK_MS } from "../../base/limits.ts";
import { removeTree } from "../../disk/folder.ts";
import { withLock } from "../../disk/lock.ts";
import { locateWorkTree } from "../../workspace/locate.ts";
import type { App } from "../app.ts";
import { carryOut, type FileEdit, removalOf } from "./edit.ts";
import { installLock, readLedger, removeFromLedger, type Touched } from "./ledger.ts";
import { strayTouched } from "./plan.ts";
import { installedPlugins } from "./plugins.ts";
import { purge } from "./purge.ts";

export interface UninstallInput {
  /** Every work tree on this machine, not only this one. */
  readonly all: boolean;
  /** Delete what leftoff remembers, too. */
  readonly purge: boolean;
  readonly dryRun: boolean;
}

export interface UninstallResult {
  readonly changed: readonly { readonly path: string; readonly what: string }[];
  /** Files that could not be put back, with the reason. Doing it again tries them again. */
  readonly warnings: readonly string[];
  /** Where the data still lies; undefined after a purge. */
  readonly dataKept: string | undefined;
  /** Other work trees that leftoff is still set up for. */
  readonly remaining: readonly string[];
  /** Where the agent has the plugin, which goes on: here, or anywhere with `all` or `purge`. */
  readonly plugins: readonly PluginRecord[];
}

/**
 * Takes leftoff out of the files that `init` touched: they are byte for byte what they were where nobody changed them
 * since, else without our lines. Data stays unless `purge`. Doing it again finishes what was broken off.
 *
 * @throws AppError `refused` for a purge while other work trees still use the data; `store_busy`.
 */
export function uninstall(app: App, setup: AgentSetup, input: UninstallInput): UninstallResult {
  const run = () => takeOut(app, setup, input);
  // Where leftoff never was, nothing comes about by taking it out.
  if (input.dryRun || !existsSync(app.home)) return run();
  return withLock(installLock(app), INSTALL_LOCK_MS, run);
}

function takeOut(app: App, setup: AgentSetup, input: UninstallInput): UninstallResult {
  const { root } = locateWorkTree(app.cwd);
  const ledger = readLedger(app);
  const isGone = (touched: Touched) => !existsSync(touched.root) && !existsSync(touched.path);
  const isMeant = (touched: Touched) => input.all || touched.root === root || touched.scope === "user";
  const ours = [...ledger.filter(isMeant), ...strayTouched(app, setup, root)];
  const others = ledger.filter((touched) => !isMeant(touched) && !isGone(touched));
  const remaining = [...new Set(others.map((touched) => touched.root))];
  if (input.purge && remaining.length > 0) throw stillUsed(remaining);

  const tries = ours.map((touched) => attempt(touched, () => planned(setup, touched, input.dryRun)));
  const edits = tries.flatMap(({ edit }) => (edit === undefined ? [] : [edit]));
  const changed = edits
    .filter(({ before, after }) => before !== after)
    .map(({ touched, what }) => ({ path: touched.path, what }));
  const warnings = tries.flatMap(({ warning }) => (warning === undefined ? [] : [warning]));
  const left = input.dryRun ? [] : leave(app, { ours, done: edits, root, input, remaining });
  return {
    changed,
    warnings: [...warnings, ...left],
    dataKept: input.purge ? undefined : app.home,
    remaining,
    plugins: installedPlugins(app, setup).filter(
      ({ isEnabled, isHere }) => isEnabled && (isHere || input.all || input.purge),
    ),
  };
}

function planned(setup: AgentSetup, touched: Touched, dryRun: boolean): FileEdit {
  const edit = removalOf(setup, touched);
  if (!dryRun) carryOut(edit);
  return edit;
}

interface Attempt {
  readonly edit: FileEdit | undefined;
  readonly warning: string | undefined;
}

/** One file that can't be put back keeps no other from it. */
function attempt({ path }: Touched, run: () => FileEdit): Attempt {
  try {
    return { edit: run(), warning: undefined };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const why = error.message.startsWith(path) ? error.message.slice(path.length + 1).trim() : error.message;
    return { edit: undefined, warning: `${path} was left as it is: ${why}` };
  }
}

interface Leaving {
  readonly ours: readonly Touched[];
  readonly done: readonly FileEdit[];
  readonly root: string;
  readonly input: UninstallInput;
  readonly remaining: readonly string[];
}

/** Marks, ledger and (once nobody uses them) the program. Hooks of conversations still open find no script, and exit 0. */
function leave(app: App, { ours, done, root, input, remaining }: Leaving): readonly string[] {
  if (input.purge) return purge(app.home);
  const roots = new Set([root, ...ours.map((touched) => touched.root)]);
  const trees = app.workspaces
    .read()
    .trees.filter((tree) => roots.has(tree.root) && tree.initialisedAtMs !== undefined);
  app.workspaces.append(
    trees.map(({ id }) => ({ type: "work_tree.uninitialised", atMs: app.clock.nowMs(), workTree: id })),
  );
  // What could not be put back stays written down, for the next try.
  removeFromLedger(app, new Set(done.map(({ touched }) => touched.path)));
  if (remaining.length > 0) return [];
  removeTree(join(app.home, "bin"));
  removeTree(join(app.home, "runtime"));
  return [];
}

function stillUsed(remaining: readonly string[]): AppError {
  return new AppError(
    "refused",
    `leftoff is still set up for ${remaining.length === 1 ? remaining[0] : `${remaining.length} other work trees`}.`,
    "`leftoff uninstall --all --purge` removes it everywhere, with all its data.",
  );
}
