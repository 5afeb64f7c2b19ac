import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import { answerSessionStart } from "../src/app/answer-session-start.ts";
import type { App } from "../src/app/app.ts";
import { changePhase } from "../src/app/change-phase.ts";
import { noteHookFailure } from "../src/app/hook-failure.ts";
import { conversationLockPath, ingestHookCall } from "../src/app/ingest.ts";
import { keepBoard } from "../src/app/keep-board.ts";
import { newSession } from "../src/app/new-session.ts";
import { addNote } from "../src/app/note.ts";
import { changeNotes } from "../src/app/notes.ts";
import { showBrief } from "../src/app/show-brief.ts";
import { statusHere } from "../src/app/status.ts";
import { summaries } from "../src/app/summary.ts";
import type { ConversationId } from "../src/base/id.ts";
import { tryLock } from "../src/disk/lock.ts";
import { createRedactor } from "../src/redact/redact.ts";
import { NOTE_FIELDS } from "../src/session/note.ts";
import { type AppBox, conversationRecords, makeAppBox } from "./app-box.ts";

const conversation = "aaaaaaaa-0000-4000-8000-000000000001" as ConversationId;
const promptId = "99999999-0000-4000-8000-000000000001";

/** Letters and digits that look drawn at random, the same in every run, and other ones for each path. */
function drawn(path: string, length: number): string {
  return createHash("sha512")
    .update(path)
    .digest("base64")
    .replaceAll(/[^A-Za-z0-9]/g, "")
    .slice(0, length);
}

/** Names of files, of git branches and of people can't hold every character. */
function isName(path: string): boolean {
  return path === "file name" || path === "git branch" || path === "board name";
}

/** What carries a secret, by its name. */
const KINDS: { readonly [name: string]: (path: string) => string } = {
  "a provider's key": (path) => `ghp_${drawn(path, 36)}`,
  "an environment's value": (path) =>
    isName(path) ? `q-${drawn(path, 20)}-z` : `q"${drawn(path, 20)}\\z/é~`,
};

/** How it is written where it turns up. */
const WRITINGS: { readonly [name: string]: (secret: string) => string } = {
  whole: (secret) => secret,
  "in base64": (secret) => Buffer.from(secret).toString("base64"),
  "inside a text in base64": (secret) => Buffer.from(`{"user":"me","x":"${secret}"}`).toString("base64"),
  "in hex": (secret) => Buffer.from(secret).toString("hex"),
  "escaped as JSON": (secret) => JSON.stringify(secret).slice(1, -1),
  "escaped as JSON twice": (secret) => JSON.stringify(JSON.stringify(secret)).slice(2, -2),
};

/** Every way that text comes in. */
const PATHS = [
  "prompt",
  "prompt hook",
  "tool input",
  "tool output",
  "tool output structured",
  "file content",
  "answer",
  "split answer",
  "note text",
  ...NOTE_FIELDS.filter((field) => field !== "horizon").map((field) => `note ${field}`),
  "edit text",
  "title",
  "rename by document",
  "document item",
  "document prose",
  "ai title",
  "custom title",
  "file name",
  "commit message",
  "commit author",
  "git branch",
  "block reason",
  "cancel reason",
  "pending call",
  "kept prompt",
  "kept answer",
  "hook failure",
  "todo",
  "command",
  "status reason",
  "template",
  "board name",
] as const;
/** What a person typed into their own document stays in it (the reason of a status until the status is another one). */
const TYPED: readonly Path[] = ["rename by document", "document item", "document prose", "status reason"];
/** Not ours to redact but never written at all, so that no search can find it. */
const NOT_WRITTEN: readonly Path[] = ["hook failure"];
type Path = (typeof PATHS)[number];

let box: AppBox | undefined;
afterEach(() => box?.dispose());

function git(cwd: string, ...args: string[]): void {
  const env = { ...process.env, HOME: cwd, GIT_CONFIG_NOSYSTEM: "1" };
  execFileSync("git", ["-c", "user.name=x", "-c", "user.email=x@example.invalid", ...args], {
    cwd,
    env,
    stdio: "pipe",
  });
}

/** Names and contents of every file below a folder, gzip members opened. */
function filesBelow(folder: string): readonly { readonly path: string; readonly bytes: Buffer }[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .flatMap((path) => {
      const bytes = readFileSync(path);
      const files = [{ path, bytes }];
      for (
        let at = bytes.indexOf("\u001f\u008b", 0, "latin1");
        at !== -1;
        at = bytes.indexOf("\u001f\u008b", at + 1, "latin1")
      ) {
        try {
          files.push({ path: `${path}@${at}`, bytes: gunzipSync(bytes.subarray(at), { finishFlush: 2 }) });
        } catch {
          // Two bytes that only look like a beginning.
        }
      }
      return files;
    });
}

/** What a search for a secret looks for: its own letters, in any case, and what base64 and hex make of them. */
function traces(path: string, kind: string): readonly string[] {
  const core = drawn(path, kind === "a provider's key" ? 36 : 20).slice(2, 18);
  const base64 = [0, 1, 2].map((shift) =>
    Buffer.from("x".repeat(shift) + core)
      .toString("base64")
      .replace(/=+$/, "")
      .slice(shift === 0 ? 0 : 4, -2),
  );
  return [core, core.toLowerCase(), Buffer.from(core).toString("hex"), ...base64];
}

function leaks(files: ReturnType<typeof filesBelow>, kind: string): readonly string[] {
  return PATHS.flatMap((path) =>
    traces(path, kind).flatMap((trace) =>
      files
        .filter(({ path: name, bytes }) => bytes.includes(trace) || name.includes(trace))
        .map((file) => `${path}: ${file.path}`),
    ),
  );
}

async function wholeFlow(own: AppBox, app: App, secret: (path: Path) => string): Promise<string> {
  const inShell = { ...app, env: { ...app.env, CLAUDECODE: "1", CLAUDE_CODE_SESSION_ID: conversation } };
  const branch = `work/${secret("git branch").replaceAll(/[^A-Za-z0-9_=/-]/g, "")}`;
  git(own.project, "init", "-q", "-b", "main");
  git(own.project, "commit", "-q", "--allow-empty", "-m", "start");
  git(own.project, "checkout", "-q", "-b", branch);
  await statusHere(app, {});
  own.initialise();
  const records = conversationRecords(conversation, own.project, app.clock.nowMs());
  const fileName = `src/${secret("file name").replaceAll(/[^A-Za-z0-9_=-]/g, "")}.ts`;
  own.write(join(own.project, fileName), "export {};");
  const prompt = `Add login. The token is ${secret("prompt")} here`;
  await ingestHookCall(
    app,
    own.call("UserPromptSubmit", conversation, { prompt: `${prompt} ${secret("prompt hook")}`, promptId }),
  );
  own.say(
    conversation,
    { ...records.prompt(prompt, promptId), gitBranch: branch },
    records.call("t1", "Bash", {
      command: `curl ${secret("tool input")}`,
      description: secret("tool input"),
    }),
    records.result("t1", `output ${secret("tool output")} end`, {
      toolUseResult: { stdout: secret("tool output structured"), stderr: "" },
    }),
    records.call("t2", "Read", { file_path: join(own.project, fileName) }),
    records.result("t2", `1\tconst a = ${secret("file content")};`, {
      toolUseResult: {
        type: "text",
        file: { filePath: join(own.project, fileName), content: `a ${secret("file content")}` },
      },
    }),
    records.call("t3", "Write", {
      file_path: join(own.project, fileName),
      content: `x ${secret("file content")} y`,
    }),
    records.result("t3", "File created", {
      toolUseResult: { type: "create", filePath: join(own.project, fileName) },
    }),
    records.call("t4", "TodoWrite", {
      todos: [{ content: `rotate ${secret("todo")} now`, status: "pending", activeForm: "x" }],
    }),
    records.result("t4", "ok"),
    records.call("t5", "Bash", { command: `npm test -- ${secret("command")}` }),
    records.result("t5", "Error: Exit code 1\nfailed", { isError: true }),
    { type: "ai-title", aiTitle: `Login ${secret("ai title")}`, sessionId: conversation },
    { type: "custom-title", customTitle: `Login ${secret("custom title")}`, sessionId: conversation },
  );
  const answer = `Done. The key ${secret("answer")} failed because it was old.\n\nNext steps:\n1. rotate ${secret("answer")} soon`;
  own.say(conversation, records.answer(answer));
  await ingestHookCall(app, own.call("Stop", conversation, { answer, promptId }));
  await splitOverTwoReads(own, app, secret("split answer"));
  await notesAndDocument(app, inShell, secret);
  await lost(own, app, secret);
  own.write(join(own.project, fileName), "export {}; // changed by others");
  git(own.project, "add", ".");
  git(
    own.project,
    "-c",
    `user.name=A ${secret("commit author")}`,
    "commit",
    "-q",
    "-m",
    `fix ${secret("commit message")} now`,
  );
  const start = await answerSessionStart(
    app,
    own.call("SessionStart", "cccccccc-0000-4000-8000-000000000003" as ConversationId, { reason: "startup" }),
  );
  const shown = await showBrief(app, {});
  await changePhase(app, { change: "cancel", reason: `no: ${secret("cancel reason")}` });
  return JSON.stringify([start, shown]);
}

/** One line of a transcript, read when only half of it is there. */
async function splitOverTwoReads(own: AppBox, app: App, secret: string): Promise<void> {
  const records = conversationRecords(conversation, own.project, app.clock.nowMs() + 60_000);
  const id = "99999999-0000-4000-8000-000000000002";
  const line = Buffer.from(
    `${JSON.stringify({ ...records.prompt(`use ${secret} now`, id), uuid: "aaaaaaaa-0000-4000-8000-000000009999" })}\n`,
  );
  const cut = line.indexOf(JSON.stringify(secret).slice(1, -1)) + Math.floor(secret.length / 2);
  appendFileSync(own.transcript(conversation), line.subarray(0, cut));
  await ingestHookCall(app, own.call("Stop", conversation, { promptId }));
  appendFileSync(own.transcript(conversation), line.subarray(cut));
  await ingestHookCall(app, own.call("Stop", conversation, { promptId }));
}

async function notesAndDocument(app: App, inShell: App, secret: (path: Path) => string): Promise<void> {
  const fields = Object.fromEntries(
    NOTE_FIELDS.filter((field) => field !== "horizon").map((field) => [
      field,
      `f ${secret(`note ${field}`)} g`,
    ]),
  );
  const noted = await addNote(inShell, {
    kind: "failed",
    text: `tried ${secret("note text")} first`,
    fields,
  });
  await changeNotes(app, { change: "edit", notes: [noted.note], text: `now ${secret("edit text")} is it` });
  await changePhase(app, { change: "block", reason: `waits for ${secret("block reason")}` });
  const path = summaries(app)[0]?.document ?? "";
  const text = readFileSync(path, "utf8");
  const typed = text
    .replace(/^# Session State: .*$/m, `# Session State: Login ${secret("rename by document")} now`)
    .replace(/^(.*Status.*:) .*$/m, `$1 Blocked on ${secret("status reason")} here`)
    .concat(
      `\n## My own words\n\nKeep ${secret("document prose")} in mind\n\n## Next Steps\n\n- [ ] try ${secret("document item")} again\n`,
    );
  writeFileSync(path, typed);
  await changePhase(app, { change: "reopen" }).catch(() => undefined);
  await addNote(app, { kind: "next", text: "write the docs" });
  mkdirSync(join(app.cwd, ".claude", "templates"), { recursive: true });
  writeFileSync(
    join(app.cwd, ".claude", "templates", "own.md"),
    `# Own\n\n## Notes\n\nLog in with ${secret("template")} first\n\n## Next Steps\n\n- [ ] Ask with ${secret("template")} then\n`,
  );
  await newSession(app, { title: `Search ${secret("title")}`.slice(0, 120), template: "own" });
  await keepBoard(app, { person: `Me ${secret("board name")}`, dryRun: false });
}

/** What only the hook's payload had, and what a second conversation brings. */
async function lost(own: AppBox, app: App, secret: (path: Path) => string): Promise<void> {
  const second = "bbbbbbbb-0000-4000-8000-000000000002" as ConversationId;
  const id = "99999999-0000-4000-8000-000000000003";
  const prompt = `Go on with ${secret("kept prompt")} now`;
  await ingestHookCall(
    app,
    own.call("UserPromptSubmit", second, { prompt, promptId: id, transcriptPath: undefined }),
  );
  await ingestHookCall(
    app,
    own.call("Stop", second, {
      answer: `It is ${secret("kept answer")} then`,
      promptId: id,
      transcriptPath: undefined,
    }),
  );
  const lock = tryLock(conversationLockPath(app, second));
  await ingestHookCall(
    app,
    own.call("Stop", second, { answer: `Left ${secret("pending call")} here`, promptId: id }),
  );
  lock?.release();
  noteHookFailure(
    app.home,
    "ingest",
    new SyntaxError(`Unexpected token, "${secret("hook failure")}" is not valid JSON`),
  );
}

/** One writing beside the other, where there is room for that. */
function allWritings(path: Path, secret: string): string {
  if (isName(path) || path === "title") return secret;
  return Object.values(WRITINGS)
    .map((write) => write(secret))
    .join(" , ");
}

/** Each writing by itself takes a second and a half: in the long run only. */
const ALONE = process.env.LEFTOFF_TEST_LONG === undefined ? [] : Object.entries(WRITINGS);
const CASES = Object.keys(KINDS).flatMap((kind) => [
  { kind, writing: "in all writings", write: allWritings },
  ...ALONE.map(([writing, write]) => ({ kind, writing, write: (_: Path, secret: string) => write(secret) })),
]);

test.each(CASES)(
  "$kind, $writing, is in no byte that we wrote, whichever way it came in",
  async ({ kind, write }) => {
    const own = makeAppBox();
    box = own;
    const make = KINDS[kind] ?? (() => "");
    const env = Object.fromEntries(
      kind === "a provider's key" ? [] : PATHS.map((path, at) => [`CANARY_${at}_SECRET`, make(path)]),
    );
    // Time passes quickly: what never comes into the transcript is waited for in each of the runs.
    let monotonicMs = 0;
    const clock = { ...own.app.clock, monotonicMs: () => (monotonicMs += 200) };
    const app: App = { ...own.app, clock, env: { ...own.app.env, ...env }, redactor: createRedactor(env) };
    const told = await wholeFlow(own, app, (path) => write(path, make(path)));
    const documents = filesBelow(join(own.project, ".claude", "sessions"));
    const board = join(own.project, ".claude", "SESSIONS.md");
    const wrote = [
      ...filesBelow(app.home),
      { path: board, bytes: readFileSync(board) },
      { path: "told", bytes: Buffer.from(told) },
    ];

    expect(leaks(wrote, kind)).toEqual([]);
    expect(
      leaks(documents, kind).filter((leak) => !TYPED.some((path) => leak.startsWith(`${path}:`))),
    ).toEqual([]);
    for (const path of TYPED.filter((one) => one !== "status reason")) {
      expect([path, documents.some(({ bytes }) => bytes.includes(write(path, make(path))))]).toEqual([
        path,
        true,
      ]);
    }
  },
);

test("control: without redaction the same search finds the secret of nearly every path", async () => {
  const own = makeAppBox();
  box = own;
  let monotonicMs = 0;
  const clock = { ...own.app.clock, monotonicMs: () => (monotonicMs += 200) };
  const kind = "an environment's value";
  const secret = KINDS[kind] ?? (() => "");
  const told = await wholeFlow(own, { ...own.app, clock, redactor: createRedactor({}) }, secret);
  const wrote = [...filesBelow(own.folder), { path: "told", bytes: Buffer.from(told) }];
  const found = new Set(leaks(wrote, kind).map((leak) => leak.split(":")[0]));

  expect(PATHS.filter((path) => !found.has(path))).toEqual(NOT_WRITTEN);
});
