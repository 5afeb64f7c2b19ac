import { basename, dirname, join } from "node:path";
import { counted } from "../../base/count.ts";
import { AppError } from "../../base/error.ts";
import { remove, setMode } from "../../disk/disk.ts";
import { removeLeftovers } from "../../disk/leftovers.ts";
import { clearLeftBehind } from "../../disk/lock.ts";
import { locateWorkTree } from "../../workspace/locate.ts";
import type { App } from "../app.ts";
import { documentTrouble, forgetTrouble } from "../document-trouble.ts";
import { hereAt } from "../here.ts";
import { ingestPending } from "../ingest.ts";
import { ingestHistory } from "../ingest-history.ts";
import { findTouched, repeatGitignore } from "../init/found.ts";
import { addGitHooks } from "../init/git-hooks.ts";
import { repeatSettings } from "../init/init.ts";
import { installRuntime } from "../init/install-runtime.ts";
import { conversationsWithPendingCalls } from "../pending-call.ts";
import { repairRecords } from "../repair.ts";
import { loadSession } from "../session-log.ts";
import { settle } from "../settle.ts";
import { conversationsIn, summaries } from "../summary.ts";
import type { Check, Remedy } from "./check.ts";
import { isWrong } from "./check-git-hooks.ts";
import type { Facts } from "./facts.ts";
import { gather, type Installer } from "./gather.ts";
import { failuresPath } from "./gather-capture.ts";

type Mend = (app: App, installer: Installer, facts: Facts) => Promise<string> | string;

/** In the order of what needs what: nothing can be written where we have no right to. */
const MENDS: { readonly [remedy in Remedy]: Mend } = {
  permissions: (_app, _installer, { home }) => {
    for (const { path, wanted } of home.open) setMode(path, wanted);
    return `Made ${counted(home.open.length, "path")} yours alone.`;
  },
  leftovers: (_app, _installer, { home }) => {
    const folders = new Set(home.leftovers.map((path) => dirname(path)));
    const removed = [...folders].flatMap(removeLeftovers);
    return `Removed ${counted(removed.length, "unfinished file")}.`;
  },
  locks: (_app, _installer, { capture }) => {
    const cleared = capture.leftLocks.filter(clearLeftBehind);
    return `Removed ${counted(cleared.length, "lock")} of dead processes.`;
  },
  machine: (app) => {
    // Whoever writes next makes a new one; a process that had read it before it was damaged goes on under the old name.
    remove(join(app.home, "machine.json"));
    return `Named this machine ${app.store.machine()}.`;
  },
  program: (app, { program }) =>
    `Installed leftoff ${program.version} and its scripts in ${installRuntime(app, program)}.`,
  ledger: (app, { setup }) =>
    `Wrote down anew what is leftoff's in ${counted(findTouched(app, setup).length, "file")}.`,
  gitignore: (app) => `Put the line back into ${repeatGitignore(app).join(", ") || "nothing"}.`,
  gitHooks: async (app, installer, { install }) => {
    const wrong = install.gitHooks.filter(isWrong);
    const kept = await Promise.all(
      wrong.map(({ root }) => addGitHooks({ ...app, cwd: root }, installer, { dryRun: false })),
    );
    const changed = kept.flatMap((one) => one.changed.map(({ path }) => path));
    return [
      changed.length === 0 ? "Could put no git hook right." : `Put git hooks right: ${changed.join(", ")}.`,
      ...kept.flatMap(({ warnings }) => warnings),
    ].join("\n");
  },
  settings: (app, { setup }) => {
    const changed = repeatSettings(app, setup);
    return changed.length === 0
      ? "Wrote down whose hooks they are."
      : `Put hooks right in ${changed.join(", ")}.`;
  },
  records: async (app, { repair }) => {
    const { repaired, refilled } = await repairRecords(app, repair, { dryRun: false });
    const files = new Set(repaired.map(({ keptIn }) => keptIn));
    const again = refilled.reduce((sum, { records }) => sum + records, 0);
    const read = again === 0 ? "" : ` Read ${counted(again, "record")} again from transcripts.`;
    return `Took ${counted(repaired.length, "damaged place")} out of what leftoff remembers, into ${[...files].join(", ") || "nothing"}.${read}`;
  },
  state: rebuildState,
  ingest: async (app) => {
    const conversations = await ingestAll(app);
    return `Worked on what waited of ${counted(conversations, "conversation")}, and read what was new here.`;
  },
  documents: settleDocuments,
  failures: async (app) => {
    await ingestAll(app);
    remove(failuresPath(app));
    return "Read what failed hooks left unread here, and cleared their list.";
  },
};

/** Does what the checks ask for, each remedy once. What fails is told like what was done. */
export async function mend(
  app: App,
  installer: Installer,
  checks: readonly Check[],
): Promise<readonly string[]> {
  const wanted = new Set(checks.map(({ remedy }) => remedy));
  const told: string[] = [];
  for (const remedy of Object.keys(MENDS) as Remedy[]) {
    if (!wanted.has(remedy)) continue;
    try {
      told.push(await MENDS[remedy](app, installer, await gather(app, installer)));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      told.push(`Could not do it: ${error.message} ${error.hint}`);
    }
  }
  return told;
}

/** Damaged values go: whoever asks for what is not there makes it again (docs/decisions/0009-what-state-may-not-hold.md). */
function rebuildState(app: App, _installer: Installer, { store }: Facts): string {
  for (const path of store.damagedState) remove(path);
  const sessions = summaries(app).map(({ id }) => loadSession(app, id));
  for (const session of sessions) conversationsIn(app, session);
  return `Made ${counted(store.damagedState.length, "damaged file")} of state again, from the records of ${counted(sessions.length, "session")}.`;
}

/** What waits on disk, of every conversation, and what is new in this work tree. @returns how many conversations had something waiting. */
async function ingestAll(app: App): Promise<number> {
  const waiting = conversationsWithPendingCalls(app);
  for (const conversation of waiting) await ingestPending(app, conversation);
  const here = await hereAt(app, app.cwd);
  await ingestHistory(app, here, {
    conversationsMax: Number.MAX_SAFE_INTEGER,
    deadlineMs: Number.POSITIVE_INFINITY,
  });
  return waiting.length;
}

/** Takes in and writes every document that had trouble; what is still in the way stays said. */
async function settleDocuments(app: App): Promise<string> {
  const trees = app.workspaces.read().trees;
  const left: string[] = [];
  for (const id of app.store.journal.sessions()) {
    if (documentTrouble(app, id) === undefined) continue;
    forgetTrouble(app, id);
    const session = loadSession(app, id);
    const root = trees.find((tree) => tree.id === session.workTree)?.root;
    const here = await hereAt(app, root ?? locateWorkTree(app.cwd).root);
    const { path, trouble } = settle(app, here, session);
    if (trouble !== undefined) left.push(basename(path));
  }
  return left.length === 0
    ? "Took in the documents that had been left alone."
    : `Looked at the documents again; still in need of a hand: ${left.join(", ")}.`;
}
