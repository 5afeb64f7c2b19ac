import { asArray, asObject } from "../../base/parse.ts";

/** A record as a line of JSON, with its LF: how long it is, and its text in pieces that can be asked for again. */
export interface LineText {
  readonly sizeBytes: number;
  readonly pieces: Iterable<string>;
}

/** Longer strings are written in pieces of this length, which takes longer. JSON.stringify takes three times a string's memory while it works. */
const PIECE_CHARS = 512 * 1024;

/**
 * The line of a record: what JSON.stringify gives, and LF. One with a string of megabytes is never in memory as a whole; it is
 * made anew each time its pieces are asked for.
 *
 * @param record what JSON.parse gave, or was made the same way.
 */
export function lineText(record: object, pieceChars = PIECE_CHARS): LineText {
  if (!holdsLong(record, pieceChars)) {
    const text = `${JSON.stringify(record)}\n`;
    return { sizeBytes: Buffer.byteLength(text), pieces: [text] };
  }
  const pieces = {
    *[Symbol.iterator]() {
      yield* piecesOf(record, pieceChars);
      yield "\n";
    },
  };
  let sizeBytes = 0;
  for (const piece of pieces) sizeBytes += Buffer.byteLength(piece);
  return { sizeBytes, pieces };
}

function holdsLong(value: unknown, chars: number): boolean {
  if (typeof value === "string") return value.length > chars;
  if (typeof value !== "object" || value === null) return false;
  for (const key in value) if (key.length > chars || holdsLong(asObject(value)?.[key], chars)) return true;
  return asArray(value)?.some((item) => holdsLong(item, chars)) ?? false;
}

function* piecesOf(value: unknown, chars: number): Generator<string> {
  if (!holdsLong(value, chars)) yield JSON.stringify(value);
  else if (typeof value === "string") yield* piecesOfString(value, chars);
  else if (Array.isArray(value)) yield* piecesOfList(value, chars);
  else yield* piecesOfObject(asObject(value) ?? {}, chars);
}

function* piecesOfString(text: string, chars: number): Generator<string> {
  yield '"';
  for (let from = 0; from < text.length; ) {
    const to = characterBorder(text, from + chars);
    yield JSON.stringify(text.slice(from, to)).slice(1, -1);
    from = to;
  }
  yield '"';
}

/** Half of a surrogate pair would be written as an escape. */
function characterBorder(text: string, at: number): number {
  const isHigh = (text.charCodeAt(at - 1) & 0xfc00) === 0xd800;
  return isHigh && (text.charCodeAt(at) & 0xfc00) === 0xdc00 ? at + 1 : at;
}

function* piecesOfList(items: readonly unknown[], chars: number): Generator<string> {
  yield "[";
  for (const [index, item] of items.entries()) {
    if (index > 0) yield ",";
    yield* piecesOf(item, chars);
  }
  yield "]";
}

function* piecesOfObject(value: object, chars: number): Generator<string> {
  yield "{";
  for (const [index, [key, field]] of Object.entries(value).entries()) {
    if (index > 0) yield ",";
    yield* piecesOfString(key, chars);
    yield ":";
    yield* piecesOf(field, chars);
  }
  yield "}";
}
