import { BRIEF_PROPOSALS_SHARE_MAX, PROPOSALS_OPEN_MAX } from "../base/limits.ts";
import { type Candidate, type Cost, costOf, type Scale, SECTIONS, type Section } from "./candidate.ts";

/**
 * What counts most when there is no room for all, and the share of the room that each can be sure of, so that 500 next
 * steps leave every failed attempt its place. What a section does not need of its share goes to the others, in this order.
 */
const PRIORITY: readonly (readonly [Section, number])[] = [
  ["next", 0.18],
  ["failed", 0.18],
  ["decisions", 0.14],
  ["blockers", 0.09],
  ["drift", 0.08],
  ["left-off", 0.11],
  ["lasting", 0.06],
  ["done", 0.03],
  ["rest", 0.03],
  ["project", 0.03],
  ["earlier", 0.05],
  ["others", 0.02],
];

/** The line above each section's own; undefined where its one line speaks for itself. */
export type Headings = { readonly [Name in Section]: string | undefined };

export interface Choice {
  /** In reading order. */
  readonly chosen: readonly Candidate[];
  readonly left: readonly Candidate[];
}

/** What there is room for, and how it is reckoned. */
interface Room {
  readonly room: Cost;
  readonly headings: Headings;
  readonly scale: Scale;
}

/** The brief that a choice would give; for its share of guesses. */
type TokensOf = (choice: Choice) => number;

/**
 * What fits in the room: what is pinned, then each section's sure share, then by priority. Within a section the given order is the order of
 * importance. Guesses are at most PROPOSALS_OPEN_MAX, and at most BRIEF_PROPOSALS_SHARE_MAX of what `tokensOf` says.
 */
export function choose(candidates: readonly Candidate[], given: Room & { tokensOf: TokensOf }): Choice {
  const { scale, tokensOf } = given;
  const proposals = byPriority(candidates).filter(({ proposal }) => proposal);
  for (let count = Math.min(proposals.length, PROPOSALS_OPEN_MAX); ; count -= 1) {
    const refused = new Set(proposals.slice(count));
    const taken = fill(
      candidates.filter((each) => !refused.has(each)),
      given,
    );
    const choice = inReadingOrder(candidates, taken);
    if (count <= 0 || proposalTokens(choice, scale) <= tokensOf(choice) * BRIEF_PROPOSALS_SHARE_MAX)
      return choice;
  }
}

/** A candidate as a line of the brief. */
export function lineOf({ section, line }: Candidate, headings: Headings): string {
  return headings[section] === undefined ? line : `- ${line}`;
}

/** What an item costs, in whole tokens. */
export function tokensOfItem({ line }: Candidate, scale: Scale): number {
  return Math.ceil(scale(`- ${line}`) / 100);
}

/** Chosen lines under their headings. */
export function layOut(chosen: readonly Candidate[], headings: Headings): readonly string[] {
  return SECTIONS.flatMap((section) => {
    const own = chosen.filter((each) => each.section === section).map((each) => lineOf(each, headings));
    const heading = headings[section];
    return own.length === 0 || heading === undefined ? own : [heading, ...own];
  });
}

function inReadingOrder(candidates: readonly Candidate[], taken: ReadonlySet<Candidate>): Choice {
  const chosen = SECTIONS.flatMap((section) =>
    candidates.filter((each) => each.section === section && taken.has(each)),
  );
  return { chosen, left: candidates.filter((each) => !taken.has(each)) };
}

function proposalTokens({ chosen }: Choice, scale: Scale): number {
  return chosen.reduce((sum, each) => sum + (each.proposal ? tokensOfItem(each, scale) : 0), 0);
}

function byPriority(candidates: readonly Candidate[]): readonly Candidate[] {
  return PRIORITY.flatMap(([section]) => candidates.filter((each) => each.section === section));
}

function fill(candidates: readonly Candidate[], { room, headings, scale }: Room): ReadonlySet<Candidate> {
  const taken = new Set<Candidate>();
  const opened = new Set<Section>();
  let { weight, chars } = room;
  /** Takes a candidate if there is room for it and its heading, and says what it weighed. */
  const take = (candidate: Candidate): number => {
    const { section } = candidate;
    const heading = opened.has(section) ? undefined : headings[section];
    const cost = costOf([...(heading === undefined ? [] : [heading]), lineOf(candidate, headings)], scale);
    if (cost.weight > weight || cost.chars > chars) return 0;
    taken.add(candidate);
    opened.add(section);
    weight -= cost.weight;
    chars -= cost.chars;
    return cost.weight;
  };
  for (const candidate of byPriority(candidates)) if (candidate.pinned === true) take(candidate);
  for (const [section, share] of PRIORITY) {
    let sure = room.weight * share;
    for (const candidate of candidates) {
      if (sure > 0 && candidate.section === section && !taken.has(candidate)) sure -= take(candidate);
    }
  }
  for (const candidate of byPriority(candidates)) if (!taken.has(candidate)) take(candidate);
  return taken;
}
