/**
 * Text in a terminal of so many columns. A cell is what a Latin letter takes; letters of East Asia and emoji take two (Unicode
 * Standard Annex 11, W and F), combining marks and colours none.
 */

/** In functions: to make a set of such characters takes as long as all else that is said here, and most texts are plain. */
function colours(): RegExp {
  return /\p{Cc}\[[0-9;]*m/gu;
}

/** Latin letters, dashes, quotes, dots, arrows, frames and ✓: each a sign of one cell that never joins another. */
const PLAIN =
  /^[\u0020-\u007e\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e\u2190-\u21ff\u2500-\u257f\u2713]*$/;

/** Two columns of East Asia. */
function isWide(grapheme: string): boolean {
  return /^[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u.test(
    grapheme,
  );
}

function isNothing(grapheme: string): boolean {
  return /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]+$/u.test(grapheme);
}

/** Made when a text needs it, since that takes 5 ms: most do not. */
let segmenter: Intl.Segmenter | undefined;

function graphemesIn(text: string): readonly string[] {
  if (PLAIN.test(text)) return [...text];
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  return [...segmenter.segment(text)].map(({ segment }) => segment);
}

/** How many columns a line takes. */
export function cellsOf(line: string): number {
  if (PLAIN.test(line)) return line.length;
  const text = line.replaceAll(colours(), "");
  if (PLAIN.test(text)) return text.length;
  return graphemesIn(text).reduce((sum, grapheme) => sum + cellsOfGrapheme(grapheme), 0);
}

function cellsOfGrapheme(grapheme: string): number {
  if (isNothing(grapheme)) return 0;
  return isWide(grapheme) ? 2 : 1;
}

/** The text filled up with spaces to so many columns. */
export function padded(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - cellsOf(text)));
}

/** Cut behind a whole word where one ends in the last half, and then marked with `…`. Without colours. */
export function cutTo(text: string, columns: number): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  if (cellsOf(line) <= columns) return line;
  const [head] = splitAt(line, columns - 1);
  const space = head.lastIndexOf(" ");
  const isMidWord = line[head.length] !== " ";
  const kept = isMidWord && space >= head.length / 2 ? head.slice(0, space) : head;
  return `${kept.replace(/[\s,;:.…]+$/, "")}…`;
}

/** Names that differ at their ends (paths, git branches) are cut in the middle. Without colours. */
export function cutInTheMiddle(name: string, columns: number): string {
  if (cellsOf(name) <= columns) return name;
  const [head] = splitAt(name, Math.ceil((columns - 1) / 2));
  const all = graphemesIn(name);
  let tail = "";
  for (let at = all.length - 1; at >= 0; at -= 1) {
    const longer = `${all[at]}${tail}`;
    if (cellsOf(head) + 1 + cellsOf(longer) > columns) break;
    tail = longer;
  }
  return `${head}…${tail}`;
}

/**
 * Lines of at most so many columns, parted between words; what follows the first of them begins `hang` columns in. A word that
 * is longer than a line is parted behind a slash, a hyphen or the like. Colours stay where they are.
 */
export function wrapped(line: string, columns: number, hang = hangOf(line)): readonly string[] {
  if (cellsOf(line) <= columns) return [line];
  const indent = " ".repeat(Math.min(hang, Math.floor(columns / 2)));
  const lines: string[] = [];
  let current = "";
  let isFresh = true;
  for (const part of line.split(/(?<=\S)(?= )/)) {
    const word = isFresh && lines.length > 0 ? part.trimStart() : part;
    if (cellsOf(current) + cellsOf(word) <= columns) {
      current += word;
      isFresh = false;
      continue;
    }
    if (!isFresh) lines.push(current);
    let rest = isFresh ? `${current}${word}` : `${indent}${part.trimStart()}`;
    while (cellsOf(rest) > columns) {
      const [head, tail] = splitAt(rest, columns);
      const end = softEnd(head, indent.length);
      lines.push(head.slice(0, end));
      rest = `${indent}${head.slice(end)}${tail}`;
    }
    current = rest;
    isFresh = false;
  }
  return withColours([...lines, current]);
}

/** Colours that go on over the end of a line end there, and begin again in the next one, behind its spaces. */
function withColours(lines: readonly string[]): readonly string[] {
  let open: readonly string[] = [];
  return lines.map((line) => {
    const begun = open.length === 0 ? line : line.replace(/^ */, (spaces) => spaces + open.join(""));
    for (const [code] of line.matchAll(colours())) open = openAfter(open, code);
    return begun + open.map((code) => (INTENSITY.test(code) ? "\u001b[22m" : "\u001b[39m")).join("");
  });
}

/** Bold and dim, which 22 ends; what 39 ends is a colour (ECMA-48, 8.3.117). */
const INTENSITY = /\[(?:1|2|22)m$/;

function openAfter(open: readonly string[], code: string): readonly string[] {
  const others = open.filter((each) => INTENSITY.test(each) !== INTENSITY.test(code));
  return /\[(?:22|39|0)m$/.test(code) ? others : [...others, code];
}

/** What a list item or a column of labels leaves free, and two more for a sentence. */
function hangOf(line: string): number {
  const spaces = line.replaceAll(colours(), "").search(/\S/);
  return Math.max(0, spaces) + 2;
}

const SOFT_ENDS = /[/\\_.,:;=&?-](?=[^/\\_.,:;=&?-]*$)/;

/** Behind the last sign at which a long word may be parted, if that leaves a line worth having. */
function softEnd(head: string, indent: number): number {
  const at = SOFT_ENDS.exec(head)?.index ?? -1;
  return at + 1 > indent + (head.length - indent) / 2 ? at + 1 : head.length;
}

/** A text in two, the first of at most so many columns; colours take none. */
function splitAt(text: string, columns: number): readonly [string, string] {
  let head = "";
  let cells = 0;
  for (const piece of text.split(/(\p{Cc}\[[0-9;]*m)/u)) {
    if (/^\p{Cc}\[/u.test(piece)) {
      head += piece;
      continue;
    }
    for (const grapheme of graphemesIn(piece)) {
      cells += cellsOfGrapheme(grapheme);
      if (cells > columns) return [head, text.slice(head.length)];
      head += grapheme;
    }
  }
  return [head, ""];
}
