import {
  DAMAGE_REPORTS_MAX,
  READ_BATCH_BYTES,
  READ_CHUNK_BYTES,
  RECORD_BYTES_MAX,
  RECORD_WINDOW_BYTES,
  RECORD_WINDOW_OVERLAP_BYTES,
} from "../../base/limits.ts";
import type { JsonObject } from "../../base/parse.ts";
import type { Damage, SourcePosition } from "../../store/store.ts";
import type { OnBatch, RecordBatch } from "../agent.ts";
import { headerOf } from "./header.ts";
import { readLine } from "./line.ts";

/** Where the bytes come from that a reader is fed with. */
export interface LineSource {
  readonly path: string;
  /** Where reading begins: 0, just after a line feed, or (`inRecord`) somewhere in a record kept in windows. */
  readonly fromByte: number;
  readonly inRecord: boolean;
  /** The saved place was not believed: this is another file, or was written anew. */
  readonly restarts: boolean;
  /** What stands before `fromByte`, at most RECORD_WINDOW_OVERLAP_BYTES. Asked for only inside of a long record. */
  readonly bytesBefore: () => Buffer;
  /** Where the record begins that `fromByte` lies in. Asked for only where its end is read: it costs reading it once more. */
  readonly recordFrom: () => number;
  /** The number of the line at `fromByte`. Asked for only where there is damage to tell: it costs reading all before. */
  readonly countLines: () => number;
  readonly positionAt: (offset: number, inRecord: boolean) => SourcePosition;
  readonly onBatch: OnBatch;
}

/** Cuts a transcript's bytes into records, in memory bounded by one record of RECORD_BYTES_MAX and one batch. */
export interface LineReader {
  /** The bytes may be written over after this returns. `"stop"`: whoever takes the batches has had enough. */
  take(chunk: Buffer): "stop" | undefined;
  /** Hands over what is left. Bytes after the last line feed are the next read's. */
  end(): SourcePosition;
}

const LINE_FEED = 0x0a;
const NUL = 0x00;

/** What is being read: where we are, the piece in progress, the batch in progress. */
interface Reading extends LineSource {
  firstLine: number | undefined;
  linesEnded: number;
  /** Where the piece in progress begins: after a line feed, a run of NUL bytes, or the window that was handed over last. */
  pieceFrom: number;
  /** Holds the beginning of a piece whose end is not read yet; made when the first piece goes beyond its chunk. */
  block: Buffer | undefined;
  heldBytes: number;
  /** Set while the piece is part of a record too long to be held: where that began (unknown: before this reading), and what stood last. */
  long: { readonly from: number | undefined; readonly before: Buffer; readonly isFirst: boolean } | undefined;
  isFirstBatch: boolean;
  stopped: boolean;
  batchFrom: number;
  records: JsonObject[];
  ends: number[];
  losses: Damage[];
  lossesTold: number;
  /** All that was lost after DAMAGE_REPORTS_MAX places, as one. */
  more: Damage | undefined;
}

export function openLineReader(source: LineSource): LineReader {
  const { fromByte, inRecord } = source;
  const reading: Reading = {
    ...source,
    firstLine: fromByte === 0 ? 1 : undefined,
    linesEnded: 0,
    pieceFrom: fromByte,
    block: undefined,
    heldBytes: 0,
    long: inRecord ? { from: undefined, before: source.bytesBefore(), isFirst: false } : undefined,
    isFirstBatch: true,
    stopped: false,
    batchFrom: fromByte,
    records: [],
    ends: [],
    losses: [],
    lossesTold: 0,
    more: undefined,
  };
  return {
    take: (chunk) => {
      takeChunk(reading, chunk);
      return reading.stopped ? "stop" : undefined;
    },
    end: () => {
      if (reading.more !== undefined) reading.losses.push(reading.more);
      handOver(reading);
      return positionOf(reading);
    },
  };
}

function takeChunk(reading: Reading, chunk: Buffer): void {
  let from = 0;
  for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, from)) {
    endPiece(reading, takeHoles(reading, chunk.subarray(from, end)), 1);
    if (reading.stopped) return;
    reading.linesEnded += 1;
    if (reading.pieceFrom - reading.batchFrom >= READ_BATCH_BYTES) handOver(reading);
    from = end + 1;
    if (reading.stopped) return;
  }
  if (from < chunk.length) hold(reading, takeHoles(reading, chunk.subarray(from)));
}

/**
 * A crash leaves holes, which read as NUL bytes; no JSON text holds one, so a hole ends what was before it.
 *
 * @returns what follows the last hole of this part of a line.
 */
function takeHoles(reading: Reading, part: Buffer): Buffer {
  let at = 0;
  for (let hole = part.indexOf(NUL); hole !== -1; hole = part.indexOf(NUL, at)) {
    endPiece(reading, part.subarray(at, hole), 0);
    if (reading.stopped) break;
    at = hole;
    while (at < part.length && part[at] === NUL) at += 1;
    lose(reading, { fromByte: 0, toByte: at - hole, reason: "NUL bytes" });
    reading.pieceFrom += at - hole;
  }
  return part.subarray(at);
}

/**
 * Keeps the beginning of a piece until its end is read. Copies, because the chunk is written over; always into the same
 * block, because what is thrown away stays in memory until the next collection. Pages of it that no piece has needed so far
 * were never written to, and take no memory.
 */
function hold(reading: Reading, part: Buffer): void {
  for (let at = 0; at < part.length && !reading.stopped; at += READ_CHUNK_BYTES) {
    reading.block ??= Buffer.allocUnsafeSlow(RECORD_BYTES_MAX + READ_CHUNK_BYTES);
    reading.heldBytes += part.copy(reading.block, reading.heldBytes, at, at + READ_CHUNK_BYTES);
    if (reading.long === undefined && reading.heldBytes > RECORD_BYTES_MAX) {
      handOver(reading);
      reading.long = { from: reading.pieceFrom, before: Buffer.alloc(0), isFirst: true };
    }
    if (reading.long !== undefined) giveWindows(reading, RECORD_WINDOW_BYTES + RECORD_WINDOW_OVERLAP_BYTES);
  }
}

/** Reads the piece in progress, of which `rest` is the end; `feedBytes` is the line feed that ended it. */
function endPiece(reading: Reading, rest: Buffer, feedBytes: number): void {
  if (reading.stopped) return;
  const isWhole = reading.heldBytes === 0 && reading.long === undefined && rest.length <= RECORD_BYTES_MAX;
  if (!isWhole) hold(reading, rest);
  if (reading.stopped) return;
  const piece = isWhole ? rest : heldBytes(reading);
  if (reading.long === undefined) readPiece(reading, piece, feedBytes);
  else {
    giveWindows(reading, 1);
    if (reading.stopped) return;
    const reason = `a record longer than ${RECORD_BYTES_MAX} bytes: kept as text, without its structure`;
    const from = reading.long.from ?? reading.recordFrom();
    lose(reading, { fromByte: from - reading.pieceFrom, toByte: 0, reason });
    reading.long = undefined;
  }
  reading.pieceFrom += (isWhole ? piece.length : reading.heldBytes) + feedBytes;
  reading.heldBytes = 0;
}

function heldBytes({ block, heldBytes: sizeBytes }: Reading): Buffer {
  return block === undefined ? Buffer.alloc(0) : block.subarray(0, sizeBytes);
}

function readPiece(reading: Reading, piece: Buffer, feedBytes: number): void {
  if (piece.length === 0) return;
  const read = readLine(piece);
  for (const record of read.records) {
    reading.records.push(record);
    reading.ends.push(reading.pieceFrom + piece.length + feedBytes);
  }
  for (const loss of read.losses) lose(reading, loss);
}

/** Hands over windows of a long record while at least `heldMin` bytes of it are held; the last may be short. */
function giveWindows(reading: Reading, heldMin: number): void {
  if (reading.long === undefined || reading.heldBytes < heldMin) return;
  let rest = heldBytes(reading);
  while (rest.length >= heldMin && !reading.stopped) {
    const sizeBytes = characterBorder(rest, RECORD_WINDOW_BYTES);
    giveWindow(reading, rest.subarray(0, sizeBytes), rest.subarray(sizeBytes));
    rest = rest.subarray(sizeBytes);
  }
  reading.block?.copyWithin(0, reading.heldBytes - rest.length, reading.heldBytes);
  reading.heldBytes = rest.length;
}

function giveWindow(reading: Reading, bytes: Buffer, after: Buffer): void {
  const { long } = reading;
  if (long === undefined) return;
  const fromByte = reading.pieceFrom;
  reading.pieceFrom += bytes.length;
  const window = {
    header: long.isFirst ? headerOf(bytes) : undefined,
    before: long.before.toString("utf8"),
    text: bytes.toString("utf8"),
    after: after.toString("utf8", 0, characterBorder(after, RECORD_WINDOW_OVERLAP_BYTES)),
  };
  const lastBytes = bytes.subarray(firstCharacter(bytes, bytes.length - RECORD_WINDOW_OVERLAP_BYTES));
  reading.long = { ...long, before: Buffer.from(lastBytes), isFirst: false };
  give(reading, { records: [], ends: [], losses: [], window, fromByte });
  reading.batchFrom = reading.pieceFrom;
}

/** The last place up to `at` where no character of UTF-8 is cut in two. */
function characterBorder(bytes: Buffer, at: number): number {
  if (at >= bytes.length) return bytes.length;
  let border = at;
  while (border > at - 4 && ((bytes[border] ?? 0) & 0xc0) === 0x80) border -= 1;
  return border;
}

function firstCharacter(bytes: Buffer, at: number): number {
  let border = Math.max(0, at);
  while (border < at + 4 && ((bytes[border] ?? 0) & 0xc0) === 0x80) border += 1;
  return border;
}

/** Reports bytes given as offsets into the piece in progress. What is lost beyond the limit is told as one place. */
function lose(reading: Reading, loss: { fromByte: number; toByte: number; reason: string }): void {
  const toByte = reading.pieceFrom + loss.toByte;
  const last = reading.losses.at(-1);
  // A hole is read in many chunks, and is one.
  if (last?.reason === loss.reason && last.toByte === reading.pieceFrom + loss.fromByte) {
    reading.losses[reading.losses.length - 1] = { ...last, toByte };
    return;
  }
  if (reading.more !== undefined) {
    reading.more = { ...reading.more, toByte, reason: "and more up to here" };
    return;
  }
  reading.firstLine ??= reading.countLines();
  const { path, pieceFrom } = reading;
  const line = reading.firstLine + reading.linesEnded;
  const told = { path, line, fromByte: pieceFrom + loss.fromByte, toByte, reason: loss.reason };
  reading.lossesTold += 1;
  if (reading.lossesTold < DAMAGE_REPORTS_MAX) reading.losses.push(told);
  else reading.more = told;
}

function handOver(reading: Reading): void {
  if (reading.pieceFrom <= reading.batchFrom && reading.losses.length === 0) return;
  const { records, ends, losses, batchFrom: fromByte } = reading;
  reading.records = [];
  reading.ends = [];
  reading.losses = [];
  reading.batchFrom = reading.pieceFrom;
  give(reading, { records, ends, losses, fromByte });
}

function give(reading: Reading, batch: Omit<RecordBatch, "position" | "restarts">): void {
  const restarts = reading.isFirstBatch && reading.restarts;
  reading.isFirstBatch = false;
  // What ends the reading cannot be taken back by the last batch of it.
  if (reading.onBatch({ ...batch, restarts, position: positionOf(reading) }) === "stop")
    reading.stopped = true;
}

function positionOf({ positionAt, pieceFrom, long }: Reading): SourcePosition {
  return positionAt(pieceFrom, long !== undefined);
}
