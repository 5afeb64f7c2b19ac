/** A text of at most `max` characters, cut at a word where one ends near, with a mark; lines become one line. */
export function brief(text: string, max: number): string {
  const line = text
    .slice(0, max * 4)
    .replaceAll(/\s+/g, " ")
    .trim();
  if (line.length <= max && text.length <= max * 4) return line;
  const cut = line.slice(0, max - 1);
  const space = cut.lastIndexOf(" ");
  return `${whole(space > max / 2 ? cut.slice(0, space) : cut)}…`;
}

/** The beginning and the end of a text, `max` characters in all: where a person or an agent says what matters. */
export function ends(text: string, max: number): string {
  if (text.length <= max) return text;
  const half = Math.floor((max - MARK.length) / 2);
  const tail = text.slice(text.length - half);
  return `${whole(text.slice(0, half))}${MARK}${/^[\uDC00-\uDFFF]/.test(tail) ? tail.slice(1) : tail}`;
}

const MARK = "\n…\n";

/** The sentences of a prose text, in order; code blocks, quotes and tables are not prose. Linear. */
export function sentencesOf(text: string): readonly string[] {
  return proseLines(text)
    .flatMap((line) => line.split(/(?<=[.!?])\s|(?<=[。！？])/))
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== "");
}

/** The lines of a text that are prose, without markdown's marks of lists, headings and emphasis. */
function proseLines(text: string): readonly string[] {
  let inCode = false;
  const lines: string[] = [];
  for (const line of text.split("\n")) {
    const trimmed = line.trim();
    if (trimmed.startsWith("```") || trimmed.startsWith("~~~")) inCode = !inCode;
    else if (!inCode && !trimmed.startsWith(">") && !trimmed.startsWith("|")) lines.push(plain(trimmed));
  }
  return lines;
}

/** A line without markdown's marks; code spans stay. */
export function plain(line: string): string {
  return line
    .replace(/^(?:#{1,6}\s|[-*•+]\s|\d{1,3}[.)]\s)\s*/, "")
    .replaceAll(/\*\*|__/g, "")
    .trim();
}

/** The last two names of a path: enough to know the file by, short enough to read. */
export function shortPath(path: string): string {
  return path
    .split("/")
    .filter((name) => name !== "")
    .slice(-2)
    .join("/");
}

export function shortPaths(paths: readonly string[]): string {
  const shown = paths.slice(0, PATHS_SHOWN).map(shortPath).join(", ");
  return paths.length > PATHS_SHOWN ? `${shown} and ${paths.length - PATHS_SHOWN} more` : shown;
}

const PATHS_SHOWN = 3;

/** Half a surrogate pair is no character. */
function whole(text: string): string {
  return /[\uD800-\uDBFF]$/.test(text) ? text.slice(0, -1) : text;
}
