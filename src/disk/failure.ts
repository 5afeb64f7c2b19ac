import { AppError, type ErrorCode, errnoOf } from "../base/error.ts";

/** What a system error means to the person: the code, and what to do about it. */
interface Meaning {
  readonly code: ErrorCode;
  readonly problem: string;
  readonly hint: string;
}

const NO_ROOM =
  "Free some space (`df -h` shows where there is any), then do it again: nothing was half done.";
const NO_RIGHT =
  "Give your user the right to write there, or choose another place with LEFTOFF_HOME; sudo is never needed.";
const BUSY = "Try again in a moment.";
const WRONG_PLACE = "Move what is in the way, then do it again.";

const MEANINGS: { readonly [errno: string]: Meaning } = {
  ENOSPC: { code: "disk_full", problem: "the disk is full", hint: NO_ROOM },
  EDQUOT: { code: "disk_full", problem: "your disk quota is used up", hint: NO_ROOM },
  EFBIG: { code: "disk_full", problem: "the file would be larger than it may be", hint: NO_ROOM },
  EACCES: { code: "permission_denied", problem: "permission denied", hint: NO_RIGHT },
  EPERM: { code: "permission_denied", problem: "operation not permitted", hint: NO_RIGHT },
  EROFS: { code: "permission_denied", problem: "the file system is read-only", hint: NO_RIGHT },
  EMFILE: {
    code: "store_busy",
    problem: "too many open files",
    hint: "Close programs, or raise `ulimit -n`.",
  },
  ENFILE: { code: "store_busy", problem: "too many open files on this machine", hint: BUSY },
  EBUSY: { code: "store_busy", problem: "something else is using it", hint: BUSY },
  EAGAIN: { code: "store_busy", problem: "it is busy", hint: BUSY },
  EIO: {
    code: "file_damaged",
    problem: "the disk reports an error",
    hint: "Check the disk and its free space, and make a backup of the folder before anything else.",
  },
  ENOTDIR: { code: "refused", problem: "a file stands where a folder is needed", hint: WRONG_PLACE },
  EEXIST: { code: "refused", problem: "a file stands where a folder is needed", hint: WRONG_PLACE },
  ENOENT: { code: "refused", problem: "its folder went away in this moment", hint: "Do it again." },
  EISDIR: { code: "refused", problem: "a folder stands where a file is needed", hint: WRONG_PLACE },
  ELOOP: { code: "refused", problem: "symbolic links lead round in a circle", hint: WRONG_PLACE },
  ENAMETOOLONG: { code: "refused", problem: "the path is too long", hint: "Choose a shorter path." },
};

/** Runs file operations on `path` so that their system errors come out as an AppError which names it. */
export function explained<T>(path: string, operate: () => T): T {
  try {
    return operate();
  } catch (error) {
    const meaning = MEANINGS[errnoOf(error) ?? ""];
    if (error instanceof AppError || meaning === undefined) throw error;
    throw new AppError(meaning.code, `${path}: ${meaning.problem}.`, meaning.hint, { cause: error });
  }
}

/** A write of which only a part reached the file: disk full, quota or a file size limit, told late. */
export function shortWrite(path: string, writtenBytes: number, sizeBytes: number): AppError {
  return new AppError(
    "disk_full",
    `${path}: only ${writtenBytes} of ${sizeBytes} bytes could be written.`,
    NO_ROOM,
  );
}

/** Whether the error only says that there is nothing at that path. */
export function isAbsence(error: unknown): boolean {
  const errno = errnoOf(error);
  return errno === "ENOENT" || errno === "ENOTDIR";
}
