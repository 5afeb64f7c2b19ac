/** A piece of a page that says one thing: a paragraph, or a list item with what is indented below it. */
export interface PageBlock {
  /** From 1. */
  readonly line: number;
  /** The nearest heading above it; undefined where there is none. */
  readonly heading: string | undefined;
  /** Its first line, without the marks of a list, a box or bold letters. */
  readonly text: string;
  /** Its other lines, likewise. */
  readonly rest: readonly string[];
}

const HEADING = /^ {0,3}#{1,6}[ \t]+(.{0,200})/;
const RULE = /^ {0,3}(?:-{3,}|\*{3,}|_{3,}|`{3,}.{0,40}|~{3,}.{0,40})$/;

/** The blocks of any markdown, in order: for looking through pages of whatever form. Linear; never throws. */
export function pageBlocks(page: string): readonly PageBlock[] {
  const blocks: { line: number; heading: string | undefined; lines: string[] }[] = [];
  let heading: string | undefined;
  let isOpen = false;
  for (const [at, raw] of page.split(/\r?\n/).entries()) {
    const found = HEADING.exec(raw);
    if (found !== null) heading = plain(found[1] ?? "");
    const isBetween = found !== null || raw.trim() === "" || RULE.test(raw) || raw.startsWith("<!--");
    const goesOn = isOpen && !isBetween && (/^[ \t]/.test(raw) || !/^(?:[-*+]|\d{1,9}[.)])[ \t]/.test(raw));
    if (goesOn) blocks.at(-1)?.lines.push(raw);
    else if (!isBetween) blocks.push({ line: at + 1, heading, lines: [raw] });
    isOpen = !isBetween;
  }
  return blocks.map(({ line, heading: above, lines: [first = "", ...rest] }) => ({
    line,
    heading: above,
    text: plain(first),
    rest: rest.map(plain),
  }));
}

function plain(line: string): string {
  return line
    .trim()
    .replace(/^(?:[-*+]|\d{1,9}[.)])[ \t]+/, "")
    .replace(/^\[[ xX✓]\][ \t]+/, "")
    .replaceAll("**", "")
    .trim();
}
