import { REDACT_LOOK_CHARS } from "../base/limits.ts";
import { assignmentTriggers } from "./assignment.ts";
import { BLANK, codeAt, nextAt } from "./chars.ts";
import { CODES_MAX, copyCodes } from "./codes.ts";
import { landmarksOf } from "./landmarks.ts";
import { type Looks, looksMax, newLooks } from "./looks.ts";
import { addTo, newRow, type Row } from "./row.ts";
import { tokenTriggers } from "./rules.ts";
import { sentTriggers } from "./sent.ts";
import { shapeTriggers } from "./shapes.ts";
import type { Part, Scan, Span, Trigger } from "./trigger.ts";

const TRIGGERS: readonly Trigger[] = [
  ...tokenTriggers,
  ...shapeTriggers,
  ...sentTriggers,
  ...assignmentTriggers,
];
const FOLD = foldTable();
/** What they find may be many lines long, so that nobody passes over where they begin. */
const FAR_LITERALS = TRIGGERS.filter(({ goesFar }) => goesFar === true).map(({ literal }) => literal);
const ANY = -1;
const ALL_BITS = -1;
/** For every three folded characters the slot of the triggers that may begin with them; nearly all have none. */
const { slots: SLOTS, fourths: FOURTHS, triggers: TRIGGERS_AT } = index(TRIGGERS);
/** Of the slots that were looked into: made one by one, since every hook loads this, and meets few of them. */
const CANDIDATES_AT: (readonly Candidate[] | undefined)[] = [];

/**
 * Secrets of known form in a text, in order, not overlapping. One pass: three characters at a time, folded to five bits
 * each, are looked up in a table of 32,768 slots; only where a trigger may begin is anything compared. Linear in the
 * length of the text.
 *
 * Of too many in a row the rest is one ({@link addTo}).
 *
 * @param parts where triggers are looked for, in order and apart; what they look at is the whole text.
 */
export function secretSpans(
  text: string,
  parts: readonly Part[] = [{ from: 0, to: text.length }],
): readonly Span[] {
  const found: Found = { row: newRow(), scan: undefined, to: 0 };
  for (const { from, to } of parts) {
    const start = Math.max(from, found.scan?.floor ?? 0);
    // What lies between two parts is not read.
    if (found.scan !== undefined) found.scan.looks.passed += Math.max(0, start - found.to);
    scanPart(text, { from: start, to: Math.min(text.length, to + 2) }, found);
    found.to = Math.max(start, to);
  }
  return found.row.spans;
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
      found.scan ??= scanOf(text);
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
  /** None as long as no trigger has been looked at: most texts are short, and need none. */
  scan: MovingScan | undefined;
  /** The end of the part that was read last. */
  to: number;
}

function spanAt({ row, scan }: { row: Row; scan: MovingScan }, part: Part, slot: number): Span | undefined {
  const span = matchAt(scan, part.from, slot);
  if (span !== undefined && !row.grows) return span;
  // A secret for which there is no room is work like one that is none.
  if (span !== undefined) scan.looks.count += 1;
  const unread = unreadAt(scan, part);
  if (span === undefined || unread === undefined) return unread ?? span;
  return { from: span.from, to: Math.max(span.to, unread.to), rule: span.rule };
}

/** What is read or passed over at a time where there is too much to look at. */
const BLOCK_CHARS = 1_024;
/** Less is not passed over: what may reach behind it has to be looked at. */
const UNREAD_CHARS_MIN = 16 * BLOCK_CHARS;
/** As far before the end of what is passed over, secrets are looked for that go on behind it. */
const REACH_CHARS = 8 * BLOCK_CHARS;

/**
 * Where more was looked at than a text may ask for ({@link looksMax}): what is passed over unread, up to a blank about a block before the
 * text has fewer beginnings, or what begins before that blank and ends behind it.
 */
function unreadAt(scan: MovingScan, { from, to }: Part): Span | undefined {
  const { looks } = scan;
  if (from < scan.readTo || looks.count <= looksMax(looks, from)) return undefined;
  const crowdTo = crowdEnd(scan, from, to);
  const end = crowdTo - BLOCK_CHARS;
  if (end - from < UNREAD_CHARS_MIN) {
    // All of it is read, and not asked about again: each block is asked about once, or it would cost more than reading.
    scan.readTo = crowdTo + 1;
    return undefined;
  }
  const last = wholeEnd(scan, end);
  looks.passed += last - from;
  return { from, to: last, rule: "unread" };
}

/** A place at or behind `at` with a blank before which nothing begins that goes on behind it. */
function wholeEnd(scan: MovingScan, at: number): number {
  const { text } = scan;
  let end = nextAt(text, at, text.length, BLANK);
  let key = 0;
  for (let place = at - REACH_CHARS; place < end; place += 1) {
    key = ((key << 5) & 0x7fff) | foldAt(text, place);
    const slot = SLOTS[key] ?? 0;
    if (slot === 0) continue;
    const reached = matchAt(scan, place - 2, slot)?.to ?? 0;
    if (reached > end) end = nextAt(text, reached, text.length, BLANK);
  }
  return end;
}

/** Where the first block begins that has no more beginnings of secrets than a text may have, or where a private key does; the end if none does. */
function crowdEnd({ text, far }: MovingScan, from: number, to: number): number {
  for (const [nth, literal] of FAR_LITERALS.entries())
    if ((far[nth] ?? -1) < from) far[nth] = placeOf(literal, text, from);
  const end = Math.min(to, ...far);
  let at = from;
  while (at + BLOCK_CHARS <= end && isCrowded(text, at)) at += BLOCK_CHARS;
  return at + BLOCK_CHARS <= end ? at : end;
}

/** Where a literal stands next; beyond all texts where it does not. */
function placeOf(literal: string, text: string, from: number): number {
  const at = text.indexOf(literal, from);
  return at === -1 ? Number.POSITIVE_INFINITY : at;
}

function isCrowded(text: string, from: number): boolean {
  let key = 0;
  let count = 0;
  for (let at = from; at < from + BLOCK_CHARS; at += 1) {
    key = ((key << 5) & 0x7fff) | foldAt(text, at);
    const slot = SLOTS[key] ?? 0;
    if (slot === 0) continue;
    const candidates = CANDIDATES_AT[slot] ?? madeCandidates(slot);
    if (!candidates.some((candidate) => standsAt(text, at - 2, candidate))) continue;
    count += 1;
    if (count === BLOCK_CHARS / REDACT_LOOK_CHARS) return true;
  }
  return false;
}

/**
 * The same in bytes, each a character of Latin-1, until `take` answers false to one. A text is made of them only where the
 * whole beginning of a secret stands, with as much behind it as the secret has at least.
 *
 * @param look where triggers are looked for; no more than `looksMax` are looked at in all.
 */
export function secretsInBytes(
  bytes: Buffer,
  { from, to, look, looks, looksMax: most }: WithinBytes,
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

/** A look at bytes costs more than one at a text, which has to be made of them; and ordinary texts in base64 ask for few. */
const LOOKS_IN_BYTES = 3;

interface WithinBytes extends Part {
  readonly look: Part;
  readonly looks: Looks;
  readonly looksMax: number;
}

interface FoundInBytes extends Part {
  readonly bytes: Buffer;
  readonly looks: Looks;
  /** None as long as no literal of a trigger stands there. */
  scan: MovingScan | undefined;
}

function matchInBytes(found: FoundInBytes, at: number, slot: number): Span | undefined {
  const { bytes, from, to } = found;
  for (const candidate of CANDIDATES_AT[slot] ?? madeCandidates(slot)) {
    if (to - at < candidate.charsMin || !standsInBytes(bytes, at, candidate)) continue;
    found.scan ??= scanOf(bytes.toString("latin1", from, to));
    const span = candidate.trigger.match(found.scan, at - from);
    if (span === undefined || span.to <= at - from) {
      found.looks.count += LOOKS_IN_BYTES;
      continue;
    }
    found.scan.floor = span.to;
    return span;
  }
  return undefined;
}

function standsInBytes(bytes: Buffer, at: number, { literal, anyCase }: Candidate): boolean {
  for (let index = 0; index < literal.length; index += 1) {
    const code = bytes[at + index] ?? 0;
    const same = anyCase && code >= 65 && code <= 90 ? code + 32 : code;
    if (same !== literal[index]) return false;
  }
  return true;
}

function scanOf(text: string, looks = newLooks()): MovingScan {
  return { text, floor: 0, next: landmarksOf(text), looks, readTo: 0, far: [] };
}

/** One for all of a text: only the scan moves its floor. */
interface MovingScan extends Scan {
  floor: number;
  readonly looks: Looks;
  /** Up to there all is read, however much there is to look at. */
  readTo: number;
  /** Where each of {@link FAR_LITERALS} stands next, of those that were asked for. */
  readonly far: number[];
}

function matchAt(scan: MovingScan, at: number, slot: number): Span | undefined {
  const { text } = scan;
  const fourth = FOLD[codeAt(text, at + 3)] ?? 0;
  if ((((FOURTHS[slot] ?? 0) >>> fourth) & 1) === 0) return undefined;
  const fifth = FOLD[codeAt(text, at + 4)] ?? 0;
  for (const candidate of CANDIDATES_AT[slot] ?? madeCandidates(slot)) {
    if (!isLike(candidate, fourth, fifth) || !standsAt(text, at, candidate)) continue;
    const span = candidate.trigger.match(scan, at);
    if (span !== undefined && span.to > at) return span;
    scan.looks.count += 1;
  }
  return undefined;
}

/** Most that begin alike differ in the characters behind. */
function isLike(candidate: Candidate, fourth: number, fifth: number): boolean {
  if (candidate.fourth !== ANY && candidate.fourth !== fourth) return false;
  return candidate.fifth === ANY || candidate.fifth === fifth;
}

/** By characters: the optimizer makes more of them than of a call of `startsWith`. */
function standsAt(text: string, at: number, { literal, anyCase }: Candidate): boolean {
  for (let index = 0; index < literal.length; index += 1) {
    const code = codeAt(text, at + index);
    const same = anyCase && code >= 65 && code <= 90 ? code + 32 : code;
    if (same !== literal[index]) return false;
  }
  return true;
}

/** A trigger as the scan wants it: all of one shape, with the codes of its literal. */
interface Candidate {
  readonly trigger: Trigger;
  readonly literal: readonly number[];
  readonly anyCase: boolean;
  readonly charsMin: number;
  /** The fourth and fifth character, folded; ANY where the literal is over. */
  readonly fourth: number;
  readonly fifth: number;
}

/** Letters of both cases to 1-26, the signs that beginnings hold to their own values, digits and dots to one, all else to 0. */
function foldTable(): Uint8Array {
  // One for every code there is costs memory that is never touched, and saves a comparison for each character.
  const table = new Uint8Array(1 << 16);
  for (let letter = 0; letter < 26; letter += 1) {
    table[65 + letter] = letter + 1;
    table[97 + letter] = letter + 1;
  }
  for (const [characters, value] of [
    ["-", 27],
    ["_", 28],
    [":", 29],
    ["/", 30],
    ["0123456789.", 31],
  ] as const) {
    for (const character of characters) table[character.charCodeAt(0)] = value;
  }
  return table;
}

function index(triggers: readonly Trigger[]): {
  slots: Uint8Array;
  fourths: Uint32Array;
  triggers: readonly (readonly Trigger[])[];
} {
  const slots = new Uint8Array(1 << 15);
  // A bit for each folded character that may be the fourth of any in the slot.
  const fourths = new Uint32Array(1 << 8);
  const triggersAt: Trigger[][] = [[]];
  for (const trigger of triggers) {
    const { literal } = trigger;
    const start = trigger.stopAt ?? literal;
    const key = (foldAt(start, 0) << 10) | (foldAt(start, 1) << 5) | foldAt(start, 2);
    if (slots[key] === 0) slots[key] = triggersAt.push([]) - 1;
    const slot = slots[key] ?? 0;
    const fourth = foldedOrAny(literal, 3);
    fourths[slot] = (fourths[slot] ?? 0) | (fourth === ANY ? ALL_BITS : 1 << fourth);
    triggersAt[slot]?.push(trigger);
  }
  return { slots, fourths, triggers: triggersAt };
}

function madeCandidates(slot: number): readonly Candidate[] {
  const candidates = (TRIGGERS_AT[slot] ?? []).map(candidateOf);
  CANDIDATES_AT[slot] = candidates;
  return candidates;
}

function candidateOf(trigger: Trigger): Candidate {
  const { literal, anyCase = false, charsMin = literal.length } = trigger;
  return {
    trigger,
    charsMin,
    literal: codesOf(literal),
    anyCase,
    fourth: foldedOrAny(literal, 3),
    fifth: foldedOrAny(literal, 4),
  };
}

function foldedOrAny(literal: string, at: number): number {
  return literal.length > at ? foldAt(literal, at) : ANY;
}

function codesOf(literal: string): readonly number[] {
  const codes: number[] = [];
  for (let at = 0; at < literal.length; at += 1) codes.push(literal.charCodeAt(at));
  return codes;
}

function foldAt(text: string, at: number): number {
  return FOLD[text.charCodeAt(at)] ?? 0;
}
