import { BASE64, HEX, HYPHEN, runEnd, runStart, UNDERSCORE } from "./chars.ts";
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

function searchBytes(encoded: Encoded, { coding, secretsIn, spans }: Search): void {
  const { from, length } = encoded;
  const { bits } = coding;
  for (let at = DECODED_CHARS_MIN - 1; at < length; at += DECODED_CHARS_MIN) {
    if (!isPrintable(byteAt(encoded, at, coding))) continue;
    const start = printableFrom(encoded, at, coding);
    let end = at + 1;
    while (end < length && isPrintable(byteAt(encoded, end, coding))) end += 1;
    at = end;
    if (end - start < DECODED_CHARS_MIN) continue;
    for (const span of secretsIn(decode(encoded, { start, end }, coding))) {
      spans.push({
        from: from + Math.floor(((start + span.from) * 8) / bits),
        to: from + Math.ceil(((start + span.to) * 8) / bits),
        rule: span.rule,
      });
    }
  }
}

function printableFrom(encoded: Encoded, at: number, coding: Coding): number {
  let start = at;
  const lowest = Math.max(0, at - DECODED_CHARS_MIN + 1);
  while (start > lowest && isPrintable(byteAt(encoded, start - 1, coding))) start -= 1;
  return start;
}

const DECODED_AT_ONCE = 4_096;

function decode(encoded: Encoded, { start, end }: { start: number; end: number }, coding: Coding): string {
  const parts: string[] = [];
  for (let at = start; at < end; at += DECODED_AT_ONCE) {
    const to = Math.min(end, at + DECODED_AT_ONCE);
    const codes: number[] = [];
    for (let index = at; index < to; index += 1) codes.push(byteAt(encoded, index, coding));
    parts.push(String.fromCharCode(...codes));
  }
  return parts.join("");
}

function byteAt({ text, from }: Encoded, index: number, { bits, values }: Coding): number {
  const at = from + Math.floor((index * 8) / bits);
  const first = values[text.charCodeAt(at)] ?? 0;
  const second = values[text.charCodeAt(at + 1)] ?? 0;
  if (bits === 4) return (first << 4) | second;
  // The first of two characters gives 6, 4 or 2 of its bits.
  const used = (index % 3) * 2;
  return ((first << (2 + used)) | (second >> (4 - used))) & 255;
}

function isPrintable(code: number): boolean {
  return (code >= 32 && code < 127) || code === 10 || code === 9 || code === 13 || code >= 0xa0;
}

function valuesOf(alphabet: string, others: string, othersFrom: number): Uint8Array {
  const values = new Uint8Array(128).fill(NONE);
  for (const [value, character] of Array.from(alphabet).entries()) values[character.charCodeAt(0)] = value;
  for (const [index, character] of Array.from(others).entries())
    values[character.charCodeAt(0)] = othersFrom + index;
  return values;
}
