import { createHash } from "node:crypto";
import { asObject, type JsonObject, parseJson } from "../../base/parse.ts";

/** `,"sum":"` + 16 hexadecimal digits + `"}`: how every record ends (docs/formats/journal.md, Checksum). */
const SUM_START = ',"sum":"';
const SUM_DIGITS = 16;
const SUM_BYTES = SUM_START.length + SUM_DIGITS + '"}'.length;
const SUM_PATTERN = /^,"sum":"([0-9a-f]{16})"\}$/;

/** An object, not empty and without a member `sum`, as one record: a line without its line feed. */
export function sealRecord(object: JsonObject): string {
  const text = JSON.stringify(object);
  return `${text.slice(0, -1)}${SUM_START}${checksumOf(Buffer.from(text))}"}`;
}

/** The object in a record's bytes, `sum` taken off; undefined if it is not exactly one undamaged record. Never throws. */
export function openRecord(bytes: Buffer): JsonObject | undefined {
  const bodyBytes = bytes.length - SUM_BYTES;
  if (bodyBytes < 2) return undefined;
  const sum = SUM_PATTERN.exec(bytes.toString("latin1", bodyBytes))?.[1];
  if (sum === undefined || sum !== checksumOf(bytes.subarray(0, bodyBytes), "}")) return undefined;
  const object = asObject(parseJson(bytes.toString("utf8")));
  if (object === undefined) return undefined;
  const { sum: _sum, ...rest } = object;
  return rest;
}

/** A record found inside damaged bytes, with the range it stands at. */
export interface FoundRecord {
  readonly object: JsonObject;
  readonly fromByte: number;
  readonly toByte: number;
}

/** How records begin; what else begins so inside of one is only tried in vain. */
const RECORD_START = '{"id":"';
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

function checksumOf(...parts: readonly (Buffer | string)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex").slice(0, SUM_DIGITS);
}
