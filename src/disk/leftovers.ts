import { type Dirent, lstatSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../base/clock.ts";
import { remove } from "./disk.ts";
import { removeTree } from "./folder.ts";
import { lifeOf, ownMark } from "./process-mark.ts";
import { isTempName, makerOf } from "./temp.ts";

/** No write takes that long: an unfinished file of this age belongs to nobody, even where its process id is in use again. */
const UNFINISHED_MAX_MS = 60 * 60 * 1000;

/** Unfinished files and folders directly in a folder that a killed process left behind. They are never read; they only lie about. */
export function leftoversIn(folder: string): readonly string[] {
  return namesAt(folder)
    .filter(isTempName)
    .map((name) => join(folder, name))
    .filter(isLeft);
}

/** Removes what killed processes left unfinished in a folder. @returns the paths. */
export function removeLeftovers(folder: string): readonly string[] {
  return leftoversIn(folder).filter(removeLeft);
}

/** The same in a folder and all below it. Each is read once: there are more of them with every session. */
export function removeLeftoversBelow(folder: string): void {
  for (const entry of entriesAt(folder)) {
    const path = join(folder, entry.name);
    if (!isTempName(entry.name)) {
      if (entry.isDirectory()) removeLeftoversBelow(path);
    } else if (isLeft(path)) removeLeft(path);
  }
}

/** @returns whether there was anything to remove. */
function removeLeft(path: string): boolean {
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return remove(path);
  removeTree(path);
  return true;
}

function isLeft(path: string): boolean {
  const maker = makerOf(path);
  if (maker === undefined || maker.pid === process.pid) return false;
  if (lifeOf({ ...ownMark(), ...maker }) === "dead") return true;
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && systemClock.nowMs() - stat.mtimeMs > UNFINISHED_MAX_MS;
}

function namesAt(folder: string): readonly string[] {
  return entriesAt(folder).map(({ name }) => name);
}

/** A folder that is not there, or not ours to read, has nothing of ours to remove. */
function entriesAt(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
