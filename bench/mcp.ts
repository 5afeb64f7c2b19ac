import { spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { type Box, makeBox } from "./box.ts";
import { compare, type Row } from "./row.ts";

const SAMPLES = 20;
const MAIN = resolve("dist/main.js");

/** What an agent waits for when it starts the server: until `initialize` is answered, beside a server of one tool on the same SDK. */
export async function benchMcp(): Promise<readonly Row[]> {
  const box = makeBox();
  try {
    const bare = await bareServer(box.root);
    const ours: number[] = [];
    const floor: number[] = [];
    for (let index = 0; index < SAMPLES; index += 1) {
      floor.push(await startMs(box, [bare]));
      ours.push(await startMs(box, [MAIN, "mcp"]));
    }
    return [
      compare("leftoff mcp until initialize is answered", ours, "bare server of the same SDK", floor, 2),
    ];
  } finally {
    box.remove();
  }
}

const BARE = `
import { McpServer } from "@modelcontextprotocol/server";
import { StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import { z } from "zod";
const server = new McpServer({ name: "bare", version: "1.0.0" });
server.registerTool("echo", { description: "Says it again", inputSchema: z.object({ text: z.string() }) }, async ({ text }) => ({
  content: [{ type: "text", text }],
}));
await server.connect(new StdioServerTransport());
`;

/** Bundled as ours is (scripts/build.ts). */
async function bareServer(folder: string): Promise<string> {
  const outfile = join(folder, "bare.mjs");
  const banner = {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  };
  await build({
    stdin: { contents: BARE, resolveDir: resolve(".") },
    outfile,
    bundle: true,
    platform: "node",
    target: "node20.19",
    format: "esm",
    banner,
    logLevel: "warning",
  });
  return outfile;
}

const INITIALIZE = JSON.stringify({
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "bench", version: "1" } },
});

function startMs(box: Box, args: readonly string[]): Promise<number> {
  const startedMs = performance.now();
  const server = spawn(process.execPath, args, {
    cwd: box.project,
    env: box.env,
    stdio: ["pipe", "pipe", "inherit"],
  });
  server.stdin.write(`${INITIALIZE}\n`);
  return new Promise((settle, fail) => {
    let tookMs: number | undefined;
    server.stdout.once("data", () => {
      tookMs = performance.now() - startedMs;
      server.stdin.end();
    });
    server.on("error", fail);
    // The next sample waits until this one's process has gone.
    server.on("close", () =>
      tookMs === undefined ? fail(new Error(`${args[0]} did not answer.`)) : settle(tookMs),
    );
  });
}
