import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  linkSync,
  lstatSync,
  openSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { dirname, resolve } from "node:path";
import { assert, errnoOf } from "../base/error.ts";
import { failpoint, isArmed } from "./failpoint.ts";
import { explained, isAbsence, shortWrite } from "./failure.ts";
import { type Durability, makeFolders, makeOneFolder, syncFolder, syncFolders } from "./folder.ts";
import { tempPathFor } from "./temp.ts";

/** Everything below LEFTOFF_HOME is its owner's alone, whatever the umask is. */
const FILE_MODE = 0o600;
/** As many links as Linux follows before it says ELOOP. */
const LINKS_MAX = 40;

/**
 * Appends bytes in one write, so that records of several processes never mix; makes the file (0600) and its folders
 * (0700). A record is never written in two parts: a write cut short is an error, and what it left behind is a torn record
 * that readers pass over.
 *
 * Before the first byte of a new file its folder is synced: a file that has content has a durable name.
 *
 * @throws AppError `disk_full`, `permission_denied`, …; then nothing is acknowledged, and the bytes may or may not be there.
 */
export function append(path: string, bytes: Uint8Array, durability: Durability): void {
  explained(path, () => {
    const fd = openForAppend(path, durability);
    try {
      if (durability === "durable" && fstatSync(fd).size === 0) syncFolders(dirname(path));
      failpoint("append.before-write");
      const written = isArmed("append.half-written") ? writeInHalves(fd, bytes) : writeSync(fd, bytes);
      if (written !== bytes.length) throw shortWrite(path, written, bytes.length);
      failpoint("append.before-fsync");
      if (durability === "durable") fsyncSync(fd);
      failpoint("append.after-fsync");
    } finally {
      closeSync(fd);
    }
  });
}

/** Makes a file that was written `cached` durable, and its name in as many folders above it; one that is not there is left. */
export function sync(path: string, foldersAbove: number): void {
  explained(path, () => {
    const fd = openIfThere(path);
    if (fd === undefined) return;
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    let folder = dirname(path);
    for (let above = 0; above < foldersAbove; above += 1) {
      syncFolder(folder);
      folder = dirname(folder);
    }
  });
}

/**
 * Replaces a whole file: a reader sees the old content or the new one, never a part, also after a power cut. The mode
 * (and, where we may, the owner) of an existing file stays; a symbolic link stays a link, and what it leads to is
 * replaced. A hard link to the old content keeps the old content.
 *
 * @param options.mode of a new file, 0600 without one; `durability` is `durable` without one.
 */
export function replace(path: string, bytes: Uint8Array, options: ReplaceOptions = {}): void {
  replaceWith(path, [bytes], options);
}

export interface ReplaceOptions {
  readonly mode?: number;
  readonly durability?: Durability;
  /** Called when the new content is written (and synced, if durable), right before it takes the place of the old. */
  readonly beforeRename?: () => void;
}

/** Like {@link replace}, with content that is too large to be held at once: it is asked for piece by piece. */
export function replaceWith(path: string, pieces: Iterable<Uint8Array>, options: ReplaceOptions = {}): void {
  explained(path, () => {
    const target = targetOf(path);
    const durability = options.durability ?? "durable";
    makeFolders(dirname(target), durability);
    const temp = tempPathFor(target);
    try {
      writeTemp(temp, pieces, { likeness: statIfThere(target), mode: options.mode ?? FILE_MODE, durability });
      options.beforeRename?.();
      failpoint("replace.before-rename");
      renameSync(temp, target);
    } catch (error) {
      removeIfThere(temp);
      throw error;
    }
    failpoint("replace.after-rename");
    if (durability === "durable") syncFolder(dirname(target));
  });
}

/**
 * Makes a file with this content unless there is one already. Of several processes that try, one succeeds, and no reader
 * ever sees a part of it.
 *
 * @returns whether it was made.
 */
export function createOnce(path: string, bytes: Uint8Array, durability: Durability): boolean {
  return explained(path, () => {
    makeFolders(dirname(path), durability);
    const temp = tempPathFor(path);
    try {
      writeTemp(temp, [bytes], { likeness: undefined, mode: FILE_MODE, durability });
      failpoint("create.before-link");
      linkSync(temp, path);
    } catch (error) {
      if (errnoOf(error) === "EEXIST") return false;
      throw error;
    } finally {
      removeIfThere(temp);
    }
    if (durability === "durable") syncFolder(dirname(path));
    return true;
  });
}

/** What a folder begins with: the name of its first file, and the bytes in it. */
export interface FirstFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Makes a folder with one file in it, unless there is a folder already that holds anything. Nobody ever sees it without
 * the file: killed, refused for want of room or cut off from power half-way, there is no folder. Durable.
 *
 * @returns whether it was made.
 */
export function createFolderOnce(path: string, { name, bytes }: FirstFile): boolean {
  return explained(path, () => {
    makeFolders(dirname(path), "durable");
    const temp = tempPathFor(path);
    try {
      makeOneFolder(temp);
      writeTemp(resolve(temp, name), [bytes], {
        likeness: undefined,
        mode: FILE_MODE,
        durability: "durable",
      });
      syncFolder(temp);
      failpoint("create.before-rename");
      // rename(2) of a folder replaces an empty one and refuses any other.
      renameSync(temp, path);
    } catch (error) {
      rmSync(temp, { recursive: true, force: true });
      if (["EEXIST", "ENOTEMPTY"].includes(errnoOf(error) ?? "")) return false;
      throw error;
    }
    syncFolders(dirname(path));
    return true;
  });
}

/**
 * Gives a file another place, durably, and never in the stead of another file. The bytes are never nowhere: killed
 * half-way, they are at both places, and moving again finishes it. A link is not moved: what it leads to is copied, and
 * the link goes.
 *
 * @returns false where another file stands at `to`; then nothing was done.
 */
export function move(from: string, to: string): boolean {
  return explained(to, () => {
    makeFolders(dirname(to), "durable");
    if (!isPlaced(from, to) && !sameBytes(from, to)) return false;
    syncFolder(dirname(to));
    remove(from);
    syncFolder(dirname(from));
    return true;
  });
}

/** @returns false where something stands at `to` already. */
function isPlaced(from: string, to: string): boolean {
  const stat = statSync(from);
  if (lstatIfThere(from)?.isSymbolicLink() === true) return createOnce(to, readFileSync(from), "durable");
  try {
    failpoint("create.before-link");
    linkSync(from, to);
    return true;
  } catch (error) {
    const errno = errnoOf(error) ?? "";
    if (errno === "EEXIST") return false;
    // Another file system, or one without hard links.
    if (!["EXDEV", "EPERM", "EMLINK", "ENOTSUP", "ENOSYS"].includes(errno)) throw error;
  }
  const made = createOnce(to, readFileSync(from), "durable");
  if (made) chmodSync(to, stat.mode & 0o7777);
  return made;
}

/** What a move that was cut off left: the same bytes at both places. */
function sameBytes(from: string, to: string): boolean {
  return statIfThere(to)?.isFile() === true && readFileSync(from).equals(readFileSync(to));
}

/** Removes a file or a symbolic link (never what it leads to). @returns whether there was one. */
export function remove(path: string): boolean {
  return explained(path, () => {
    failpoint("remove.before-unlink");
    const isGone = removeIfThere(path);
    failpoint("remove.after-unlink");
    return isGone;
  });
}

/**
 * Says beforehand that {@link replace} may not be done, so that several files change together or not at all. A file whose
 * mode lets nobody write counts as read-only also for root, and although its folder would let us: whoever set that mode
 * meant it.
 *
 * @throws AppError `permission_denied`, or `refused` where something else than a file stands there.
 */
export function assertReplaceable(path: string): void {
  explained(path, () => {
    const target = targetOf(path);
    const stat = statIfThere(target);
    if (stat?.isDirectory()) throw Object.assign(new Error(target), { code: "EISDIR" });
    if (stat !== undefined && (stat.mode & 0o222) === 0) {
      throw Object.assign(new Error(target), { code: "EACCES" });
    }
    if (stat !== undefined) accessSync(target, constants.W_OK);
    let folder = dirname(target);
    while (statIfThere(folder) === undefined && dirname(folder) !== folder) folder = dirname(folder);
    if (!statIfThere(folder)?.isDirectory()) throw Object.assign(new Error(folder), { code: "ENOTDIR" });
    accessSync(folder, constants.W_OK | constants.X_OK);
  });
}

/** Sets the permissions of a file or folder. */
export function setMode(path: string, mode: number): void {
  explained(path, () => chmodSync(path, mode));
}

/** Cuts a file to its first `sizeBytes` bytes, durably. */
export function truncate(path: string, sizeBytes: number): void {
  explained(path, () => {
    const fd = openSync(path, "r+");
    try {
      assert(sizeBytes <= fstatSync(fd).size, `truncate never lengthens ${path}`);
      ftruncateSync(fd, sizeBytes);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  });
}

function openForAppend(path: string, durability: Durability): number {
  const flags = constants.O_WRONLY | constants.O_APPEND;
  try {
    return openSync(path, flags);
  } catch (error) {
    if (!isAbsence(error)) throw error;
  }
  makeFolders(dirname(path), durability);
  const fd = openSync(path, flags | constants.O_CREAT, FILE_MODE);
  // Not a race: whoever else made it in this moment sets the same mode.
  fchmodSync(fd, FILE_MODE);
  return fd;
}

/** For tests of torn records: what a kernel does that is stopped in the middle of a write. */
function writeInHalves(fd: number, bytes: Uint8Array): number {
  const half = Math.floor(bytes.length / 2);
  const first = writeSync(fd, bytes, 0, half);
  failpoint("append.half-written");
  return first + writeSync(fd, bytes, half);
}

interface TempOptions {
  /** The file whose mode and owner the new one takes. */
  readonly likeness: Stats | undefined;
  readonly mode: number;
  readonly durability: Durability;
}

function writeTemp(temp: string, pieces: Iterable<Uint8Array>, options: TempOptions): void {
  const { likeness, mode, durability } = options;
  const fd = openSync(temp, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, FILE_MODE);
  try {
    failpoint("replace.before-write");
    for (const bytes of pieces) {
      for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
    }
    if (likeness !== undefined) keepOwner(fd, likeness);
    fchmodSync(fd, likeness === undefined ? mode : likeness.mode & 0o7777);
    if (durability === "durable") fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Only root may give files away; for everyone else a file they replace becomes theirs, as with any editor. */
function keepOwner(fd: number, { uid, gid }: Stats): void {
  const own = fstatSync(fd);
  if (own.uid === uid && own.gid === gid) return;
  try {
    fchownSync(fd, uid, gid);
  } catch (error) {
    if (errnoOf(error) !== "EPERM") throw error;
  }
}

/** Where a write to `path` ends up: through links, also those that lead to nothing yet. */
export function targetOf(path: string): string {
  let target = path;
  for (let links = 0; links < LINKS_MAX; links += 1) {
    if (lstatIfThere(target)?.isSymbolicLink() !== true) return target;
    target = resolve(dirname(target), readlinkSync(target));
  }
  throw Object.assign(new Error(`Too many links from ${path}`), { code: "ELOOP" });
}

function removeIfThere(path: string): boolean {
  try {
    unlinkSync(path);
    return true;
  } catch (error) {
    if (isAbsence(error)) return false;
    throw error;
  }
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, "r");
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

function statIfThere(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false });
}

function lstatIfThere(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}
