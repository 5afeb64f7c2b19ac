import { dirname, join } from "node:path";
import type { AgentSetup } from "../../agent/agent.ts";
import { AppError } from "../../base/error.ts";
import { remove, removeFolderIfEmpty, removeTree, replace } from "../../disk/disk.ts";
import { waitUntilFree } from "../../disk/lock.ts";
import { pauseMs } from "../../disk/pause.ts";
import { namesIn, readIfThere } from "../../disk/read.ts";
import type { App } from "../app.ts";
import { type Here, hereAt } from "../here.ts";
import { removeGitignoreLines } from "./gitignore.ts";
import { readLedger, removeFromLedger, type Touched } from "./ledger.ts";
import { removeProtocol } from "./protocol.ts";

/** An ingest is done within this: it waits 2 s for the transcript, and then writes. */
const INGEST_WAIT_MS = 5_000;

/** A hook is started within this, or finds that there is nothing left to do. */
const STARTING_HOOK_MS = 300;

export interface UninstallInput {
  /** Every work tree on this machine, not only this one. */
  readonly all: boolean;
  /** Delete what leftoff remembers, too. */
  readonly purge: boolean;
  readonly dryRun: boolean;
}

export interface UninstallResult {
  readonly changed: readonly { readonly path: string; readonly what: string }[];
  /** Files that could not be put back, with the reason. */
  readonly warnings: readonly string[];
  /** Where the data still lies; undefined after a purge. */
  readonly dataKept: string | undefined;
  /** Other work trees that leftoff is still set up for. */
  readonly remaining: readonly string[];
}

/**
 * Takes leftoff out of the files that `init` touched: they are byte for byte what they were where nobody changed them
 * since, else without our lines. Data stays unless `purge`.
 *
 * @throws AppError `refused` for a purge while other work trees still use the data.
 */
export async function uninstall(
  app: App,
  setup: AgentSetup,
  input: UninstallInput,
): Promise<UninstallResult> {
  const here = await hereAt(app, app.cwd);
  const ledger = readLedger(app);
  const ours = ledger.filter(
    (touched) => input.all || touched.root === here.root || touched.scope === "user",
  );
  const remaining = [...new Set(ledger.filter((touched) => !ours.includes(touched)).map(({ root }) => root))];
  if (input.purge && remaining.length > 0) throw stillUsed(remaining);

  const plans = ours.map((touched) => planOf(setup, touched));
  const changed = plans
    .filter(({ after }) => after !== undefined)
    .map(({ touched }) => ({ path: touched.path, what: whatOf(touched) }));
  const warnings = plans.flatMap(({ warning }) => (warning === undefined ? [] : [warning]));
  if (!input.dryRun) {
    for (const plan of plans) carryOut(plan);
    leave(app, here, { ours, input, remaining });
  }
  return { changed, warnings, dataKept: input.purge ? undefined : app.home, remaining };
}

interface Plan {
  readonly touched: Touched;
  /** The file's text without us; "" where it goes; undefined where it stays as it is. */
  readonly after: string | undefined;
  readonly warning: string | undefined;
}

function planOf(setup: AgentSetup, touched: Touched): Plan {
  const text = readIfThere(touched.path)?.toString("utf8");
  if (text === undefined) return { touched, after: undefined, warning: undefined };
  try {
    const after = withoutUs(setup, touched, text);
    return { touched, after: after === text ? undefined : after, warning: undefined };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { touched, after: undefined, warning: `${touched.path} was left as it is: ${why}` };
  }
}

function withoutUs(setup: AgentSetup, touched: Touched, text: string): string {
  switch (touched.kind) {
    case "settings":
      return setup.uninstall(text).text;
    case "gitignore":
      return removeGitignoreLines(text);
    case "protocol":
      return removeProtocol(text);
  }
}

function carryOut({ touched, after }: Plan): void {
  if (after === undefined) return;
  if (after.trim() === "" && touched.created) {
    remove(touched.path);
    removeFolderIfEmpty(dirname(touched.path));
  } else {
    replace(touched.path, Buffer.from(after), {});
  }
}

/** Ledger, marks and (once nobody uses them) the program. Hooks of conversations still open find no script, and exit 0. */
function leave(
  app: App,
  here: Here,
  {
    ours,
    input,
    remaining,
  }: { ours: readonly Touched[]; input: UninstallInput; remaining: readonly string[] },
): void {
  if (input.purge) {
    // Without the scripts no hook starts any more; what runs already is waited for, or it would write its files anew.
    removeTree(join(app.home, "bin"));
    for (const name of namesIn(join(app.home, "state", "locks"))) {
      waitUntilFree(join(app.home, "state", "locks", name), INGEST_WAIT_MS);
    }
    removeTree(app.home);
    // A hook that was just starting found its folder there a moment ago: once more, when it is through.
    pauseMs(STARTING_HOOK_MS);
    removeTree(app.home);
    return;
  }
  const roots = new Set([here.root, ...ours.map(({ root }) => root)]);
  const trees = app.workspaces
    .read()
    .trees.filter(({ root, initialisedAtMs }) => roots.has(root) && initialisedAtMs !== undefined);
  app.workspaces.append(
    trees.map(({ id }) => ({ type: "work_tree.uninitialised", atMs: app.clock.nowMs(), workTree: id })),
  );
  removeFromLedger(app, new Set(ours.map(({ path }) => path)));
  if (remaining.length > 0) return;
  removeTree(join(app.home, "bin"));
  removeTree(join(app.home, "runtime"));
}

function whatOf({ kind }: Touched): string {
  return {
    settings: "hooks and permissions removed",
    gitignore: "our lines removed",
    protocol: "our block removed",
  }[kind];
}

function stillUsed(remaining: readonly string[]): AppError {
  return new AppError(
    "refused",
    `leftoff is still set up for ${remaining.length === 1 ? remaining[0] : `${remaining.length} other work trees`}.`,
    "`leftoff uninstall --all --purge` removes it everywhere, with all its data.",
  );
}
