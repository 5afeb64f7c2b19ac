import type { Landmarks } from "./landmarks.ts";

/** A secret in a text: characters `from` up to `to`, and the rule that says so. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly rule: string;
}

/** A part of a text. */
export interface Part {
  readonly from: number;
  readonly to: number;
}

/** What a trigger may look at. */
export interface Scan {
  readonly text: string;
  /** The end of the last span: what stands before it is out already. */
  readonly floor: number;
  next(): Landmarks;
}

/**
 * What makes the scan stop and look closely. `match` may answer with a span that starts before `at`, never before
 * `floor`. Its cost must be bounded by a constant, or by characters that no other trigger of the same text pays for
 * again: the scan is linear only if every trigger keeps to that.
 */
export interface Trigger {
  /** Compared in lower case if `anyCase`, and then written in lower case. */
  readonly literal: string;
  /** Where the literal has fewer than three characters: a text of three that folds as the place to stop at does. */
  readonly stopAt?: string;
  readonly anyCase?: true;
  /** No secret that this finds has fewer characters from the literal on; nothing asks for it where that says little. */
  readonly charsMin?: number;
  /** What it finds may be lines long: where much is passed over unread, it is looked at all the same. */
  readonly goesFar?: true;
  /** @returns undefined where there is none; through `vain` if it can say what it asked for. */
  match(scan: Scan, at: number): Span | undefined;
}
