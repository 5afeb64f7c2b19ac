import { gunzipSync, gzipSync } from "node:zlib";
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
}

/** RFC 1952, 2.3: magic, method, flags (FEXTRA), time, extra flags, system; then XLEN and our subfield LO with 4 bytes. */
const GZIP_FIXED_BYTES = 10;
const MAGIC = Buffer.from([0x1f, 0x8b, 0x08, 0x04]);
const EXTRA = Buffer.from([0x08, 0x00, 0x4c, 0x4f, 0x04, 0x00]);
const FLAGS_AT = 3;
const SIZE_AT = GZIP_FIXED_BYTES + EXTRA.length;
/** Bytes of a member's beginning that say how long it is. */
export const FRAME_BYTES = SIZE_AT + 4;

/** Level 6 takes more than three times the time of 3 for 8 % less (transcripts, measured); a turn waits for this in the ingest. */
const GZIP_LEVEL = 3;
/** What a member of ours can hold, so that a forged one cannot fill memory: one record, its redaction marks, its head. */
const PLAIN_BYTES_MAX = 2 * RECORD_BYTES_MAX;

/** One gzip member with these lines (JSON records, each ended by LF). */
export function packMember(head: MemberHead, lines: readonly string[]): Buffer {
  const plain = `${headLine(head)}${lines.join("")}`;
  const gzip = gzipSync(plain, { level: GZIP_LEVEL });
  const size = Buffer.alloc(4);
  size.writeUInt32LE(gzip.length + EXTRA.length + size.length);
  const fixed = Buffer.from(gzip.subarray(0, GZIP_FIXED_BYTES));
  fixed[FLAGS_AT] = MAGIC[FLAGS_AT] ?? 0;
  return Buffer.concat([fixed, EXTRA, size, gzip.subarray(GZIP_FIXED_BYTES)]);
}

/** The member in exactly these bytes; undefined if they are none of ours or damaged. Never throws. */
export function openMember(bytes: Buffer): Member | undefined {
  const [first, ...lines] = linesOf(bytes);
  const head = headIn(first);
  if (head === undefined) return undefined;
  const records = lines.map((line) => asObject(parseJson(line))).filter((record) => record !== undefined);
  return records.length === head.records ? { head, records } : undefined;
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
  return headLine(head).length;
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

function headLine({ fromByte, records, losses, ...position }: MemberHead): string {
  const head = { leftoff: "archive/1", fromByte, ...placeOf(position), records };
  return `${JSON.stringify({ ...head, ...(losses === undefined ? {} : { losses }) })}\n`;
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
  try {
    return gunzipSync(bytes, { maxOutputLength: PLAIN_BYTES_MAX }).toString("utf8").split("\n").slice(0, -1);
  } catch {
    return [];
  }
}

function isFrame(bytes: Buffer, at: number): boolean {
  const extraAt = at + GZIP_FIXED_BYTES;
  return (
    MAGIC.equals(bytes.subarray(at, at + MAGIC.length)) &&
    EXTRA.equals(bytes.subarray(extraAt, extraAt + EXTRA.length))
  );
}
