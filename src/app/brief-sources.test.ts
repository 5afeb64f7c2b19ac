import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type AppBox, conversationRecords, makeAppBox } from "../../test/app-box.ts";
import { findPrintedBrief } from "../../test/printed-brief.ts";
import type { ConversationId } from "../base/id.ts";
import { BRIEF_TOKENS_MAX } from "../base/limits.ts";
import { ingestHookCall } from "./ingest.ts";
import { newSession } from "./new-session.ts";
import { addNote } from "./note.ts";
import { addPartition, listPartitions, removePartition } from "./partitions.ts";
import { writeSetting } from "./settings.ts";
import { showBrief } from "./show-brief.ts";

const conversation = "aaaaaaaa-0000-4000-8000-000000000001" as ConversationId;
const promptId = "99999999-0000-4000-8000-000000000001";

let box: AppBox;
beforeEach(() => {
  box = makeAppBox();
});
afterEach(() => box.dispose());

/** A turn in which the agent writes some files. */
async function worked(...paths: readonly string[]): Promise<void> {
  const records = conversationRecords(conversation, box.project, box.app.clock.nowMs());
  box.say(conversation, records.prompt("Go on", promptId));
  for (const [index, path] of paths.entries()) {
    const file_path = join(box.project, path);
    const id = `toolu_${index}`;
    box.say(conversation, records.call(id, "Write", { file_path, content: "x" }));
    box.say(
      conversation,
      records.result(id, "created", { toolUseResult: { type: "create", filePath: file_path } }),
    );
  }
  box.say(conversation, records.answer("Done."));
  await ingestHookCall(box.app, box.call("UserPromptSubmit", conversation, { prompt: "Go on", promptId }));
  await ingestHookCall(box.app, box.call("Stop", conversation, { answer: "Done.", promptId }));
}

async function brief() {
  return (await showBrief(box.app, {})).brief;
}

test("work is in the partition of the files it touches, and the brief takes that partition's context", async () => {
  box.write(
    join(box.project, "docs/backend.md"),
    "# Backend\nHandlers are pure.\n\n## Database\n- migrations by hand\n",
  );
  await worked("src/server/a.ts", "src/server/b.ts", "README.md");
  await addPartition(box.app, { name: "Backend", paths: ["src/server/**"], context: "docs/backend.md" });
  await addPartition(box.app, { name: "frontend", paths: ["src/web"], context: undefined });

  const { text, items } = await brief();

  expect(text).toContain(
    "## Of the project\n- Working on partition: Backend (src/server/**) [leftoff partition]\n- Backend: Handlers are pure. [docs/backend.md]\n- Database: migrations by hand [docs/backend.md]\n",
  );
  expect(items.find(({ source }) => source === "docs/backend.md")?.why).toContain("brief.partitionTokens");
  expect(await listPartitions(box.app)).toMatchObject({ current: "backend" });
  await removePartition(box.app, { name: "backend" });
  expect((await brief()).text).not.toContain("partition");
});

test("a partition's context that leads out of the work tree is not read", async () => {
  box.write(join(box.folder, "secret.md"), "# Elsewhere\nnot ours\n");
  mkdirSync(join(box.project, "docs"));
  symlinkSync(join(box.folder, "secret.md"), join(box.project, "docs/link.md"));
  await worked("src/a.ts");

  await addPartition(box.app, { name: "all", paths: ["**"], context: "docs/link.md" });

  expect((await brief()).text).not.toContain("not ours");
  const up = { name: "up", paths: ["**"], context: "../secret.md" };
  await expect(addPartition(box.app, up)).rejects.toMatchObject({ code: "input_invalid" });
});

test("each source has a budget that is its switch, and the whole stays within the brief's", async () => {
  const long = Array.from(
    { length: 400 },
    (_, index) => `## Part ${index}\nwords about part ${index} of it\n`,
  ).join("");
  for (const path of [".claude/context.md", "README.md", "ARCHITECTURE.md"])
    box.write(join(box.project, path), long);
  await newSession(box.app, { title: "Search" });
  for (let index = 0; index < 60; index += 1)
    await addNote(box.app, { kind: "next", text: `Step ${index} of the plan` });
  const kinds = async () => new Set((await brief()).items.map(({ kind }) => kind));
  const costs = async (kind: string) =>
    (await brief()).items.filter((item) => item.kind === kind).reduce((sum, { tokens }) => sum + tokens, 0);

  expect((await kinds()).has("context")).toBe(true);
  expect((await kinds()).has("readme")).toBe(false);
  for (const name of ["readme", "architecture"] as const)
    writeSetting(box.app.env, `brief.${name}Tokens`, 300);
  writeSetting(box.app.env, "brief.contextTokens", 0);

  expect((await kinds()).has("context")).toBe(false);
  expect(await costs("readme")).toBeGreaterThan(0);
  expect(await costs("readme")).toBeLessThanOrEqual(300);
  expect((await brief()).tokens).toBeLessThanOrEqual(BRIEF_TOKENS_MAX);
});

test("what is previewed is what is printed, and a changed page is told anew", async () => {
  const page = join(box.project, ".claude/context.md");
  box.write(page, "## Current Work\nPayments\n");
  await worked("src/a.ts");
  const printed = () => findPrintedBrief(box.app.home, box.project, box.app.clock.nowMs());

  expect(printed()?.text).toContain("- Current Work: Payments [.claude/context.md]");
  expect((await brief()).text).toBe(printed()?.text);
  box.write(page, "## Current Work\nRefunds, and more\n");
  expect(printed()).toBeUndefined();
  expect((await brief()).text).toContain("- Current Work: Refunds, and more [.claude/context.md]");
});

test("a secret in a page is not in the brief", async () => {
  const secret = `ghp_${"a1B2c3D4e5".repeat(4).slice(0, 36)}`;
  box.write(join(box.project, ".claude/context.md"), `## Notes\nthe token is ${secret}\n═══ leftoff 1 ═══\n`);
  await worked("src/a.ts");

  const { text } = await brief();

  expect(text).toContain("[REDACTED:");
  expect(text).not.toContain(secret);
  expect(text.match(/═══ leftoff/g)).toHaveLength(2);
});

test("commits and git status are told as they were at the last turn, with the time", async () => {
  const git = (...args: readonly string[]) =>
    execFileSync("git", ["-c", "user.name=Ada", "-c", "user.email=a@b.c", ...args], { cwd: box.project });
  git("init", "-qb", "main");
  git("commit", "-q", "--allow-empty", "-m", "begin with nothing");
  for (const name of ["commits", "status"] as const) writeSetting(box.app.env, `brief.${name}Tokens`, 100);
  box.write(join(box.project, "new.txt"), "x");
  await worked("src/a.ts");

  const { text } = await brief();
  expect(text).toMatch(/^- commit [0-9a-f]{7,}: begin with nothing \[git\]$/m);
  expect(text).toMatch(/^- 25 Jan \d\d:\d\d: \d+ untracked: .*new\.txt.* \[git\]$/m);
  box.write(join(box.project, "newer.txt"), "x");
  expect((await brief()).text).toBe(text);
});
