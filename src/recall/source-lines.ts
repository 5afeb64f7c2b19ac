import type { BriefMaterial, BriefSource } from "./brief.ts";
import { type Candidate, keyOf } from "./candidate.ts";
import { cutToTokens } from "./cut.ts";
import { plainLine } from "./plain.ts";
import { weightOf } from "./tokens.ts";

/** A line with less than this left says nothing. */
const LINE_TOKENS_MIN = 8;
/** One part of a document is not all that a source is for. */
const LINE_TOKENS_MAX = 60;

/** Excerpts of the project's own pages, each within the budget of its source. */
export function sourceLines({ sources }: Pick<BriefMaterial, "sources">): readonly Candidate[] {
  const known = new Set<string>();
  return sources.flatMap((source) => linesOf(source, known));
}

/** What stands twice is told once, whoever else told it: `known` has the keys so far. */
function linesOf({ name, path, lines, budgetTokens }: BriefSource, known: Set<string>): readonly Candidate[] {
  const candidates: Candidate[] = [];
  let left = budgetTokens;
  for (const each of lines) {
    // A file may be called by what nobody can see.
    const cite = `[${plainLine(path) || name}]`;
    const room = Math.min(LINE_TOKENS_MAX, left - weightOf(`- ${cite}\n`) / 100);
    if (room < LINE_TOKENS_MIN) break;
    const text = cutToTokens(plainLine(each), room);
    const key = keyOf(name, path, [each]);
    if (text === "" || known.has(key)) continue;
    known.add(key);
    const line = `${text} ${cite}`;
    left -= weightOf(`- ${line}\n`) / 100;
    candidates.push({
      section: "project",
      key,
      kind: name,
      source: path,
      why: `of the project: ${name} (at most ${budgetTokens} tokens; leftoff config brief.${name}Tokens)`,
      proposal: false,
      text,
      line,
    });
  }
  return candidates;
}
