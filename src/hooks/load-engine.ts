import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Script } from "node:vm";
import { replace } from "../disk/disk.ts";
import { readIfThere } from "../disk/read.ts";
import type { runGitHook, runHook } from "./engine.ts";

export interface Engine {
  readonly runHook: typeof runHook;
  readonly runGitHook: typeof runGitHook;
  /** Keeps what V8 compiled for the next process. Only where nobody waits: it takes a few milliseconds. */
  keepCompiled(): void;
}

/**
 * Loads engine.cjs with the code that an earlier process compiled, where there is some: a quarter less of the time to the
 * first answer (Node 20 has no module.enableCompileCache). V8 refuses code of another version of itself, and the folder's
 * name holds a digest of the engine, so the code always belongs to these very bytes.
 */
export function loadEngine(folder: string, requireFrom: NodeJS.Require): Engine {
  const path = join(folder, "engine.cjs");
  const cachePath = join(folder, "engine.cache");
  const cachedData = readIfThere(cachePath);
  // The build writes ASCII only, as one function like those that node makes of modules: nothing has to be decoded or copied.
  const script = new Script(readFileSync(path, "latin1"), {
    filename: path,
    ...(cachedData === undefined ? {} : { cachedData }),
  });
  const module: { exports: Partial<Pick<Engine, "runHook" | "runGitHook">> } = { exports: {} };
  script.runInThisContext()(module.exports, requireFrom, module, path, folder);
  const { runHook: run, runGitHook: runGit } = module.exports;
  if (run === undefined || runGit === undefined) throw new Error(`${path} is no engine`);
  return {
    runHook: run,
    runGitHook: runGit,
    keepCompiled: () => {
      if (cachedData !== undefined && script.cachedDataRejected !== true) return;
      replace(cachePath, script.createCachedData(), { durability: "cached" });
    },
  };
}
