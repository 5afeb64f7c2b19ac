#!/usr/bin/env node
import { join } from "node:path";
import { keepCompiled } from "./disk/compiled.ts";
import { loadProgram, type Program } from "./disk/program.ts";
import type { runStatus } from "./status.ts";

interface StatusExports {
  readonly runStatus: typeof runStatus;
}

/**
 * What `leftoff` starts. Nearly all that a person waits for after `leftoff status` is loading, so it is loaded without the rest, as a
 * CommonJS bundle with compiled code; every other command, and whatever is unusual about this one, is main.js's.
 */
async function main(argv: readonly string[]): Promise<void> {
  if (isPlainStatus(argv) && (await hasToldStatus({ json: argv.length > 1 }))) return;
  // Not a literal: the bundler would take it in.
  const program = "./main.js";
  await import(program);
}

function isPlainStatus([command, ...options]: readonly string[]): boolean {
  return command === "status" && options.every((option) => option === "--json");
}

/** What tells it where nothing is new, which is nearly always, then what can do everything that it may take. */
const STATUS_PROGRAMS = ["status.cjs", "status-whole.cjs"];

/** False where it could not, and nothing was printed: main.js finds the same, and says it as it says everything. */
async function hasToldStatus(how: { readonly json: boolean }): Promise<boolean> {
  try {
    for (const name of STATUS_PROGRAMS) {
      const program = loadProgram<StatusExports>(join(__dirname, name), require);
      const { runStatus } = program.exports;
      if (runStatus === undefined) return false;
      if (!(await runStatus(how))) continue;
      keep(program);
      return true;
    }
  } catch {
    // Whatever it was, main.js meets it, too.
  }
  return false;
}

/** What was told stays told. */
function keep(program: Program<StatusExports>): void {
  try {
    keepCompiled(program);
  } catch {
    // The next one compiles again.
  }
}

void main(process.argv.slice(2));
