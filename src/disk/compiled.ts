import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { Script } from "node:vm";
import { replace } from "./disk.ts";
import { readIfThere } from "./read.ts";

/** A program of ours, loaded. */
export interface Compiled<T> {
  readonly exports: Partial<T>;
  /** Keeps what V8 compiled for the next process, where that is not kept. Only where nobody waits: it takes a few milliseconds. */
  keep(): void;
}

/** What stands before V8's bytes: which file they were made of, filled up with spaces. A multiple of eight, or V8 copies them. */
const HEAD_BYTES = 64;

/**
 * Loads a CommonJS bundle that `scripts/build.ts` made, with the code that an earlier process compiled, where there is some: a quarter less
 * of the time of a hook (Node 20 has no module.enableCompileCache). V8 refuses code of another version of itself, but of the
 * source it compares the length alone; so that the kept code names the file it was made of.
 */
export function loadCompiled<T>(path: string, requireFrom: NodeJS.Require): Compiled<T> {
  const { text, head } = readProgram(path);
  const cachePath = path.replace(/\.cjs$/, ".cache");
  const kept = readIfThere(cachePath);
  const cachedData = kept?.toString("latin1", 0, HEAD_BYTES) === head ? kept.subarray(HEAD_BYTES) : undefined;
  const script = new Script(text, { filename: path, ...(cachedData === undefined ? {} : { cachedData }) });
  const module: { exports: Partial<T> } = { exports: {} };
  script.runInThisContext()(module.exports, requireFrom, module, path, dirname(path));
  return {
    exports: module.exports,
    keep: () => {
      if (cachedData !== undefined && script.cachedDataRejected !== true) return;
      replace(cachePath, Buffer.concat([Buffer.from(head), script.createCachedData()]), {
        durability: "cached",
      });
    },
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
