import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname } from "node:path";
import { errnoOf } from "../base/error.ts";
import { failpoint } from "./failpoint.ts";
import { explained } from "./failure.ts";
import { tempPathFor } from "./temp.ts";

// Folders: made, made durable, removed. What stands in them is disk.ts.

/** Everything below LEFTOFF_HOME is its owner's alone, whatever the umask is. */
const FOLDER_MODE = 0o700;

/** A moved folder is filled by calls that are under way and by no later ones: as many as processes that write at once. */
const REMOVE_ATTEMPTS_MAX = 100;

/** `durable`: on disk when the call returns, also after a power cut. `cached`: may be lost in one, for what can be made again. */
export type Durability = "durable" | "cached";

/** Makes a folder (0700) and those above it that are missing. Folders that are there stay as they are. */
export function makeFolder(path: string): void {
  explained(path, () => makeFolders(path, "cached"));
}

/**
 * Removes a folder with all that is in it; a link in it is removed, never what it leads to. It is moved aside first: a
 * process that still writes there (a hook that keeps its compiled code) fails at the missing folder, and can't fill it
 * again behind the removal.
 */
export function removeTree(path: string): void {
  explained(path, () => {
    failpoint("remove.before-tree");
    removeAll(movedAside(path));
  });
}

/** Whoever looked the folder up just before it was moved still makes a file in it, behind the look at what there is to remove: one each. */
function removeAll(path: string): void {
  for (let attempt = 1; ; attempt += 1) {
    try {
      rmSync(path, { recursive: true, force: true });
      return;
    } catch (error) {
      if (errnoOf(error) !== "ENOTEMPTY" || attempt >= REMOVE_ATTEMPTS_MAX) throw error;
    }
  }
}

/** @returns the path itself where it can't be moved: there is nothing, it is a mount point, or its folder is not ours to write. */
function movedAside(path: string): string {
  const aside = tempPathFor(path);
  try {
    renameSync(path, aside);
    return aside;
  } catch {
    return path;
  }
}

/** Removes a folder if it is empty; a link to one stays. @returns whether it is gone. */
export function removeFolderIfEmpty(path: string): boolean {
  return explained(path, () => {
    try {
      failpoint("remove.before-folder");
      rmdirSync(path);
      return true;
    } catch (error) {
      if (["ENOTEMPTY", "EEXIST", "ENOENT", "ENOTDIR"].includes(errnoOf(error) ?? ""))
        return errnoOf(error) === "ENOENT";
      throw error;
    }
  });
}

/**
 * One level at a time, because `mkdir -p` of Node gives the mode minus the umask, and tells only the first it made. A file
 * is as durable as the names above it, so a folder made for a durable one has its name synced at once.
 */
export function makeFolders(path: string, durability: Durability): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  const above = dirname(path);
  if (above !== path) makeFolders(above, durability);
  try {
    makeOneFolder(path);
  } catch (error) {
    if (errnoOf(error) !== "EEXIST" || !statSync(path).isDirectory()) throw error;
  }
  if (durability === "durable") syncFolder(above);
}

/** Only itself: what is above it must be there. */
export function makeOneFolder(path: string): void {
  mkdirSync(path, FOLDER_MODE);
  chmodSync(path, FOLDER_MODE);
}

/** The names of the folder's entries, and its own name above it. */
export function syncFolders(folder: string): void {
  syncFolder(folder);
  syncFolder(dirname(folder));
}

/** Makes the names in a folder as durable as its file system can. */
export function syncFolder(folder: string): void {
  const fd = openSync(folder, "r");
  try {
    fsyncSync(fd);
  } catch (error) {
    // Some file systems (FUSE, network) cannot sync a folder and say EINVAL; there it is as durable as they make it.
    if (errnoOf(error) !== "EINVAL" && errnoOf(error) !== "ENOTSUP") throw error;
  } finally {
    closeSync(fd);
  }
}
