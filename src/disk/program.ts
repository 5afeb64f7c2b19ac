import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { Script } from "node:vm";

/** A program of ours, loaded. */
export interface Program<T> {
  readonly exports: Partial<T>;
  readonly path: string;
  /** Names the very file that was loaded: what stands before its kept code. */
  readonly head: string;
  readonly script: Script;
  /** Whether V8 took the code that an earlier process compiled. */
  readonly isTaken: boolean;
}

/** What stands before V8's bytes: which file they were made of, filled up with spaces. A multiple of eight, or V8 copies them. */
const HEAD_BYTES = 64;

/**
 * Loads a CommonJS bundle that `scripts/build.ts` made, with the code that an earlier process compiled, where there is some: a quarter less
 * of the time of a hook (Node 20 has no module.enableCompileCache). V8 refuses code of another version of itself, but of the
 * source it compares the length alone; so that the kept code names the file it was made of (compiled.ts keeps it).
 *
 * Every hook begins with this, so it imports nothing of ours.
 *
 * @throws Error where there is no such program, or it is damaged.
 */
export function loadProgram<T>(path: string, requireFrom: NodeJS.Require): Program<T> {
  const { text, head } = readProgram(path);
  const cachedData = keptFor(path, head);
  const script = new Script(text, { filename: path, ...(cachedData && { cachedData }) });
  const module: { exports: Partial<T> } = { exports: {} };
  const folder = path.slice(0, path.lastIndexOf("/"));
  script.runInThisContext()(module.exports, requireFrom, module, path, folder);
  return {
    exports: module.exports,
    path,
    head,
    script,
    isTaken: cachedData !== undefined && script.cachedDataRejected !== true,
  };
}

function readProgram(path: string): { readonly text: string; readonly head: string } {
  const fd = openSync(path, "r");
  try {
    const { ino, size, ctimeMs } = fstatSync(fd);
    // The build writes ASCII only, as one function like those that node makes of modules: nothing has to be decoded or copied.
    const text = readFileSync(fd, "latin1");
    return { text, head: `${ino} ${size} ${ctimeMs}`.padEnd(HEAD_BYTES).slice(0, HEAD_BYTES) };
  } finally {
    closeSync(fd);
  }
}

/** Where the code that V8 compiled of a program is kept: `x.cache` beside `x.cjs`. */
export function keptPathOf(path: string): string {
  return `${path.slice(0, -".cjs".length)}.cache`;
}

function keptFor(path: string, head: string): Buffer | undefined {
  try {
    const kept = readFileSync(keptPathOf(path));
    return kept.toString("latin1", 0, HEAD_BYTES) === head ? kept.subarray(HEAD_BYTES) : undefined;
  } catch {
    // None yet, or none that we may read: it is compiled.
    return undefined;
  }
}
