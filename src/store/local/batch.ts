import { ARCHIVE_MEMBER_BYTES, ARCHIVE_STORED_TEXT_BYTES } from "../../base/limits.ts";
import type { ArchiveBatch, Damage, SourcePosition } from "../store.ts";
import { type LineText, lineText } from "./line-text.ts";
import { headBytes, type MemberHead, packMember, placeOf } from "./member.ts";

/** A member that is ready to be written. */
export interface PackedMember {
  readonly head: MemberHead;
  readonly bytes: Buffer;
}

/**
 * What of a batch is not kept yet, as members: records that end at or before the kept position of the same source are left
 * out. Members have at most ARCHIVE_MEMBER_BYTES of plain text, or one record. [] if there is nothing new.
 *
 * A little that follows what is kept is stored: a turn, for which zlib would have to be loaded. What is read of a file first is
 * compressed, as most of it is history.
 */
export function packBatch(batch: ArchiveBatch, kept: SourcePosition | undefined): readonly PackedMember[] {
  const isSame = kept !== undefined && batch.restarts !== true && isSameSource(kept, batch.position);
  const keptTo = isSame ? kept.offset : -1;
  const fromByte = Math.max(batch.fromByte, keptTo);
  if (batch.position.offset <= fromByte) return [];
  const members: PackedMember[] = [];
  let group = newGroup(fromByte);
  for (const [i, record] of batch.records.entries()) {
    const end = batch.ends[i] ?? batch.position.offset;
    if (end <= keptTo) continue;
    const line = lineText(record);
    if (group.lines.length > 0 && !fitsMember(group.plainBytes + line.sizeBytes)) {
      members.push(pack(group, batch.position, { losses: [], form: "compressed" }));
      group = newGroup(group.offset);
    }
    group.lines.push(line);
    group.plainBytes += line.sizeBytes;
    group.offset = end;
  }
  // The last member also covers what follows its last record, lines that are no records, and tells all losses of the batch.
  group.offset = batch.position.offset;
  const losses = (batch.losses ?? []).filter(({ toByte }) => toByte > keptTo);
  const isLittle = members.length === 0 && group.plainBytes <= ARCHIVE_STORED_TEXT_BYTES;
  const form = kept !== undefined && isLittle ? "stored" : "compressed";
  return [...members, pack(group, batch.position, { losses, form })];
}

/** Another inode, or a size below what was read, means that the agent's file is another one now. */
function isSameSource(kept: SourcePosition, now: SourcePosition): boolean {
  return kept.inode === now.inode && now.sizeBytes >= kept.offset;
}

interface Group {
  readonly fromByte: number;
  readonly lines: LineText[];
  plainBytes: number;
  offset: number;
}

function newGroup(fromByte: number): Group {
  return { fromByte, lines: [], plainBytes: 0, offset: fromByte };
}

/** Whether lines of so many bytes may be one member, whatever its head is. */
export function fitsMember(sizeBytes: number): boolean {
  return HEAD_BYTES_MAX + sizeBytes <= ARCHIVE_MEMBER_BYTES;
}

/** A head with the largest numbers that JSON can say exactly, so that a member's size is known before its head is. */
const HEAD_BYTES_MAX = headBytes({
  fromByte: Number.MAX_SAFE_INTEGER,
  inode: Number.MAX_SAFE_INTEGER,
  sizeBytes: Number.MAX_SAFE_INTEGER,
  offset: Number.MAX_SAFE_INTEGER,
  tail: "ffffffff",
  inRecord: true,
  knownTo: Number.MAX_SAFE_INTEGER,
  records: Number.MAX_SAFE_INTEGER,
});

interface Packing {
  readonly losses: readonly Damage[];
  readonly form: "stored" | "compressed";
}

function pack(group: Group, position: SourcePosition, { losses, form }: Packing): PackedMember {
  const { fromByte, offset, lines } = group;
  // Only the end of the batch is a place that its source can be known by.
  const place = offset === position.offset ? placeOf(position) : { ...bare(position), offset };
  const head = { ...place, fromByte, records: lines.length, ...(losses.length > 0 ? { losses } : {}) };
  return { head, bytes: packMember(head, lines, form) };
}

function bare({ tail: _tail, ...position }: SourcePosition): SourcePosition {
  return placeOf(position);
}
