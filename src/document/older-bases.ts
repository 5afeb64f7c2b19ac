import type { WrittenDocument } from "./document.ts";

interface Nearness {
  readonly at: number;
  /** Lines that somebody would have had to type, and to take out. */
  readonly typed: number;
  readonly missing: number;
  /** Holds a line that the newest text has no more, and so does the file. */
  readonly isProven: boolean;
}

/**
 * Texts that the file may have been made from, as indexes: where the fewest lines would have to be typed; and, if the file
 * holds something that only older texts have, where the fewest would have to be deleted (somebody kept a copy of a text of
 * ours with words of their own, which stand in newer texts, too).
 */
export function olderBases(bases: readonly WrittenDocument[], lines: readonly string[]): readonly number[] {
  const newest = bases.length - 1;
  const now = new Set(linesOf(bases[newest]?.text ?? ""));
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  // The newest first: of equal ones it is the likelier.
  const all = bases.map(({ text }, at) => nearness(linesOf(text), { at, lines, counts, now })).reverse();
  const byTyped = [...all].sort((a, b) => a.typed - b.typed || a.missing - b.missing)[0];
  const byMissing = all
    .filter(({ isProven }) => isProven)
    .sort((a, b) => a.missing - b.missing || a.typed - b.typed)[0];
  const found = [byTyped, byMissing].flatMap((one) => (one === undefined ? [] : [one.at]));
  return [...new Set(found)].filter((at) => at !== newest);
}

function nearness(
  base: readonly string[],
  {
    at,
    lines,
    counts,
    now,
  }: {
    at: number;
    lines: readonly string[];
    counts: ReadonlyMap<string, number>;
    now: ReadonlySet<string>;
  },
): Nearness {
  const common = commonLines(base, counts);
  const isProven = base.some((line) => counts.has(line) && !now.has(line));
  return { at, typed: lines.length - common, missing: base.length - common, isProven };
}

/** Lines that say something, without the white space around them. */
export function linesOf(text: string): readonly string[] {
  return text.split(/[\r\n]+/).flatMap((line) => line.trim() || []);
}

function commonLines(base: readonly string[], counts: ReadonlyMap<string, number>): number {
  const used = new Map<string, number>();
  let common = 0;
  for (const line of base) {
    const before = used.get(line) ?? 0;
    if (before >= (counts.get(line) ?? 0)) continue;
    used.set(line, before + 1);
    common += 1;
  }
  return common;
}
