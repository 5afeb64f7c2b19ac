import { sha256 } from "../../base/digest.ts";
import { asObject, type JsonObject, parseJson } from "../../base/parse.ts";

/** `,"sum":"` + 16 hexadecimal digits + `"}`: how every record ends (docs/formats/journal.md, Checksum). */
const SUM_START = ',"sum":"';
const SUM_DIGITS = 16;
const SUM_END = '"}';
const SUM_BYTES = SUM_START.length + SUM_DIGITS + SUM_END.length;
/** What stands in a decoded text for bytes that are no UTF-8. */
const REPLACED = "\ufffd";

/** An object, not empty and without a member `sum`, as one record: a line without its line feed. */
export function sealRecord(object: JsonObject): string {
  const text = JSON.stringify(object);
  return `${text.slice(0, -1)}${SUM_START}${checksumOf(text)}${SUM_END}`;
}

/**
 * The object in a record's bytes, `sum` taken off; undefined if it is not exactly one undamaged record. Never throws.
 *
 * A command waits for hundreds of these: they are decoded once, and what was hashed is what is parsed.
 */
export function openRecord(bytes: Buffer): JsonObject | undefined {
  if (bytes.length < SUM_BYTES + 2) return undefined;
  const text = bytes.toString("utf8");
  // How a record ends is ASCII: as many characters as bytes.
  const bodyChars = text.length - SUM_BYTES;
  if (!text.startsWith(SUM_START, bodyChars) || !text.endsWith(SUM_END)) return undefined;
  const body = `${text.slice(0, bodyChars)}}`;
  const sum = text.slice(bodyChars + SUM_START.length, -SUM_END.length);
  // Characters stand for bytes, but for this one, which may stand for others than it is written with.
  const sumNow = text.includes(REPLACED) ? checksumOfBytes(bytes) : checksumOf(body);
  return sum === sumNow ? asObject(parseJson(body)) : undefined;
}

/** A record found inside damaged bytes, with the range it stands at. */
export interface FoundRecord {
  readonly object: JsonObject;
  readonly fromByte: number;
  readonly toByte: number;
}

/** How records begin; what else begins so inside of one is only tried in vain. */
export const RECORD_START = '{"id":"';
/** How many beginnings are tried for one end. */
const STARTS_MAX = 8;
/** Bytes hashed in all, as a multiple of the damaged bytes: keeps the search linear on hostile bytes. */
const HASHED_SHARE_MAX = 8;

/** Whole records inside bytes that are not one record, in order, not overlapping. Never throws; linear time. */
export function findRecords(bytes: Buffer): readonly FoundRecord[] {
  const starts = placesOf(RECORD_START, bytes);
  const found: FoundRecord[] = [];
  let hashableBytes = HASHED_SHARE_MAX * bytes.length;
  let searchedTo = 0;
  let startsSeen = 0;
  for (const end of placesOf(SUM_START, bytes)) {
    while ((starts[startsSeen] ?? Infinity) < end) startsSeen += 1;
    const toByte = end + SUM_BYTES;
    for (const fromByte of starts.slice(Math.max(0, startsSeen - STARTS_MAX), startsSeen).reverse()) {
      hashableBytes -= toByte - fromByte;
      if (hashableBytes < 0 || fromByte < searchedTo) break;
      const object = openRecord(bytes.subarray(fromByte, toByte));
      if (object === undefined) continue;
      found.push({ object, fromByte, toByte });
      searchedTo = toByte;
      break;
    }
  }
  return found;
}

function placesOf(pattern: string, bytes: Buffer): readonly number[] {
  const places: number[] = [];
  for (let at = bytes.indexOf(pattern); at !== -1; at = bytes.indexOf(pattern, at + 1)) places.push(at);
  return places;
}

function checksumOf(text: string): string {
  return sha256(text).slice(0, SUM_DIGITS);
}

/** Of a whole record's bytes, without its `sum`. */
function checksumOfBytes(bytes: Buffer): string {
  const body = Buffer.concat([bytes.subarray(0, bytes.length - SUM_BYTES), Buffer.from("}")]);
  return sha256(body).slice(0, SUM_DIGITS);
}
