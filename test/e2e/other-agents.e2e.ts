import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect } from "vitest";
import { installOtherAgent, type OtherAgent } from "./clients.ts";
import { onceScenario } from "./scenario.ts";

// What `init --mcp-only` wrote, as the real clients read it. They have nothing to do with the version of Claude Code: one is enough.

const AGENTS: readonly OtherAgent[] = ["codex", "gemini", "opencode"];

for (const agent of AGENTS) {
  onceScenario(
    `${agent} lists the MCP server that init registered`,
    { timeout: 1_200_000 },
    async ({ box }) => {
      const program = await installOtherAgent(agent, (line) => void process.stderr.write(`${line}\n`));
      const env = {
        HOME: box.home,
        LEFTOFF_HOME: box.data,
        PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
        NO_COLOR: "1",
      };
      const list = async () => {
        const ran = await promisify(execFile)(program, ["mcp", "list"], {
          cwd: box.project,
          env,
          timeout: 180_000,
        });
        return ran.stdout + ran.stderr;
      };
      const server = join(box.data, "bin", "leftoff");
      expect(await list()).not.toContain(server);

      expect(await box.leftoff(["init", "--agent", agent, "--mcp-only"])).toMatchObject({ exitCode: 0 });
      // Gemini starts no server in a folder that nobody trusts.
      if (agent === "gemini")
        writeFileSync(
          join(box.home, ".gemini", "trustedFolders.json"),
          JSON.stringify({ [box.project]: "TRUST_FOLDER" }),
        );
      const listed = await list();

      expect(listed).toMatch(/leftoff/);
      expect(listed).toContain(server);
      expect(listed).toMatch(/enabled|connected/i);
      expect(listed).not.toMatch(/disconnected|failed/i);
    },
  );
}
