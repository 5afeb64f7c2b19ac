import type { Patch } from "../agent/agent.ts";
import { testsIn } from "./tests-in.ts";

/** How much an edit changed. All whole numbers; `tests` is negative where more test cases went than came. */
export interface Change {
  readonly added: number;
  readonly removed: number;
  /** Test cases that were written less those that were taken out. */
  readonly tests: number;
}

/** What a patch changed of a file. */
export function changeOfPatch(path: string, { added, removed }: Patch): Change {
  return {
    added: added.length,
    removed: removed.length,
    tests: testsIn(path, added) - testsIn(path, removed),
  };
}

/** What an edit changed that put one text in the place of another: lines that both have count for neither. Linear. */
export function changeOfTexts(path: string, before: string, after: string): Change {
  return changeOfPatch(path, differenceOf(linesOf(before), linesOf(after)));
}

/** Moved lines count as the same: this is how much was written, not a diff to apply. */
function differenceOf(before: readonly string[], after: readonly string[]): Patch {
  const left = new Map<string, number>();
  for (const line of before) left.set(line, (left.get(line) ?? 0) + 1);
  const added = after.filter((line) => {
    const count = left.get(line) ?? 0;
    if (count > 0) left.set(line, count - 1);
    return count === 0;
  });
  return { added, removed: [...left].flatMap(([line, count]) => Array<string>(count).fill(line)) };
}

function linesOf(text: string): readonly string[] {
  const lines = text.split(/\r?\n/);
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}
