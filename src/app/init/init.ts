import { join } from "node:path";
import type { AgentSetup, SettingsScope } from "../../agent/agent.ts";
import { AppError } from "../../base/error.ts";
import { INIT_CONVERSATIONS_MAX, INIT_INGEST_MS } from "../../base/limits.ts";
import { replace } from "../../disk/disk.ts";
import { readIfThere } from "../../disk/read.ts";
import { isGitLocation } from "../../workspace/locate.ts";
import type { App } from "../app.ts";
import { type Here, hereAt } from "../here.ts";
import { type HistoryRead, ingestHistory } from "../ingest-history.ts";
import { addGitignoreLines } from "./gitignore.ts";
import { installRuntime, type Program } from "./install-runtime.ts";
import { addToLedger, type Touched } from "./ledger.ts";
import { addProtocol } from "./protocol.ts";

export interface InitInput {
  readonly scope: SettingsScope;
  /** Say what would be done, and do nothing. */
  readonly dryRun: boolean;
  /** Put a block about leftoff into CLAUDE.md. */
  readonly protocol: boolean;
}

export interface InitResult {
  readonly here: Here;
  /** Files that were (or, in a dry run, would be) changed; those that are right already are left out. */
  readonly changed: readonly { readonly path: string; readonly what: string }[];
  readonly warnings: readonly string[];
  /** What was read of this work tree's past; undefined in a dry run. */
  readonly history: HistoryRead | undefined;
}

/**
 * Sets leftoff up for a work tree (or, with scope `user`, for every one) and reads its newest conversations, so that the
 * first brief already knows them. Asks nothing; doing it again changes nothing.
 *
 * @throws AppError `settings_unreadable`: then nothing at all was changed.
 */
export async function init(
  app: App,
  { setup, program }: { readonly setup: AgentSetup; readonly program: Program },
  input: InitInput & { readonly onProgress?: (read: number, of: number) => void },
): Promise<InitResult> {
  const here = await hereAt(app, app.cwd);
  const edits = planned(app, here, setup, input);
  const changed = edits
    .filter(({ before, after }) => before !== after)
    .map(({ touched, what }) => ({ path: touched.path, what }));
  const warnings = edits.flatMap((edit) => edit.warnings);
  if (input.dryRun) return { here, changed, warnings, history: undefined };

  installRuntime(app, program);
  addToLedger(
    app,
    edits.map(({ touched }) => touched),
  );
  for (const { touched, before, after } of edits) {
    if (before !== after) replace(touched.path, Buffer.from(after), { mode: 0o644 });
  }
  if (!here.initialised) {
    app.workspaces.append([
      { type: "work_tree.initialised", atMs: app.clock.nowMs(), workTree: here.workTree },
    ]);
  }
  const ready = await hereAt(app, app.cwd);
  const limits = {
    conversationsMax: INIT_CONVERSATIONS_MAX,
    deadlineMs: app.clock.monotonicMs() + INIT_INGEST_MS,
  };
  const history = await ingestHistory(app, ready, { ...limits, onProgress: input.onProgress });
  return { here: ready, changed, warnings, history };
}

interface PlannedEdit {
  readonly touched: Touched;
  readonly what: string;
  readonly before: string | undefined;
  readonly after: string;
  readonly warnings: readonly string[];
}

/** Everything is computed before the first byte is written: a settings file that can't be read stops all of it. */
function planned(app: App, here: Here, setup: AgentSetup, input: InitInput): readonly PlannedEdit[] {
  const { scope } = input;
  const edit = (
    kind: Touched["kind"],
    path: string,
    what: string,
    change: (text: string | undefined) => Edited,
  ): PlannedEdit => {
    const before = readText(path);
    const { text, warnings } = change(before);
    return {
      touched: { path, kind, scope, root: here.root, created: before === undefined },
      what,
      before,
      after: text,
      warnings,
    };
  };
  const place = { workTreePath: here.root, env: app.env };
  const binFolder = join(app.home, "bin");
  const edits = [
    edit("settings", setup.settingsPath(scope, place), "hooks and permissions", (text) =>
      setup.install(text, { scope, binFolder }),
    ),
  ];
  if (isGitLocation(here.location) && scope !== "user") {
    edits.push(
      edit("gitignore", join(here.root, ".gitignore"), "state documents are personal", (text) =>
        withoutWarnings(addGitignoreLines(text ?? "")),
      ),
    );
  }
  if (input.protocol) {
    edits.push(
      edit("protocol", join(here.root, "CLAUDE.md"), "how agents use leftoff", (text) =>
        withoutWarnings(addProtocol(text ?? "")),
      ),
    );
  }
  return edits;
}

/** @throws AppError `settings_unreadable`: writing back what did not decode would change somebody's bytes. */
function readText(path: string): string | undefined {
  const bytes = readIfThere(path);
  const text = bytes?.toString("utf8");
  if (bytes === undefined || text === undefined || Buffer.from(text).equals(bytes)) return text;
  throw new AppError(
    "settings_unreadable",
    `${path} is not UTF-8 text.`,
    "Save it as UTF-8, or choose another --scope.",
  );
}

interface Edited {
  readonly text: string;
  readonly warnings: readonly string[];
}

function withoutWarnings(text: string): Edited {
  return { text, warnings: [] };
}
