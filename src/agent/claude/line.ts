import { isUtf8 } from "node:buffer";
import { RECORD_DEPTH_MAX } from "../../base/limits.ts";
import { asObject, type JsonObject, parseJson, stringField } from "../../base/parse.ts";

/** What one line of a transcript holds: normally one record; after a crash or with two writers more, fewer or none. */
export interface LineRead {
  readonly records: readonly JsonObject[];
  /** Bytes of the line that are lost, as offsets into it, ascending. */
  readonly losses: readonly LineLoss[];
}

export interface LineLoss {
  readonly fromByte: number;
  readonly toByte: number;
  readonly reason: string;
}

const NUL = 0x00;
const LINE_FEED = 0x0a;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENERS = new Set([0x7b, 0x5b]);
const CLOSERS = new Set([0x7d, 0x5d]);
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const BLANKS = new Set([0x20, 0x09, 0x0d, LINE_FEED]);
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);
/** Places tried in the middle of a broken line; each costs one pass over it. */
const TRIES_MAX = 64;

/**
 * Reads one line, given without its line feed. Never throws, and takes time linear in its length whatever it holds.
 *
 * Kinds of damage seen in real transcripts: two records without a line feed between them, a record that was cut and the
 * next one written right behind it, runs of NUL bytes where a crash left a hole.
 */
export function readLine(line: Buffer): LineRead {
  const text = line.toString("utf8");
  const value = parseJson(text.startsWith("\uFEFF") ? text.slice(1) : text);
  const record = asObject(value);
  if (record !== undefined) return wholeLine(line, text, record);
  if (text.trim() === "") return { records: [], losses: [] };
  if (value !== undefined) return { records: [], losses: [loss(0, line.length, "not a JSON object")] };
  return recoveredLine(line);
}

function wholeLine(line: Buffer, text: string, record: JsonObject): LineRead {
  if (isDeeper(record, RECORD_DEPTH_MAX)) {
    return { records: [], losses: [loss(0, line.length, `nested deeper than ${RECORD_DEPTH_MAX}`)] };
  }
  // A replacement character may be somebody's text; only then is it worth looking at the bytes.
  const isBroken = text.includes("\uFFFD") && !isUtf8(line);
  return {
    records: [record],
    losses: isBroken ? [loss(0, line.length, "invalid UTF-8 was replaced; the record is kept")] : [],
  };
}

/** A value that is nested too deep overflows the stack of every recursive function after this one. */
function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  // A loop over keys makes no list of values: this runs over every record of a history.
  for (const key in value) if (isDeeper((value as JsonObject)[key], levels - 1)) return true;
  return false;
}

function recoveredLine(line: Buffer): LineRead {
  const records: JsonObject[] = [];
  const losses: LineLoss[] = [];
  for (let from = 0; from < line.length; ) {
    const holeFrom = line.indexOf(NUL, from);
    const to = holeFrom === -1 ? line.length : holeFrom;
    const piece = readPiece(line.subarray(from, to));
    records.push(...piece.records);
    losses.push(...piece.losses.map((part) => loss(from + part.fromByte, from + part.toByte, part.reason)));
    const holeTo = endOfNuls(line, to);
    if (holeTo > to) losses.push(loss(to, holeTo, "NUL bytes"));
    from = holeTo;
  }
  return { records, losses };
}

/**
 * A piece without NUL bytes. Whole records are taken from its left end, then from its right end (a closing brace outside
 * of strings has exactly one opening one, so a record behind a cut one is found without guessing), and what is left in
 * the middle is searched for a record that says it is one.
 */
function readPiece(piece: Buffer): LineRead {
  const first: JsonObject[] = [];
  const last: JsonObject[] = [];
  const losses: LineLoss[] = [];
  let left = takeFromLeft(piece, piece.indexOf(BOM) === 0 ? BOM.length : 0, first);
  const right = takeFromRight(piece, left, last);
  for (;;) {
    const found = findRecord(piece.subarray(0, right), left);
    if (found === undefined) break;
    losses.push(loss(left, found.from, "cut-off record"));
    first.push(found.record);
    left = takeFromLeft(piece.subarray(0, right), found.to, first);
  }
  if (left < trimBlanks(piece, right, left)) losses.push(loss(left, right, "cut-off record"));
  return { records: [...first, ...last], losses };
}

function takeFromLeft(piece: Buffer, from: number, records: JsonObject[]): number {
  let left = skipBlanks(piece, from);
  while (piece[left] === OPEN_BRACE) {
    const end = objectEnd(piece, left);
    const record = end === -1 ? undefined : objectAt(piece, left, end);
    if (record === undefined) break;
    records.push(record);
    left = skipBlanks(piece, end);
  }
  return left;
}

/** Returns the place where the first record it took begins. Blanks before it belong to what is left: they may be the end of a cut text. */
function takeFromRight(piece: Buffer, left: number, records: JsonObject[]): number {
  let right = piece.length;
  for (;;) {
    const end = trimBlanks(piece, right, left);
    if (end === left || piece[end - 1] !== CLOSE_BRACE) return right;
    const start = objectStart(piece, end, left);
    const record = start === -1 ? undefined : objectAt(piece, start, end);
    if (record === undefined || (start > left && !saysItIsRecord(record))) return right;
    records.unshift(record);
    right = start;
  }
}

function findRecord(
  piece: Buffer,
  left: number,
): { readonly from: number; readonly to: number; readonly record: JsonObject } | undefined {
  let from = piece.indexOf('{"', left);
  for (let tries = 0; tries < TRIES_MAX && from !== -1; tries++) {
    const to = objectEnd(piece, from);
    const record = to === -1 ? undefined : objectAt(piece, from, to);
    if (record !== undefined && saysItIsRecord(record)) return { from, to, record };
    from = piece.indexOf('{"', from + 1);
  }
  return undefined;
}

/**
 * The end of a cut record may be a whole object too, a content block or some JSON in a text; taking that for a record would
 * be an invention. What Claude Code writes has a type and one of these ids.
 */
function saysItIsRecord(record: JsonObject): boolean {
  if (stringField(record, "type") === undefined) return false;
  return ["uuid", "sessionId", "leafUuid", "messageId"].some((key) => stringField(record, key) !== undefined);
}

function objectAt(piece: Buffer, from: number, to: number): JsonObject | undefined {
  const record = asObject(parseJson(piece.toString("utf8", from, to)));
  return record === undefined || isDeeper(record, RECORD_DEPTH_MAX) ? undefined : record;
}

/** The byte after the bracket that closes the one at `from`; -1 where there is none. */
function objectEnd(piece: Buffer, from: number): number {
  let depth = 0;
  let inString = false;
  for (let at = from; at < piece.length; at++) {
    const byte = piece[at] ?? NUL;
    if (inString && byte === BACKSLASH) at++;
    else if (byte === QUOTE) inString = !inString;
    else if (inString) continue;
    else if (OPENERS.has(byte)) depth++;
    else if (CLOSERS.has(byte) && --depth === 0) return at + 1;
  }
  return -1;
}

/** The place of the bracket that opens what the one before `right` closes; -1 where there is none. Read backwards. */
function objectStart(piece: Buffer, right: number, left: number): number {
  let depth = 0;
  let inString = false;
  for (let at = right - 1; at >= left; at--) {
    const byte = piece[at] ?? NUL;
    if (byte === QUOTE) {
      const slashes = backslashesBefore(piece, at, left);
      if (slashes % 2 === 0) inString = !inString;
      at -= slashes;
    } else if (inString) continue;
    else if (CLOSERS.has(byte)) depth++;
    else if (OPENERS.has(byte) && --depth === 0) return at;
  }
  return -1;
}

function backslashesBefore(piece: Buffer, at: number, left: number): number {
  let count = 0;
  while (at - count > left && piece[at - count - 1] === BACKSLASH) count++;
  return count;
}

function skipBlanks(piece: Buffer, from: number): number {
  let at = from;
  while (at < piece.length && BLANKS.has(piece[at] ?? NUL)) at++;
  return at;
}

function trimBlanks(piece: Buffer, to: number, left: number): number {
  let at = to;
  while (at > left && BLANKS.has(piece[at - 1] ?? NUL)) at--;
  return at;
}

function endOfNuls(line: Buffer, from: number): number {
  let at = from;
  while (at < line.length && line[at] === NUL) at++;
  return at;
}

function loss(fromByte: number, toByte: number, reason: string): LineLoss {
  return { fromByte, toByte, reason };
}
