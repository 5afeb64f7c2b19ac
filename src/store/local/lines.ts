import { DAMAGE_REPORTS_MAX } from "../../base/limits.ts";
import type { JsonObject } from "../../base/parse.ts";
import type { Damage } from "../store.ts";
import { findRecords, openRecord } from "./record.ts";

/** What a piece of a file of records holds. */
export interface RecordLines<T> {
  readonly items: readonly T[];
  /** The byte after the last line that is done with: where the next read begins. */
  readonly nextByte: number;
  /** Bytes after `nextByte` that are no whole record: being written at this moment, or cut off. */
  readonly hasTornTail: boolean;
  readonly damage: readonly Damage[];
}

export interface LinesSource<T> {
  readonly path: string;
  /** Where in the file the bytes begin: the beginning of a line. */
  readonly fromByte: number;
  /** The record's meaning; undefined if it has none, which is reported like damage. */
  readonly accept: (object: JsonObject) => T | undefined;
  /** Which line of the file the first is, from 1; undefined where nobody counted. */
  readonly fromLine?: number | undefined;
}

/**
 * Reads the records in bytes of a file: takes what verifies, looks for whole records in what does not, and reports the rest
 * (at most DAMAGE_REPORTS_MAX places). Never throws.
 */
export function readRecordLines<T>(
  bytes: Buffer,
  { path, fromByte, accept, fromLine = fromByte === 0 ? 1 : undefined }: LinesSource<T>,
): RecordLines<T> {
  const items: T[] = [];
  const damage: Damage[] = [];
  let nextByte = fromByte;
  let hasTornTail = false;
  let nth = 0;
  for (const span of linesIn(bytes)) {
    const line = fromLine === undefined ? undefined : fromLine + nth;
    nth += 1;
    const content = bytes.subarray(span.from, span.to);
    const read = readLine(content, accept);
    hasTornTail = !span.isEnded && read.gaps.length > 0;
    const gaps = hasTornTail ? [{ from: 0, to: content.length, reason: TORN }] : read.gaps;
    for (const gap of gaps.slice(0, DAMAGE_REPORTS_MAX - damage.length)) {
      const at = fromByte + span.from;
      damage.push({ path, line, fromByte: at + gap.from, toByte: at + gap.to, reason: gap.reason });
    }
    items.push(...read.items);
    if (hasTornTail) break;
    nextByte = fromByte + span.nextByte;
  }
  return { items, nextByte, hasTornTail, damage };
}

const TORN = "the file ends inside a record";
const LF = 0x0a;
const BLANK_BYTES: ReadonlySet<number> = new Set([0x20, 0x09, 0x0d]);

/** A line without the blanks around it, and the byte after its line feed. */
interface LineSpan {
  readonly from: number;
  readonly to: number;
  readonly nextByte: number;
  readonly isEnded: boolean;
}

function* linesIn(bytes: Buffer): Generator<LineSpan> {
  for (let at = 0; at < bytes.length; ) {
    const lineFeed = bytes.indexOf(LF, at);
    const isEnded = lineFeed !== -1;
    let from = at;
    let to = isEnded ? lineFeed : bytes.length;
    at = isEnded ? to + 1 : to;
    while (from < to && BLANK_BYTES.has(bytes[from] ?? 0)) from += 1;
    while (to > from && BLANK_BYTES.has(bytes[to - 1] ?? 0)) to -= 1;
    yield { from, to, nextByte: at, isEnded };
  }
}

/** Bytes of a line that gave nothing. */
interface Gap {
  readonly from: number;
  readonly to: number;
  readonly reason: string;
}

interface LineRead<T> {
  readonly items: readonly T[];
  readonly gaps: readonly Gap[];
}

function readLine<T>(content: Buffer, accept: (object: JsonObject) => T | undefined): LineRead<T> {
  if (content.length === 0) return { items: [], gaps: [] };
  const whole = openRecord(content);
  const only = whole === undefined ? undefined : accept(whole);
  if (only !== undefined) return { items: [only], gaps: [] };
  const found = whole === undefined ? findRecords(content) : [];
  const items: T[] = [];
  const gaps: Gap[] = [];
  let done = 0;
  for (const { object, fromByte, toByte } of found) {
    const item = accept(object);
    if (item === undefined) continue;
    items.push(item);
    gaps.push(gapIn(content, done, fromByte));
    done = toByte;
  }
  gaps.push(gapIn(content, done, content.length));
  // Between two whole records on one line (`}{`) there is nothing, and nothing is lost.
  return { items, gaps: gaps.filter((gap) => gap.from < gap.to) };
}

function gapIn(content: Buffer, from: number, to: number): Gap {
  return { from, to, reason: reasonFor(content.subarray(from, to)) };
}

function reasonFor(bytes: Buffer): string {
  if (bytes.every((byte) => byte === 0)) return "NUL bytes, as a power cut leaves them";
  if (openRecord(bytes) !== undefined) return "a record without the members that every record has";
  return bytes.includes(',"sum":"') ? "the checksum does not fit" : "not a whole record";
}
