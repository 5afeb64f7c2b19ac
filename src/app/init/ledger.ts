import { join } from "node:path";
import type { McpClientName, SettingsScope } from "../../agent/agent.ts";
import { asArray, asObject, parseJson, stringField } from "../../base/parse.ts";
import { replace } from "../../disk/disk.ts";
import { readIfThere } from "../../disk/read.ts";
import type { App } from "../app.ts";

/** One file of the user's that `init` wrote into: what uninstall undoes. */
export interface Touched {
  readonly path: string;
  /** `statusline`: settings that hold our status line and no hooks. */
  readonly kind:
    | "settings"
    | "gitignore"
    | "protocol"
    | "statusline"
    | "githook"
    | "gitattributes"
    | McpClientName;
  readonly scope: SettingsScope;
  /** Root of the work tree it was done for. */
  readonly root: string;
  /** The file was not there before: it goes when nothing of anybody else's is in it. */
  readonly created: boolean;
  /** Nor was its folder; undefined where that was not written down. */
  readonly createdFolder?: boolean;
}

/** Two `init` at once, or one beside an `uninstall`, would lose each other's entries: whoever changes files of the user holds this. */
export function installLock({ home }: App): string {
  return join(home, "install.lock");
}

/** Everything `init` has touched on this machine and `uninstall` has not undone. */
export function readLedger(app: App): readonly Touched[] {
  const value = asObject(parseJson(readIfThere(ledgerPath(app))?.toString("utf8") ?? ""));
  return (asArray(value?.touched) ?? []).filter(isTouched);
}

/** `damaged`: there is a file, and it is not (or not all of it) what we wrote. What of it can be read still counts. */
export function ledgerState(app: App): "none" | "whole" | "damaged" {
  const text = readIfThere(ledgerPath(app))?.toString("utf8");
  if (text === undefined) return "none";
  const touched = asArray(asObject(parseJson(text))?.touched);
  return touched?.every(isTouched) === true ? "whole" : "damaged";
}

/** Puts entries beside those that can still be read, and drops the rest. */
export function mendLedger(app: App, found: readonly Touched[]): void {
  const readable = readLedger(app);
  const known = new Set(readable.map(({ path }) => path));
  writeLedger(app, [...readable, ...found.filter(({ path }) => !known.has(path))]);
}

/** The first entry about a file stays: only it knows whether the file was there before us. */
export function addToLedger(app: App, touched: readonly Touched[]): void {
  const before = readLedger(app);
  const news = touched.filter(({ path }) => !before.some((known) => known.path === path));
  // Hooks came to a file that had our status line only.
  const hooked = new Set(touched.filter(({ kind }) => kind === "settings").map(({ path }) => path));
  const after = before.map((known) =>
    known.kind === "statusline" && hooked.has(known.path) ? { ...known, kind: "settings" as const } : known,
  );
  const isSame = after.every((known, at) => known === before[at]);
  if (news.length > 0 || !isSame) writeLedger(app, [...after, ...news]);
}

export function removeFromLedger(app: App, paths: ReadonlySet<string>): void {
  const before = readLedger(app);
  const after = before.filter(({ path }) => !paths.has(path));
  if (after.length < before.length) writeLedger(app, after);
}

export function ledgerPath({ home }: App): string {
  return join(home, "installed.json");
}

function writeLedger(app: App, touched: readonly Touched[]): void {
  replace(ledgerPath(app), Buffer.from(`${JSON.stringify({ version: 1, touched }, undefined, 1)}\n`), {});
}

const KINDS: readonly Touched["kind"][] = [
  "settings",
  "gitignore",
  "protocol",
  "statusline",
  "githook",
  "gitattributes",
  "codex",
  "gemini",
  "opencode",
];

function isTouched(value: unknown): value is Touched {
  const entry = asObject(value);
  const kind = stringField(entry, "kind");
  return (
    stringField(entry, "path") !== undefined &&
    stringField(entry, "root") !== undefined &&
    KINDS.some((known) => known === kind)
  );
}
