import { existsSync } from "node:fs";
import { join } from "node:path";
import type { AgentSetup } from "../../agent/agent.ts";
import { AppError } from "../../base/error.ts";
import { INSTALL_LOCK_MS } from "../../base/limits.ts";
import { withLock } from "../../disk/lock.ts";
import { locateWorkTree } from "../../workspace/locate.ts";
import type { App } from "../app.ts";
import { carryOut, type FileEdit, isThere, readableText, withoutUs } from "./edit.ts";
import { gitPlaces } from "./git-hooks.ts";
import { addGitignoreLines } from "./gitignore.ts";
import { installLock, mendLedger, readLedger, type Touched } from "./ledger.ts";
import { hasHooks, type Place, settingsFiles, touchedFor } from "./plan.ts";

/**
 * Writes down anew which files hold something of ours, where installed.json was damaged: in this work tree, and in all that
 * `init` was run in. A shared settings file may be a colleague's doing and is left out, as `init` does.
 *
 * @returns paths of what was found.
 */
export function findTouched(app: App, setup: AgentSetup): readonly string[] {
  return withLock(installLock(app), INSTALL_LOCK_MS, () => {
    const trees = app.workspaces.read().trees.filter(({ initialisedAtMs }) => initialisedAtMs !== undefined);
    const roots = new Set(
      [locateWorkTree(app.cwd).root, ...trees.map(({ root }) => root)].filter(existsSync),
    );
    const found = [...roots].flatMap((root) => touchedIn(app, setup, root));
    const once = found.filter(({ path }, at) => found.findIndex((other) => other.path === path) === at);
    mendLedger(app, once);
    return once.map(({ path }) => path);
  });
}

function touchedIn(app: App, setup: AgentSetup, root: string): readonly Touched[] {
  const hooked = settingsFiles(app, setup, root)
    .filter((file) => file.scope !== "project" && hasHooks(app, setup, file))
    .map((file): Place => ({ ...file, kind: "settings", root }));
  const instructions = ["CLAUDE.md", ...setup.mcpClients.map(({ instructionsFile }) => instructionsFile)];
  const beside: readonly Place[] = [
    { path: join(root, ".gitignore"), kind: "gitignore", scope: "local", root },
    ...instructions.map(
      (name): Place => ({ path: join(root, name), kind: "protocol", scope: "local", root }),
    ),
    ...setup.mcpClients.map(
      (client): Place => ({
        path: client.configPath({ env: app.env }),
        kind: client.name,
        scope: "user",
        root,
      }),
    ),
    ...gitPlaces(root),
  ];
  return [...hooked, ...beside.filter((place) => holdsOurs(setup, place))].map((place) => ({
    ...touchedFor(setup, place, readableText(place.path)),
    createdFolder: true,
  }));
}

/** A file that can't be read holds nothing that we wrote. */
function holdsOurs(setup: AgentSetup, place: Place): boolean {
  try {
    const text = readableText(place.path);
    return text !== undefined && withoutUs(setup, place, text) !== text;
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}

/** Puts our lines back into every `.gitignore` that `init` wrote them into. @returns paths of what was changed. */
export function repeatGitignore(app: App): readonly string[] {
  return withLock(installLock(app), INSTALL_LOCK_MS, () => {
    const edits = readLedger(app)
      .filter(({ kind, root }) => kind === "gitignore" && existsSync(root))
      .flatMap((touched) => {
        const before = readableText(touched.path);
        // There, and no text: writing our lines would take the place of what somebody has in it.
        if (before === undefined && isThere(touched.path)) return [];
        const after = addGitignoreLines(before ?? "");
        const what = "state documents are personal";
        const edit: FileEdit = { touched, what, before, after, isRemoval: false, warnings: [] };
        return before === after ? [] : [edit];
      });
    for (const edit of edits) carryOut(edit);
    return edits.map(({ touched }) => touched.path);
  });
}
