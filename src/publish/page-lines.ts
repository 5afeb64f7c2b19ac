import { wordsOf } from "../document/names.ts";

/** A line of a page that people and leftoff write together, with the section it stands in. */
export interface PageLine<Section extends string> {
  readonly content: string;
  /** "" where the page ends without one. */
  readonly eol: string;
  /** Undefined above the first section and in people's own ones. */
  readonly section: Section | undefined;
  readonly isHeading: boolean;
  /** It stands in a block of code, or is one of its fences: nothing in it is said by the page. */
  readonly isCode: boolean;
}

const HEADING = /^ {0,3}#{1,6}[ \t]+(.{0,120}?)[ \t#]*$/;
const FENCE = /^ {0,3}(?:`{3}|~{3})/;

/** @param sections by their headings as {@link wordsOf} gives them. Linear; never throws. */
export function pageLines<Section extends string>(
  text: string,
  sections: ReadonlyMap<string, Section>,
): readonly PageLine<Section>[] {
  let section: Section | undefined;
  let isFenced = false;
  return (text.match(/[^\n]*\n|[^\n]+$/g) ?? []).map((raw) => {
    const content = raw.replace(/\r?\n$/, "");
    const isFence = FENCE.test(content);
    if (isFence) isFenced = !isFenced;
    const isCode = isFenced || isFence;
    const heading = isCode ? undefined : HEADING.exec(content)?.[1];
    if (heading !== undefined) section = sections.get(wordsOf(heading));
    return { content, eol: raw.slice(content.length), section, isHeading: heading !== undefined, isCode };
  });
}

export function pageText(lines: readonly PageLine<string>[]): string {
  return lines.map(({ content, eol }) => `${content}${eol}`).join("");
}

/** Why nothing may be written into a page, in words for a person: it is half merged, or code runs on to its end. */
export function conflictIn(lines: readonly PageLine<string>[]): string | undefined {
  const at = lines.findIndex(({ content }) => /^(?:<{7}|>{7})(?: |$)/.test(content));
  if (at >= 0) return `it holds merge-conflict marks (line ${at + 1})`;
  const fences = lines.flatMap(({ content }, index) => (FENCE.test(content) ? [index + 1] : []));
  return fences.length % 2 === 1
    ? `a code fence is opened on line ${fences.at(-1)} and never closed`
    : undefined;
}

/** Where a section's heading stands and where it ends; undefined where there is none. Its first, if there are several. */
export function sectionRange<Section extends string>(
  lines: readonly PageLine<Section>[],
  section: Section,
): { readonly head: number; readonly end: number } | undefined {
  const head = lines.findIndex((line) => line.isHeading && line.section === section);
  if (head < 0) return undefined;
  const end = lines.findIndex(({ isHeading }, at) => at > head && isHeading);
  return { head, end: end < 0 ? lines.length : end };
}

/** The lines with one more at a place; the one before it gets its line end if it had none. */
export function withLine<Line extends PageLine<string>>(
  lines: readonly Line[],
  at: number,
  line: Line,
): readonly Line[] {
  const before = lines
    .slice(0, at)
    .map((one, index) => (index === at - 1 && one.eol === "" ? { ...one, eol: line.eol } : one));
  return [...before, line, ...lines.slice(at)];
}
