import { BASE64, HEX, HYPHEN, runEnd, runStart, UNDERSCORE } from "./chars.ts";
import { CODES_MAX, copyCodes } from "./codes.ts";
import { type Crowd, hasRoom, isFull, ROOMY_GAP_CHARS } from "./row.ts";
import { isStop, keyAfter } from "./scan.ts";
import type { Part, Span } from "./trigger.ts";

/**
 * Secrets that stand in a text as base64 (either alphabet) or hexadecimal digits: Basic credentials, Kubernetes secrets,
 * dumps. Only long runs are looked at, and only where they decode to printable characters: pictures and digests do not,
 * and are given up after a few bytes. Linear in the length of the text.
 *
 * @param secretsIn finds secrets in what was decoded.
 * @param parts where they are looked for, in order and apart.
 * @returns spans that may overlap, in no order.
 */
export function encodedSpans(
  text: string,
  secretsIn: (decoded: string) => readonly Span[],
  parts: readonly Part[] = [{ from: 0, to: text.length }],
): readonly Span[] {
  const search: Search = { secretsIn, spans: [], count: 0, end: 0 };
  const batch: Part[] = [];
  let done = 0;
  for (const part of parts) {
    const from = runStart(text, Math.max(done, part.from), BASE_64.mask, done);
    for (const run of runsOf(text, { from, to: part.to }, BASE_64)) {
      if (batch.length === BATCH_RUNS) searchBatch(text, batch, search);
      if (isFull(search) && goesOn(batch.at(-1)?.to ?? search.end, run)) batch.push(run);
      else {
        searchBatch(text, batch, search);
        searchRun(text, run, search);
      }
      done = run.to;
    }
    done = Math.max(done, part.to);
  }
  searchBatch(text, batch, search);
  return search.spans;
}

/**
 * Runs of a coding's characters that are long enough. Looks backwards from where such a run that begins at the earliest
 * would have its last character, so that most characters of ordinary text are never looked at (R. S. Boyer and J. S.
 * Moore, "A fast string searching algorithm", Communications of the ACM 20(10), 1977).
 */
function runsOf(text: string, within: Part, { mask, runMin }: Coding): readonly Part[] {
  const runs: Part[] = [];
  let from = within.from;
  // All characters between the two are of the mask.
  let known = from;
  while (from + runMin <= within.to) {
    const end = from + runMin;
    const start = runStart(text, end, mask, known);
    if (start > known) {
      from = start;
      known = end;
      continue;
    }
    const to = runEnd(text, end, mask);
    runs.push({ from, to });
    from = to + 1;
    known = from;
  }
  return runs;
}

/** Hexadecimal digits alone are base64 by accident only. */
function isOthers(text: string, { from }: Part): boolean {
  return runEnd(text, from, HEX, HEXADECIMAL.runMin) - from === HEXADECIMAL.runMin;
}

/** The shortest secret that any rule finds. */
const DECODED_CHARS_MIN = 16;

interface Coding {
  readonly bits: 4 | 6;
  /** Characters after which bytes begin with a character again. */
  readonly group: 2 | 4;
  /** What a run is made of, and how long it is at least: the shortest key of a provider has 24 characters. */
  readonly mask: number;
  readonly runMin: number;
  readonly values: Uint8Array;
}

const GROUP_MAX = 4;

const NONE = 255;
const BASE_64: Coding = {
  bits: 6,
  group: 4,
  mask: BASE64 | UNDERSCORE | HYPHEN,
  runMin: 32,
  values: valuesOf("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", "-_", 62),
};
const HEXADECIMAL: Coding = {
  bits: 4,
  group: 2,
  mask: HEX,
  runMin: 48,
  values: valuesOf("0123456789abcdef", "ABCDEF", 10),
};

/** What was found so far. */
interface Search extends Crowd {
  readonly secretsIn: (decoded: string) => readonly Span[];
  readonly spans: Span[];
  /** Where the last one of them ends. */
  end: number;
}

/** Short runs in a row for whose secrets there is no room: how many are taken together, and how long each is at the most. */
const BATCH_RUNS = 16;
const BATCH_CHARS = 256;

function goesOn(end: number, run: Part): boolean {
  return run.from - end < ROOMY_GAP_CHARS && run.to - run.from <= BATCH_CHARS;
}

/**
 * Of runs one behind the other, for whose secrets there is no room, only those are read that stand last, up to one with a
 * secret: those before it go with it. To read them all costs more than to find them plainly. Empties the batch.
 */
function searchBatch(text: string, batch: Part[], search: Search): void {
  const first = batch[0];
  const { end, spans } = search;
  const known = spans.length;
  for (let run = batch.pop(); run !== undefined && first !== undefined; run = batch.pop()) {
    search.end = batch.at(-1)?.to ?? end;
    searchRun(text, run, search);
    const found = spans[known];
    if (found === undefined) continue;
    if (run.from > first.from) spans.push({ from: first.from, to: run.from, rule: found.rule });
    batch.length = 0;
  }
}

function searchRun(text: string, run: Part, search: Search): void {
  if (!isOthers(text, run)) searchCodes(text, run, { coding: BASE_64, search });
  // The digits of the other coding are among the letters of this one.
  for (const digits of runsOf(text, run, HEXADECIMAL))
    searchCodes(text, digits, { coding: HEXADECIMAL, search });
}

/** The run may hold other letters before the code begins, so every beginning within a group is tried. */
function searchCodes(text: string, run: Part, { coding, search }: { coding: Coding; search: Search }): void {
  const values = valuesIn(text, run, coding);
  for (let shift = 0; shift < coding.group; shift += 1) {
    const length = Math.floor(((run.to - run.from - shift) * coding.bits) / 8);
    searchCode({ values, shift, bits: coding.bits, length, at: run.from + shift }, search);
  }
}

/** Values of a run's characters, and bytes of a stretch: nearly all are short, and need no new ones. */
const VALUES = new Uint8Array(CODES_MAX + GROUP_MAX);
const BYTES = Buffer.alloc(CODES_MAX);
const BYTES_GROWTH = 4;

/** What the characters of a run stand for, and zeros up to the end of a group. */
function valuesIn(text: string, { from, to }: Part, { values }: Coding): Uint8Array {
  const length = to - from;
  const all = length <= CODES_MAX ? VALUES : new Uint8Array(length + GROUP_MAX);
  for (let start = 0; start < length; start += CODES_MAX) {
    const count = Math.min(CODES_MAX, length - start);
    const codes = copyCodes(text, from + start, from + start + count);
    for (let index = 0; index < count; index += 1) all[start + index] = values[codes[index] ?? 0] ?? 0;
  }
  for (let index = 0; index < GROUP_MAX; index += 1) all[length + index] = 0;
  return all;
}

/** Values from the one at `shift` on, as `length` bytes of which the first is in the text's character `at`. */
interface Code {
  readonly values: Uint8Array;
  readonly shift: number;
  readonly bits: 4 | 6;
  readonly length: number;
  readonly at: number;
}

/** Four characters of base64 are three bytes, so that every byte lies in two of them (RFC 4648, 4). */
function byteAt({ values, shift, bits }: Code, index: number): number {
  const chars = ((index * 8) / bits) | 0;
  const first = values[shift + chars] ?? 0;
  const second = values[shift + chars + 1] ?? 0;
  return (((first << bits) | second) >> (bits * (chars + 2) - 8 * (index + 1))) & 0xff;
}

/**
 * Looks backwards from where printable bytes would be enough, as {@link runsOf} does and for its reason: most bytes of what
 * is no text are never decoded. Of a long code with too many secrets in a row, a part goes with the last of them unread: each
 * costs more than where it stands plainly.
 */
function searchCode(code: Code, search: Search): void {
  const { length } = code;
  let start = 0;
  // All bytes between the two are printable.
  let known = 0;
  while (start + DECODED_CHARS_MIN <= length) {
    const enough = start + DECODED_CHARS_MIN;
    const from = printableFrom(code, enough, known);
    if (from > known) {
      start = from;
      known = enough;
      continue;
    }
    const stretch = stretchFrom(code, start);
    const crowded = searchStretch(code, { text: stretch.text, start }, search);
    start = stretch.to + 1;
    if (crowded !== undefined && length - start > 2 * READ_BYTES) {
      start = printableFrom(code, length - READ_BYTES, start);
      add(search, { from: crowded.from, to: placeOf(code, start), rule: crowded.rule });
    }
    known = start;
  }
}

/** Of a code with too many secrets in a row its end is read: what stands behind is judged by the last one. */
const READ_BYTES = 1_024;

/** Where the printable bytes that end before `to` begin; not before `floor`. */
function printableFrom(code: Code, to: number, floor: number): number {
  let at = to;
  while (at > floor && isPrintable(byteAt(code, at - 1))) at -= 1;
  return at;
}

/** @returns the first secret for which there was no room. */
function searchStretch(
  code: Code,
  { text, start }: { readonly text: string; readonly start: number },
  search: Search,
): Span | undefined {
  let crowded: Span | undefined;
  for (const { from, to, rule } of search.secretsIn(text)) {
    const span = { from: placeOf(code, start + from), to: placeOf(code, start + to, true), rule };
    if (!hasRoom(search, span.from - search.end)) crowded ??= span;
    add(search, span);
  }
  return crowded;
}

function add(search: Search, span: Span): void {
  search.spans.push(span);
  search.end = Math.max(search.end, span.to);
}

/** The character that a byte begins in; `behind` it, where the byte before ends. */
function placeOf({ bits, at }: Code, index: number, behind = false): number {
  const chars = (index * 8) / bits;
  return at + (behind ? Math.ceil(chars) : Math.floor(chars));
}

/**
 * The printable bytes from `start` on, up to `to`; no text if no secret may begin among them: most that comes about by
 * accident holds no beginning.
 */
function stretchFrom(code: Code, start: number): { readonly to: number; readonly text: string } {
  let bytes = BYTES;
  let key = 0;
  let mayHold = false;
  let to = start;
  for (; to < code.length; to += 1) {
    const byte = byteAt(code, to);
    if (!isPrintable(byte)) break;
    if (to - start === bytes.length) bytes = Buffer.concat([bytes], bytes.length * BYTES_GROWTH);
    bytes[to - start] = byte;
    if (mayHold) continue;
    key = keyAfter(key, byte);
    mayHold = isStop(key);
  }
  return { to, text: mayHold ? bytes.toString("latin1", 0, to - start) : "" };
}

function isPrintable(byte: number): boolean {
  return PRINTABLE[byte] === 1;
}

/** By byte: 1 for what text is made of, the upper half of Latin-1 with it, since letters of UTF-8 begin there. */
const PRINTABLE = new Uint8Array(256).fill(1, 32, 127).fill(1, 0xa0);
for (const blank of [9, 10, 13]) PRINTABLE[blank] = 1;

function valuesOf(alphabet: string, others: string, othersFrom: number): Uint8Array {
  const values = new Uint8Array(128).fill(NONE);
  for (const [value, character] of Array.from(alphabet).entries()) values[character.charCodeAt(0)] = value;
  for (const [index, character] of Array.from(others).entries())
    values[character.charCodeAt(0)] = othersFrom + index;
  return values;
}
