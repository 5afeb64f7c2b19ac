import {
  type Candidate,
  candidatesAt,
  FAR_TRIGGERS,
  FOLD,
  FOURTHS,
  foldAt,
  isLike,
  SLOTS,
  slotAt,
  standsAt,
} from "./candidates.ts";
import { BLANK, codeAt, examinedChars, NAME_CHARS_MAX, nextAt } from "./chars.ts";
import { CODES_MAX, copyCodes } from "./codes.ts";
import { BLOCK_CHARS, lastCrowdedBlock, STRETCH_CHARS } from "./crowded.ts";
import type { Stretch } from "./encoded.ts";
import { landmarksOf } from "./landmarks.ts";
import { countLook, type Looks, looksAllowed, looksMax, newLooks, type Reading } from "./looks.ts";
import { addTo, newRow, type Row } from "./row.ts";
import type { Part, Scan, Span } from "./trigger.ts";
import { type LookedAt, REACH_CHARS, rememberLook, startLook } from "./vain-looks.ts";

/**
 * Secrets of known form in a text, in order, not overlapping. One pass: three characters at a time, folded to five bits
 * each, are looked up in a table of 32,768 slots; only where a trigger may begin is anything compared. Linear in the
 * length of the text.
 *
 * Of too many in a row the rest is one ({@link addTo}).
 *
 * @param reading where triggers are looked for; what they look at is the whole text.
 */
export function secretSpans(
  text: string,
  { parts = [{ from: 0, to: text.length }], looks = newLooks(), lookedAt }: Partial<Reading> = {},
): readonly Span[] {
  const found: Found = { row: newRow(), looks, lookedAt, scan: undefined };
  for (const { from, to } of parts) {
    const start = Math.max(from, found.scan?.floor ?? 0);
    scanPart(text, { from: start, to: Math.min(text.length, to + 2) }, found);
  }
  return found.row.spans;
}

/** The same at these places alone, in rising order. If too much was looked at, what is near them goes unread. */
export function secretSpansAt(text: string, places: readonly number[], looks: Looks): readonly Span[] {
  const row = newRow();
  const scan = scanOf(text, { looks, lookedAt: undefined });
  for (const place of places) {
    if (place < scan.floor) continue;
    const to = Math.min(text.length, place + REACH_CHARS);
    const span = spanAt({ row, scan }, { from: place, to }, slotAt(text, place));
    if (span === undefined) continue;
    addTo(row, span);
    scan.floor = span.to;
  }
  return row.spans;
}

function scanPart(text: string, { from, to }: Part, found: Found): void {
  let key = 0;
  let start = from;
  while (start < to) {
    const count = Math.min(CODES_MAX, to - start);
    const codes = copyCodes(text, start, start + count);
    let index = 0;
    for (; index < count; index += 1) {
      // As in secretsInBytes(): a call for each character costs the most where V8 optimizes nothing.
      key = ((key << 5) & 0x7fff) | (FOLD[codes[index] ?? 0] ?? 0);
      const slot = SLOTS[key] ?? 0;
      if (slot === 0) continue;
      found.scan ??= scanOf(text, found);
      const { scan } = found;
      const place = start + index - 2;
      const span = spanAt({ row: found.row, scan }, { from: place, to }, slot);
      if (span === undefined) continue;
      addTo(found.row, span);
      scan.floor = span.to;
      index = span.to - start - 1;
      key = 0;
    }
    start += index;
  }
}

interface Found {
  readonly row: Row;
  readonly looks: Looks;
  readonly lookedAt: LookedAt | undefined;
  /** None as long as no trigger has been looked at: most texts are short, and need none. */
  scan: MovingScan | undefined;
}

function spanAt({ row, scan }: { row: Row; scan: MovingScan }, part: Part, slot: number): Span | undefined {
  const span = matchAt(scan, part.from, slot);
  if (span !== undefined) scan.looks.count += LOOKS_OF_SECRET;
  if (span !== undefined && !row.grows) return span;
  const unread = unreadAt(scan, part);
  if (span === undefined || unread === undefined) return unread ?? span;
  return {
    from: Math.min(span.from, unread.from),
    to: Math.max(span.to, unread.to),
    rule: span.rule,
  };
}

/** A secret is work as well, and more: all of it was judged, and it is cut. */
const LOOKS_OF_SECRET = 7 / 4;

/** As far before the end of what is passed over, secrets are looked for that go on behind it. What has no blanks never does, nor does a key of many lines. */
const PASSED_REACH_CHARS = 8 * BLOCK_CHARS;
/** The same where it is looked at again: a name and its signs, but not what was read before as well. */
const PASSED_AGAIN_REACH_CHARS = 256;

/**
 * Where more was looked at than a text may ask for ({@link looksMax}): what is passed over unread, up to the last crowded block of the crowded
 * stretches from here on, or to where what begins before that block ends.
 */
function unreadAt(scan: MovingScan, { from, to }: Part): Span | undefined {
  const { looks } = scan;
  if (from < scan.readTo || looks.count <= looksMax(looks, from)) return undefined;
  // Where it is looked at again, little stands between two marks: all of that goes.
  const passed =
    looks.chars === undefined
      ? crowdedPart(scan, { from, to })
      : wholePart(scan, { from, to }, PASSED_AGAIN_REACH_CHARS);
  if (passed === undefined) return undefined;
  looks.passed += passed.to - from;
  return { from: passed.from, to: passed.to, rule: "unread" };
}

function crowdedPart(scan: MovingScan, { from, to }: Part): Part | undefined {
  const most = looksAllowed(scan.looks, BLOCK_CHARS);
  let crowdTo = from;
  let at = from;
  for (; at + STRETCH_CHARS <= to; at += STRETCH_CHARS) {
    const lastCrowded = lastCrowdedBlock(scan.text, at, most);
    if (lastCrowded === undefined) break;
    crowdTo = lastCrowded;
  }
  // The stretch that is not crowded, or what is left of the part: measured again at each look, it would cost more than to read it.
  scan.readTo = at + STRETCH_CHARS;
  return crowdTo === from ? undefined : wholePart(scan, { from, to: crowdTo });
}

/**
 * A part with whatever begins in it and ends behind it, up to a blank, and with the private keys that began before it. For what is many lines long, all of the part
 * is looked through; for all else, its end.
 */
function wholePart(scan: MovingScan, { from, to }: Part, reachChars = PASSED_REACH_CHARS): Part {
  const { text } = scan;
  const far = withFar(scan, { from, to });
  let start = far.from;
  let end = nextAt(text, far.to, text.length, BLANK);
  let key = 0;
  // Far from the blank at the end nothing is looked at, or what has none would be read as dearly as what is passed over.
  for (let place = Math.max(from, end - reachChars); place < end; place += 1) {
    key = ((key << 5) & 0x7fff) | foldAt(text, place);
    const slot = SLOTS[key] ?? 0;
    if (slot === 0) continue;
    const span = matchAt(scan, place - 2, slot);
    if (span === undefined) continue;
    start = Math.min(start, span.from);
    if (span.to > end) end = nextAt(text, span.to, text.length, BLANK);
    // What begins in a secret goes with it, or each beginning in a long one would measure it again; but a name may be its end.
    place = Math.max(place, span.to - NAME_CHARS_MAX, end - reachChars);
    key = 0;
  }
  return { from: start, to: end };
}

/** A part with what is many lines long and begins or ends in it. */
function withFar(scan: MovingScan, { from, to }: Part): Part {
  const passed = scan.text.slice(from, to);
  let start = from;
  let end = to;
  for (const { literal, match } of FAR_TRIGGERS) {
    for (let at = passed.indexOf(literal); at !== -1; at = passed.indexOf(literal, at + 1)) {
      const span = match(scan, from + at);
      if (span === undefined) continue;
      start = Math.min(start, span.from);
      end = Math.max(end, span.to);
    }
  }
  return { from: start, to: end };
}

/**
 * The same in bytes, each a character of Latin-1, until `take` answers false to one. A text is made of them only where the
 * whole beginning of a secret stands, with as much behind it as the secret has at least.
 *
 * @param look where triggers are looked for; no more than `looksMax` are looked at in all.
 */
export function secretsInBytes(
  bytes: Buffer,
  { from, to, look, looks, looksMax: most }: Stretch,
  take: (span: Span) => boolean,
): void {
  const found: FoundInBytes = { bytes, from, to, scan: undefined, looks };
  const last = Math.min(to, look.to + 2);
  let key = 0;
  for (let at = Math.max(from, look.from); at < last; at += 1) {
    key = ((key << 5) & 0x7fff) | (FOLD[bytes[at] ?? 0] ?? 0);
    const slot = SLOTS[key] ?? 0;
    if (slot === 0 || !mayFollow(slot, bytes[at + 1] ?? 0)) continue;
    const span = matchInBytes(found, at - 2, slot);
    if (looks.count > most) return;
    if (span === undefined) continue;
    if (!take({ from: from + span.from, to: from + span.to, rule: span.rule })) return;
    at = from + span.to - 1;
    key = 0;
  }
}

/** Whether a trigger of the slot has a literal that may go on with this character. */
function mayFollow(slot: number, code: number): boolean {
  return (((FOURTHS[slot] ?? 0) >>> (FOLD[code] ?? 0)) & 1) !== 0;
}

interface FoundInBytes extends Part {
  readonly bytes: Buffer;
  readonly looks: Looks;
  /** None as long as no literal of a trigger stands there. */
  scan: MovingScan | undefined;
}

function matchInBytes(found: FoundInBytes, at: number, slot: number): Span | undefined {
  const { bytes, from, to } = found;
  for (const candidate of candidatesAt(slot)) {
    if (to - at < candidate.charsMin || !standsInBytes(bytes, at, candidate)) continue;
    found.scan ??= textOf(found);
    const examined = examinedChars();
    const span = candidate.trigger.match(found.scan, at - from);
    if (span === undefined || span.to <= at - from) {
      countLook(found.looks, examinedChars() - examined);
      continue;
    }
    found.scan.floor = span.to;
    return span;
  }
  return undefined;
}

/** To make a text of bytes costs a quarter of a look, and a code may hold thousands of short ones. */
function textOf({ bytes, from, to, looks }: FoundInBytes): MovingScan {
  looks.count += 1 / 4;
  return scanOf(bytes.toString("latin1", from, to), { looks, lookedAt: undefined });
}

function standsInBytes(bytes: Buffer, at: number, { literal, anyCase }: Candidate): boolean {
  for (let index = 0; index < literal.length; index += 1) {
    const code = bytes[at + index] ?? 0;
    const same = anyCase && code >= 65 && code <= 90 ? code + 32 : code;
    if (same !== literal[index]) return false;
  }
  return true;
}

function scanOf(text: string, { looks, lookedAt }: Pick<Found, "looks" | "lookedAt">): MovingScan {
  return { text, floor: 0, next: landmarksOf(text), looks, lookedAt, readTo: 0 };
}

/** One for all of a text: only the scan moves its floor. */
interface MovingScan extends Scan {
  floor: number;
  readonly looks: Looks;
  readonly lookedAt: LookedAt | undefined;
  /** Up to there all is read, however much there is to look at. */
  readTo: number;
}

/** What stands between a name and its secret is not looked at before the secret is gone. */
function rememberPassed({ text, lookedAt }: MovingScan, { from, to }: Part): void {
  if (lookedAt === undefined) return;
  for (let at = from; at < to; at += 1) {
    if (slotAt(text, at) === 0) continue;
    startLook(at, true);
    rememberLook(lookedAt, at);
  }
}

function matchAt(scan: MovingScan, at: number, slot: number): Span | undefined {
  const { text, lookedAt } = scan;
  const fourth = FOLD[codeAt(text, at + 3)] ?? 0;
  if ((((FOURTHS[slot] ?? 0) >>> fourth) & 1) === 0) return undefined;
  const fifth = FOLD[codeAt(text, at + 4)] ?? 0;
  for (const candidate of candidatesAt(slot)) {
    if (!isLike(candidate, fourth, fifth) || !standsAt(text, at, candidate)) continue;
    const examined = examinedChars();
    startLook(at, candidate.trigger.goesFar);
    const span = candidate.trigger.match(scan, at);
    if (lookedAt !== undefined) rememberLook(lookedAt, at);
    if (span !== undefined && span.to > at) {
      rememberPassed(scan, { from: at + 1, to: span.from });
      return span;
    }
    countLook(scan.looks, examinedChars() - examined);
  }
  return undefined;
}
