import { counted } from "../base/count.ts";
import type { Approach } from "../distill/approaches.ts";
import type { Figures } from "../distill/figures.ts";
import { normalText } from "../document/item-text.ts";
import { durationText } from "../session/duration.ts";

/** A figure under the name that users' own documents give it. */
export interface FigureLine {
  readonly name: string;
  readonly value: string;
}

/** What `resume` reads again out of a colleague's handoff. */
export const FIGURE_NAMES = {
  activeMs: "Total time invested",
  conversations: "Conversations",
  lines: "Code lines changed",
  tests: "Tests added",
} as const;

const MINUTE_MS = 60_000;
/** Approaches named in one line: those that took longest. */
const APPROACHES_MAX = 4;
const APPROACH_CHARS_MAX = 60;

/** The figures of a session as lines of a page: what is nothing has no line. Names: seeds' section Session Metrics. */
export function figureLines(figures: Figures, approaches: readonly Approach[]): readonly FigureLine[] {
  const { blockers, blockersResolved, commits, conversations, prompts, files, testsAdded } = figures;
  const { linesAdded, linesRemoved } = figures;
  return [
    ...(figures.activeMs < MINUTE_MS
      ? []
      : [{ name: FIGURE_NAMES.activeMs, value: `${durationText(figures.activeMs)}${onDays(figures)}` }]),
    ...(conversations === 0
      ? []
      : [
          {
            name: FIGURE_NAMES.conversations,
            value: `${conversations} with ${counted(prompts, "prompt")}`,
          },
        ]),
    ...(linesAdded + linesRemoved === 0
      ? []
      : [{ name: FIGURE_NAMES.lines, value: `${linesAdded} added, ${linesRemoved} removed` }]),
    ...(files === 0 ? [] : [{ name: "Files modified", value: String(files) }]),
    ...(testsAdded === 0 ? [] : [{ name: FIGURE_NAMES.tests, value: String(testsAdded) }]),
    ...(commits === 0 ? [] : [{ name: "Commits", value: String(commits) }]),
    ...(blockers === 0 ? [] : [{ name: "Blockers resolved", value: `${blockersResolved} of ${blockers}` }]),
    ...approachLine(approaches),
  ];
}

function onDays({ days }: Figures): string {
  return days.length > 1 ? ` on ${days.length} days` : "";
}

function approachLine(approaches: readonly Approach[]): readonly FigureLine[] {
  const timed = approaches.filter((each) => timeOf(each) !== undefined);
  if (timed.length === 0) return [];
  const longest = [...timed]
    .sort((a, b) => (b.activeMs ?? Number.POSITIVE_INFINITY) - (a.activeMs ?? Number.POSITIVE_INFINITY))
    .slice(0, APPROACHES_MAX);
  const shown = timed.filter((each) => longest.includes(each));
  return [
    {
      name: "Time by approach",
      value: shown.map((each) => `${approachName(each)} ${timeOf(each)}`).join("; "),
    },
  ];
}

/** What it took, `~2 hours` as somebody wrote it or `1 h 20 min` as measured; undefined where neither is known. */
export function timeOf({ said, activeMs }: Approach): string | undefined {
  if (said !== undefined) return normalText(said);
  return activeMs === undefined || activeMs < MINUTE_MS ? undefined : durationText(activeMs);
}

/** Its words, short; `and 2 more` where several were noted together. */
export function approachName({ text, notes }: Approach): string {
  const words = normalText(text);
  const name =
    words.length <= APPROACH_CHARS_MAX ? words : `${words.slice(0, APPROACH_CHARS_MAX - 1).trimEnd()}…`;
  return notes.length === 1 ? name : `${name} and ${notes.length - 1} more`;
}
