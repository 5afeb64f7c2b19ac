import { assignmentTriggers } from "./assignment.ts";
import { tokenTriggers } from "./rules.ts";
import { sentTriggers } from "./sent.ts";
import { shapeTriggers } from "./shapes.ts";
import type { Span, Trigger } from "./trigger.ts";

const TRIGGERS: readonly Trigger[] = [
  ...tokenTriggers,
  ...shapeTriggers,
  ...sentTriggers,
  ...assignmentTriggers,
];
const FOLD = foldTable();
/** FILLED has a bit for each slot that holds anything: 4 KB stay in the nearest cache, the slots do not. */
const { slots: SLOTS, filled: FILLED, buckets: BUCKETS } = index(TRIGGERS);

/**
 * Secrets of known form in a text, in order, not overlapping. One pass: three characters at a time, folded to five bits
 * each, are looked up in a table of 32,768 slots; only where a trigger may begin is anything compared. Linear in the
 * length of the text.
 */
export function secretSpans(text: string): readonly Span[] {
  const spans: Span[] = [];
  const last = text.length - 2;
  let floor = 0;
  let at = 0;
  let key = (fold(text, 0) << 5) | fold(text, 1);
  while (at < last) {
    key = ((key << 5) & 0x7fff) | fold(text, at + 2);
    if (((FILLED[key >> 5] ?? 0) & (1 << (key & 31))) === 0) {
      at += 1;
      continue;
    }
    const span = matchAt(text, at, { slot: SLOTS[key] ?? 0, floor });
    if (span === undefined) {
      at += 1;
      continue;
    }
    spans.push(span);
    floor = span.to;
    at = span.to;
    key = (fold(text, at) << 5) | fold(text, at + 1);
  }
  return spans;
}

function matchAt(text: string, at: number, where: { slot: number; floor: number }): Span | undefined {
  for (const trigger of BUCKETS[where.slot] ?? []) {
    if (!standsAt(text, at, trigger)) continue;
    const span = trigger.match(text, at, where.floor);
    if (span !== undefined && span.to > at) return span;
  }
  return undefined;
}

function standsAt(text: string, at: number, { literal, anyCase }: Trigger): boolean {
  if (anyCase === undefined) return text.startsWith(literal, at);
  for (let index = 0; index < literal.length; index += 1) {
    const code = text.charCodeAt(at + index);
    const lower = code >= 65 && code <= 90 ? code + 32 : code;
    if (lower !== literal.charCodeAt(index)) return false;
  }
  return true;
}

function fold(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code < 128 ? (FOLD[code] ?? 0) : 0;
}

/** Letters of both cases to 1-26, the signs that beginnings hold to their own values, digits and dots to one. */
function foldTable(): Uint8Array {
  const table = new Uint8Array(128);
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
  slots: Uint16Array;
  filled: Int32Array;
  buckets: readonly (readonly Trigger[])[];
} {
  const slots = new Uint16Array(1 << 15);
  const filled = new Int32Array(slots.length / 32);
  const buckets: Trigger[][] = [[]];
  for (const trigger of triggers) {
    const start = trigger.stopAt ?? trigger.literal;
    const key = (fold(start, 0) << 10) | (fold(start, 1) << 5) | fold(start, 2);
    if (slots[key] === 0) slots[key] = buckets.push([]) - 1;
    filled[key >> 5] = (filled[key >> 5] ?? 0) | (1 << (key & 31));
    buckets[slots[key] ?? 0]?.push(trigger);
  }
  return { slots, filled, buckets };
}
