import { REDACT_FREE_LOOKS_MAX, REDACT_LOOK_CHARS } from "../base/limits.ts";

/**
 * How often what stands at the beginning of a secret was looked at and was none: the work that a text can make as much of as it has
 * characters. Ordinary text has 1 to 10 in 1,024 characters, source code about secrets 30.
 */
export interface Looks {
  count: number;
  /** Characters that were passed over: they allow nothing. */
  passed: number;
}

export function newLooks(): Looks {
  return { count: 0, passed: 0 };
}

/** How many the characters before `at` allow. */
export function looksMax({ passed }: Looks, at: number): number {
  return REDACT_FREE_LOOKS_MAX + (at - passed) / REDACT_LOOK_CHARS;
}
