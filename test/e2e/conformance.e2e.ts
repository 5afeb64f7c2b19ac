import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, inject, test } from "vitest";
import { CLAUDE_VERSION, installConformance } from "./clients.ts";
import { bridge } from "./mcp-bridge.ts";

// MCP's official suite against `leftoff mcp`. It speaks HTTP only, so the server stands behind a bridge; what the suite asks of HTTP
// itself (dns-rebinding-protection, server-sse-multiple-streams) is said of that bridge.

const MAIN = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
const EXPECTED_FAILURES = fileURLToPath(new URL("mcp-expected-failures.yml", import.meta.url));
/** 200 MB over a slow line, where they are not there yet. */
const INSTALL_MS = 1_200_000;
/** Once, not once for each client. */
const wanted = test.skipIf(inject("claude") === undefined || inject("version") !== CLAUDE_VERSION);

wanted(
  "the server passes every scenario of the conformance suite but those that are expected to fail",
  async () => {
    const { node, program } = await installConformance((line) => process.stderr.write(`${line}\n`));
    const folder = mkdtempSync(join(tmpdir(), "leftoff-conformance-"));
    const cwd = join(folder, "project");
    mkdirSync(cwd);
    const env = { PATH: process.env.PATH ?? "", HOME: folder, LEFTOFF_HOME: join(folder, "leftoff") };
    const server = await bridge({ command: process.execPath, args: [MAIN, "mcp"], cwd, env });
    try {
      const args = ["server", "--url", server.url, "--expected-failures", EXPECTED_FAILURES];
      const { exitCode, said } = await run(node, [program, ...args], cwd);
      expect(exitCode, said).toBe(0);
      for (const scenario of ["server-initialize", "ping", "tools-list", "resources-list", "prompts-list"])
        expect(said).toContain(`✓ ${scenario}: `);
    } finally {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
  INSTALL_MS,
);

function run(
  command: string,
  args: readonly string[],
  cwd: string,
): Promise<{ readonly exitCode: number | null; readonly said: string }> {
  const child = spawn(command, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exitCode) => resolve({ exitCode, said }));
  });
}
