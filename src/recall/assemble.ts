import type { Brief, BriefItem, BriefLimits } from "./brief.ts";
import { type Candidate, costOf, newScale, type Scale } from "./candidate.ts";
import { type Choice, choose, type Headings, layOut, tokensOfItem } from "./choose.ts";
import { DELIMITER_SAMPLE, fenced } from "./fence.ts";
import { estimateTokens, tokensOfLines, weightWithin } from "./tokens.ts";

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
  const scale = newScale();
  const weighed = (lines: readonly string[]) => costOf([DELIMITER_SAMPLE, ...lines, DELIMITER_SAMPLE], scale);
  const fixed = weighed([...head, ...foot, ...omittedLine(all)]);
  const room = {
    weight: weightWithin(limits.tokensMax) - fixed.weight,
    chars: limits.charsMax - fixed.chars,
  };
  if (room.weight < 0 || room.chars < 0) return headOnly(parts, limits);

  const linesOf = ({ chosen, left }: Choice): readonly string[] => [
    ...head,
    ...layOut(chosen, headings),
    ...foot,
    ...omittedLine(left.length + beyond.length),
  ];
  const tokensOf = (choice: Choice): number => tokensOfLines(weighed(linesOf(choice)).weight);
  const choice = choose(candidates, { room, headings, scale, tokensOf });
  return briefOf(choice, { text: fenced(linesOf(choice)), tokens: tokensOf(choice), beyond, scale });
}

function headOnly({ head, candidates, beyond }: Parts, limits: BriefLimits): Brief {
  const text = fenced(head);
  const tokens = estimateTokens(text);
  const fits = tokens <= limits.tokensMax && text.length <= limits.charsMax;
  const said = fits ? { text, tokens } : { text: "", tokens: 0 };
  return briefOf({ chosen: [], left: candidates }, { ...said, beyond, scale: newScale() });
}

/** The longest line this can be stands for all of them when room is reckoned: more digits cost no less. */
function omittedLine(count: number): readonly string[] {
  return count === 0 ? [] : [`${count} more not shown: leftoff show`];
}

interface Said extends Pick<Brief, "text" | "tokens">, Pick<Parts, "beyond"> {
  readonly scale: Scale;
}

function briefOf({ chosen, left }: Choice, { text, tokens, beyond, scale }: Said): Brief {
  return {
    text,
    tokens,
    items: chosen.map((candidate) => itemOf(candidate, scale)),
    omitted: left.length + beyond.length,
    omittedKeys: [...left.map(({ key }) => key), ...beyond],
  };
}

function itemOf(candidate: Candidate, scale: Scale): BriefItem {
  const { key, kind, text, source, why } = candidate;
  return { key, kind, text, tokens: tokensOfItem(candidate, scale), source, why };
}
