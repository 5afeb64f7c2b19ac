import { isPlaceholder, normalText, readText, unconfirmedAt } from "./item-text.ts";
import type { ParsedItem } from "./parsed.ts";
import type { Fence, Line, Scan } from "./scan.ts";

/** Fences that show a terminal: only lines behind a prompt are commands, the others are what came out. */
const TERMINALS = ["console", "shell-session", "shellsession", "terminal"];
/** Fences with these words, or with none, hold commands of a shell; with others they hold something else. */
const SHELLS = [
  "",
  "bash",
  "sh",
  "shell",
  "zsh",
  "fish",
  "powershell",
  "pwsh",
  "ps1",
  "cmd",
  "bat",
  ...TERMINALS,
];
const PROMPT = /^[$❯>] +/;

export function isShellFence({ info }: Fence): boolean {
  return SHELLS.includes(info) || SHELLS.includes((info.split(/[\s{]/, 1)[0] ?? "").toLowerCase());
}

/** The commands in a code fence, each with the comments directly above it: `# Test the middleware` then `npm test`. */
export function readCommands(text: string, scan: Scan, fence: Fence): readonly ParsedItem[] {
  const { open, close } = fence;
  if (!isShellFence(fence) || close === undefined) return [];
  const { lines } = scan;
  const prompts = showsTerminal(text, scan, fence);
  const items: ParsedItem[] = [];
  let comments = 0;
  for (let at = open + 1; at < close; at += 1) {
    const content = contentOf(text, lines[at]);
    if (isComment(content)) {
      comments += 1;
      continue;
    }
    if (content !== "" && (!prompts || PROMPT.test(content))) {
      const endLine = prompts ? at + 1 : commandEnd(text, lines, { from: at, to: close });
      items.push(
        ...commandItem(text, lines, { firstLine: at - comments, commandLine: at, endLine, prompts }),
      );
      at = endLine - 1;
    }
    comments = 0;
  }
  return items;
}

/** Shows what was typed and what came out, told apart by a prompt: no place for a bare command. */
export function showsTerminal(
  text: string,
  { lines }: Pick<Scan, "lines">,
  { open, close, info }: Fence,
): boolean {
  return (
    TERMINALS.includes(info.toLowerCase()) ||
    lines.slice(open + 1, close).some((line) => text.startsWith("$ ", line.start))
  );
}

function isComment(content: string): boolean {
  return content.startsWith("#");
}

/** A command goes on over a backslash, an indented line, a here-document, the end of a loop or of a function. */
function commandEnd(
  text: string,
  lines: readonly Line[],
  { from, to }: { from: number; to: number },
): number {
  const first = lines[from];
  const word = hereDocumentEnd(contentOf(text, first).slice(0, 1_000));
  let at = from + 1;
  if (word !== undefined) {
    while (at < to && contentOf(text, lines[at]) !== word) at += 1;
    return Math.min(at + 1, to);
  }
  while (at < to && goesOn(text, lines, { at, indent: first?.indent ?? 0 })) at += 1;
  return at;
}

/** The word that ends what a command reads from the lines below it: `EOF` of `cat << EOF`. */
function hereDocumentEnd(command: string): string | undefined {
  return command.includes("<<") ? /<<-?\s*["']?(\w{1,40})/.exec(command)?.[1] : undefined;
}

function goesOn(
  text: string,
  lines: readonly Line[],
  { at, indent }: { at: number; indent: number },
): boolean {
  const content = contentOf(text, lines[at]);
  if (content === "") return false;
  if (contentOf(text, lines[at - 1]).endsWith("\\")) return true;
  return (
    (lines[at]?.indent ?? 0) > indent ||
    /^(?:done|fi|esac|then|do|else|elif\b.*|[})])(?:[\s;|>&]|$)/.test(content)
  );
}

interface CommandPlace {
  readonly firstLine: number;
  readonly commandLine: number;
  readonly endLine: number;
  readonly prompts: boolean;
}

function commandItem(text: string, lines: readonly Line[], place: CommandPlace): readonly ParsedItem[] {
  const { firstLine, commandLine, endLine, prompts } = place;
  const comments = lines
    .slice(firstLine, commandLine)
    .map((line) => contentOf(text, line).replace(/^#[ \t]?/, ""));
  const first = lines[firstLine];
  const last = lines[endLine - 1];
  if (first === undefined || last === undefined) return [];
  const typed = lines.slice(commandLine, endLine).map((line) => withoutBackslash(contentOf(text, line)));
  const command = typed.join(" ");
  const said = normalText(prompts ? command.replace(PROMPT, "") : command);
  if (said === "" || isPlaceholder(said)) return [];
  const comment = comments.join(" ");
  const markFrom = unconfirmedAt(comment);
  const why = normalText(readText(comment.slice(0, markFrom), "unconfirmed"));
  const item: ParsedItem = {
    kind: "command",
    text: said,
    fields: why === "" ? {} : { why },
    checked: undefined,
    unconfirmed: markFrom !== undefined,
    range: { from: first.from, to: last.to },
    form: "fence",
    firstLine,
    endLine,
    owners: lines.slice(firstLine, endLine).map((_, at) => (at < commandLine - firstLine ? "why" : "text")),
    headLines: endLine - firstLine,
    headFields: ["why"],
    box: undefined,
    tick: undefined,
    mark: undefined,
    group: undefined,
    bytes: { text: text.slice(first.from, last.to), hash: undefined },
  };
  return [item];
}

function withoutBackslash(line: string): string {
  return line.endsWith("\\") ? line.slice(0, -1) : line;
}

function contentOf(text: string, line: Line | undefined): string {
  return line === undefined ? "" : text.slice(line.start, line.to).trimEnd();
}
