import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";

export interface Entry {
  readonly path: string;
  readonly isFolder: boolean;
  /** Permissions alone. */
  readonly mode: number;
  readonly uid: number;
  readonly modifiedAtMs: number;
}

/** A folder and all files and folders below it, links left out; [] where there is none. What goes away meanwhile is passed over. */
export function entriesBelow(folder: string): readonly Entry[] {
  const entries: Entry[] = [];
  const visit = (path: string): void => {
    const entry = entryAt(path);
    if (entry === undefined) return;
    entries.push(entry);
    if (entry.isFolder) for (const name of namesAt(path)) visit(join(path, name));
  };
  visit(folder);
  return entries;
}

function entryAt(path: string): Entry | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined || !(stat.isFile() || stat.isDirectory())) return undefined;
  const { mode, uid, mtimeMs } = stat;
  return { path, isFolder: stat.isDirectory(), mode: mode & 0o7777, uid, modifiedAtMs: mtimeMs };
}

function namesAt(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
