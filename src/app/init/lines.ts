/**
 * Lines of ours at the end of a text file of somebody else's (.gitignore), in a block that says whose they are. Pure, and
 * exactly reversible: what the file ended with before is told from how the block ends.
 */
export interface LineBlock {
  /** The line above ours, by which they are found again; a comment in the file's language. */
  readonly marker: string;
  readonly lines: readonly string[];
}

/** Adds the lines that the file does not have yet, to "" where there is no file. Adding again changes nothing. */
export function addLines(text: string, block: LineBlock): string {
  if (missingFrom(text, block).length === 0) return text;
  const cleared = removeLines(text, block);
  return appendBlock(cleared, [block.marker, ...missingFrom(cleared, block)], "adjacent");
}

/** Takes out every block that begins with our marker, and of what follows it only lines that are ours. */
export function removeLines(text: string, block: LineBlock): string {
  const range = findLines(text, block);
  return range === undefined ? text : removeLines(cutBlock(text, range, "adjacent"), block);
}

/** Where a block lies, without the line end after it. */
export interface BlockRange {
  readonly from: number;
  readonly to: number;
  /** The line end inside the block, which is also that of the ones we put around it. */
  readonly eol: string;
}

/** `adjacent` to the line before, or `apart` from it by an empty line. */
export type BlockDistance = "adjacent" | "apart";

/** A file that ended with a line end gets a block that does too; one that did not, one that does not. */
export function appendBlock(text: string, lines: readonly string[], distance: BlockDistance): string {
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const block = lines.join(eol);
  if (text === "") return `${block}${eol}`;
  const space = distance === "apart" ? eol : "";
  return text.endsWith("\n") ? `${text}${space}${block}${eol}` : `${text}${eol}${space}${block}`;
}

/** The opposite of {@link appendBlock}, wherever the block is by now. */
export function cutBlock(text: string, { from, to, eol }: BlockRange, distance: BlockDistance): string {
  const before = text.slice(0, from);
  const after = text.slice(to);
  const space = distance === "apart" ? eol : "";
  if (after === "") return withoutEnd(before, `${eol}${space}`);
  // An empty line is ours only between the block and what was there before.
  const rest = withoutEnd(before, space);
  return (rest === "" ? before : rest) + after.slice(lineEndLength(after));
}

function withoutEnd(text: string, end: string): string {
  return end !== "" && text.endsWith(end) ? text.slice(0, -end.length) : text;
}

function lineEndLength(text: string): number {
  if (text.startsWith("\r\n")) return 2;
  return text.startsWith("\n") ? 1 : 0;
}

function findLines(text: string, { marker, lines }: LineBlock): BlockRange | undefined {
  const from = indexOfLine(text, marker);
  if (from < 0) return undefined;
  let to = from + marker.length;
  const eol = text.startsWith("\r\n", to) ? "\r\n" : "\n";
  for (;;) {
    const start = to + lineEndLength(text.slice(to, to + 2));
    const own = start === to ? undefined : lines.find((line) => isLineAt(text, line, start));
    if (own === undefined) return { from, to, eol };
    to = start + own.length;
  }
}

/** Where `line` stands as a whole line, or -1. */
function indexOfLine(text: string, line: string): number {
  for (let at = text.indexOf(line); at >= 0; at = text.indexOf(line, at + 1)) {
    if ((at === 0 || text[at - 1] === "\n") && isLineAt(text, line, at)) return at;
  }
  return -1;
}

function isLineAt(text: string, line: string, at: number): boolean {
  const end = at + line.length;
  return text.startsWith(line, at) && (end === text.length || lineEndLength(text.slice(end, end + 2)) > 0);
}

function missingFrom(text: string, { lines }: LineBlock): readonly string[] {
  const present = new Set(text.split("\n").map((line) => line.trimEnd()));
  return lines.filter((line) => !present.has(line));
}
