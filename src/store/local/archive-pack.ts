import { tryLock } from "../../disk/lock.ts";
import { type OpenFile, withFile } from "../../disk/read.ts";
import type { Packing, PackingHow } from "../store.ts";
import { atOneMoment, endIn, endOf, isLoose, loosePaths } from "./archive-end.ts";
import { entriesBack, type IndexEntry, membersOf, type PlacedMember } from "./archive-index.ts";
import { type ArchivePart, type Span, writeAnew } from "./archive-parts.ts";
import type { ArchivePaths } from "./archive-paths.ts";
import { fitsMember, type PackedMember } from "./batch.ts";
import { type LineText, lineText } from "./line-text.ts";
import { type MemberHead, openMember, packMember, placeOf } from "./member.ts";

/** Packing of the archive in a folder. Apart from the archive, so that what a hook loads has none of it. */
export function openPacking(folder: string): Packing {
  return {
    pack: (agent, conversation, how) => {
      for (const paths of loosePaths(folder, { agent, conversation }, how)) pack(paths, how);
    },
  };
}

/** Not while somebody else is at it, who would have to wait for us. */
function pack(paths: ArchivePaths, how: PackingHow): void {
  const lock = tryLock(paths.lock);
  try {
    if (lock !== undefined && isLoose(endOf(paths), how)) packStored(paths, membersOf(entriesOf(paths)));
  } finally {
    lock?.release();
  }
}

function entriesOf(paths: ArchivePaths): readonly IndexEntry[] {
  return atOneMoment(paths, (files) => {
    const { isIndexUsable, unindexed } = endIn(files);
    const back = unindexed.toReversed();
    if (isIndexUsable) entriesBack(files.index, (entry) => void back.push(entry));
    return back.toReversed();
  });
}

/**
 * Writes an archive's file anew with its stored members compressed, as many in one as a member may hold; everything else
 * of it stays byte by byte, damage, too. Who reads gets the same records and the same position before, meanwhile and after.
 * Whoever calls holds its lock.
 *
 * @param members where members stand, in their order; where none stands, bytes stay as they are.
 */
function packStored(paths: ArchivePaths, members: readonly PlacedMember[]): void {
  const parts = withFile(paths.records, (file) => [...packedParts(file, members)]);
  if (parts.some((part) => "bytes" in part)) writeAnew(paths, parts);
}

function* packedParts(file: OpenFile, members: readonly PlacedMember[]): Generator<ArchivePart> {
  let group: Stored | undefined;
  let at = 0;
  for (const place of members) {
    const stored = place.isStored ? storedAt(file, place) : undefined;
    const before = place.from === at && fits(group, stored) ? group : undefined;
    if (group !== undefined && before === undefined) yield packed(group);
    if (place.from > at) yield { from: at, to: place.from };
    if (stored === undefined) yield place;
    group = stored && joined(before, stored);
    at = place.to;
  }
  if (group !== undefined) yield packed(group);
  yield { from: at, to: file.sizeBytes() };
}

/** What one stored member holds, or several that become one. */
interface Stored {
  readonly head: MemberHead;
  readonly lines: readonly LineText[];
}

function storedAt(file: OpenFile, { from, to }: Span): Stored | undefined {
  const member = openMember(file.part(from, to).bytes);
  return member && { head: member.head, lines: member.records.map((record) => lineText(record)) };
}

/** Only what was read of one source, piece after piece, is one reading also as a whole. */
function fits(before: Stored | undefined, next: Stored | undefined): boolean {
  if (before === undefined || next === undefined) return false;
  const { head, lines } = next;
  const { inode, offset, knownTo, inRecord } = before.head;
  const adjoins = head.inode === inode && head.fromByte === offset && head.sizeBytes >= offset;
  const isSameReading = adjoins && head.knownTo === knownTo && inRecord === undefined;
  return isSameReading && fitsMember(bytesOf(before.lines) + bytesOf(lines));
}

function bytesOf(lines: readonly LineText[]): number {
  return lines.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

function joined(before: Stored | undefined, next: Stored): Stored {
  if (before === undefined) return next;
  const { head, lines } = next;
  const losses = [...(before.head.losses ?? []), ...(head.losses ?? [])];
  const records = before.head.records + head.records;
  return {
    head: {
      ...placeOf(head),
      ...{ fromByte: before.head.fromByte, records },
      ...(losses.length > 0 ? { losses } : {}),
    },
    lines: [...before.lines, ...lines],
  };
}

function packed({ head, lines }: Stored): PackedMember {
  return { head, bytes: packMember(head, lines) };
}
