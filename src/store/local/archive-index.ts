import { numberField } from "../../base/parse.ts";
import { append, replace } from "../../disk/disk.ts";
import { readPartIfThere } from "../../disk/read.ts";
import { readRecordLines } from "./lines.ts";
import { headOf, type MemberHead, placeOf } from "./member.ts";
import { sealRecord } from "./record.ts";

/** Where one member stands in the records file, and what its head says (docs/formats/archive.md, Index). */
export interface IndexEntry extends MemberHead {
  readonly from: number;
  readonly to: number;
}

/** Room for a dozen entries: the last whole one is among them unless the index is damaged. */
const TAIL_BYTES = 4096;
/** Some 250 entries: what a look at the last hours needs, and little for one at all of them. */
const PIECE_BYTES = 64 * 1024;
const LF = 0x0a;

/**
 * The last entry of an index, if it can be trusted: it ends where the records file of this size ends, or before. Undefined
 * means that the index is not there, damaged, or of another file; then it is made again.
 */
export function lastEntryOf(path: string, fileBytes: number): IndexEntry | undefined {
  const sizeBytes = readPartIfThere(path, 0, 0)?.sizeBytes ?? 0;
  const fromByte = Math.max(0, sizeBytes - TAIL_BYTES);
  const tail = readPartIfThere(path, fromByte)?.bytes ?? Buffer.alloc(0);
  const last = lastIn(tail, { path, fromByte });
  return last !== undefined && last.to <= fileBytes ? last : undefined;
}

/**
 * The last entry in these bytes. A hook asks for it up to six times, so the last line is looked at first, and the
 * dozen before it only where that one is none.
 */
function lastIn(
  bytes: Buffer,
  at: { readonly path: string; readonly fromByte: number },
): IndexEntry | undefined {
  const source = { ...at, accept: entryOf };
  const lastLine = bytes.subarray(startOfLastLine(bytes));
  return readRecordLines(lastLine, source).items.at(-1) ?? readRecordLines(bytes, source).items.at(-1);
}

/** Where the last line begins that is not empty. */
function startOfLastLine(bytes: Buffer): number {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === LF) end -= 1;
  return end === 0 ? 0 : bytes.lastIndexOf(LF, end - 1) + 1;
}

/** Hands over entries, the last one first, until `onEntry` says stop; reads the index from its end in pieces. @returns whether it was stopped. */
export function entriesBack(path: string, onEntry: (entry: IndexEntry) => "stop" | undefined): boolean {
  let toByte = readPartIfThere(path, 0, 0)?.sizeBytes ?? 0;
  while (toByte > 0) {
    const fromByte = Math.max(0, toByte - PIECE_BYTES);
    const bytes = readPartIfThere(path, fromByte, toByte)?.bytes ?? Buffer.alloc(0);
    // A piece begins inside a line: that line belongs to the piece before. One longer than a piece is no entry.
    const skipped = fromByte === 0 ? 0 : bytes.indexOf(LF) + 1;
    const whole = bytes.subarray(skipped);
    const { items } = readRecordLines(whole, { path, fromByte: fromByte + skipped, accept: entryOf });
    if (items.toReversed().some((entry) => onEntry(entry) === "stop")) return true;
    toByte = skipped > 0 && skipped < bytes.length ? fromByte + skipped : fromByte;
  }
  return false;
}

/** Adds entries. Not synced: what is lost is found again by a walk. */
export function addEntries(path: string, entries: readonly IndexEntry[]): void {
  if (entries.length > 0) append(path, bytesOf(entries), "cached");
}

/** Replaces the whole index. */
export function writeEntries(path: string, entries: readonly IndexEntry[]): void {
  if (entries.length > 0) replace(path, bytesOf(entries), { durability: "cached" });
}

function bytesOf(entries: readonly IndexEntry[]): Buffer {
  const lines = entries.map(({ from, to, fromByte, records, ...entry }) =>
    sealRecord({ from, to, fromByte, ...placeOf(entry), records }),
  );
  return Buffer.from(lines.map((line) => `\n${line}\n`).join(""));
}

function entryOf(object: Parameters<typeof headOf>[0]): IndexEntry | undefined {
  const head = headOf(object);
  const from = numberField(object, "from");
  const to = numberField(object, "to");
  return head === undefined || from === undefined || to === undefined ? undefined : { ...head, from, to };
}
