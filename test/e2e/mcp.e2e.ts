import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import type { Box } from "./box.ts";
import { type ModelRequest, requestText } from "./model-request.ts";
import { calls, type ModelServer, says, whenAsked } from "./model-server.ts";
import { laterScenario, scenario } from "./scenario.ts";
import { layOut, settle } from "./story.ts";
import type { Tui } from "./tui.ts";

// The MCP server under the real client: its tools are found, called without a question, and know their conversation.

const MAIN = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
const OURS = /^mcp__leftoff__/;
const ALL = ["brief", "memory", "note", "notes", "search_notes", "session", "show"].map(
  (name) => `mcp__leftoff__${name}`,
);

/** Flags that give a conversation the server, and its tools without a question in every mode. */
function withServer(box: Box, entry: object = {}): readonly string[] {
  const path = join(box.folder, "mcp.json");
  const leftoff = { command: process.execPath, args: [MAIN, "mcp"], ...entry };
  box.write(path, JSON.stringify({ mcpServers: { leftoff } }));
  return ["--mcp-config", path, "--allowedTools", `Bash,${ALL.join(",")}`];
}

function note(text: string) {
  return calls("mcp__leftoff__note", { kind: "finding", text });
}

function toolsIn({ body }: ModelRequest): readonly string[] {
  const names = (body.tools ?? []).map((tool) => (tool as { name?: string }).name ?? "");
  return names.filter((name) => OURS.test(name)).sort();
}

/** Which conversation wrote each note, by its text. */
async function writers(box: Box): Promise<{ readonly [text: string]: string }> {
  const listed = await box.leftoff(["list", "--all", "--json"]);
  const { sessions } = JSON.parse(listed.stdout) as { sessions: readonly { id: string }[] };
  const found: { [text: string]: string } = {};
  for (const { id } of sessions) {
    const { stdout } = await box.leftoff(["show", id, "--json"]);
    const { notes } = JSON.parse(stdout) as {
      notes: readonly { text: string; by: { kind: string; name?: string; conversation?: string } }[];
    };
    for (const { text, by } of notes) found[text] = `${by.kind} ${by.name} ${by.conversation}`;
  }
  return found;
}

/** Asks in a terminal and waits for the answer; which conversation the model was asked in. */
async function askIn(tui: Tui, model: ModelServer, text: string): Promise<string> {
  const prompt = `Please note ${text}`;
  const before = model.requests.length;
  model.play(whenAsked(prompt, note(text), says(`Noted ${text}.`)));
  await tui.enter(prompt);
  await tui.see(`Noted ${text}.`);
  const asked = model.requests.slice(before).find((request) => request.prompt.includes(prompt));
  return asked?.conversation ?? "";
}

/** 2.1.197 shows its terminal before its servers have connected: what it is asked then, it asks without their tools. */
async function seeServer(tui: Tui, model: ModelServer): Promise<void> {
  for (let number = 1; number <= ASKED_MAX; number += 1) {
    const prompt = `Are you there ${number}`;
    model.play(whenAsked(prompt, says(`Here ${number}.`)));
    await tui.enter(prompt);
    await tui.see(`Here ${number}.`);
    const asked = model.requests.findLast((request) => request.prompt.includes(prompt));
    if (asked !== undefined && toolsIn(asked).length > 0) return;
  }
}

/** Each takes a second or two. */
const ASKED_MAX = 10;

scenario(
  "the model sees the tools at once, calls them, and its notes name its conversation",
  async ({ box, model }) => {
    await layOut(box);
    model.play(
      whenAsked(
        "Find out",
        note("Rotation needs one UPDATE"),
        calls("mcp__leftoff__search_notes", { query: "rotation" }),
        calls("mcp__leftoff__brief", {}),
        says("Found out."),
      ),
    );

    const run = await box.claude("Find out", { args: withServer(box, { alwaysLoad: true }) });
    await settle(box);

    const turns = model.requests.filter(({ kind }) => kind === "turn");
    expect(toolsIn(turns[0]!)).toEqual(ALL);
    const told = requestText(turns.at(-1)!);
    expect(told).toMatch(/Noted in \S+ \(finding [0-9a-f]{6}\)/);
    expect(told).toContain("- finding: Rotation needs one UPDATE [agent claude,");
    expect(told).toMatch(/═══ leftoff \d{12} ═══/);
    expect(told).toContain("Files, commands and test results are recorded by themselves.");
    expect(await writers(box)).toMatchObject({
      "Rotation needs one UPDATE": `agent claude ${run.conversation}`,
    });
  },
);

laterScenario(
  "note is there at once, and tools that the client defers are found by their names",
  async ({ box, model }) => {
    await layOut(box);
    model.play(
      whenAsked("Find out", calls("ToolSearch", { query: "select:mcp__leftoff__search_notes" })),
      // What the client says in the person's place when it has loaded a tool.
      whenAsked(
        "Tool loaded.",
        note("Rotation needs one UPDATE"),
        calls("mcp__leftoff__search_notes", { query: "rotation" }),
        says("Found out."),
      ),
    );

    const run = await box.claude("Find out", { args: withServer(box) });
    await settle(box);

    const turns = model.requests.filter(({ kind }) => kind === "turn");
    const [atOnce, found] = turns.map(toolsIn);
    expect(atOnce).toEqual(["mcp__leftoff__note"]);
    expect(found).toEqual(["mcp__leftoff__note", "mcp__leftoff__search_notes"]);
    expect(requestText(turns[0]!)).toContain("mcp__leftoff__session");
    expect(requestText(turns.at(-1)!)).toContain("- finding: Rotation needs one UPDATE [agent claude,");
    expect(await writers(box)).toMatchObject({
      "Rotation needs one UPDATE": `agent claude ${run.conversation}`,
    });
  },
);

scenario(
  "notes name the conversation that is open now, after /clear, /branch and /resume",
  async ({ box, model }) => {
    await layOut(box);
    const tui = await box.tui({ args: withServer(box, { alwaysLoad: true }) });
    await seeServer(tui, model);
    const first = await askIn(tui, model, "note one");
    await tui.enter("/clear");
    await tui.gone("Noted note one.");
    const second = await askIn(tui, model, "note two");
    await tui.enter("/branch");
    await tui.see(/Branched/);
    const third = await askIn(tui, model, "note three");
    await tui.enter(`/resume ${first}`);
    await tui.see("Noted note one.");
    const fourth = await askIn(tui, model, "note four");
    await tui.enter("/exit");
    await tui.ended();
    await settle(box);

    expect(new Set([first, second, third]).size).toBe(3);
    expect(fourth).toBe(first);
    expect(await writers(box)).toMatchObject({
      "note one": `agent claude ${first}`,
      "note two": `agent claude ${second}`,
      "note three": `agent claude ${third}`,
      "note four": `agent claude ${first}`,
    });
  },
);

scenario("a client that is killed leaves no server and no lock", async ({ box, model }) => {
  await layOut(box);
  model.play(whenAsked("Find out", note("Rotation needs one UPDATE"), { kind: "hang", blocks: [] }));
  const started = box.startClaude("Find out", { args: withServer(box, { alwaysLoad: true }) });
  await model.waitFor((request) => requestText(request).includes("Noted in"));

  process.kill(started.pid, "SIGKILL");
  await started.done;
  await settle(box);

  const { checks } = JSON.parse((await box.leftoff(["doctor", "--json"])).stdout) as {
    checks: readonly { name: string; detail: string }[];
  };
  expect(checks.find(({ name }) => name === "locks")?.detail).toBe("none left behind");
  expect(Object.keys(await writers(box))).toContain("Rotation needs one UPDATE");
});
