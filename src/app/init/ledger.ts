import { join } from "node:path";
import type { SettingsScope } from "../../agent/agent.ts";
import { asArray, asObject, parseJson } from "../../base/parse.ts";
import { replace } from "../../disk/disk.ts";
import { readIfThere } from "../../disk/read.ts";
import type { App } from "../app.ts";

/** One file of the user's that `init` wrote into: what uninstall undoes. */
export interface Touched {
  readonly path: string;
  readonly kind: "settings" | "gitignore" | "protocol";
  readonly scope: SettingsScope;
  /** Root of the work tree it was done for. */
  readonly root: string;
  /** The file was not there before: it goes when nothing of anybody else's is in it. */
  readonly created: boolean;
}

/** Everything `init` has touched on this machine and `uninstall` has not undone. */
export function readLedger(app: App): readonly Touched[] {
  const value = asObject(parseJson(readIfThere(pathOf(app))?.toString("utf8") ?? ""));
  return (asArray(value?.touched) ?? []) as readonly Touched[];
}

/** The first entry about a file stays: only it knows whether the file was there before us. */
export function addToLedger(app: App, touched: readonly Touched[]): void {
  const before = readLedger(app);
  const news = touched.filter(({ path }) => !before.some((known) => known.path === path));
  if (news.length > 0) writeLedger(app, [...before, ...news]);
}

export function removeFromLedger(app: App, paths: ReadonlySet<string>): void {
  writeLedger(
    app,
    readLedger(app).filter(({ path }) => !paths.has(path)),
  );
}

function writeLedger(app: App, touched: readonly Touched[]): void {
  replace(pathOf(app), Buffer.from(`${JSON.stringify({ version: 1, touched }, undefined, 1)}\n`), {});
}

function pathOf(app: App): string {
  return join(app.home, "installed.json");
}
