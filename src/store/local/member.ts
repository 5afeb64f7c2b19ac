import { RECORD_BYTES_MAX } from "../../base/limits.ts";
import {
  arrayField,
  asObject,
  booleanField,
  type JsonObject,
  numberField,
  parseJson,
  stringField,
} from "../../base/parse.ts";
import type { Damage, SourcePosition } from "../store.ts";
import { crc32 } from "./crc32.ts";
import { type LineText, lineText } from "./line-text.ts";

/** What the first line of a member says: which bytes of which source it covers (docs/formats/archive.md). */
export interface MemberHead extends SourcePosition {
  readonly fromByte: number;
  readonly records: number;
  /** What of those bytes gave nothing. Not in the index. */
  readonly losses?: readonly Damage[];
}

export interface Member {
  readonly head: MemberHead;
  readonly records: readonly JsonObject[];
  /** Its text is not compressed: it waits to be packed with others. */
  readonly isStored: boolean;
}

/** RFC 1952, 2.3: magic, method, flags (FEXTRA), time, extra flags, system; then XLEN and our subfield LO with 4 bytes. */
const GZIP_FIXED_BYTES = 10;
const MAGIC = Buffer.from([0x1f, 0x8b, 0x08, 0x04]);
const EXTRA = Buffer.from([0x08, 0x00, 0x4c, 0x4f, 0x04, 0x00]);
const FLAGS_AT = 3;
const SIZE_AT = GZIP_FIXED_BYTES + EXTRA.length;
/** Bytes of a member's beginning that say how long it is. */
export const FRAME_BYTES = SIZE_AT + 4;

/**
 * A stored member, of which nobody needs zlib: where the operating system is told, 255 (unknown; zlib writes its own), by which it is
 * known from one that zlib could not compress, and behind the frame one stored block, the last (RFC 1951, 3.2.4): its kind,
 * its length, and that length's complement.
 */
const SYSTEM_AT = 9;
const STORED_BY_US = 255;
const LAST_STORED = 1;
const STORED_TEXT_AT = FRAME_BYTES + 5;
const STORED_TEXT_BYTES_MAX = 0xffff;
/** What ends a member: the CRC-32 of its text, and how long that is. */
const TRAILER_BYTES = 8;

/** Level 6 takes more than three times the time of 3 for 8 % less (transcripts, measured); a turn waits for this in the ingest. */
const GZIP_LEVEL = 3;
/** What a member of ours can hold, so that a forged one cannot fill memory: one record, its redaction marks, its head. */
const PLAIN_BYTES_MAX = 2 * RECORD_BYTES_MAX;

/** Loaded when something is packed or unpacked: most of what leftoff does reads no archive, and somebody waits. */
function zlib() {
  return process.getBuiltinModule("node:zlib");
}

/** One gzip member with these lines; `stored` says that they may stay as they are, which takes no zlib. */
export function packMember(
  head: MemberHead,
  lines: readonly LineText[],
  form: "compressed" | "stored" = "compressed",
): Buffer {
  const plain = plainOf([lineText(headObject(head)), ...lines]);
  return form === "stored" && plain.length <= STORED_TEXT_BYTES_MAX ? stored(plain) : compressed(plain);
}

/** Whether a member's text is stored, by its first bytes. */
export function isStored(member: Buffer): boolean {
  return member[SYSTEM_AT] === STORED_BY_US && member[FRAME_BYTES] === LAST_STORED;
}

function stored(plain: Buffer): Buffer {
  const member = Buffer.alloc(STORED_TEXT_AT + plain.length + TRAILER_BYTES);
  MAGIC.copy(member);
  member[SYSTEM_AT] = STORED_BY_US;
  EXTRA.copy(member, GZIP_FIXED_BYTES);
  member.writeUInt32LE(member.length, SIZE_AT);
  member[FRAME_BYTES] = LAST_STORED;
  member.writeUInt16LE(plain.length, FRAME_BYTES + 1);
  member.writeUInt16LE(plain.length ^ STORED_TEXT_BYTES_MAX, FRAME_BYTES + 3);
  plain.copy(member, STORED_TEXT_AT);
  member.writeUInt32LE(crc32(plain), STORED_TEXT_AT + plain.length);
  member.writeUInt32LE(plain.length, STORED_TEXT_AT + plain.length + 4);
  return member;
}

function compressed(plain: Buffer): Buffer {
  const gzip = zlib().gzipSync(plain, { level: GZIP_LEVEL, chunkSize: inOnePiece(plain.length) });
  const size = Buffer.alloc(4);
  size.writeUInt32LE(gzip.length + EXTRA.length + size.length);
  const fixed = Buffer.from(gzip.subarray(0, GZIP_FIXED_BYTES));
  fixed[FLAGS_AT] = MAGIC[FLAGS_AT] ?? 0;
  return Buffer.concat([fixed, EXTRA, size, gzip.subarray(GZIP_FIXED_BYTES)]);
}

/** Written one after the other: joined as text first, a record of 30 MB would be in memory three times more. */
function plainOf(lines: readonly LineText[]): Buffer {
  const plain = Buffer.allocUnsafe(lines.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
  let at = 0;
  for (const { pieces } of lines) for (const piece of pieces) at += plain.write(piece, at);
  return plain;
}

/** The member in exactly these bytes; undefined if they are none of ours or damaged. Never throws. */
export function openMember(bytes: Buffer): Member | undefined {
  const [first, ...lines] = linesOf(bytes);
  const head = headIn(first);
  if (head === undefined) return undefined;
  const records = lines.map((line) => asObject(parseJson(line))).filter((record) => record !== undefined);
  return records.length === head.records ? { head, records, isStored: isStored(bytes) } : undefined;
}

/** The size in bytes of the member that begins at `at`; undefined if none begins there (or less than FRAME_BYTES of it are there). */
export function memberSizeAt(bytes: Buffer, at: number): number | undefined {
  if (at + FRAME_BYTES > bytes.length || !isFrame(bytes, at)) return undefined;
  const sizeBytes = bytes.readUInt32LE(at + SIZE_AT);
  return sizeBytes > FRAME_BYTES && sizeBytes <= PLAIN_BYTES_MAX ? sizeBytes : undefined;
}

/** The first place from `from` on where a member begins; undefined if there is none. */
export function nextMemberIn(bytes: Buffer, from: number): number | undefined {
  for (let at = bytes.indexOf(MAGIC, from); at !== -1; at = bytes.indexOf(MAGIC, at + 1)) {
    if (memberSizeAt(bytes, at) !== undefined) return at;
  }
  return undefined;
}

/** How many bytes the head of a member takes of its plain text. */
export function headBytes(head: MemberHead): number {
  return lineText(headObject(head)).sizeBytes;
}

/** The head in an object of JSON; undefined where a field of it is missing. */
export function headOf(object: JsonObject | undefined): MemberHead | undefined {
  const [fromByte, inode, sizeBytes, offset, records] = [
    "fromByte",
    "inode",
    "sizeBytes",
    "offset",
    "records",
  ].map((name) => numberField(object, name));
  if (fromByte === undefined || inode === undefined || sizeBytes === undefined) return undefined;
  if (offset === undefined || records === undefined) return undefined;
  const tail = stringField(object, "tail");
  const knownTo = numberField(object, "knownTo");
  const losses = (arrayField(object, "losses") ?? []).map(lossOf).filter((loss) => loss !== undefined);
  return {
    ...{ fromByte, inode, sizeBytes, offset, records },
    ...(tail === undefined ? {} : { tail }),
    ...(booleanField(object, "inRecord") === true ? { inRecord: true as const } : {}),
    ...(knownTo === undefined ? {} : { knownTo }),
    ...(losses.length > 0 ? { losses } : {}),
  };
}

/** The position in something that holds one, and nothing else. */
export function placeOf(position: SourcePosition): SourcePosition {
  const { inode, sizeBytes, offset, tail, inRecord, knownTo } = position;
  return {
    ...{ inode, sizeBytes, offset },
    ...(tail === undefined ? {} : { tail }),
    ...(inRecord === undefined ? {} : { inRecord }),
    ...(knownTo === undefined ? {} : { knownTo }),
  };
}

function headObject({ fromByte, records, losses, ...position }: MemberHead): object {
  const head = { leftoff: "archive/1", fromByte, ...placeOf(position), records };
  return { ...head, ...(losses === undefined ? {} : { losses }) };
}

function lossOf(value: unknown): Damage | undefined {
  const object = asObject(value);
  const [path, reason] = [stringField(object, "path"), stringField(object, "reason")];
  const [fromByte, toByte] = [numberField(object, "fromByte"), numberField(object, "toByte")];
  if (path === undefined || reason === undefined || fromByte === undefined || toByte === undefined)
    return undefined;
  return { path, line: numberField(object, "line"), fromByte, toByte, reason };
}

function headIn(line: string | undefined): MemberHead | undefined {
  const object = asObject(parseJson(line ?? ""));
  return object?.leftoff === "archive/1" ? headOf(object) : undefined;
}

/** The lines of the plain text; none if it does not decompress (gzip checks a CRC-32 over it). */
function linesOf(bytes: Buffer): readonly string[] {
  const plain = isStored(bytes) ? storedText(bytes) : inflated(bytes);
  return plain?.toString("utf8").split("\n").slice(0, -1) ?? [];
}

/** The text of a stored member that is, byte by byte, what is written of that text. */
function storedText(bytes: Buffer): Buffer | undefined {
  const text = bytes.subarray(STORED_TEXT_AT, -TRAILER_BYTES);
  return text.length <= STORED_TEXT_BYTES_MAX && stored(text).equals(bytes) ? text : undefined;
}

function inflated(bytes: Buffer): Buffer | undefined {
  try {
    return zlib().gunzipSync(bytes, {
      maxOutputLength: PLAIN_BYTES_MAX,
      chunkSize: inOnePiece(plainSize(bytes)),
    });
  } catch {
    return undefined;
  }
}

/** What a gzip member says of its plain text's length, in its last four bytes (RFC 1952, 2.3.1). */
function plainSize(bytes: Buffer): number {
  return bytes.length < FRAME_BYTES ? 0 : bytes.readUInt32LE(bytes.length - 4);
}

/** For zlib to give `sizeBytes` in one piece, which is not copied again. More than is used costs no memory: nobody writes to it. */
function inOnePiece(sizeBytes: number): number {
  return Math.min(sizeBytes, PLAIN_BYTES_MAX) + CHUNK_BYTES;
}

/** The pieces in which zlib gives out what it makes, where nobody says. */
const CHUNK_BYTES = 16 * 1024;

function isFrame(bytes: Buffer, at: number): boolean {
  const extraAt = at + GZIP_FIXED_BYTES;
  return (
    MAGIC.equals(bytes.subarray(at, at + MAGIC.length)) &&
    EXTRA.equals(bytes.subarray(extraAt, extraAt + EXTRA.length))
  );
}
