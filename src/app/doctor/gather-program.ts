import { statSync } from "node:fs";
import { join } from "node:path";
import { VERSION_ANSWER_MS } from "../../base/limits.ts";
import { readIfThere } from "../../disk/read.ts";
import type { App } from "../app.ts";
import { isWholeRuntime, type Program, runtimeFolder } from "../init/install-runtime.ts";
import { readLedger } from "../init/ledger.ts";
import { readScripts, SCRIPT_MODE, type Scripts, scriptsFor } from "../init/scripts.ts";
import type { ProgramFacts } from "./facts.ts";

export function gatherProgram(app: App, program: Program): ProgramFacts {
  const bin = join(app.home, "bin");
  const installed = readScripts(bin);
  return {
    version: program.version,
    nodeVersion: process.version.slice(1),
    isSetUp: installed !== undefined || readLedger(app).length > 0,
    installed,
    installedNodeVersion: installed === undefined ? undefined : versionOf(installed.node),
    isSame: installed?.runtime === runtimeFolder(app.home, program),
    isWhole: installed !== undefined && isWholeRuntime(installed.runtime),
    wrongScripts: wrongScripts(app.home, program, installed),
  };
}

/** What can be said of the program where nothing can be read. */
export function unknownProgram({ version }: Program): ProgramFacts {
  return {
    version,
    nodeVersion: process.version.slice(1),
    isSetUp: false,
    installed: undefined,
    installedNodeVersion: undefined,
    isSame: false,
    isWhole: false,
    wrongScripts: [],
  };
}

/** Scripts that do not say what `init` would write with the version, node and folder that they name. */
function wrongScripts(home: string, program: Program, installed: Scripts | undefined): readonly string[] {
  const named = installed ?? { ...program, runtime: runtimeFolder(home, program) };
  const wanted = scriptsFor(home, { ...program, version: named.version, node: named.node }, named.runtime);
  return Object.entries(wanted)
    .map(([name, text]) => ({ path: join(home, "bin", name), text }))
    .filter(({ path, text }) => readIfThere(path)?.toString("utf8") !== text || !isExecutable(path))
    .map(({ path }) => path);
}

function isExecutable(path: string): boolean {
  const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
  return (mode & SCRIPT_MODE) === SCRIPT_MODE;
}

/** What a program says to `--version`, by its numbers; undefined where it can't be run. */
export function versionOf(path: string): string | undefined {
  const { spawnSync } = process.getBuiltinModule("node:child_process");
  const { status, stdout } = spawnSync(path, ["--version"], { encoding: "utf8", timeout: VERSION_ANSWER_MS });
  return status === 0 ? /\d+(?:\.\d+)+/.exec(stdout)?.[0] : undefined;
}
