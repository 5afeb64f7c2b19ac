import { accessSync, constants } from "node:fs";
import { dirname } from "node:path";
import { replace } from "./disk.ts";
import { keptPathOf, type Program } from "./program.ts";

/**
 * Keeps what V8 compiled of a program in this process for the next one, unless it was taken over from an earlier one. Only where
 * nobody waits: it takes a few milliseconds. V8 takes back only what was compiled under the flags of a process that just begins.
 */
export function keepCompiled({ path, head, script, isTaken }: Program<unknown>): void {
  if (isTaken || !isOurs(dirname(path))) return;
  const bytes = Buffer.concat([Buffer.from(head), script.createCachedData()]);
  replace(keptPathOf(path), bytes, { durability: "cached" });
}

/** A plugin may lie where only its installer writes, and a program that was uninstalled while it ran is nowhere. */
function isOurs(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
