import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { Box } from "./box.ts";
import { type ClaudeRun, deniedTools } from "./claude-run.ts";
import { installPlugin, REPOSITORY } from "./installed-plugin.ts";
import { injectedText, type ModelRequest, requestText } from "./model-request.ts";
import { calls, runs, says, whenAsked } from "./model-server.ts";
import { type Stage, scenario, storyOf } from "./scenario.ts";
import {
  ask,
  askedSince,
  expectTold,
  holdConversationOne,
  layOut,
  layOutProject,
  NEXT,
  settle,
  timesTold,
} from "./story.ts";

// The plugin as a person gets it, alone and beside `leftoff init`. What the scripts decide between themselves is in test/plugin.test.ts.

/** Without it the stage's headless conversations allow everything. */
const ASKING = { args: ["--permission-mode", "default"] };

/** What npm would publish, unpacked: nothing of the repository's is beside it. */
function unpack(box: Box): string {
  const folder = join(box.folder, "unpacked");
  mkdirSync(folder);
  const pack = ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder];
  const name = execFileSync("npm", pack, { cwd: REPOSITORY, encoding: "utf8" }).trim();
  execFileSync("tar", ["xzf", join(folder, name), "-C", folder]);
  return join(folder, "package");
}

/**
 * Events that a script of ours worked on, as the spool has them, of conversations that somebody held: `claude plugin install`
 * and `uninstall` end with a SessionEnd of a conversation that never was.
 */
function spool(box: Box): readonly string[] {
  const path = join(box.data, "state/spool");
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").trim().split("\n");
  const calls = lines.map((line) => line.split(" "));
  const held = new Set(calls.flatMap(([event, id]) => (event === "UserPromptSubmit" ? [id] : [])));
  return calls.flatMap(([event, id]) => (event !== undefined && held.has(id) ? [event] : []));
}

function expectSilent(run: ClaudeRun): void {
  expect.soft(run).toMatchObject({ exitCode: 0, stderr: "" });
  expect.soft(run.hooks.filter((hook) => hook.exit_code !== 0 || hook.stderr !== "")).toEqual([]);
}

scenario("the plugin and its marketplace are valid", async ({ box }) => {
  for (const path of [REPOSITORY, join(REPOSITORY, "plugin")]) {
    const ran = await box.plugin("validate", path);
    expect(ran.exitCode, ran.stdout + ran.stderr).toBe(0);
    expect(ran.stdout).toContain("Validation passed");
    expect(ran.stdout).not.toContain("warnings");
  }
});

interface Told {
  readonly first: ClaudeRun;
  readonly heard: readonly string[];
  readonly second: ClaudeRun;
  readonly told: ModelRequest;
  readonly startWork: ModelRequest;
}

const test = storyOf(async ({ box, model }: Stage): Promise<Told> => {
  await layOutProject(box);
  await installPlugin(box, unpack(box));
  const first = await holdConversationOne(box, model);
  const heard = spool(box);
  const { run: second, request: told } = await ask(box, model);
  await settle(box);
  const before = model.requests.length;
  model.play(whenAsked("Take up the work", says("I will begin with the clean-up.")));
  await box.claude("/leftoff:start-work", ASKING);
  const startWork = askedSince(model, before, "Take up the work");
  return { first, heard, second, told, startWork };
});

test("from a packed tarball, where nothing else of leftoff is, the hooks fire and keep still", ({ told }) => {
  expect(told.heard).toEqual(["UserPromptSubmit", "Stop", "SessionEnd"]);
  for (const run of [told.first, told.second]) expectSilent(run);
});

test("the agent's shell finds the plugin's leftoff, and the next conversation is told what it noted, and by which tool", ({
  told,
}) => {
  expectTold(told.told);
  expect(injectedText(told.told)).toContain("to record: its tool `note`");
});

test("/leftoff:start-work loads the state, and asks nobody for permission", ({ told }) => {
  const [said = ""] = requestText(told.startWork).split("Take up the work where").slice(1);
  expect(said).toContain(NEXT);
  expect(said).toContain("═══ leftoff");
  expect(said).not.toContain("CLAUDE_PLUGIN_ROOT");
});

scenario(
  "from a local path, before there is any session, a slash command says so",
  async ({ box, model }) => {
    await layOutProject(box);
    await installPlugin(box, REPOSITORY);
    model.play(whenAsked("Show the person", says("Nothing yet.")));

    const run = await box.claude("/leftoff:status", ASKING);

    expectSilent(run);
    expect(run.answer).toBe("Nothing yet.");
  },
);

scenario("words of a person in a slash command are run by no shell", async ({ box, model }) => {
  await layOutProject(box);
  await installPlugin(box, REPOSITORY);
  const mark = join(box.folder, "was-run");
  const touch = `touch ${mark}`;
  const words = `$(${touch}) \`${touch}\` !\`${touch}\`\n!\`${touch}\`\n\`\`\`!\n${touch}\n\`\`\`\n"; ${touch}; "`;
  model.play({ when: ({ kind }) => kind === "turn", replies: [1, 2, 3].map(() => says("Noted.")) });

  for (const command of ["note", "start-work", "switch"]) await box.claude(`/leftoff:${command} ${words}`);

  expect(existsSync(mark)).toBe(false);
});

scenario(
  "with the plugin and init, each event is worked on once; without init the plugin goes on",
  async ({ box, model }) => {
    await layOut(box);
    await installPlugin(box, REPOSITORY);
    await holdConversationOne(box, model);
    const { run, request } = await ask(box, model);
    await settle(box);

    expect(spool(box)).toEqual([
      "UserPromptSubmit",
      "Stop",
      "SessionEnd",
      "UserPromptSubmit",
      "Stop",
      "SessionEnd",
    ]);
    expect(timesTold(request, NEXT)).toBe(timesInOneBrief(run));
    expectSilent(run);

    expect(await box.leftoff(["uninstall"])).toMatchObject({ exitCode: 0 });
    const after = await ask(box, model, { prompt: "And without init?" });
    await settle(box);
    expectTold(after.request);
    expect(spool(box)).toHaveLength(9);
  },
);

scenario("without the plugin, what init set up goes on", async ({ box, model }) => {
  await layOut(box);
  await installPlugin(box, REPOSITORY);
  await holdConversationOne(box, model);
  expect(await box.plugin("uninstall", "leftoff@leftoff")).toMatchObject({ exitCode: 0 });

  const { run, request } = await ask(box, model);

  expectTold(request);
  expectSilent(run);
  expect(spool(box)).toHaveLength(6);
});

scenario("hooks in a shared file and in the person's own do the work once", async ({ box, model }) => {
  await layOutProject(box);
  for (const scope of ["project", "user"]) {
    expect(await box.leftoff(["init", "--scope", scope])).toMatchObject({ exitCode: 0 });
  }
  await holdConversationOne(box, model);
  const { run, request } = await ask(box, model);
  await settle(box);

  expect(spool(box)).toHaveLength(6);
  expect(timesTold(request, NEXT)).toBe(timesInOneBrief(run));
});

scenario(
  "the status line shows the person's own and, below it, session and next step",
  async ({ box, model }) => {
    box.write(
      join(box.home, ".claude/settings.json"),
      '{"statusLine": {"type": "command", "command": "echo MINE"}}',
    );
    await layOutProject(box);
    expect(await box.leftoff(["init", "--statusline"])).toMatchObject({ exitCode: 0 });
    model.play(
      whenAsked("Rotate", runs(`leftoff note next "${NEXT}"`), says("Noted."), says("Noted again.")),
    );

    const tui = await box.tui();
    await tui.enter("Rotate the refresh tokens");
    await tui.see("Noted.");
    // The client asks for the line when something happens in the conversation, not when the ingest is done with it.
    await expect.poll(() => statuslines(box), { timeout: 90_000 }).toContain("Drop expired");
    await tui.enter("Rotate them all");
    await tui.see(/MINE\s+leftoff: rotat\S+ · next: Drop expired/);

    expect(await box.leftoff(["uninstall"])).toMatchObject({ exitCode: 0 });
    expect(box.read(join(box.home, ".claude/settings.json"))).toBe(
      '{"statusLine": {"type": "command", "command": "echo MINE"}}',
    );
  },
);

/** What is ready for the status line, of all sessions and conversations. */
function statuslines(box: Box): string {
  const folder = join(box.data, "state", "statusline");
  return existsSync(folder)
    ? readdirSync(folder)
        .map((name) => box.read(join(folder, name)))
        .join("")
    : "";
}

const OWN_TOOLS: readonly (readonly [name: string, input: object])[] = [
  ["note", { kind: "next", text: NEXT }],
  ["notes", {}],
  ["memory", {}],
  ["brief", {}],
  ["search_notes", { query: "token families" }],
  ["show", {}],
  ["session", { action: "list" }],
];

scenario(
  "in a plugin-only install nobody is asked for permission to use leftoff's tools",
  async ({ box, model }) => {
    await layOutProject(box);
    await installPlugin(box, REPOSITORY);
    const ours = OWN_TOOLS.map(([name, input]) => calls(`mcp__plugin_leftoff_leftoff__${name}`, input));
    model.play(whenAsked("Use all of them", ...ours, runs("touch denied"), says("Done.")));

    const run = await box.claude("Use all of them", ASKING);

    expectSilent(run);
    // What asks for permission is refused here: nobody is there to be asked.
    expect(deniedTools(run)).toEqual(["Bash"]);
    expect(requestText(model.requests.at(-1)!)).toContain(`- next: ${NEXT}`);
  },
);

scenario(
  "after init nobody is asked for permission to use leftoff's commands and tools",
  async ({ box, model }) => {
    await layOut(box);
    const server = { command: join(box.data, "bin/leftoff"), args: ["mcp"], alwaysLoad: true };
    const config = JSON.stringify({ mcpServers: { leftoff: server } });
    const tools = OWN_TOOLS.map(([name, input]) => calls(`mcp__leftoff__${name}`, input));
    const commands = [
      `note next "${NEXT}"`,
      "notes",
      "status",
      "brief",
      "list",
      "show",
      "pause",
      "reopen",
      "complete",
    ];
    const shell = commands.map((command) => runs(`leftoff ${command}`));
    model.play(whenAsked("Use all of them", ...tools, ...shell, runs("touch denied"), says("Done.")));

    const run = await box.claude("Use all of them", { args: [...ASKING.args, "--mcp-config", config] });

    expectSilent(run);
    expect(deniedTools(run)).toEqual(["Bash"]);
  },
);

/** How often the one brief that was printed says what is next. */
function timesInOneBrief(run: ClaudeRun): number {
  const briefs = run.hooks.filter(({ hook_event, stdout }) => hook_event === "SessionStart" && stdout !== "");
  expect(briefs).toHaveLength(1);
  const output = JSON.parse(briefs[0]?.stdout ?? "{}") as {
    hookSpecificOutput: { additionalContext: string };
  };
  return output.hookSpecificOutput.additionalContext.split(NEXT).length - 1;
}
