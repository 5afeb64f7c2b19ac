import { assignmentTriggers } from "./assignment.ts";
import { codeAt } from "./chars.ts";
import { CODES_MAX, copyCodes } from "./codes.ts";
import { landmarksOf } from "./landmarks.ts";
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
  const found: Found = { row: newRow(), scan: undefined };
  for (const { from, to } of parts) {
    const start = Math.max(from, found.scan?.floor ?? 0);
    scanPart(text, { from: start, to: Math.min(text.length, to + 2) }, found);
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
      const span = matchAt(found.scan, start + index - 2, slot);
      if (span === undefined) continue;
      addTo(found.row, span);
      found.scan.floor = span.to;
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
}

/**
 * The same in bytes, each a character of Latin-1, until `take` answers false to one. A text is made of them only where the
 * whole beginning of a secret stands, with as much behind it as the secret has at least.
 *
 * @param look where triggers are looked for.
 */
export function secretsInBytes(
  bytes: Buffer,
  { from, to, look }: Part & { readonly look: Part },
  take: (span: Span) => boolean,
): void {
  const found: FoundInBytes = { bytes, from, to, scan: undefined };
  const last = Math.min(to, look.to + 2);
  let key = 0;
  for (let at = Math.max(from, look.from); at < last; at += 1) {
    key = ((key << 5) & 0x7fff) | (FOLD[bytes[at] ?? 0] ?? 0);
    const slot = SLOTS[key] ?? 0;
    if (slot === 0 || !mayFollow(slot, bytes[at + 1] ?? 0)) continue;
    const span = matchInBytes(found, at - 2, slot);
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
  /** None as long as no literal of a trigger stands there. */
  scan: MovingScan | undefined;
}

function matchInBytes(found: FoundInBytes, at: number, slot: number): Span | undefined {
  const { bytes, from, to } = found;
  for (const candidate of CANDIDATES_AT[slot] ?? madeCandidates(slot)) {
    if (to - at < candidate.charsMin || !standsInBytes(bytes, at, candidate)) continue;
    found.scan ??= scanOf(bytes.toString("latin1", from, to));
    const span = candidate.trigger.match(found.scan, at - from);
    if (span === undefined || span.to <= at - from) continue;
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

function scanOf(text: string): MovingScan {
  return { text, floor: 0, next: landmarksOf(text) };
}

/** One for all of a text: only the scan moves its floor. */
interface MovingScan extends Scan {
  floor: number;
}

function matchAt(scan: Scan, at: number, slot: number): Span | undefined {
  const { text } = scan;
  const fourth = FOLD[codeAt(text, at + 3)] ?? 0;
  if ((((FOURTHS[slot] ?? 0) >>> fourth) & 1) === 0) return undefined;
  const fifth = FOLD[codeAt(text, at + 4)] ?? 0;
  for (const candidate of CANDIDATES_AT[slot] ?? madeCandidates(slot)) {
    if (!isLike(candidate, fourth, fifth) || !standsAt(text, at, candidate)) continue;
    const span = candidate.trigger.match(scan, at);
    if (span !== undefined && span.to > at) return span;
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
