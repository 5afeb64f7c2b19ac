import { type Cost, type Overhead, overheadHere } from "../app/overhead.ts";
import { type Door, type Run, show, textOption } from "./door.ts";
import { table } from "./table.ts";

/** `stats --overhead`: what leftoff costs a conversation. */
export const run: Run = async (door, given) => {
  const overhead = await overheadHere(
    door.app,
    { setup: await door.setup(), listing: await door.mcpListing() },
    { session: textOption(given, "session") },
  );
  show(door, json(overhead), () => textOf(door, overhead));
};

function json({ session, start, startWithSearch, limitTokens, notice, ...parts }: Overhead) {
  return {
    schema: "leftoff.overhead/1",
    session: session ?? null,
    parts,
    start,
    startWithSearch,
    limitTokens,
    notice,
  };
}

function textOf({ style }: Door, overhead: Overhead): string {
  const { session, brief, instructions, skill, commands, tools, otherTools, otherNames } = overhead;
  const parts = table(["TOKENS", "AT MOST", "WHAT"].map(style.dim), [
    row(brief, session === undefined ? "brief (no session here yet)" : `brief of ${session}`),
    row(tools, "MCP tool `note`"),
    row(otherTools, "other MCP tools"),
    row(otherNames, "their names instead, where the agent looks for tools"),
    row(instructions, "what the MCP server says of itself"),
    row(skill, "heading of the skill"),
    row(commands, "slash commands: the agent's model is not told of them"),
  ]);
  const { start, startWithSearch, limitTokens, notice } = overhead;
  const sums = table(["TOKENS", "AT MOST", "IN ALL"].map(style.dim), [
    row(start, `at the start of a conversation, with the plugin (promised: ${limitTokens})`),
    row(startWithSearch, "the same, where the agent looks for tools"),
    row(notice, "later, once: the line before the context is full"),
  ]);
  return [
    parts,
    "",
    sums,
    "",
    style.dim("Estimated, at or above a real tokenizer's count. Without the plugin there is the brief only."),
  ].join("\n");
}

function row({ tokens, tokensMax }: Cost, what: string): readonly string[] {
  return [String(tokens), String(tokensMax), what];
}
