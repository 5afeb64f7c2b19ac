import { existsSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { hooksFolderIfTold } from "../../workspace/hooks-folder.ts";
import { isGitLocation, locateWorkTree } from "../../workspace/locate.ts";
import type { App } from "../app.ts";
import { readableText } from "../init/edit.ts";
import { hookLines, removeHookLines } from "../init/hook-lines.ts";
import { readLedger, type Touched } from "../init/ledger.ts";
import { addContextMerge } from "../init/merge-lines.ts";
import type { GitHookFacts, GitHooksFacts } from "./facts.ts";

/** Of every repository that somebody wanted git hooks in (`leftoff context --git-hooks`), and that is still there. */
export async function gatherGitHooks(app: App): Promise<readonly GitHooksFacts[]> {
  const byRoot = new Map<string, Touched[]>();
  for (const touched of readLedger(app)) {
    if (touched.kind !== "githook" && touched.kind !== "gitattributes") continue;
    byRoot.set(touched.root, [...(byRoot.get(touched.root) ?? []), touched]);
  }
  const all = await Promise.all([...byRoot].map(([root, touched]) => gitHooksOf(app, root, touched)));
  return all.flatMap((facts) => facts ?? []);
}

async function gitHooksOf(
  app: App,
  root: string,
  touched: readonly Touched[],
): Promise<GitHooksFacts | undefined> {
  const location = existsSync(root) ? locateWorkTree(root) : undefined;
  if (location === undefined || !isGitLocation(location)) return undefined;
  const folder = await hooksFolderIfTold(location);
  const written = touched.filter(({ kind }) => kind === "githook").map(({ path }) => path);
  // A git that does not answer says nothing against the folder that they were written into.
  const paths =
    folder === undefined ? written : [...new Set(written.map((path) => join(folder.path, basename(path))))];
  return {
    root,
    folder: folder?.path ?? dirname(written[0] ?? root),
    isMoved: folder !== undefined && !written.some((path) => dirname(path) === folder.path),
    hooks: paths.map((path) => ({ path, state: hookState(app, path) })),
    attributes: touched
      .filter(({ kind, path }) => kind === "gitattributes" && !isMergeTold(path))
      .map(({ path }) => path),
  };
}

/** Where the line stands does not matter, nor who put it there: a person may have done so by hand, as they were told. */
function hookState(app: App, path: string): GitHookFacts["state"] {
  const text = readableText(path);
  if (text === undefined) return "missing";
  const [, command] = hookLines(join(app.home, "bin", "git-hook"), basename(path));
  if (!text.split(/\r?\n/).includes(command)) return removeHookLines(text) === text ? "missing" : "different";
  return ((statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o111) === 0 ? "not executable" : "whole";
}

function isMergeTold(path: string): boolean {
  const text = readableText(path) ?? "";
  return addContextMerge(text) === text;
}
