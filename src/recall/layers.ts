import { LAYER_DETAILED_MS, LAYER_FULL_MS } from "../base/limits.ts";

/** How much is told of what happened, by its age; the names are those of the seeds' "progressive summarization". */
export const LAYER_NAMES = ["full", "detailed", "brief", "archived"] as const;
export type LayerName = (typeof LAYER_NAMES)[number];

/** What happened in each layer, the newest first. */
export type Layered<T> = { readonly [name in LayerName]: readonly T[] };

/** What has a place in time: milliseconds since 1970, UTC. Layers are of elapsed time, so no change of the clocks moves anything. */
interface Timed {
  readonly atMs: number;
}

/**
 * The layer of a moment. What is younger than an hour is full and younger than four detailed, also in a finished session:
 * somebody who has just finished wants to know what it was. A clock that was ahead leaves moments of the future: they are
 * the newest.
 */
export function layerAt(
  atMs: number,
  { nowMs, isFinished }: { readonly nowMs: number; readonly isFinished: boolean },
): LayerName {
  const ageMs = nowMs - atMs;
  if (ageMs < LAYER_FULL_MS) return "full";
  if (ageMs < LAYER_DETAILED_MS) return "detailed";
  return isFinished ? "archived" : "brief";
}

/** Everything in exactly one layer, newest first; of things of one moment, the one given last is the latest. */
export function layered<T extends Timed>(
  things: readonly T[],
  when: { readonly nowMs: number; readonly isFinished: boolean },
): Layered<T> {
  const newestFirst = things.toReversed().sort((a, b) => b.atMs - a.atMs);
  const of = (name: LayerName) => newestFirst.filter(({ atMs }) => layerAt(atMs, when) === name);
  return { full: of("full"), detailed: of("detailed"), brief: of("brief"), archived: of("archived") };
}
