import { BASE64, HEX, HYPHEN, runEnd, runStart, UNDERSCORE } from "./chars.ts";
import { CODES_MAX, copyCodes } from "./codes.ts";
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
  const spans: Span[] = [];
  let done = 0;
  for (const part of parts) {
    const from = runStart(text, Math.max(done, part.from), BASE_64.mask, done);
    for (const run of runsOf(text, { from, to: part.to }, BASE_64)) {
      if (!isOthers(text, run)) spansIn(text, run, { coding: BASE_64, secretsIn, spans });
      // The digits of the other coding are among the letters of this one.
      for (const digits of runsOf(text, run, HEXADECIMAL))
        spansIn(text, digits, { coding: HEXADECIMAL, secretsIn, spans });
      done = run.to;
    }
    done = Math.max(done, part.to);
  }
  return spans;
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
  decode(values: Values, into: Buffer): void;
}

const GROUP_MAX = 4;

const NONE = 255;
const BASE_64: Coding = {
  bits: 6,
  group: 4,
  mask: BASE64 | UNDERSCORE | HYPHEN,
  runMin: 32,
  values: valuesOf("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", "-_", 62),
  decode: decodeBase64,
};
const HEXADECIMAL: Coding = {
  bits: 4,
  group: 2,
  mask: HEX,
  runMin: 48,
  values: valuesOf("0123456789abcdef", "ABCDEF", 10),
  decode: decodeHex,
};

interface Search {
  readonly coding: Coding;
  readonly secretsIn: (decoded: string) => readonly Span[];
  readonly spans: Span[];
}

/** The run may hold other letters before the code begins, so every beginning within a group is tried. */
function spansIn(text: string, run: Part, search: Search): void {
  const values = valuesIn(text, run, search.coding);
  for (let shift = 0; shift < search.coding.group; shift += 1) searchRun(values, { run, shift }, search);
}

/** In windows, each of which begins with what the one before did not see the end of; a longer one where that was all of it. */
function searchRun(values: Uint8Array, { run, shift }: { run: Part; shift: number }, search: Search): void {
  const { bits, group, decode } = search.coding;
  const count = run.to - run.from;
  let chars = CODES_MAX;
  for (let from = shift; from < count; ) {
    const to = Math.min(count, from + chars);
    const bytes = to - from <= CODES_MAX ? BYTES : Buffer.alloc(to - from);
    decode({ values, from, to }, bytes);
    const length = Math.floor(((to - from) * bits) / 8);
    const done = searchBytes({ bytes, length, from: run.from + from, last: to === count }, search);
    if (to === count) return;
    const passed = Math.floor((done * 8) / bits / group) * group;
    if (passed === 0) chars *= WINDOW_GROWTH;
    from += passed;
  }
}

const WINDOW_GROWTH = 4;

/** Values of a run's characters, and bytes of a window: nearly all are short, and need no new ones. */
const VALUES = new Uint8Array(CODES_MAX + GROUP_MAX);
const BYTES = Buffer.alloc(CODES_MAX + GROUP_MAX);

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

/** Bytes of which `from` is the first character. */
interface Decoded {
  readonly bytes: Buffer;
  readonly length: number;
  readonly from: number;
  /** Whether no more follow. */
  readonly last: boolean;
}

/**
 * Looks backwards from where printable bytes would be enough, as {@link runsOf} does and for its reason.
 *
 * @returns up to where all is done: where printable bytes begin whose end is not among these.
 */
function searchBytes(decoded: Decoded, search: Search): number {
  const { bytes, length, last } = decoded;
  let start = 0;
  // All bytes between the two are printable.
  let known = 0;
  while (start + DECODED_CHARS_MIN <= length) {
    const enough = start + DECODED_CHARS_MIN;
    let at = enough - 1;
    while (at >= known && isPrintable(bytes[at] ?? 0)) at -= 1;
    if (at >= known) {
      start = at + 1;
      known = enough;
      continue;
    }
    const { end, mayHold } = stretchFrom(decoded, start);
    if (end === length && !last) return start;
    if (mayHold) searchStretch(decoded, { start, end }, search);
    start = end + 1;
    known = start;
  }
  return start;
}

interface Stretch {
  readonly start: number;
  readonly end: number;
}

function searchStretch({ bytes, from }: Decoded, { start, end }: Stretch, search: Search): void {
  const { coding, secretsIn, spans } = search;
  for (const span of secretsIn(bytes.toString("latin1", start, end))) {
    spans.push({
      from: from + Math.floor(((start + span.from) * 8) / coding.bits),
      to: from + Math.ceil(((start + span.to) * 8) / coding.bits),
      rule: span.rule,
    });
  }
}

/**
 * Where the printable bytes from `start` on end, and whether a secret may begin among them: most text that comes about by
 * accident holds no beginning.
 */
function stretchFrom(
  { bytes, length }: Decoded,
  start: number,
): { readonly end: number; readonly mayHold: boolean } {
  let key = 0;
  let mayHold = false;
  let end = start;
  for (; end < length; end += 1) {
    const byte = bytes[end] ?? 0;
    if (!isPrintable(byte)) break;
    key = keyAfter(key, byte);
    mayHold ||= isStop(key);
  }
  return { end, mayHold };
}

/** Values of characters, those of a window from `from` up to `to`; zeros behind them. */
interface Values {
  readonly values: Uint8Array;
  readonly from: number;
  readonly to: number;
}

/** Four characters are three bytes (RFC 4648, 4). */
function decodeBase64({ values, from, to }: Values, into: Buffer): void {
  let place = 0;
  for (let at = from; at < to; at += 4) {
    const second = values[at + 1] ?? 0;
    const third = values[at + 2] ?? 0;
    into[place] = ((values[at] ?? 0) << 2) | (second >> 4);
    into[place + 1] = (second << 4) | (third >> 2);
    into[place + 2] = (third << 6) | (values[at + 3] ?? 0);
    place += 3;
  }
}

function decodeHex({ values, from, to }: Values, into: Buffer): void {
  let place = 0;
  for (let at = from; at < to; at += 2) {
    into[place] = ((values[at] ?? 0) << 4) | (values[at + 1] ?? 0);
    place += 1;
  }
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
