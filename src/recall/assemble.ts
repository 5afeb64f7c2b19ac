import type { Brief, BriefItem, BriefLimits } from "./brief.ts";
import { type Candidate, costOf } from "./candidate.ts";
import { type Choice, choose, type Headings, layOut, tokensOfItem } from "./choose.ts";
import { DELIMITER_SAMPLE, fenced } from "./fence.ts";
import { estimateTokens, weightWithin } from "./tokens.ts";

/** What a brief is put together from, besides its limits. */
export interface Parts {
  /** Lines that always stand first, and last. */
  readonly head: readonly string[];
  readonly foot: readonly string[];
  readonly headings: Headings;
  /** The most important of each section first. */
  readonly candidates: readonly Candidate[];
  /** Keys of what was not even looked at; it is counted with what does not fit. */
  readonly beyond: readonly string[];
}

/** A fenced brief of what fits; where not even head and foot fit, of the head alone, or with the empty text. */
export function assemble(parts: Parts, limits: BriefLimits): Brief {
  const { head, foot, headings, candidates, beyond } = parts;
  const all = candidates.length + beyond.length;
  const fixed = costOf([DELIMITER_SAMPLE, ...head, ...foot, ...omittedLine(all), DELIMITER_SAMPLE]);
  const room = {
    weight: weightWithin(limits.tokensMax) - fixed.weight,
    chars: limits.charsMax - fixed.chars,
  };
  if (room.weight < 0 || room.chars < 0) return headOnly(parts, limits);

  const textOf = ({ chosen, left }: Choice): string =>
    fenced([...head, ...layOut(chosen, headings), ...foot, ...omittedLine(left.length + beyond.length)]);
  const tokensOf = (choice: Choice): number => estimateTokens(textOf(choice));
  const choice = choose(candidates, { room, headings, tokensOf });
  return briefOf(textOf(choice), choice, beyond);
}

function headOnly({ head, candidates, beyond }: Parts, limits: BriefLimits): Brief {
  const text = fenced(head);
  const fits = estimateTokens(text) <= limits.tokensMax && text.length <= limits.charsMax;
  return briefOf(fits ? text : "", { chosen: [], left: candidates }, beyond);
}

/** The longest line this can be stands for all of them when room is reckoned: more digits cost no less. */
function omittedLine(count: number): readonly string[] {
  return count === 0 ? [] : [`${count} more not shown: leftoff show`];
}

function briefOf(text: string, { chosen, left }: Choice, beyond: readonly string[]): Brief {
  return {
    text,
    tokens: estimateTokens(text),
    items: chosen.map(itemOf),
    omitted: left.length + beyond.length,
    omittedKeys: [...left.map(({ key }) => key), ...beyond],
  };
}

function itemOf(candidate: Candidate): BriefItem {
  const { key, kind, text, source, why } = candidate;
  return { key, kind, text, tokens: tokensOfItem(candidate), source, why };
}
