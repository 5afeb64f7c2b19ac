import type { McpListing } from "../agent/agent.ts";
import type { Tool } from "./tool.ts";
import { TOOLS } from "./tools.ts";

/** Short: every conversation pays for it. */
export const INSTRUCTIONS =
  "leftoff is this project's memory across conversations. Files, commands and test results are recorded by themselves. Call `note` when you decide, fail at or find out something that later work needs. At natural breaks, settle (unconfirmed) guesses in one call of `notes`.";

/** A tool as `tools/list` names it. */
export function listedTool({ name, description, inputSchema }: Omit<Tool, "annotations" | "call">) {
  return { name, description, inputSchema };
}

/** What the server says of itself to every client. */
export function mcpListing(): McpListing {
  const tools = TOOLS.map((tool) => ({ ...listedTool(tool), alwaysLoad: tool.alwaysLoad }));
  return { instructions: INSTRUCTIONS, tools };
}
