import type { SessionSummary } from "../app/summary.ts";
import type { Screen } from "./screen.ts";

/** Where there is no session yet. */
export const HOW_TO_BEGIN = 'Your agent\'s first prompt starts one; or: leftoff new "what you are doing"';

/** Where the work stands, in one word and the colour of its urgency. */
export function phaseWord(
  { style }: Screen,
  { status, phase }: Pick<SessionSummary, "status" | "phase">,
): string {
  if (status === "blocked") return style.red("blocked");
  const colour = { working: style.green, active: style.green, new: style.cyan, paused: style.yellow }[
    phase as string
  ];
  return colour === undefined ? style.dim(phase) : colour(phase);
}
