import { REDACT_FREE_LOOKS_MAX, REDACT_LOOK_CHARS } from "../base/limits.ts";
import type { Part } from "./trigger.ts";
import type { LookedAt } from "./vain-looks.ts";

/**
 * How much was looked at: what stands at the beginning of a secret and is none, what is decoded, and secrets. That is the work that a text can make as much of
 * as it has characters. A look in vain counts by the characters that were examined for it; one of 448 takes 0.5 to 1 µs.
 */
export interface Looks {
  count: number;
  /** How many looks that were, since somebody asked how dear they are; and what was counted until then. */
  made: number;
  counted: number;
  /** Characters that were passed over: they allow nothing. */
  passed: number;
  /** How many each character allows. */
  readonly perChar: number;
  /** Of the whole text, once all of it was read: what it allows beyond what that took is for where it is looked at again. */
  readonly chars: number | undefined;
}

/** What one look examines; those that examine more or less count as much more or less. */
export const CHARS_OF_LOOK = 448;
const PER_CHAR = 1 / REDACT_LOOK_CHARS;

/** Made at one place, so that V8 knows them as of one kind: they are asked at every look. */
function looksOf(count: number, passed: number, { perChar, chars }: Pick<Looks, "perChar" | "chars">): Looks {
  return { count, made: 0, counted: 0, passed, perChar, chars };
}

export function newLooks(): Looks {
  return looksOf(0, 0, { perChar: PER_CHAR, chars: undefined });
}

/** However much is encoded in a text, what stands there plainly is allowed so much of the usual: nearly all lines of base64 hold two or three beginnings by accident. */
const PLAIN_SHARE_MIN = 1 / 4;

/** For another reading of the same text, of so many characters: it is allowed what the one before it has left. */
export function looksBeside({ count }: Looks, chars: number): Looks {
  const perChar = Math.max(PLAIN_SHARE_MIN * PER_CHAR, PER_CHAR - count / chars);
  return looksOf(0, 0, { perChar, chars: undefined });
}

/** Where a text of so many characters is looked at again after those two. */
export function looksAgain(one: Looks, other: Looks, chars: number): Looks {
  const passed = Math.max(one.passed, other.passed);
  return looksOf(one.count + other.count, passed, { perChar: PER_CHAR, chars });
}

/** How many the characters before `at` allow; where a text is looked at again, all of them, and half of the free ones once more. */
export function looksMax({ passed, perChar, chars }: Looks, at: number): number {
  const free = chars === undefined ? REDACT_FREE_LOOKS_MAX : (3 / 2) * REDACT_FREE_LOOKS_MAX;
  return free + Math.max(0, (chars ?? at) - passed) * perChar;
}

/** What every look costs, in examined characters. */
const LOOK_CHARS = 64;

/** Counts a look in vain that has examined so many characters. */
export function countLook(looks: Looks, chars: number): void {
  looks.made += 1;
  looks.count += (LOOK_CHARS + chars) / CHARS_OF_LOOK;
}

/** How many looks as dear as those since the last question so many characters allow. */
export function looksAllowed(looks: Looks, chars: number): number {
  const each = (looks.count - looks.counted) / Math.max(1, looks.made);
  looks.made = 0;
  looks.counted = looks.count;
  return (chars * looks.perChar) / each;
}

/** How a text is read. */
export interface Reading {
  /** Where secrets are looked for, in order and apart; all of it if not given. */
  readonly parts: readonly Part[];
  /** Those of an earlier reading count, too. */
  readonly looks: Looks;
  /** Where it is to be remembered what was looked at. */
  readonly lookedAt?: LookedAt | undefined;
}
