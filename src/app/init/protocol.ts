import { appendBlock, type BlockRange, cutBlock } from "./lines.ts";

/**
 * The session memory protocol in a project's CLAUDE.md, between two markers. Only `init --protocol` writes it, once:
 * Claude Code shows its model every later change of CLAUDE.md as a diff.
 */
const BEGIN = "<!-- leftoff:begin (`leftoff uninstall` removes this part) -->";
const END = "<!-- leftoff:end -->";
/** By which the part of any version is found. */
const BEGIN_START = "<!-- leftoff:begin";

const PROTOCOL = [
  "## Session Memory Protocol",
  "",
  "leftoff keeps this project's session memory. Files, commands and test results are recorded by themselves; note what only you know, at the moment you know it:",
  "",
  '- a decision that binds later work: `leftoff note decision "WHAT" --why "REASON"`',
  '- an approach that failed: `leftoff note failed "WHAT" --why "REASON" --lesson "LESSON"`',
  '- an approach that worked, with its evidence: `leftoff note worked "WHAT" --result "EVIDENCE"`',
  '- a fact about the code that later work needs: `leftoff note finding "WHAT"`',
  '- a unit of work that is complete: `leftoff note progress "WHAT"`',
  "",
  'Before the context is compacted or the session ends, note the exact next action: `leftoff note next "WHAT"`.',
  "",
  "When a session starts:",
  "",
  "1. Read the brief that leftoff puts into the conversation (`leftoff brief` prints it again, `leftoff show` the whole session).",
  "2. Keep to the decisions in it instead of making them again, and do not repeat what it lists as failed, unless the person asks for it.",
  "3. Begin with its first next step, and do not redo what is marked as done.",
  "",
  "Do not edit files below `.claude/sessions/` with your own tools: leftoff writes them, and `leftoff note` is the way in.",
];

/** The same for agents whose conversations get no brief by themselves: they ask for it. */
const MCP_PROTOCOL = PROTOCOL.map((line) =>
  line
    .replace("Files, commands and test results are recorded by themselves; note", "Note")
    .replace(
      "Read the brief that leftoff puts into the conversation (`leftoff brief` prints it again, `leftoff show` the whole session).",
      "Call the `brief` tool of the MCP server `leftoff` (`leftoff brief` prints the same). Its tools `note` and `notes` do what the commands above do.",
    ),
);

/** {@link addProtocol} for an agent that has the MCP server only. */
export function addMcpProtocol(text: string): string {
  return addBlock(text, MCP_PROTOCOL);
}

/** Adds the protocol at the end, or brings an older one up to date where it stands. "" stands for a file that is not there. */
export function addProtocol(text: string): string {
  return addBlock(text, PROTOCOL);
}

function addBlock(text: string, body: readonly string[]): string {
  const lines = [BEGIN, ...body, END];
  const present = findProtocol(text);
  if (present === undefined) return appendBlock(text, lines, "apart");
  return text.slice(0, present.from) + lines.join(present.eol) + text.slice(present.to);
}

/** How the part stands in a file: `different` is that of another version or changed by hand, `half` a marker without the other. */
export type ProtocolState = "whole" | "different" | "half" | "missing";

export function protocolState(text: string): ProtocolState {
  if (findProtocol(text) !== undefined)
    return addProtocol(text) === text || addMcpProtocol(text) === text ? "whole" : "different";
  const markers = text.split("\n").filter((line) => line.startsWith(BEGIN_START) || line.startsWith(END));
  return markers.length === 0 ? "missing" : "half";
}

/** Takes the protocol out, and nothing else. A marker without its counterpart is left alone. */
export function removeProtocol(text: string): string {
  const range = findProtocol(text);
  return range === undefined ? text : removeProtocol(cutBlock(text, range, "apart"));
}

/** The begin that is nearest before an end: what a person wrote after a begin that lost its end is not ours. */
function findProtocol(text: string): BlockRange | undefined {
  for (let end = text.indexOf(END); end >= 0; end = text.indexOf(END, end + 1)) {
    const from = text.lastIndexOf(BEGIN_START, end);
    if (from < 0 || !isLineStart(text, from) || !isLineStart(text, end)) continue;
    if (text.slice(from, end).includes(END)) continue;
    const lineEnd = text.indexOf("\n", from);
    return { from, to: end + END.length, eol: text[lineEnd - 1] === "\r" ? "\r\n" : "\n" };
  }
  return undefined;
}

function isLineStart(text: string, at: number): boolean {
  return at === 0 || text[at - 1] === "\n";
}
