import { markIfThere, readMarkedIfThere } from "../../disk/read.ts";

/**
 * Of more files, those first read last. A hook asks for the same handful again and again; a command asks several times for the summaries
 * of all sessions of a work tree, and of files that come round after more than this none would be remembered.
 */
const REMEMBERED_MAX = 256;
/** In all: the journal of a session with 10,000 notes, twice. What is made of it takes some five times as much memory. */
const BYTES_MAX = 16 * 1024 * 1024;

/** What a file held when it was read last, and what that meant. */
export interface Remembered<T> {
  readonly bytes: Buffer;
  readonly meaning: T;
}

/** What is known of files, by their bytes. A meaning is shared, so nobody may change it. */
export interface Memory<T> {
  (bytes: Buffer, path: string): T;
  /** What the file at a path means, which is read only where it may have changed; undefined where there is none. */
  readonly at: (path: string) => T | undefined;
  /** For whoever wrote these bytes and knows what they mean. */
  readonly know: (path: string, known: Remembered<T>) => void;
}

/**
 * What the bytes of a file mean, made out again only where they are others than when the file was read or written last: reading takes
 * microseconds, checking and parsing ten times as long.
 *
 * @param meaningOf `before` is what the file held last, where it has only grown since: its meaning may be gone on with.
 */
export function rememberingSame<T>(
  meaningOf: (bytes: Buffer, path: string, before: Remembered<T> | undefined) => T,
): Memory<T> {
  const known = new Map<string, Remembered<T>>();
  /** Of files that were read by their path, as they were then. */
  const marks = new Map<string, string>();
  let sizeBytes = 0;
  const forget = (path: string) => {
    sizeBytes -= known.get(path)?.bytes.length ?? 0;
    known.delete(path);
    marks.delete(path);
  };
  const know: Memory<T>["know"] = (path, { bytes, meaning }) => {
    forget(path);
    if (bytes.length > BYTES_MAX) return;
    known.set(path, { bytes, meaning });
    sizeBytes += bytes.length;
    for (const oldest of known.keys()) {
      if (known.size <= REMEMBERED_MAX && sizeBytes <= BYTES_MAX) break;
      forget(oldest);
    }
  };
  const meaning = (bytes: Buffer, path: string): T => {
    const before = known.get(path);
    if (before?.bytes.equals(bytes)) return before.meaning;
    const hasGrown = before?.bytes.equals(bytes.subarray(0, before.bytes.length)) ?? false;
    const made = meaningOf(bytes, path, hasGrown ? before : undefined);
    know(path, { bytes, meaning: made });
    return made;
  };
  const at: Memory<T>["at"] = (path) => {
    const before = known.get(path);
    const mark = before && marks.get(path);
    if (mark !== undefined && mark === markIfThere(path)) return before?.meaning;
    const read = readMarkedIfThere(path);
    if (read === undefined) return undefined;
    const made = meaning(read.bytes, path);
    if (known.has(path)) marks.set(path, read.mark);
    return made;
  };
  return Object.assign(meaning, { at, know });
}
