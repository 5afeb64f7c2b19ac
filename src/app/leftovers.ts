import { statSync } from "node:fs";
import { join } from "node:path";
import { SPOOL_BYTES_MAX } from "../base/limits.ts";
import { append, truncate } from "../disk/disk.ts";
import { removeFolderIfEmpty } from "../disk/folder.ts";
import { removeLeftovers, removeLeftoversBelow } from "../disk/leftovers.ts";
import { removeIfLeft } from "../disk/lock.ts";
import { foldersBelow, namesIn, readPartIfThere } from "../disk/read.ts";
import type { App } from "./app.ts";
import { documentFolderOf, type Here } from "./here.ts";

/** Locks of killed processes. Nobody waits for a dead holder, but a start that sees a lock looks closer, which takes longer. */
export function removeLeftLocks(app: App): void {
  const folder = join(app.home, "state", "locks");
  for (const name of namesIn(folder)) removeIfLeft(join(folder, name));
}

/** More than a line of the spool. */
const SPOOL_TAIL_BYTES = 1024;

/** A file that only grows must not grow for ever: of a long spool its last line stays. */
export function shortenSpool(app: App): void {
  const path = join(app.home, "state", "spool");
  const sizeBytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (sizeBytes <= SPOOL_BYTES_MAX) return;
  const tail = readPartIfThere(path, sizeBytes - SPOOL_TAIL_BYTES)?.bytes.toString("utf8") ?? "";
  // A hook that adds its line in between loses it, which nobody misses: its own ingest follows.
  truncate(path, 0);
  append(path, Buffer.from(`${tail.trimEnd().split("\n").at(-1)}\n`), "cached");
}

/** What killed processes were writing, where hooks write: an archive is tidied with its conversation, and `init` cleans up after `init`. */
export function removeLeftFiles(app: App, here: Here): void {
  removeLeftoversBelow(join(app.home, "state"));
  const others = [app.home, join(app.home, "bin"), join(app.home, "journal"), documentFolderOf(app, here)];
  for (const folder of others) removeLeftovers(folder);
  // One that held nothing but such a file: a start looks closer while there is any.
  for (const folder of foldersBelow(join(app.home, "state", "pending")).slice(1)) removeFolderIfEmpty(folder);
}
