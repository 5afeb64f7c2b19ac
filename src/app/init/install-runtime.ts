import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { replace, setMode } from "../../disk/disk.ts";
import { removeTree } from "../../disk/folder.ts";
import { filesBelow, namesIn, readIfThere } from "../../disk/read.ts";
import type { App } from "../app.ts";
import { readScripts, SCRIPT_MODE, scriptsFor } from "./scripts.ts";

/** The built program as it lies in the package: what hooks call must not be an npx cache, which is cleaned. */
export interface Program {
  /** Folder that holds leftoff.cjs, hook.cjs and what they load. */
  readonly folder: string;
  readonly version: string;
  /** Absolute path of the node that runs now: hooks have no PATH to rely on. */
  readonly node: string;
}

/** One file of the program, by its path in its folder. */
interface ProgramFile {
  readonly path: string;
  readonly bytes: Buffer;
}

/**
 * Copies the program below LEFTOFF_HOME and points the scripts in `bin/` at it. The folder's name holds a digest of its
 * content, so an upgrade never changes files that a running hook may be loading: the scripts are swapped, each in one
 * rename. The folder that the scripts named before stays, because a hook that was started just now still loads from it;
 * older ones go.
 *
 * @returns the folder of the scripts.
 */
export function installRuntime(app: App, program: Program): string {
  const files = programFiles(program.folder);
  const runtime = join(app.home, "runtime", runtimeName(program, files));
  for (const { path, bytes } of files) replaceIfDifferent(join(runtime, path), bytes);
  // Without it node goes by the first package.json above LEFTOFF_HOME, which may say that main.js is CommonJS.
  replaceIfDifferent(join(runtime, "package.json"), Buffer.from('{"type":"module"}\n'));
  const bin = join(app.home, "bin");
  const before = readScripts(bin)?.runtime;
  for (const [name, text] of Object.entries(scriptsFor(app.home, program, runtime))) {
    replaceIfDifferent(join(bin, name), Buffer.from(text));
    setMode(join(bin, name), SCRIPT_MODE);
  }
  removeOldRuntimes(app, runtime, before);
  return bin;
}

/** Where the program lies once it is installed. */
export function runtimeFolder(home: string, program: Program): string {
  return join(home, "runtime", runtimeName(program, programFiles(program.folder)));
}

/** Whether an installed program is whole: its files are those that its folder's name was made from. */
export function isWholeRuntime(runtime: string): boolean {
  const name = runtime.slice(runtime.lastIndexOf("/") + 1);
  return name.endsWith(`-${digestOf(programFiles(runtime))}`);
}

/** All but what is made at the place it runs from: `leftoff init` may itself run from an installed copy. */
function programFiles(folder: string): readonly ProgramFile[] {
  return filesBelow(folder)
    .map((path) => relative(folder, path))
    .filter((path) => !path.endsWith(".cache") && path !== "package.json")
    .map((path) => ({ path, bytes: readFileSync(join(folder, path)) }));
}

function runtimeName({ version }: Program, files: readonly ProgramFile[]): string {
  return `${version}-${digestOf(files)}`;
}

function digestOf(files: readonly ProgramFile[]): string {
  const digest = createHash("sha256");
  for (const { path, bytes } of files) digest.update(path).update("\0").update(bytes);
  return digest.digest("hex").slice(0, 12);
}

function replaceIfDifferent(path: string, bytes: Buffer): void {
  if (readIfThere(path)?.equals(bytes) !== true) replace(path, bytes, {});
}

/** Keeps the one in use and the one before it: the one that the scripts named, or else the newest other. */
function removeOldRuntimes(app: App, current: string, before: string | undefined): void {
  const others = namesIn(join(app.home, "runtime"))
    .map((name) => join(app.home, "runtime", name))
    .filter((path) => path !== current)
    .sort((a, b) => changedAtMs(b) - changedAtMs(a));
  const kept = before !== undefined && others.includes(before) ? before : others[0];
  for (const path of others) if (path !== kept) removeTree(path);
}

function changedAtMs(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
