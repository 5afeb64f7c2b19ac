import {
  REDACT_FREE_LOOKS_AGAIN_MAX,
  REDACT_FREE_LOOKS_MAX,
  REDACT_LOOK_AGAIN_CHARS,
  REDACT_LOOK_CHARS,
} from "../base/limits.ts";
import type { Part } from "./trigger.ts";

/** How often a text may be looked at in vain. */
interface Allowed {
  readonly free: number;
  /** Beyond that once in so many characters. */
  readonly chars: number;
}

/** Where a text is looked at for the first time. */
export const AT_FIRST: Allowed = { free: REDACT_FREE_LOOKS_MAX, chars: REDACT_LOOK_CHARS };
/** Where it is looked at again near what was found: in all further rounds together. */
export const AGAIN: Allowed = { free: REDACT_FREE_LOOKS_AGAIN_MAX, chars: REDACT_LOOK_AGAIN_CHARS };

/**
 * How often what stands at the beginning of a secret was looked at and was none: the work that a text can make as much of as it has
 * characters. What is told at once counts a quarter. Ordinary text and code have up to 9 in 1,024 characters.
 */
export interface Looks {
  readonly allowed: Allowed;
  count: number;
  /** Characters that were passed over: they allow nothing. */
  passed: number;
}

export function newLooks(allowed: Allowed): Looks {
  return { allowed, count: 0, passed: 0 };
}

/** How many the characters before `at` allow. */
export function looksMax({ allowed, passed }: Looks, at: number): number {
  return allowed.free + (at - passed) / allowed.chars;
}

/** How a text is read. */
export interface Reading {
  /** Where secrets are looked for, in order and apart; all of it if not given. */
  readonly parts: readonly Part[];
  /** Those of an earlier reading count, too. */
  readonly looks: Looks;
  /** Whether all that is not beside a mark was read before. */
  readonly again: boolean;
}
