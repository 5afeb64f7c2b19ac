import { BRIEF_PROPOSALS_SHARE_MAX } from "../base/limits.ts";
import { type Candidate, type Cost, costOf, SECTIONS, type Section } from "./candidate.ts";

/** What counts most when there is no room for all, and the share of the room that each can be sure of. */
const PRIORITY: readonly (readonly [Section, number])[] = [
  ["next", 0.2],
  ["failed", 0.2],
  ["decisions", 0.15],
  ["blockers", 0.1],
  ["drift", 0.1],
  ["left-off", 0.12],
  ["rest", 0.06],
  ["earlier", 0.05],
  ["others", 0.02],
];

export const HEADINGS: { readonly [Name in Section]: string | undefined } = {
  "left-off": "## Where we left off",
  next: "## Next steps",
  failed: "## Failed before (do not repeat)",
  decisions: "## Decided",
  blockers: "## Blockers and open issues",
  drift: "## Changed in the repository since",
  rest: "## Also recorded",
  earlier: "## Earlier turns",
  others: undefined,
};

export interface Choice {
  /** In reading order. */
  readonly chosen: readonly Candidate[];
  readonly left: readonly Candidate[];
}

/** Fills the room: first each section's sure share, then by priority. Within a section the given order is the order of importance. */
export function choose(candidates: readonly Candidate[], room: Cost): Choice {
  const taken = new Set<Candidate>();
  const opened = new Set<Section>();
  let tokens = room.tokens;
  let chars = room.chars;
  const take = (candidate: Candidate): number => {
    const cost = costOf(lineOf(candidate));
    const heading = opened.has(candidate.section) ? undefined : HEADINGS[candidate.section];
    const open = heading === undefined ? { tokens: 0, chars: 0 } : costOf(heading);
    const whole = cost.tokens + open.tokens;
    if (whole > tokens || cost.chars + open.chars > chars) return 0;
    taken.add(candidate);
    opened.add(candidate.section);
    tokens -= whole;
    chars -= cost.chars + open.chars;
    return whole;
  };
  for (const [section, share] of PRIORITY) {
    let sure = room.tokens * share;
    for (const candidate of candidates.filter((each) => each.section === section)) {
      if (sure <= 0) break;
      sure -= take(candidate);
    }
  }
  for (const [section] of PRIORITY) {
    for (const candidate of candidates)
      if (candidate.section === section && !taken.has(candidate)) take(candidate);
  }
  return split(candidates, taken);
}

/** Takes guesses out again, the least important first, until they are at most their share of `tokensOf` the rest. */
export function boundProposals(
  candidates: readonly Candidate[],
  choice: Choice,
  tokensOf: (chosen: readonly Candidate[]) => number,
): Choice {
  let current = choice;
  for (;;) {
    const proposals = current.chosen.filter(({ proposal }) => proposal);
    const cost = proposals.reduce((sum, { line }) => sum + costOf(`- ${line}`).tokens, 0);
    const last = proposals.at(-1);
    if (last === undefined || cost <= tokensOf(current.chosen) * BRIEF_PROPOSALS_SHARE_MAX) return current;
    current = split(candidates, new Set(current.chosen.filter((each) => each !== last)));
  }
}

function split(candidates: readonly Candidate[], taken: ReadonlySet<Candidate>): Choice {
  const chosen = SECTIONS.flatMap((section) =>
    candidates.filter((each) => each.section === section && taken.has(each)),
  );
  return { chosen, left: candidates.filter((each) => !taken.has(each)) };
}

/** A candidate as a line of the brief. */
export function lineOf({ section, line }: Candidate): string {
  return HEADINGS[section] === undefined ? line : `- ${line}`;
}

/** Chosen lines under their headings. */
export function layOut(chosen: readonly Candidate[]): readonly string[] {
  return SECTIONS.flatMap((section) => {
    const own = chosen.filter((each) => each.section === section).map(lineOf);
    const heading = HEADINGS[section];
    return own.length === 0 || heading === undefined ? own : [heading, ...own];
  });
}
