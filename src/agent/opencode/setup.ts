import { existsSync } from "node:fs";
import { join } from "node:path";
import { personFolder } from "../../base/person-folder.ts";
import type { McpClient } from "../agent.ts";
import { putServer, takeServer } from "../mcp-server-entry.ts";

const KEYS = ["mcp", "leftoff"];

/** opencode 1.18.33: `mcp` in `~/.config/opencode/opencode.json`, or `.jsonc` where only that is there. */
export const opencodeMcp: McpClient = {
  name: "opencode",
  instructionsFile: "AGENTS.md",
  configPath: ({ env }) => {
    const folder = join(env.XDG_CONFIG_HOME || join(personFolder(env), ".config"), "opencode");
    const [plain, commented] = [join(folder, "opencode.json"), join(folder, "opencode.jsonc")];
    return !existsSync(plain) && existsSync(commented) ? commented : plain;
  },
  add: (text, command) => putServer(text, KEYS, { type: "local", command: [command, "mcp"], enabled: true }),
  remove: (text) => takeServer(text, KEYS),
};
