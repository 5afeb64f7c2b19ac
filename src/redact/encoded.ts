import { ENCODED_SECRET_ROOM_CHARS, SECRETS_GAP_CHARS_MAX } from "../base/limits.ts";
import { BASE64, HEX, HYPHEN, runEnd, runStart, UNDERSCORE } from "./chars.ts";
import { CHARS_OF_LOOK, type Looks, looksMax, newLooks } from "./looks.ts";
import { type Crowd, hasRoom, isFull } from "./row.ts";
import type { Part, Span } from "./trigger.ts";
import { BACK_CHARS, REACH_CHARS } from "./vain-looks.ts";

/**
 * Finds secrets in bytes, each a character of Latin-1, in order and apart, until `take` answers false to one, or more was looked at
 * than `within.looksMax`.
 */
export type FindInBytes = (bytes: Buffer, within: Stretch, take: (span: Span) => boolean) => void;

/**
 * Secrets that stand in a text as base64 (either alphabet) or hexadecimal digits: Basic credentials, Kubernetes secrets,
 * dumps. Only long runs are looked at, and only where they decode to printable characters: pictures and digests do not,
 * and are given up after a few bytes. Linear in the length of the text.
 *
 * @param find finds secrets in what was decoded.
 * @returns spans that may overlap, in no order.
 */
export function encodedSpans(text: string, find: FindInBytes, looks: Looks = newLooks()): readonly Span[] {
  const runs = runsOf(text, { from: 0, to: text.length }, BASE_64);
  return searchRuns(
    text,
    runs.map(({ from, to }) => ({ from, to, look: { from, to } })),
    { find, looks },
  );
}

/**
 * The same where a text is looked at again: in runs that a mark stands before or behind, as far from it as a secret may begin that was none before. What another
 * run decodes to was read before, whatever has become of the text around it.
 *
 * @param marks in order and apart.
 */
export function encodedSpansBeside(
  text: string,
  marks: readonly Part[],
  { find, looks }: Finding,
): readonly Span[] {
  const runs: Run[] = [];
  for (const { from, to } of marks) {
    const runFrom = runStart(text, from, BASE_64.mask, 0);
    if (from - runFrom >= BASE_64.runMin) addRunBefore(runs, { from: runFrom, to: from });
    const runTo = runEnd(text, to, BASE_64.mask);
    if (runTo - to >= BASE_64.runMin)
      runs.push({ from: to, to: runTo, look: { from: to, to: Math.min(runTo, to + BACK_CHARS) } });
  }
  return searchRuns(text, runs, { find, looks });
}

/** A run before a mark; one that was met behind the mark before is looked at once, if what is looked at of it touches. */
function addRunBefore(runs: Run[], { from, to }: Part): void {
  const last = runs.at(-1);
  const lookFrom = Math.max(from, to - ENCODED_REACH_CHARS);
  const isMet = last?.from === from && last.look.to >= lookFrom;
  if (isMet) runs.pop();
  runs.push({ from, to, look: { from: isMet ? last.look.from : lookFrom, to } });
}

/** Hexadecimal digits take two characters for each. */
const ENCODED_REACH_CHARS = 2 * REACH_CHARS;

/** What finds secrets in what was decoded, and what was looked at in vain. */
interface Finding {
  readonly find: FindInBytes;
  readonly looks: Looks;
}

function searchRuns(text: string, runs: readonly Run[], { find, looks }: Finding): readonly Span[] {
  const search: Search = { find, spans: [], count: 0, end: 0, looks, looksMax: 0 };
  const batch: Run[] = [];
  for (const run of runs) {
    if (!hasPlace(batch, run)) searchBatch(text, batch, search);
    if (isFull(search) && goesOn(batch.at(-1)?.to ?? search.end, run)) batch.push(run);
    else {
      searchBatch(text, batch, search);
      searchRun(text, run, search);
    }
  }
  searchBatch(text, batch, search);
  return search.spans;
}

/** Where something is encoded, and where in it beginnings of secrets are looked for. */
interface Run extends Part {
  readonly look: Part;
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

/** The shortest secret that any rule finds. */
const DECODED_CHARS_MIN = 16;

/** Printable bytes of a run, and the most that may be looked at in the text until they end. */
export interface Stretch extends Run {
  readonly looks: Looks;
  readonly looksMax: number;
}

interface Coding {
  readonly name: "base64" | "hex";
  readonly bits: 4 | 6;
  /** Characters after which bytes begin with a character again. */
  readonly group: 2 | 4;
  /** What a run is made of, and how long it is at least: the shortest key of a provider has 24 characters. */
  readonly mask: number;
  readonly runMin: number;
}

/** Both alphabets (RFC 4648, 4 and 5), which Buffer reads as one. */
const BASE_64: Coding = {
  name: "base64",
  bits: 6,
  group: 4,
  mask: BASE64 | UNDERSCORE | HYPHEN,
  runMin: 32,
};
const HEXADECIMAL: Coding = { name: "hex", bits: 4, group: 2, mask: HEX, runMin: 48 };

/** What was found so far. */
interface Search extends Crowd {
  readonly find: FindInBytes;
  readonly spans: Span[];
  /** Where the last one of them ends. */
  end: number;
  readonly looks: Looks;
  /** Of them, what the text allows until the run that is read ends. */
  looksMax: number;
}

/** Runs in a row for whose secrets there is no room: how many are taken together, and how long they are at the most. */
const BATCH_RUNS = 16;
const BATCH_CHARS = 32 * 1024;

/** A gap that makes room for one, whatever stands before it. */
const ROOMY_GAP_CHARS = SECRETS_GAP_CHARS_MAX + ENCODED_SECRET_ROOM_CHARS;

function hasPlace(batch: readonly Part[], run: Part): boolean {
  return batch.length < BATCH_RUNS && run.to - (batch[0] ?? run).from <= BATCH_CHARS;
}

function goesOn(end: number, run: Part): boolean {
  return run.from - end < ROOMY_GAP_CHARS && run.to - run.from <= BATCH_CHARS;
}

/**
 * Of runs one behind the other, for whose secrets there is no room, only those are read that stand last, up to one with a
 * secret: those before it go with it. To read them all costs more than to find them plainly. Empties the batch.
 */
function searchBatch(text: string, batch: Run[], search: Search): void {
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

/** As many letters at the beginning of base64 are digits once in four thousand times. */
const ACCIDENTAL_DIGITS = 8;

/** What a text that asked for too much owes then, in looks: until other text has made up for it, what is encoded goes unread. */
const OWED_LOOKS = 64;

/** So many characters of a run are decoded in the time of a look, at each place where a group may begin. */
const DECODED_CHARS_OF_LOOK = 128;

/** What printable bytes count, and how many of them count as another look; most stretches are short. */
const STRETCH_LOOKS = 5 / 8;
const BYTES_OF_LOOK = 160;
/** What a jump over bytes that are no text counts. */
const JUMP_LOOKS = 1 / 64;

/** Reads a run; one in which more is to be looked at than the text may ask for until its end goes unread, all of it. */
function searchRun(text: string, run: Run, search: Search): void {
  const { looks } = search;
  search.looksMax = looksMax(looks, run.to);
  const owes = looks.count > search.looksMax;
  if (!owes) {
    looks.count += (run.to - run.from) / DECODED_CHARS_OF_LOOK;
    readRun(text, run, search);
  }
  if (looks.count <= search.looksMax) return;
  looks.passed += run.to - run.from;
  if (!owes) looks.count = looksMax(looks, run.to) + OWED_LOOKS;
  addUnread(search, run);
}

/** With what stands between it and another one before it, unless there is room for a secret. */
function addUnread(search: Search, { from, to }: Part): void {
  const last = search.spans.at(-1);
  const isOne = last?.rule === "unread" && last.to <= from && from - last.to < ROOMY_GAP_CHARS;
  if (isOne) search.spans.pop();
  add(search, { from: isOne ? last.from : from, to, rule: "unread" });
}

function readRun(text: string, { from, to, look }: Run, search: Search): void {
  const digitsTo = runEnd(text, from, HEX);
  // Hexadecimal digits alone are base64 by accident only; but what follows them may begin with some.
  const start = digitsTo - from >= HEXADECIMAL.runMin ? digitsTo - ACCIDENTAL_DIGITS : from;
  if (to - start >= BASE_64.runMin) searchCodes(text, { from: start, to, look }, { coding: BASE_64, search });
  // The digits of the other coding are among the letters of this one.
  for (const digits of runsOf(text, { from, to }, HEXADECIMAL))
    searchCodes(text, { from: digits.from, to: digits.to, look }, { coding: HEXADECIMAL, search });
}

/** The run may hold other letters before the code begins, so every beginning within a group is tried. */
function searchCodes(text: string, run: Run, { coding, search }: { coding: Coding; search: Search }): void {
  const { from, to, look } = run;
  if (look.to <= from || look.from >= to) return;
  const bytesMax = asInteger(((to - from) * coding.bits) / 8);
  const bytes = bytesMax <= BYTES.length ? BYTES : Buffer.allocUnsafeSlow(bytesMax);
  for (let shift = 0; shift < coding.group; shift += 1) {
    const at = from + shift;
    const length = decode(text, { from: at, to }, { coding, bytes });
    searchCode({ bytes, length, bits: coding.bits, at }, look, search);
  }
}

/** For the bytes of a run: nearly all are short, and need no new ones. */
const BYTES = Buffer.allocUnsafeSlow(8_192);
/** Characters that are decoded at a time, whole groups of them: what decodes them makes a copy first. */
const DECODED_AT_ONCE = 64 * 1024;

/** @returns how many bytes there are. */
function decode(
  text: string,
  { from, to }: Part,
  { coding, bytes }: { coding: Coding; bytes: Buffer },
): number {
  let length = 0;
  for (let at = from; at < to; at += DECODED_AT_ONCE)
    length += bytes.write(text.slice(at, Math.min(to, at + DECODED_AT_ONCE)), length, coding.name);
  return length;
}

/** The first `length` bytes, of which the first is in the text's character `at`. */
interface Code {
  readonly bytes: Buffer;
  readonly length: number;
  readonly bits: 4 | 6;
  readonly at: number;
}

/**
 * Looks backwards from where printable bytes would be enough, as {@link runsOf} does and for its reason: most bytes of what
 * is no text are never looked at. Of a long code with too many secrets in a row, a part goes with the last of them unread: each
 * costs more than where it stands plainly.
 */
function searchCode(code: Code, look: Part, search: Search): void {
  const { bytes, length } = code;
  const { looks, looksMax: most } = search;
  const lookFrom = Math.min(length, byteOf(code, look.from));
  const lookTo = Math.min(length, byteOf(code, look.to));
  // What is read at the end is read once, however crowded it is.
  let passable = length - 2 * READ_BYTES;
  let start = printableFrom(bytes, lookFrom, 0);
  // All bytes between the two are printable.
  let known = lookFrom;
  while (start + DECODED_CHARS_MIN <= length && start < lookTo && looks.count <= most) {
    const enough = start + DECODED_CHARS_MIN;
    const from = printableFrom(bytes, enough, known);
    if (from > known) {
      looks.count += JUMP_LOOKS + (enough - from) / CHARS_OF_LOOK;
      start = from;
      known = enough;
      continue;
    }
    const to = printableEnd(bytes, enough, length);
    // Nothing else counts what was decoded; what is no text has none of these.
    looks.count += STRETCH_LOOKS + (to - start) / BYTES_OF_LOOK;
    const stretch = { from: start, to, look: { from: lookFrom, to: lookTo }, looks, looksMax: most };
    const crowded = searchStretch(code, stretch, { search, passable });
    if (crowded !== undefined) passable = 0;
    start = crowded === undefined ? to + 1 : passOver(code, crowded, search);
    known = start;
  }
}

/** Of a code with too many secrets in a row its end is read: what stands behind is judged by the last one. */
const READ_BYTES = 1_024;
/** And what may reach into it: a private key of 4096 bits has 3.3 kB. */
const REACHING_BYTES = 4_096;

interface Crowded {
  readonly span: Span;
  /** Of the byte behind it. */
  readonly to: number;
}

/** Takes the middle of a code out. @returns the byte where its reading goes on. */
function passOver(code: Code, { span, to }: Crowded, search: Search): number {
  const passed = code.length - READ_BYTES;
  const start = printableFrom(code.bytes, passed, Math.max(to, passed - REACHING_BYTES));
  add(search, { from: span.from, to: placeOf(code, passed), rule: span.rule });
  return start;
}

/** Where the printable bytes that end before `to` begin; not before `floor`. */
function printableFrom(bytes: Buffer, to: number, floor: number): number {
  let at = to;
  while (at > floor && PRINTABLE[bytes[at - 1] ?? 0] === 1) at -= 1;
  return at;
}

/** Where the printable bytes from `from` on end, at most at `max`. */
function printableEnd(bytes: Buffer, from: number, max: number): number {
  let at = from;
  while (at < max && PRINTABLE[bytes[at] ?? 0] === 1) at += 1;
  return at;
}

/** What a secret counts for which there is no room. */
const LOOKS_WITHOUT_ROOM = 2;

/** @returns the first secret for which there was no room, if it ends before `passable`: nothing behind it is read then. */
function searchStretch(
  code: Code,
  stretch: Stretch,
  { search, passable }: { readonly search: Search; readonly passable: number },
): Crowded | undefined {
  let crowded: Crowded | undefined;
  search.find(code.bytes, stretch, ({ from, to, rule }) => {
    const span = { from: placeOf(code, from), to: placeOf(code, to, true), rule };
    const isCrowded = !hasRoom(search, span.from - search.end, ENCODED_SECRET_ROOM_CHARS);
    add(search, span);
    if (isCrowded) search.looks.count += LOOKS_WITHOUT_ROOM;
    if (isCrowded && to < passable) crowded = { span, to };
    return crowded === undefined;
  });
  return crowded;
}

function add(search: Search, span: Span): void {
  search.spans.push(span);
  search.end = Math.max(search.end, span.to);
}

/** The first byte that begins in a character of the text, or behind it. */
function byteOf({ bits, at }: Code, place: number): number {
  return asInteger(Math.ceil((Math.max(0, place - at) * bits) / 8));
}

/** The character that a byte begins in; `behind` it, where the byte before ends. */
function placeOf({ bits, at }: Code, index: number, behind = false): number {
  const chars = (index * 8) / bits;
  return at + asInteger(behind ? Math.ceil(chars) : Math.floor(chars));
}

/** V8 keeps what was divided as a number with a fraction, and whatever reads a text there is slower from then on. */
function asInteger(whole: number): number {
  return whole | 0;
}

/** By byte: 1 for what text is made of, the upper half of Latin-1 with it, since letters of UTF-8 begin there. */
const PRINTABLE = new Uint8Array(256).fill(1, 32, 127).fill(1, 0xa0);
for (const blank of [9, 10, 13]) PRINTABLE[blank] = 1;
