import { execFileSync, spawnSync } from "node:child_process";
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  realpathSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const MAIN = resolve("dist/main.js");

/** A home of its own with a git repository that leftoff is set up in. */
export interface Box {
  readonly root: string;
  readonly project: string;
  readonly env: NodeJS.ProcessEnv;
  leftoff(...args: string[]): string;
  /** Where Claude Code would keep a conversation's transcript. */
  transcript(conversation: string): string;
  remove(): void;
}

export function makeBox(): Box {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "leftoff-bench-")));
  const project = join(root, "project");
  mkdirSync(project);
  const env = {
    PATH: process.env.PATH,
    HOME: root,
    LEFTOFF_HOME: join(root, "leftoff"),
    GIT_CONFIG_GLOBAL: "/dev/null",
  };
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=Bench", "-c", "user.email=bench@example.com", ...args], {
      cwd: project,
      env,
    });
  git("init", "-q", "-b", "main");
  writeFileSync(join(project, "a.js"), "export const a = 1;\n");
  git("add", ".");
  git("commit", "-qm", "start");
  const folder = join(root, ".claude", "projects", project.replaceAll(/[^a-zA-Z0-9]/g, "-"));
  mkdirSync(folder, { recursive: true });
  const box: Box = {
    root,
    project,
    env,
    leftoff: (...args) =>
      execFileSync(process.execPath, [MAIN, ...args], { cwd: project, env, encoding: "utf8" }),
    transcript: (conversation) => join(folder, `${conversation}.jsonl`),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
  box.leftoff("init");
  return box;
}

/** Milliseconds until a command has ended, with 0 or as `end` says; its input is `input`. */
export function timed(
  command: string,
  args: readonly string[],
  { end = 0, ...options }: { cwd: string; env: NodeJS.ProcessEnv; input?: string; end?: NodeJS.Signals | 0 },
): number {
  const startMs = performance.now();
  const { status, signal, stderr } = spawnSync(command, args, {
    ...options,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const tookMs = performance.now() - startMs;
  const ended = signal ?? status;
  if (ended !== end) throw new Error(`${command} ${args.join(" ")} ended with ${ended}: ${stderr}`);
  return tookMs;
}

/** A made-up turn of a conversation: a prompt, an edit, a command, an answer; about `kB` kilobytes as Claude Code writes it. */
export function turnRecords(conversation: string, cwd: string, number: number, kB: number): string {
  const promptId = `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
  const timestamp = new Date(Date.now() - 60_000 + number).toISOString();
  const head = (uuid: string) => ({
    uuid: `${uuid}-${conversation.slice(0, 8)}-${number}`,
    parentUuid: null,
    isSidechain: false,
    sessionId: conversation,
    cwd,
    gitBranch: "main",
    version: "2.1.197",
    timestamp,
  });
  const usage = {
    input_tokens: 1000,
    output_tokens: 50,
    cache_read_input_tokens: 0,
    cache_creation_input_tokens: 0,
  };
  const assistant = (id: string, content: unknown) => ({
    ...head(id),
    type: "assistant",
    message: {
      id: `msg_${id}_${number}`,
      role: "assistant",
      model: "claude-opus-4-8",
      content: [content],
      usage,
    },
  });
  const text = "const value = compute(input, { retries: 3 }); // as the tests expect\n".repeat(
    Math.ceil((kB * 1000) / 140),
  );
  const records = [
    {
      ...head("p"),
      type: "user",
      promptId,
      permissionMode: "default",
      message: { role: "user", content: `Change part ${number} of the service` },
    },
    assistant("c", {
      type: "tool_use",
      id: `toolu_${number}`,
      name: "Bash",
      input: { command: `node --test test/part-${number % 40}.test.js`, description: "test" },
    }),
    {
      ...head("r"),
      type: "user",
      promptId,
      message: {
        role: "user",
        content: [{ type: "tool_result", tool_use_id: `toolu_${number}`, content: text, is_error: false }],
      },
      toolUseResult: { stdout: text, stderr: "", interrupted: false },
    },
    assistant("a", { type: "text", text: `Part ${number} is changed and its test passes.` }),
  ];
  return records.map((record) => `${JSON.stringify(record)}\n`).join("");
}

/** A transcript of about so many megabytes. @returns the number of the next turn. */
export function writeTranscript(path: string, conversation: string, cwd: string, megabytes: number): number {
  const fd = openSync(path, "w");
  let number = 0;
  for (let written = 0; written < megabytes * 1e6; number += 1)
    written += writeSync(fd, turnRecords(conversation, cwd, number, 20));
  closeSync(fd);
  return number;
}
