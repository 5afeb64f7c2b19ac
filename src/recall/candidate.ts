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

export function costOf(lines: readonly string[]): Cost {
  const text = lines.map((line) => `${line}\n`).join("");
  return { weight: weightOf(text), chars: text.length };
}

/** A SHA-256 over kind, source and the whole of what is said, before anything is cut: 128 bits, as text. */
export function keyOf(kind: string, source: string, said: readonly (string | undefined)[]): string {
  return sha256(JSON.stringify([kind, source, ...said]), "base64url").slice(0, 22);
}
