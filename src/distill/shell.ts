/** One program run of a command line: its words, without quotes. */
export type SimpleCommand = readonly string[];

/**
 * The programs that a command line runs, in order; what follows a redirection is a word like any other. A here-document's
 * lines come out as commands of their own: nothing in them is run, so callers look for what they know. Linear.
 */
export function simpleCommands(text: string): readonly SimpleCommand[] {
  const line = text.replaceAll("\\\n", " ");
  const commands: SimpleCommand[] = [];
  let words: string[] = [];
  for (let at = 0; at < line.length; ) {
    const char = line.charAt(at);
    if (SEPARATOR.test(char)) {
      if (words.length > 0) commands.push(words);
      words = [];
      at += 1;
    } else if (BLANK.test(char)) {
      at += 1;
    } else {
      const { text, end } = wordAt(line, at);
      words.push(text);
      at = end;
    }
  }
  return words.length > 0 ? [...commands, words] : commands;
}

const SEPARATOR = /[;&|\n]/;
const BLANK = /[ \t]/;

/** The word that begins at `start`, without its quotes, and where it ends. */
function wordAt(line: string, start: number): { readonly text: string; readonly end: number } {
  let text = "";
  let at = start;
  while (at < line.length && !SEPARATOR.test(line.charAt(at)) && !BLANK.test(line.charAt(at))) {
    const char = line.charAt(at);
    if (char === "'" || char === '"') {
      const quoted = quotedText(line, at);
      text += quoted.text;
      at = quoted.end + 1;
    } else if (char === "\\") {
      text += line.charAt(at + 1);
      at += 2;
    } else {
      text += char;
      at += 1;
    }
  }
  return { text, end: at };
}

/** What stands between a quote and its end; to the end of the line's text where there is none (commands are cut). */
function quotedText(line: string, start: number): { readonly text: string; readonly end: number } {
  const quote = line.charAt(start);
  let text = "";
  for (let at = start + 1; at < line.length; at++) {
    const char = line.charAt(at);
    if (char === quote) return { text, end: at };
    if (char === "\\" && quote === '"') at += 1;
    text += line.charAt(at);
  }
  return { text, end: line.length };
}

/** The verb and what follows of a git command, `-C folder` and `-c name=value` left out; undefined for any other program. */
export function gitCommand(
  words: SimpleCommand,
): { readonly verb: string; readonly args: SimpleCommand } | undefined {
  if (words[0] !== "git") return undefined;
  let at = 1;
  while (words[at]?.startsWith("-")) at += words[at] === "-C" || words[at] === "-c" ? 2 : 1;
  return { verb: words[at] ?? "", args: words.slice(at + 1) };
}
