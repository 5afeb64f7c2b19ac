import { ACTIVE_GAP_MAX_MS, STRETCHES_KEPT_MAX } from "../base/limits.ts";
import type { Change } from "./change.ts";

/**
 * A time in which a conversation was worked on: nothing in it was further from the next than ACTIVE_GAP_MAX_MS. With what
 * was done in it. Stretches stand in order and do not meet; the same moments give the same ones, in whatever order they came.
 */
export interface Stretch extends Change {
  readonly fromMs: number;
  readonly toMs: number;
  readonly prompts: number;
}

/** What a moment adds to its stretch. */
export type Did = Change & Pick<Stretch, "prompts">;

const NOTHING: Did = { prompts: 0, added: 0, removed: 0, tests: 0 };

/** The stretches with something that happened at a moment. Beyond STRETCHES_KEPT_MAX the two oldest become one. */
export function withMoment(
  stretches: readonly Stretch[],
  atMs: number,
  did: Partial<Did> = {},
): readonly Stretch[] {
  const last = stretches.at(-1);
  const moment: Stretch = { fromMs: atMs, toMs: atMs, ...NOTHING, ...did };
  // A transcript's records come in their order: nearly always it is the last one that goes on.
  if (last !== undefined && atMs >= last.fromMs && meets(last, moment))
    return stretches.with(-1, together(last, moment));
  const met = stretches.filter((stretch) => meets(stretch, moment));
  const merged = met.reduce(together, moment);
  const all = [
    ...stretches.filter((stretch) => stretch.toMs < merged.fromMs),
    merged,
    ...stretches.filter((stretch) => stretch.fromMs > merged.toMs),
  ];
  const [first, second, ...rest] = all;
  if (all.length <= STRETCHES_KEPT_MAX || first === undefined || second === undefined) return all;
  return [{ ...together(first, second), fromMs: second.fromMs - (first.toMs - first.fromMs) }, ...rest];
}

function meets(stretch: Stretch, moment: Stretch): boolean {
  return (
    moment.fromMs - stretch.toMs <= ACTIVE_GAP_MAX_MS && stretch.fromMs - moment.toMs <= ACTIVE_GAP_MAX_MS
  );
}

function together(a: Stretch, b: Stretch): Stretch {
  return {
    fromMs: Math.min(a.fromMs, b.fromMs),
    toMs: Math.max(a.toMs, b.toMs),
    prompts: a.prompts + b.prompts,
    added: a.added + b.added,
    removed: a.removed + b.removed,
    tests: a.tests + b.tests,
  };
}

/** How long was worked in all of these together, in milliseconds: what overlaps (two terminals at once) counts once. */
export function activeMs(stretches: readonly Pick<Stretch, "fromMs" | "toMs">[]): number {
  let sum = 0;
  let untilMs = Number.NEGATIVE_INFINITY;
  for (const { fromMs, toMs } of [...stretches].sort((a, b) => a.fromMs - b.fromMs)) {
    sum += Math.max(0, toMs - Math.max(fromMs, untilMs));
    untilMs = Math.max(untilMs, toMs);
  }
  return sum;
}
