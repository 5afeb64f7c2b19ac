import { createHash } from "node:crypto";
import { estimateTokens } from "./tokens.ts";

/** The parts of a brief in the order they are read. */
export const SECTIONS = [
  "left-off",
  "next",
  "failed",
  "decisions",
  "blockers",
  "drift",
  "rest",
  "earlier",
  "others",
] as const;
export type Section = (typeof SECTIONS)[number];

/** One line that may get into a brief. */
export interface Candidate {
  readonly section: Section;
  readonly key: string;
  readonly kind: string;
  readonly source: string;
  readonly why: string;
  /** A guess of ours: bounded as a whole, and marked in its text. */
  readonly proposal: boolean;
  /** What it says, plain, cut and in one line. */
  readonly text: string;
  /** Text and citation, as it stands in the brief. */
  readonly line: string;
}

/** What a line costs together with the line feed that ends it. */
export interface Cost {
  readonly tokens: number;
  readonly chars: number;
}

export function costOf(line: string): Cost {
  return { tokens: estimateTokens(`${line}\n`), chars: line.length + 1 };
}

export function sumOf(costs: readonly Cost[]): Cost {
  return costs.reduce((a, b) => ({ tokens: a.tokens + b.tokens, chars: a.chars + b.chars }), {
    tokens: 0,
    chars: 0,
  });
}

/** A SHA-256 over kind, source and the whole of what is said, before anything is cut: 128 bits, as text. */
export function keyOf(kind: string, source: string, said: readonly (string | undefined)[]): string {
  return createHash("sha256")
    .update(JSON.stringify([kind, source, ...said]))
    .digest("base64url")
    .slice(0, 22);
}
