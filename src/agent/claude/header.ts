import { asObject, type JsonObject, parseJson } from "../../base/parse.ts";

/** How much of a long record is searched for its header: what names it stands before its content. */
const HEADER_BYTES_MAX = 64 * 1024;
/** A member that is longer is content. */
const MEMBER_BYTES_MAX = 600;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPENERS = new Set([0x7b, 0x5b]);
const CLOSERS = new Set([0x7d, 0x5d]);

/**
 * The short values that stand directly in an object of JSON whose end we do not have: what a record is, whose, when and
 * after which other, where its content is too long to be read as JSON. Never throws; linear in HEADER_BYTES_MAX.
 */
export function headerOf(beginning: Buffer): JsonObject {
  const bytes = beginning.subarray(0, HEADER_BYTES_MAX);
  const borders = memberBorders(bytes);
  const fields: [string, unknown][] = [];
  for (const [n, from] of borders.slice(0, -1).entries()) {
    const to = borders[n + 1] ?? from;
    if (to - from > MEMBER_BYTES_MAX) continue;
    const member = asObject(parseJson(`{${bytes.toString("utf8", from + 1, to)}}`)) ?? {};
    fields.push(...Object.entries(member).filter(([, value]) => typeof value !== "object" || value === null));
  }
  return Object.fromEntries(fields);
}

/** The places of the brace that opens the object, of the commas between its members, and of the brace that closes it. */
function memberBorders(bytes: Buffer): readonly number[] {
  const borders: number[] = [];
  let depth = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) at = endOfString(bytes, at);
    else if (OPENERS.has(byte) && ++depth === 1) borders.push(at);
    else if (byte === COMMA && depth === 1) borders.push(at);
    else if (CLOSERS.has(byte) && --depth === 0) return [...borders, at];
  }
  return borders;
}

function endOfString(bytes: Buffer, from: number): number {
  let at = from + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}
