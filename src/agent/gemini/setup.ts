import { join } from "node:path";
import { personFolder } from "../../base/person-folder.ts";
import type { McpClient } from "../agent.ts";
import { putServer, takeServer } from "../mcp-server-entry.ts";

const KEYS = ["mcpServers", "leftoff"];

/** gemini-cli 0.61.0: `mcpServers` in `~/.gemini/settings.json`, JSON with comments. It reads GEMINI.md, and no AGENTS.md by itself. */
export const geminiMcp: McpClient = {
  name: "gemini",
  instructionsFile: "GEMINI.md",
  configPath: ({ env }) => join(personFolder(env), ".gemini", "settings.json"),
  add: (text, command) => putServer(text, KEYS, { command, args: ["mcp"] }),
  remove: (text) => takeServer(text, KEYS),
};
