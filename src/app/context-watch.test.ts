import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type AppBox, conversationRecords, makeAppBox } from "../../test/app-box.ts";
import type { ConversationId } from "../base/id.ts";
import { CONTEXT_NOTICE_START } from "../distill/context.ts";
import type { App } from "./app.ts";
import { switchCapture } from "./capture-switch.ts";
import { dropNotice } from "./context-notice.ts";
import { hereAt } from "./here.ts";
import { ingestHookCall } from "./ingest.ts";
import { scriptsFor } from "./init/scripts.ts";

const one = "aaaaaaaa-0000-4000-8000-000000000001" as ConversationId;

let box: AppBox;
beforeEach(() => {
  box = makeAppBox();
});
afterEach(() => box.dispose());

let turns = 0;

/** One whole turn after which the context holds so many tokens; records in `before` are written first. */
async function turn(tokens: number, { model = "claude-haiku-4-5", before = [] as readonly object[] } = {}) {
  turns += 1;
  const promptId = `99999999-0000-4000-8000-${String(turns).padStart(12, "0")}`;
  const records = conversationRecords(one, box.project, box.app.clock.nowMs());
  const prompt = `Step ${turns}`;
  box.say(one, ...before, records.prompt(prompt, promptId));
  await ingestHookCall(app, box.call("UserPromptSubmit", one, { prompt, promptId }));
  const reply = records.answer(`Done ${turns}.`);
  const usage = {
    input_tokens: 10,
    cache_read_input_tokens: tokens - 40,
    cache_creation_input_tokens: 20,
    output_tokens: 10,
  };
  box.say(one, { ...reply, message: { ...reply.message, model, usage } });
  await ingestHookCall(app, box.call("Stop", one, { answer: `Done ${turns}.`, promptId }));
}

let app: App;
beforeEach(() => {
  app = box.app;
});

const folder = () => join(box.app.home, "state", "nudge");
const notices = () => (existsSync(folder()) ? readdirSync(folder()) : []);
const notice = () => box.read(join(folder(), `${one}.json`));

/** The conversation's next prompt, as the agent's hook sees it; the ingest it would start is no program here. */
function prompt(event = "UserPromptSubmit", env: { readonly [name: string]: string } = {}): string {
  const ran = spawnSync(
    "/bin/sh",
    ["-c", '[ -r "$0" ] && . "$0"; exit 0', script(), event],
    hookOptions(env),
  );
  expect([ran.status, ran.stderr]).toEqual([0, ""]);
  return ran.stdout;
}

function script(): string {
  const { nudge } = scriptsFor(box.app.home, { folder: "", version: "1", node: "/bin/true" }, "/nowhere");
  const path = join(box.folder, "nudge");
  box.write(path, nudge ?? "");
  return path;
}

function hookOptions(env: { readonly [name: string]: string }) {
  const own = { LEFTOFF_HOME: box.app.home, CLAUDE_CODE_SESSION_ID: one, ...env };
  return { env: own, encoding: "utf8", input: "{}\n" } as const;
}

const compaction = (n: number) => ({
  type: "system",
  subtype: "compact_boundary",
  uuid: `cccccccc-0000-4000-8000-00000000000${n}`,
  compactMetadata: { trigger: "auto", preTokens: 170_000 },
  sessionId: one,
});

test("below four fifths of the window nothing is said, from there on the next prompt carries one line", async () => {
  await turn(159_000);
  expect(notices()).toEqual([]);

  await turn(160_000);
  const output = JSON.parse(notice()) as { hookSpecificOutput: Record<string, string> };
  expect(output.hookSpecificOutput.hookEventName).toBe("UserPromptSubmit");
  expect(output.hookSpecificOutput.additionalContext).toMatch(
    /^leftoff: this conversation's context is 80 % full/,
  );
  expect(output.hookSpecificOutput.additionalContext).not.toContain("\n");

  expect(prompt("Stop")).toBe("");
  expect(JSON.parse(prompt())).toEqual(output);
  expect(prompt()).toBe("");
  expect(notices()).toEqual([]);
});

test.each([
  ["the command where init wrote a rule for it", {}, '`leftoff note decision "WHAT"'],
  ["the tool where the plugin is who runs", { LEFTOFF_PLUGIN_BIN: "/p/bin" }, "leftoff's tool `note`"],
])("what it asks for is done by %s", async (_, env, words) => {
  await hereAt(box.app, box.project);
  box.initialise();
  app = { ...box.app, env: { ...box.app.env, ...env } };
  await turn(160_000);

  expect(notice()).toContain(JSON.stringify(words).slice(1, -1));
});

test("it is said once until the context was compacted, and then once again", async () => {
  await turn(165_000);
  expect(prompt()).not.toBe("");
  await turn(170_000);
  expect(notices()).toEqual([]);

  await turn(165_000, { before: [compaction(1)] });
  expect(notices()).toEqual([`${one}.json`]);
});

test("what a killed shell had taken is not said by the next one", async () => {
  await turn(165_000);
  renameSync(join(folder(), `${one}.json`), join(folder(), `${one}.json.77`));
  expect(prompt()).toBe("");
  await turn(166_000);
  expect(prompt()).toBe("");
});

test("a transcript tells that it was said where the state is lost", async () => {
  await turn(165_000);
  const said = {
    type: "attachment",
    uuid: "dddddddd-0000-4000-8000-000000000001",
    sessionId: one,
    attachment: {
      type: "hook_additional_context",
      hookEvent: "UserPromptSubmit",
      content: [`${CONTEXT_NOTICE_START} 82 % full`],
    },
  };
  await turn(165_000, { before: [said] });
  expect(prompt()).not.toBe("");
  rmSync(join(box.app.home, "state"), { recursive: true });

  await turn(166_000);
  expect(notices()).toEqual([]);
});

test("what is no longer true is taken back: a compaction, a smaller context, capture switched off", async () => {
  await turn(165_000);
  dropNotice(box.app.home, one);
  expect(prompt()).toBe("");

  await turn(165_000, { before: [compaction(2)] });
  await turn(30_000);
  expect(notices()).toEqual([]);

  await turn(165_000, { before: [compaction(3)] });
  await switchCapture(box.app, { on: false, scope: { kind: "here" } });
  expect(notices()).toEqual([]);
});

test("capture that is off for one run says nothing", async () => {
  await turn(165_000);
  expect(prompt("UserPromptSubmit", { LEFTOFF_OFF: "1" })).toBe("");
  expect(prompt("UserPromptSubmit", { LEFTOFF_OFF: "headless" })).toBe("");
  expect(prompt()).not.toBe("");
});

test("the model's window counts, and what the person sets counts more", async () => {
  await turn(165_000, { model: "claude-opus-4-8" });
  expect(notices()).toEqual([]);
  await turn(800_000, { model: "claude-opus-4-8" });
  expect(notice()).toContain("80 % full");
  prompt();

  await turn(900_000, { before: [compaction(4)] });
  expect(notice(), "more than the name of the model promises").toContain("90 % full");
  prompt();

  app = { ...box.app, env: { ...box.app.env, LEFTOFF_CONTEXT_WARN_AT_PERCENT: "0" } };
  await turn(199_000, { before: [compaction(5)] });
  expect(notices()).toEqual([]);
  app = { ...box.app, env: { ...box.app.env, LEFTOFF_CONTEXT_WINDOW_TOKENS: "100000" } };
  await turn(85_000);
  expect(notice()).toContain("85 % full");
});

test("of two terminals one prints it", async () => {
  await turn(165_000);
  const path = script();
  const { env } = hookOptions({});
  const hook = () =>
    new Promise<string>((done) => {
      const args = ["-c", '[ -r "$0" ] && . "$0"; exit 0', path, "UserPromptSubmit"];
      const child = spawn("/bin/sh", args, { env, stdio: ["ignore", "pipe", "ignore"] });
      let text = "";
      child.stdout.on("data", (data: Buffer) => {
        text += data.toString();
      });
      child.on("close", () => done(text));
    });
  const outputs = await Promise.all(Array.from({ length: 12 }, hook));

  expect(outputs.filter((text) => text !== "")).toHaveLength(1);
});
