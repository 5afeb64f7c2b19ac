import { execFileSync } from "node:child_process";
import { appendFileSync, cpSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type AppBox, conversationRecords, makeAppBox } from "../../test/app-box.ts";
import type { ConversationId } from "../base/id.ts";
import { checkpointMemory } from "./checkpoint-memory.ts";
import { ingestHookCall } from "./ingest.ts";
import { initMemory } from "./init-memory.ts";
import { newSession } from "./new-session.ts";
import { addNote } from "./note.ts";
import { listNotes } from "./notes.ts";
import { showBrief } from "./show-brief.ts";
import { listMemory, showMemory } from "./show-memory.ts";
import { statusHere } from "./status.ts";

const SLUG = "2026-01-25-css-migration";
const conversation = "aaaaaaaa-0000-4000-8000-000000000001" as ConversationId;
const promptId = "99999999-0000-4000-8000-000000000001";
/** The function as users have it in their scripts (seed 001). */
const CHECKPOINT = `checkpoint() {
local NOTE="$1"
local SESSION_MEM="working/\${TASK_ID}/session_memory.md"
echo "- $(date -u +%Y-%m-%dT%H:%MZ) — $NOTE" >> "$SESSION_MEM"
}`;

let box: AppBox;
beforeEach(async () => {
  box = makeAppBox();
  await newSession(box.app, { title: "CSS migration" });
});
afterEach(() => box.dispose());

function file(task = SLUG, name = "session_memory.md"): string {
  return join(box.project, "working", task, name);
}

function script(note: string, task = SLUG): void {
  const env = { ...process.env, TASK_ID: task };
  execFileSync("bash", ["-c", `${CHECKPOINT}\ncheckpoint "$1"`, "sh", note], { cwd: box.project, env });
}

async function texts(): Promise<readonly string[]> {
  return (await listNotes(box.app, { all: false })).notes.map(({ kind, text }) => `${kind} ${text}`);
}

async function init(over: { task?: string; dated?: boolean } = {}) {
  return initMemory(box.app, { task: over.task, dated: over.dated ?? false, dryRun: false });
}

test("a memory that was initialised is kept up to date by appending", async () => {
  await addNote(box.app, {
    kind: "decision",
    text: "Keep auth.yaml",
    fields: { why: "three services use it" },
  });
  expect(await init()).toEqual({ slug: SLUG, task: SLUG, path: `working/${SLUG}/session_memory.md` });
  const before = box.read(file());
  expect(before).toContain("- 2026-01-25T10:00Z — Keep auth.yaml — three services use it\n");

  await checkpointMemory(box.app, { completed: "files 1-150 of 500", next: "Imports first" });

  const after = box.read(file());
  expect(after.startsWith(before)).toBe(true);
  expect(after.slice(before.length)).toContain(
    "- COMPLETED: files 1-150 of 500\n- PENDING: files 151-500 of 500\n",
  );
  expect(after).toContain(
    "- Start at file 151 of 500: files 1-150 are completed, not to be done again\n- Imports first\n",
  );
  expect(await texts()).toHaveLength(3);
});

test("nothing is written where nobody initialised a memory, and what a script wrote there is read", async () => {
  await addNote(box.app, { kind: "decision", text: "Keep auth.yaml" });
  expect(() => box.read(file())).toThrow("ENOENT");
  mkdirSync(join(box.project, "working", SLUG), { recursive: true });

  script("files 1-20 of 50");
  const written = box.read(file());

  expect(await texts()).toEqual(["decision Keep auth.yaml", "progress files 1-20 of 50"]);
  await addNote(box.app, { kind: "next", text: "Go on" });
  expect(box.read(file())).toBe(written);
});

test("what the users' own checkpoint function appends is read once, whatever reads it and how often", async () => {
  await init();
  script("files 1-150 of 500");
  script("files 1-150 of 500");
  script("DECISION: keep the old names — tests refer to them");
  script("say 'it' \"works\" \\ $HOME");

  const read = [
    "progress files 1-150 of 500",
    "progress files 1-150 of 500",
    "decision keep the old names",
    "progress say 'it' \"works\" \\ $HOME",
  ];
  expect(await texts()).toEqual(read);
  await statusHere(box.app, {});
  await addNote(box.app, { kind: "next", text: "Go on" });
  expect(await texts()).toEqual([...read, "next Go on"]);
  script("one more");
  expect((await texts()).slice(-1)).toEqual(["progress one more"]);
});

test("a hook reads what a script appended, and the brief says where to start", async () => {
  await init();
  const records = conversationRecords(conversation, box.project, box.app.clock.nowMs());
  box.say(conversation, records.prompt("Go on", promptId), records.answer("Done."));
  await ingestHookCall(box.app, box.call("UserPromptSubmit", conversation, { prompt: "Go on", promptId }));
  script("COMPLETED: files 1-150 of 500");
  script("IN_PROGRESS: files 151-160");
  script("COMPLETED: the loader");

  await ingestHookCall(box.app, box.call("Stop", conversation, { answer: "Done.", promptId }));

  const { brief } = await showBrief(box.app, {});
  expect(brief.text).toContain(
    "## Next steps\n- Start at file 151 of 500: files 1-150 are completed, not to be done again; in progress: 151-160 [leftoff memory]",
  );
  expect(brief.text).toContain("## Completed: not to be done again\n- the loader. Status: COMPLETED [person");
  expect(box.read(file())).toContain("- IN_PROGRESS: files 151-160 of 500\n");
});

test("an agent's checkpoint is a note at once, and in the file when its turn ends", async () => {
  await init();
  const records = conversationRecords(conversation, box.project, box.app.clock.nowMs());
  box.say(conversation, records.prompt("Go on", promptId), records.answer("Done."));
  await ingestHookCall(box.app, box.call("UserPromptSubmit", conversation, { prompt: "Go on", promptId }));

  await checkpointMemory(box.inShell(conversation), { completed: "files 1-10 of 20", discovery: "Slow" });
  expect(box.read(file())).not.toContain("files 1-10");
  await ingestHookCall(box.app, box.call("Stop", conversation, { answer: "Done.", promptId }));

  expect(box.read(file())).toContain("- COMPLETED: files 1-10 of 20\n");
  expect(await texts()).toEqual(expect.arrayContaining(["progress files 1-10 of 20", "finding Slow"]));
});

test("files of a day are each whole, and a copy holds nothing new", async () => {
  await init({ dated: true });
  script("files 1-150 of 500");
  await texts();
  box.pass(24 * 60 * 60 * 1000);
  await addNote(box.app, { kind: "finding", text: "Slow" });
  cpSync(file(), file(SLUG, "session_memory_20260101.md"));

  expect(box.read(file(SLUG, "session_memory_20260126.md"))).toContain("- COMPLETED: files 1-150 of 500\n");
  expect((await listMemory(box.app)).map(({ path }) => path.split("/").at(-1))).toEqual([
    "session_memory.md",
    "session_memory_20260101.md",
    "session_memory_20260125.md",
    "session_memory_20260126.md",
  ]);
  expect(await texts()).toEqual(["progress files 1-150 of 500", "finding Slow"]);
});

test("a task may have a name of its own, and a file that people began is read and kept", async () => {
  box.write(
    file("migration"),
    "# Session Memory — migration\n## Decisions Made\n- [2026-01-20T10:00Z] — Use ESM\nno line feed",
  );

  await init({ task: "migration" });

  const text = box.read(file("migration"));
  expect(
    text.startsWith(
      "# Session Memory — migration\n## Decisions Made\n- [2026-01-20T10:00Z] — Use ESM\nno line feed\n",
    ),
  ).toBe(true);
  expect(await texts()).toEqual(["decision Use ESM no line feed"]);
  const { memory } = await showMemory(box.app, {});
  expect(memory.decisions).toEqual([
    { atMs: Date.UTC(2026, 0, 20, 10), decision: "Use ESM no line feed", reason: undefined },
  ]);
  script("from the script", "migration");
  expect(await texts()).toContain("progress from the script");
});

test("a folder that was deleted stays deleted, and what was in it is not lost", async () => {
  await init();
  script("files 1-5 of 9");
  await texts();
  rmSync(join(box.project, "working"), { recursive: true });

  await addNote(box.app, { kind: "next", text: "Go on" });

  expect(() => box.read(file())).toThrow("ENOENT");
  expect(await texts()).toEqual(["progress files 1-5 of 9", "next Go on"]);
});

test("a folder that leads out of the work tree is refused", async () => {
  mkdirSync(join(box.folder, "elsewhere"));
  symlinkSync(join(box.folder, "elsewhere"), join(box.project, "working"));

  await expect(init()).rejects.toMatchObject({ code: "refused" });
  await expect(init({ task: "../up" })).rejects.toMatchObject({ code: "input_invalid" });
});

test("a secret in a memory file stays there and nowhere else", async () => {
  await init();
  const secret = `ghp_${"a1B2c3D4e5".repeat(4).slice(0, 36)}`;
  script(`the token is ${secret}`);
  appendFileSync(
    file(),
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----\n",
  );
  script("after it");

  const all = JSON.stringify(await texts());
  expect(all).not.toContain(secret);
  expect(all).toContain("[REDACTED:");
  expect(all).toContain("progress after it");
  expect(box.read(file())).toContain(secret);
});

test("two processes that read at once write one note", async () => {
  await init();
  script("once");
  await Promise.all([texts(), texts(), ingestHookCall(box.again(), box.call("Stop", conversation))]);
  expect(await texts()).toEqual(["progress once"]);
});
