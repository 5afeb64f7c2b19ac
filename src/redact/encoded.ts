import { BASE64, HEX, HYPHEN, runEnd, runStart, UNDERSCORE } from "./chars.ts";
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
}

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

interface Search {
  readonly coding: Coding;
  readonly secretsIn: (decoded: string) => readonly Span[];
  readonly spans: Span[];
}

/** The run may hold other letters before the code begins, so every beginning within a group is tried. */
function spansIn(text: string, run: Part, search: Search): void {
  const { bits, group } = search.coding;
  for (let shift = 0; shift < group; shift += 1) {
    const from = run.from + shift;
    const length = Math.floor(((run.to - from) * bits) / 8);
    searchBytes({ text, from, length }, search);
  }
}

/** Bytes as characters from `from` on stand for them. */
interface Encoded {
  readonly text: string;
  readonly from: number;
  readonly length: number;
}

/** Looks backwards from where printable bytes would be enough, as {@link runsOf} does and for its reason. */
function searchBytes(encoded: Encoded, search: Search): void {
  const { coding } = search;
  let start = 0;
  // All bytes between the two are printable.
  let known = 0;
  while (start + DECODED_CHARS_MIN <= encoded.length) {
    const enough = start + DECODED_CHARS_MIN;
    let at = enough - 1;
    while (at >= known && isPrintable(byteAt(encoded, at, coding))) at -= 1;
    if (at >= known) {
      start = at + 1;
      known = enough;
      continue;
    }
    const { end, mayHold } = stretchFrom(encoded, start, coding);
    if (mayHold) searchStretch(encoded, { start, end }, search);
    start = end + 1;
    known = start;
  }
}

interface Stretch {
  readonly start: number;
  readonly end: number;
}

function searchStretch(encoded: Encoded, stretch: Stretch, { coding, secretsIn, spans }: Search): void {
  for (const span of secretsIn(decode(encoded, stretch, coding))) {
    spans.push({
      from: encoded.from + Math.floor(((stretch.start + span.from) * 8) / coding.bits),
      to: encoded.from + Math.ceil(((stretch.start + span.to) * 8) / coding.bits),
      rule: span.rule,
    });
  }
}

/**
 * Where the printable bytes from `start` on end, and whether a secret may begin among them: most text that comes about by
 * accident holds no beginning. Every character is read once.
 */
function stretchFrom(
  { text, from, length }: Encoded,
  start: number,
  { bits, values }: Coding,
): { readonly end: number; readonly mayHold: boolean } {
  let at = from + Math.floor((start * 8) / bits);
  let rest = values[text.charCodeAt(at)] ?? 0;
  let restBits = bits - ((start * 8) % bits);
  let key = 0;
  let mayHold = false;
  for (let end = start; end < length; end += 1) {
    while (restBits < 8) {
      at += 1;
      rest = ((rest << bits) | (values[text.charCodeAt(at)] ?? 0)) & 0x3fff;
      restBits += bits;
    }
    restBits -= 8;
    const byte = (rest >> restBits) & 255;
    if (!isPrintable(byte)) return { end, mayHold };
    key = keyAfter(key, byte);
    mayHold ||= isStop(key);
  }
  return { end: length, mayHold };
}

const DECODED_AT_ONCE = 4_096;

function decode(encoded: Encoded, { start, end }: Stretch, coding: Coding): string {
  let text = "";
  for (let at = start; at < end; at += DECODED_AT_ONCE) {
    const codes: number[] = [];
    const to = Math.min(end, at + DECODED_AT_ONCE);
    for (let index = at; index < to; index += 1) codes.push(byteAt(encoded, index, coding));
    text += String.fromCharCode(...codes);
  }
  return text;
}

function byteAt({ text, from }: Encoded, index: number, { bits, values }: Coding): number {
  // By a constant: three bytes to four characters, or one to two.
  const at = from + index + (bits === 4 ? index : Math.floor(index / 3));
  const first = values[text.charCodeAt(at)] ?? 0;
  const second = values[text.charCodeAt(at + 1)] ?? 0;
  if (bits === 4) return (first << 4) | second;
  // The first of two characters gives 6, 4 or 2 of its bits.
  const used = (index % 3) * 2;
  return ((first << (2 + used)) | (second >> (4 - used))) & 255;
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
