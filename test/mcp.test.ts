import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterAll, beforeAll, expect, test } from "vitest";
import { estimateTokens } from "../src/recall/tokens.ts";

// The built server as an agent starts it, through the SDK's own client: what it lists, what each tool answers, how it ends.

const MAIN = join(import.meta.dirname, "..", "dist", "main.js");
const built = test.skipIf(!existsSync(MAIN));
/**
 * What the definitions of all tools and the instructions may cost each conversation. src/app/overhead.test.ts adds the
 * brief and the plugin's skill to it.
 */
const TOOLS_TOKENS_MAX = 850;
const INSTRUCTIONS_TOKENS_MAX = 90;

let home = "";
let project = "";
let client: Client;
beforeAll(async () => {
  home = realpathSync(mkdtempSync(join(tmpdir(), "leftoff-mcp-")));
  project = join(home, "project");
  mkdirSync(project);
  if (!existsSync(MAIN)) return;
  client = new Client({ name: "contract", version: "1.0.0" });
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [MAIN, "mcp"],
      cwd: project,
      env: environment(),
    }),
  );
});
afterAll(async () => {
  await client?.close();
  rmSync(home, { recursive: true, force: true });
});

const environment = () => ({ PATH: process.env.PATH ?? "", HOME: home, LEFTOFF_HOME: join(home, "data") });

async function call(name: string, args: { [key: string]: unknown } = {}): Promise<string> {
  const { content, isError } = await client.callTool({ name, arguments: args });
  const [first] = content;
  if (first?.type !== "text") throw new Error(`${name} answered no text.`);
  return isError === true ? `ERROR ${first.text}` : first.text;
}

built("the tools are few, say what they do to a client that asks, and cost little", async () => {
  const { tools } = await client.listTools();

  const hints = tools.map(({ name, annotations: a }) => [
    name,
    a?.readOnlyHint,
    a?.destructiveHint,
    a?.idempotentHint,
    a?.openWorldHint,
  ]);
  expect(hints).toEqual([
    ["brief", true, undefined, undefined, false],
    ["search_notes", true, undefined, undefined, false],
    ["show", true, undefined, undefined, false],
    ["note", false, false, false, false],
    ["notes", false, true, true, false],
    ["memory", false, false, false, false],
    ["session", false, false, false, false],
  ]);
  // As they stand in a request to the model: name, description and schema.
  const shown = tools.map(({ name, description, inputSchema }) => ({
    name,
    description,
    input_schema: inputSchema,
  }));
  expect(estimateTokens(JSON.stringify(shown))).toBeLessThanOrEqual(TOOLS_TOKENS_MAX);
  expect(estimateTokens(client.getInstructions() ?? "")).toBeLessThanOrEqual(INSTRUCTIONS_TOKENS_MAX);
});

built("resources and prompts are listed, and each of them can be read", async () => {
  await call("session", { action: "new", title: "Refresh token rotation" });
  const { resources } = await client.listResources();
  const { resourceTemplates } = await client.listResourceTemplates();
  const { prompts } = await client.listPrompts();

  expect(resources.map(({ uri }) => uri)).toEqual(["leftoff://brief", "leftoff://document"]);
  expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([
    "leftoff://session/{session}/brief",
    "leftoff://session/{session}/document",
  ]);
  for (const { uri } of resources) expect((await client.readResource({ uri })).contents).toHaveLength(1);
  for (const { name } of prompts) expect((await client.getPrompt({ name })).messages).toHaveLength(1);
});

built("each tool does what it says", async () => {
  expect(await call("session", { action: "new", title: "Cookies" })).toMatch(/^\S+-cookies: "Cookies", new/);
  const noted = await call("note", { kind: "next", text: "Send the cookie", fields: { priority: "high" } });
  const id = /([0-9a-f]{6})\)/.exec(noted)?.[1] ?? "";
  expect(await call("notes")).toMatch(
    new RegExp(`^- next: Send the cookie; priority: high \\[agent contract, .*${id}\\]$`, "m"),
  );
  expect(await call("notes", { done: [id] })).toContain("(done) next: Send the cookie");
  expect(
    await call("notes", { reopen: [id], edit: [{ note: id, text: "Send the cookie twice" }] }),
  ).toContain("- next: Send the cookie twice");
  expect(await call("search_notes", { query: "COOKIE" })).toContain("Send the cookie twice");
  expect(await call("search_notes", { query: "nothing" })).toMatch(/^No note has these words/);
  expect(await call("brief")).toContain("- Send the cookie twice. Priority: high");
  expect(await call("show")).toContain("Send the cookie twice");
  expect(await call("show", { part: "document" })).toContain("# Session State: Cookies");
  expect(await call("session", { action: "status" })).toMatch(
    /^\S+-cookies: [\s\S]*- next: Send the cookie twice/,
  );
  expect(await call("session", { action: "block", reason: "no cookie jar" })).toContain(
    "blocked (no cookie jar)",
  );
  expect(await call("session", { action: "reopen" })).toContain("active");
  expect(await call("session", { action: "pause" })).toContain("paused");
  expect(await call("session", { action: "list" })).toContain("-cookies");
  expect(await call("session", { action: "complete" })).toContain("complete");
  expect(await call("session", { action: "switch", session: "rotation" })).toContain(
    "Refresh token rotation",
  );
  expect(await call("session", { action: "switch" })).toMatch(/^ERROR input_invalid: /);
  expect(await call("session", { action: "cancel", reason: "not needed" })).toContain("cancelled");
  expect(await call("session", { action: "pause", session: "rotation" })).toMatch(
    /^ERROR transition_refused: /,
  );
});

/** A server of its own, as a process; its answer to `initialize` has come. */
async function started() {
  const server = spawn(process.execPath, [MAIN, "mcp"], { cwd: project, env: environment() });
  let err = "";
  server.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  const ended = new Promise<number | string | null>((resolve) => {
    server.on("close", (code, signal) => resolve(signal ?? code));
  });
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "x", version: "1" } };
  server.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params })}\n`);
  await new Promise((resolve) => server.stdout.once("data", resolve));
  return { server, ended, err: () => err };
}

built("the server ends with 0 and without a word when its input ends, and at a signal", async () => {
  for (const end of ["input", "SIGTERM", "SIGINT", "SIGHUP"] as const) {
    const { server, ended, err } = await started();
    if (end === "input") server.stdin.end();
    else server.kill(end);
    expect({ end, code: await ended, err: err() }).toEqual({ end, code: 0, err: "" });
  }
});

built("a server whose output nobody reads any more finishes what it does, and ends", async () => {
  const { server, ended, err } = await started();
  server.stdout.destroy();
  const args = { action: "new", title: "Written to nobody" };
  const request = {
    jsonrpc: "2.0",
    id: 2,
    method: "tools/call",
    params: { name: "session", arguments: args },
  };
  server.stdin.write(`${JSON.stringify(request)}\n`);

  expect(await ended).toBe(0);
  expect(err()).toBe("");
  expect(await call("session", { action: "list" })).toContain("Written to nobody");
  const locks = join(home, "data", "state", "locks");
  expect(existsSync(locks) ? readdirSync(locks) : []).toEqual([]);
});

built("no command but mcp loads the SDK, and no hook does", () => {
  const folder = join(MAIN, "..");
  const names = readdirSync(join(folder, "chunks")).map((name) => join("chunks", name));
  const holds = (name: string) => readFileSync(join(folder, name), "utf8").includes("server/discover");
  const holders = ["main.js", "index.js", "hook.cjs", "front.cjs", "engine.cjs", ...names].filter(holds);
  expect(holders.every((name) => /^chunks\/mcp-/.test(name))).toBe(true);
});
