import { closeSync, fstatSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";
import { explained, isAbsence } from "./failure.ts";
import { isTempName } from "./temp.ts";

/** The file's bytes, or undefined if there is none (or a file stands where its folder should be). @throws AppError for what else can go wrong. */
export function readIfThere(path: string): Buffer | undefined {
  return ifThere(path, () => readFileSync(path));
}

/** The names in a folder, sorted, without temporary files of ours; [] if there is no such folder. */
export function namesIn(folder: string): readonly string[] {
  const names = ifThere(folder, () => readdirSync(folder)) ?? [];
  return names.filter((name) => !isTempName(name)).sort();
}

/** All folders below a folder, itself first; [] if there is no such folder. */
export function foldersBelow(folder: string): readonly string[] {
  const entries = ifThere(folder, () => readdirSync(folder, { withFileTypes: true }));
  if (entries === undefined) return [];
  return [
    folder,
    ...entries
      .filter((entry) => entry.isDirectory())
      .flatMap((entry) => foldersBelow(join(folder, entry.name))),
  ];
}

/** Paths of all files below a folder, sorted, without temporary files of ours; [] if there is no such folder. Links are not followed. */
export function filesBelow(folder: string): readonly string[] {
  // Folder by folder: one that goes away in this moment takes nothing along of its neighbours.
  const entries = ifThere(folder, () => readdirSync(folder, { withFileTypes: true })) ?? [];
  return entries
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesBelow(path);
      return entry.isFile() && !isTempName(entry.name) ? [path] : [];
    })
    .sort();
}

/** A part of a file, and how large the whole was at that moment. */
export interface FilePart {
  readonly bytes: Buffer;
  readonly sizeBytes: number;
}

/** The file's bytes from `fromByte` to at most `toByte` (its end without one); undefined if there is no file. Past the end: no bytes. */
export function readPartIfThere(path: string, fromByte: number, toByte = Infinity): FilePart | undefined {
  return ifThere(path, () => {
    const fd = openSync(path, "r");
    try {
      const sizeBytes = fstatSync(fd).size;
      const end = Math.min(sizeBytes, toByte);
      return { bytes: readRange(fd, fromByte, end), sizeBytes };
    } finally {
      closeSync(fd);
    }
  });
}

function readRange(fd: number, fromByte: number, toByte: number): Buffer {
  const bytes = Buffer.allocUnsafe(Math.max(0, toByte - fromByte));
  let filled = 0;
  while (filled < bytes.length) {
    const count = readSync(fd, bytes, filled, bytes.length - filled, fromByte + filled);
    if (count === 0) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}

function ifThere<T>(path: string, read: () => T): T | undefined {
  return explained(path, () => {
    try {
      return read();
    } catch (error) {
      if (isAbsence(error)) return undefined;
      throw error;
    }
  });
}
