import { assignmentTriggers } from "./assignment.ts";
import { codeAt } from "./chars.ts";
import { tokenTriggers } from "./rules.ts";
import { sentTriggers } from "./sent.ts";
import { shapeTriggers } from "./shapes.ts";
import type { Trigger } from "./trigger.ts";

const TRIGGERS: readonly Trigger[] = [
  ...tokenTriggers,
  ...shapeTriggers,
  ...sentTriggers,
  ...assignmentTriggers,
];
/** Characters to five bits each. */
export const FOLD = foldTable();
/** What they find may be many lines long. */
export const FAR_TRIGGERS = TRIGGERS.filter(({ goesFar }) => goesFar === true);
const ANY = -1;
const ALL_BITS = -1;
/** For every three folded characters the slot of the triggers that may begin with them; nearly all have none. */
const { slots, fourths, triggers: TRIGGERS_AT } = index(TRIGGERS);
export const SLOTS = slots;
/** For every slot, as bits, the folded characters that may be the fourth of what begins there. */
export const FOURTHS = fourths;
/** Of the slots that were looked into: made one by one, since every hook loads this, and meets few of them. */
const CANDIDATES_AT: (readonly Candidate[] | undefined)[] = [];

/** Most that begin alike differ in the characters behind. */
export function isLike(candidate: Candidate, fourth: number, fifth: number): boolean {
  if (candidate.fourth !== ANY && candidate.fourth !== fourth) return false;
  return candidate.fifth === ANY || candidate.fifth === fifth;
}

/** By characters: the optimizer makes more of them than of a call of `startsWith`. */
export function standsAt(text: string, at: number, { literal, anyCase }: Candidate): boolean {
  for (let index = 0; index < literal.length; index += 1) {
    const code = codeAt(text, at + index);
    const same = anyCase && code >= 65 && code <= 90 ? code + 32 : code;
    if (same !== literal[index]) return false;
  }
  return true;
}

/** A trigger as the scan wants it: all of one shape, with the codes of its literal. */
export interface Candidate {
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
    const key = keyAt(start, 0);
    if (slots[key] === 0) slots[key] = triggersAt.push([]) - 1;
    const slot = slots[key] ?? 0;
    const fourth = foldedOrAny(literal, 3);
    fourths[slot] = (fourths[slot] ?? 0) | (fourth === ANY ? ALL_BITS : 1 << fourth);
    triggersAt[slot]?.push(trigger);
  }
  return { slots, fourths, triggers: triggersAt };
}

/** The triggers of a slot. */
export function candidatesAt(slot: number): readonly Candidate[] {
  return CANDIDATES_AT[slot] ?? madeCandidates(slot);
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

export function foldAt(text: string, at: number): number {
  return FOLD[text.charCodeAt(at)] ?? 0;
}

function keyAt(text: string, at: number): number {
  return (foldAt(text, at) << 10) | (foldAt(text, at + 1) << 5) | foldAt(text, at + 2);
}

/** The slot of what three characters begin; 0 if nothing. Never asked for what lies outside of the text, as {@link codeAt} may be. */
export function slotAt(text: string, at: number): number {
  return SLOTS[keyAt(text, at)] ?? 0;
}

const PLACES_IN = new Map<string, readonly number[]>();

/** Where in a mark a trigger's literal stands: its rule may hold one. */
export function placesIn(mark: string): readonly number[] {
  const known = PLACES_IN.get(mark);
  if (known !== undefined) return known;
  const places: number[] = [];
  for (let at = 0; at + 2 < mark.length; at += 1) {
    const slot = slotAt(mark, at);
    if (slot !== 0 && candidatesAt(slot).some((candidate) => standsAt(mark, at, candidate))) places.push(at);
  }
  PLACES_IN.set(mark, places);
  return places;
}
