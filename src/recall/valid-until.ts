import type { BriefMaterial } from "./brief.ts";
import { LAYERS, newestFirst } from "./turn-lines.ts";

/**
 * Until when the text of a brief stays true by itself, in milliseconds since the epoch and after `nowMs`: the next moment
 * at which a turn changes its layer, and at the latest the end of the local day, when the day of the work changes.
 */
export function validUntilMs({ nowMs, turns }: BriefMaterial): number {
  const now = new Date(nowMs);
  const midnightMs = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1).getTime();
  // The last turn is told in full whatever its age.
  const [, ...layered] = newestFirst(turns);
  const changes = layered.flatMap(({ atMs }) => LAYERS.map(({ ageMaxMs }) => atMs + ageMaxMs));
  return changes.reduce((next, atMs) => (atMs > nowMs && atMs < next ? atMs : next), midnightMs);
}
