import {
  closeSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  type Stats,
  statSync,
} from "node:fs";
import { join } from "node:path";
import { explained, isAbsence } from "./failure.ts";
import { isTempName } from "./temp.ts";

/** The file's bytes, or undefined if there is none (or a file stands where its folder should be). @throws AppError for what else can go wrong. */
export function readIfThere(path: string): Buffer | undefined {
  return ifThere(path, () => readFileSync(path));
}

/** A file's bytes, and by what another content of it is told without reading. */
export interface MarkedBytes {
  readonly bytes: Buffer;
  readonly mark: string;
}

/** Like {@link readIfThere}, with the mark that {@link markIfThere} gives as long as the file has these bytes. */
export function readMarkedIfThere(path: string): MarkedBytes | undefined {
  const fd = ifThere(path, () => openSync(path, "r"));
  if (fd === undefined) return undefined;
  try {
    return explained(path, () => {
      const stat = fstatSync(fd);
      return { bytes: readRange(fd, 0, stat.size), mark: markOf(stat) };
    });
  } finally {
    closeSync(fd);
  }
}

/**
 * What changes with a file's content: a file that is replaced is another inode, and one that is written to has another size or time.
 * Only two contents of one size within one tick of the file system's clock (4 ms before Linux 6.13, no time since) look the same.
 */
export function markIfThere(path: string): string | undefined {
  const stat = ifThere(path, () => statSync(path, { throwIfNoEntry: false }));
  return stat && markOf(stat);
}

function markOf({ ino, size, mtimeMs, ctimeMs }: Stats): string {
  return `${ino} ${size} ${mtimeMs} ${ctimeMs}`;
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
  return withFile(path, (file) => (file.isThere ? file.part(fromByte, toByte) : undefined));
}

/** A file that is held open: all that is read of it is of one file, also where another one takes its place meanwhile. */
export interface OpenFile {
  readonly path: string;
  /** A file that was not there has no bytes. */
  readonly isThere: boolean;
  readonly sizeBytes: () => number;
  /** Its bytes from `fromByte` to at most `toByte` (its end without one). Past the end: no bytes. */
  readonly part: (fromByte: number, toByte?: number) => FilePart;
  /** Whether its path still leads to it. */
  readonly isInPlace: () => boolean;
}

/** Holds a file open while `use` runs. @throws AppError where it cannot be opened though it is there. */
export function withFile<T>(path: string, use: (file: OpenFile) => T): T {
  const fd = ifThere(path, () => openSync(path, "r"));
  try {
    return use(opened(path, fd));
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

function opened(path: string, fd: number | undefined): OpenFile {
  const stat = () => explained(path, () => (fd === undefined ? undefined : fstatSync(fd)));
  const sizeBytes = () => stat()?.size ?? 0;
  return {
    path,
    isThere: fd !== undefined,
    sizeBytes,
    part: (fromByte, toByte = Infinity) => {
      const size = sizeBytes();
      const end = Math.min(size, toByte);
      const bytes = fd === undefined ? Buffer.alloc(0) : explained(path, () => readRange(fd, fromByte, end));
      return { bytes, sizeBytes: size };
    },
    isInPlace: () => explained(path, () => inodeAt(path) === stat()?.ino),
  };
}

function inodeAt(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
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
