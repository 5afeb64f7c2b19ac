import { plainLine } from "./plain.ts";

/** What is looked at of a document: the first pages, from which an excerpt of a few hundred tokens is taken. */
const LOOKED_AT_CHARS_MAX = 20_000;

/**
 * A markdown document as lines, each a heading and what stands under it: pictures, badges, code, comments and front matter
 * left out. Linear, any text.
 */
export function excerptOf(markdown: string): readonly string[] {
  const parts: { heading: string; words: string[] }[] = [{ heading: "", words: [] }];
  let skipTo: string | undefined;
  for (const [index, line] of markdown.slice(0, LOOKED_AT_CHARS_MAX).split(/\r?\n/).entries()) {
    const said = line.trim();
    if (skipTo !== undefined) {
      if (said.endsWith(skipTo)) skipTo = undefined;
      continue;
    }
    skipTo = openedBy(said, index);
    if (skipTo !== undefined || saysNothing(said)) continue;
    const heading = /^#{1,6}\s{1,9}(.+)$/.exec(said)?.[1];
    if (heading !== undefined) parts.push({ heading: heading.trim(), words: [] });
    else parts.at(-1)?.words.push(said.replace(/^(?:[-*+]|\d{1,4}[.)])\s{1,9}/, ""));
  }
  return parts.flatMap(({ heading, words }) => {
    const text = plainLine(words.join("; "));
    return text === "" ? [] : [heading === "" ? text : `${plainLine(heading)}: ${text}`];
  });
}

/** What ends a block whose lines are passed over. */
function openedBy(line: string, index: number): string | undefined {
  if (line.startsWith("```")) return "```";
  if (line === "---" && index === 0) return "---";
  return line.startsWith("<!--") && !line.includes("-->") ? "-->" : undefined;
}

function saysNothing(line: string): boolean {
  return line === "" || /^(?:!?\[[^\]]{0,200}\]\(|\[!\[|<|[-=*_]{3,}$)/.test(line);
}
