import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { ClaudeRun } from "./claude-run.ts";
import { heldBack, whenAsked } from "./model-server.ts";
import { scenario } from "./scenario.ts";
import {
  ask,
  FIRST_PROMPT,
  holdConversationOne,
  layOut,
  layOutProject,
  settingsWithHook,
  setUp,
} from "./story.ts";

// Whatever happens to leftoff, the agent and the user's files do not feel it.

const SETTINGS = ".claude/settings.local.json";

scenario("hooks whose program is gone do not show", async ({ box, model }) => {
  await layOut(box);
  rmSync(box.data, { recursive: true });

  const { run } = await ask(box, model);

  expectSilent(run);
});

scenario("hooks whose program is gone make no data folder anew", async ({ box, model }) => {
  await layOut(box);
  rmSync(box.data, { recursive: true });

  await ask(box, model);

  expect(existsSync(box.data)).toBe(false);
});

scenario("hooks that cannot write do not show", async ({ box, model }) => {
  await layOut(box);
  await holdConversationOne(box, model);
  for (const name of ["state", "journal", "archive"]) {
    rmSync(join(box.data, name), { recursive: true, force: true });
    box.write(join(box.data, name), "A file where a folder is wanted: nothing can be written below it.\n");
  }

  const { run } = await ask(box, model);

  expectSilent(run);
});

scenario("hooks that find every record of theirs damaged do not show", async ({ box, model }) => {
  await layOut(box);
  await holdConversationOne(box, model);
  for (const path of filesBelow(join(box.data, "state")).concat(filesBelow(join(box.data, "journal")))) {
    box.write(path, "\u0000not json{");
  }

  const { run } = await ask(box, model);

  expectSilent(run);
});

scenario("LEFTOFF_OFF=1 tells the model nothing", async ({ box, model }) => {
  await layOut(box);
  await holdConversationOne(box, model);

  const { run } = await ask(box, model, { env: { LEFTOFF_OFF: "1" } });

  // The client may be gone before it has told of its last hook.
  expect(run.hooks.length).toBeGreaterThanOrEqual(2);
  expect(run.hooks.filter((hook) => hook.stdout !== "")).toEqual([]);
});

scenario("uninstall gives the settings back byte for byte", async ({ box }) => {
  await layOutProject(box);
  box.write(SETTINGS, ODD_SETTINGS);
  await setUp(box);
  expect(box.read(SETTINGS)).not.toBe(ODD_SETTINGS);

  const ran = await box.leftoff(["uninstall"]);

  expect(ran).toMatchObject({ exitCode: 0 });
  expect(box.read(SETTINGS)).toBe(ODD_SETTINGS);
});

scenario("uninstall after a conversation leaves the work tree as git knew it", async ({ box, model }) => {
  await layOutProject(box);
  box.write(".gitignore", "node_modules");
  await box.git("add", ".gitignore");
  await box.git("commit", "--quiet", "-m", "gitignore");
  await setUp(box);
  await ask(box, model);
  expect(await box.quiet()).toEqual([]);

  await box.leftoff(["uninstall"]);

  // What the person may have written in is kept: session documents.
  const left = (await box.git("status", "--short", "--untracked-files=all")).split("\n");
  expect(left.filter((line) => line !== "" && !line.includes(".claude/sessions/"))).toEqual([]);
});

scenario("hooks of a conversation that was open at the uninstall do not show", async ({ box, model }) => {
  await layOut(box);
  const answer = heldBack("Done.");
  model.play(whenAsked(FIRST_PROMPT, answer.reply));
  const open = box.startClaude(FIRST_PROMPT);
  await model.waitFor((request) => request.prompt.includes(FIRST_PROMPT));

  await box.leftoff(["uninstall"]);
  answer.release();

  const run = await open.done;
  expect(run.answer).toBe("Done.");
  expectSilent(run);
});

scenario(
  "an uninstall with --purge under an open conversation leaves no data behind",
  async ({ box, model }) => {
    await layOut(box);
    const answer = heldBack("Done.");
    model.play(whenAsked(FIRST_PROMPT, answer.reply));
    const open = box.startClaude(FIRST_PROMPT);
    await model.waitFor((request) => request.prompt.includes(FIRST_PROMPT));

    const purge = await box.leftoff(["uninstall", "--purge"]);
    answer.release();
    await open.done;
    await box.quiet();

    expect(purge).toMatchObject({ exitCode: 0, stderr: "" });
    expect(existsSync(box.data), `left: ${filesBelow(box.data).join(" ")}`).toBe(false);
  },
);

scenario("a hook of somebody else's goes on working beside ours", async ({ box, model }) => {
  await layOutProject(box);
  box.write(SETTINGS, settingsWithHook("UserPromptSubmit", "echo from somebody else"));
  await setUp(box);

  const { run } = await ask(box, model);

  expect(run.hooks.map((hook) => hook.stdout)).toContain("from somebody else\n");
});

function expectSilent(run: ClaudeRun): void {
  expect.soft(run).toMatchObject({ exitCode: 0, stderr: "" });
  expect.soft(run.hooks.length).toBeGreaterThan(0);
  expect.soft(run.hooks.filter((hook) => hook.exit_code !== 0 || hook.stderr !== "")).toEqual([]);
}

function filesBelow(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Tabs, an empty line, a key that nobody knows and no line feed at the end. */
const ODD_SETTINGS =
  '{\n\t"permissions": { "allow": [ "Bash(ls:*)" ] },\n\n\t"someday": 1e2,\n\t"env": {"A":"\\u00e9"}}';
