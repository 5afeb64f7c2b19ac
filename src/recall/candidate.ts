import { sha256 } from "../base/digest.ts";
import { weightOf } from "./tokens.ts";

/** The parts of a brief in the order they are read. */
export const SECTIONS = [
  "left-off",
  "next",
  "failed",
  "decisions",
  "lasting",
  "done",
  "blockers",
  "drift",
  "rest",
  "earlier",
  "project",
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
  /** Somebody wants it in every brief: it comes before everything else. */
  readonly pinned?: boolean;
  /** What it says, plain, cut and in one line. */
  readonly text: string;
  /** Text and citation, as it stands in the brief. */
  readonly line: string;
}

/** What lines cost together with the line feeds that end them: costs of lines add up to that of their text, or more. */
export interface Cost {
  /** Hundredths of a token. */
  readonly weight: number;
  /** UTF-16 units. */
  readonly chars: number;
}

/** What a line weighs with the line feed that ends it, in hundredths of a token. */
export type Scale = (line: string) => number;

/** Weighs each line once: whether it fits, what it costs by itself and what all cost together are asked of the same lines. */
export function newScale(): Scale {
  const known = new Map<string, number>();
  return (line) => {
    const weight = known.get(line) ?? weightOf(`${line}\n`);
    known.set(line, weight);
    return weight;
  };
}

export function costOf(lines: readonly string[], scale: Scale): Cost {
  let [weight, chars] = [0, 0];
  for (const line of lines) {
    weight += scale(line);
    chars += line.length + 1;
  }
  return { weight, chars };
}

/** A SHA-256 over kind, source and the whole of what is said, before anything is cut: 128 bits, as text. */
export function keyOf(kind: string, source: string, said: readonly (string | undefined)[]): string {
  return sha256(JSON.stringify([kind, source, ...said]), "base64url").slice(0, 22);
}
