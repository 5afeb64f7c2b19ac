import { numberField } from "../../base/parse.ts";
import { append, replace } from "../../disk/disk.ts";
import type { OpenFile } from "../../disk/read.ts";
import { readRecordLines } from "./lines.ts";
import { headOf, type MemberHead, placeOf } from "./member.ts";
import { sealRecord } from "./record.ts";

/** Where one member stands in the records file, and what its head says. */
export interface PlacedMember extends MemberHead {
  readonly from: number;
  readonly to: number;
  readonly isStored: boolean;
}

/** A member in the index (docs/formats/archive.md, Index). */
export interface IndexEntry extends MemberHead {
  readonly from: number;
  readonly to: number;
  /** Bytes of members up to here, with this one, whose text is stored. */
  readonly stored: number;
}

/** Room for a dozen entries: the last whole one is among them unless the index is damaged. */
const TAIL_BYTES = 4096;
/** Some 250 entries: what a look at the last hours needs, and little for one at all of them. */
const PIECE_BYTES = 64 * 1024;
const LF = 0x0a;

/** The last entry of an index; undefined where it is not there or damaged. Whether it is of this file is for the caller to see. */
export function lastEntryOf(index: OpenFile): IndexEntry | undefined {
  const fromByte = Math.max(0, index.sizeBytes() - TAIL_BYTES);
  return lastIn(index.part(fromByte).bytes, { path: index.path, fromByte });
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
export function entriesBack(index: OpenFile, onEntry: (entry: IndexEntry) => "stop" | undefined): boolean {
  const { path } = index;
  let toByte = index.sizeBytes();
  while (toByte > 0) {
    const fromByte = Math.max(0, toByte - PIECE_BYTES);
    const { bytes } = index.part(fromByte, toByte);
    // A piece begins inside a line: that line belongs to the piece before. One longer than a piece is no entry.
    const skipped = fromByte === 0 ? 0 : bytes.indexOf(LF) + 1;
    const whole = bytes.subarray(skipped);
    const { items } = readRecordLines(whole, { path, fromByte: fromByte + skipped, accept: entryOf });
    if (items.toReversed().some((entry) => onEntry(entry) === "stop")) return true;
    toByte = skipped > 0 && skipped < bytes.length ? fromByte + skipped : fromByte;
  }
  return false;
}

/** The entries of members that stand behind `before`, in their order. */
export function entriesFrom(
  before: IndexEntry | undefined,
  members: readonly PlacedMember[],
): readonly IndexEntry[] {
  let stored = before?.stored ?? 0;
  return members.map(({ isStored, ...member }) => {
    if (isStored) stored += member.to - member.from;
    return { ...member, stored };
  });
}

/** The members that these entries tell of, one behind the other; an entry that contradicts those before it is none. */
export function membersOf(entries: readonly IndexEntry[]): readonly PlacedMember[] {
  let last = { to: 0, stored: 0 };
  return entries.flatMap((entry) => {
    if (entry.from < last.to) return [];
    const { stored, ...member } = entry;
    const isStored = stored - last.stored === entry.to - entry.from;
    last = entry;
    return [{ ...member, isStored }];
  });
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
  const lines = entries.map(({ from, to, fromByte, records, stored, ...entry }) =>
    sealRecord({ from, to, fromByte, ...placeOf(entry), records, ...(stored > 0 ? { stored } : {}) }),
  );
  return Buffer.from(lines.map((line) => `\n${line}\n`).join(""));
}

function entryOf(object: Parameters<typeof headOf>[0]): IndexEntry | undefined {
  const head = headOf(object);
  const from = numberField(object, "from");
  const to = numberField(object, "to");
  if (head === undefined || from === undefined || to === undefined) return undefined;
  return { ...head, from, to, stored: numberField(object, "stored") ?? 0 };
}
