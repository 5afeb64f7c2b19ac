import { execFileSync, spawn, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { App } from "../../src/app/app.ts";
import type { ConversationId } from "../../src/base/id.ts";
import { openApp } from "../../src/compose.ts";
import { conversationRecords } from "../app-box.ts";

export const MAIN = resolve(import.meta.dirname, "..", "..", "dist", "main.js");
/** The conversation that a box has already read. */
export const KNOWN = "aaaaaaaa-0000-4000-8000-000000000001" as ConversationId;
/** One that nobody has read yet. */
export const UNREAD = "bbbbbbbb-0000-4000-8000-000000000002" as ConversationId;
const GUARD = '[ -r "$0" ] && . "$0"; exit 0';

/** The installed program in a home of its own, with one conversation in a git repository; what damages it is the rig's. */
export interface Box {
  readonly root: string;
  readonly project: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
  app(): App;
  leftoff(...args: string[]): { status: number | null; stdout: string; stderr: string };
  transcript(conversation: string): string;
  /** A whole turn into the transcript, as the agent writes it. */
  turn(conversation: ConversationId, number: number): void;
  payload(event: string, conversation: string, more?: object): string;
  /** The command line by which Claude Code starts a hook. */
  hookArgs(event: string): readonly string[];
  /** Runs one ingest to its end, not detached. @returns its exit code, or the signal that ended it. */
  ingest(payload: string, options?: IngestOptions): Promise<number | string | null>;
  /** Runs what answers a SessionStart, to the end of what it does behind its answer. */
  start(payload: string, options?: IngestOptions): Promise<number | string | null>;
  /** Ids of processes that run a program of this box. */
  processes(): readonly number[];
  dispose(): void;
}

export interface IngestOptions {
  readonly killAfterMs?: number;
  /** What is done to it instead of a kill; it has to end of it. */
  readonly end?: (pid: number) => void;
  /** What it is started through: `setpriv …`. */
  readonly through?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** @param options.past whether there is a conversation before `init`, which then reads it. */
export function makeBox({
  root = newRoot(),
  past = true,
}: {
  readonly root?: string;
  readonly past?: boolean;
} = {}): Box {
  const box = boxAt(root);
  mkdirSync(box.project, { recursive: true });
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=F", "-c", "user.email=f@example.com", ...args], {
      cwd: box.project,
      env: box.env,
    });
  git("init", "-q", "-b", "main");
  writeFileSync(join(box.project, "a.js"), "export const a = 1;\n");
  git("add", ".");
  git("commit", "-qm", "start");
  if (past) box.turn(KNOWN, 0);
  const { status, stderr } = box.leftoff("init");
  if (status !== 0) throw new Error(`init: ${stderr}`);
  return box;
}

export function newRoot(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), "leftoff-faults-")));
}

/** A box that was made before, on a disk that went away and came back. */
export function reopenBox(root: string): Box {
  return boxAt(root);
}

/** Another box with the same past: the same repository, its own home and transcripts. */
export function copyBox(box: Box, root: string): Box {
  const copy = boxAt(root, box.project);
  mkdirSync(root, { recursive: true });
  const claude = join(box.root, "claude");
  if (existsSync(claude)) cpSync(claude, join(root, "claude"), { recursive: true, preserveTimestamps: true });
  cpSync(box.home, copy.home, { recursive: true, filter: (path) => path !== join(box.home, "runtime") });
  symlinkSync(join(box.home, "runtime"), join(copy.home, "runtime"));
  for (const name of readdirSync(join(copy.home, "bin"))) {
    const path = join(copy.home, "bin", name);
    writeFileSync(path, readFileSync(path, "utf8").replaceAll(box.home, copy.home));
  }
  return copy;
}

function boxAt(root: string, project = join(root, "project")): Box {
  const home = join(root, "leftoff");
  const env = {
    PATH: process.env.PATH ?? "",
    HOME: root,
    LEFTOFF_HOME: home,
    CLAUDE_CONFIG_DIR: join(root, "claude"),
    GIT_CONFIG_GLOBAL: "/dev/null",
  };
  const transcripts = join(root, "claude", "projects", project.replaceAll(/[^a-zA-Z0-9]/g, "-"));
  const transcript = (conversation: string) => join(transcripts, `${conversation}.jsonl`);
  const hook = () => /'([^']*hook\.cjs)'/.exec(readFileSync(join(home, "bin", "nudge"), "utf8"))?.[1] ?? "";
  return {
    root,
    project,
    home,
    env,
    app: () => openApp({ cwd: project, env }),
    leftoff: (...args) =>
      spawnSync(process.execPath, [MAIN, ...args], { cwd: project, env, encoding: "utf8" }),
    transcript,
    turn: (conversation, number) => {
      mkdirSync(transcripts, { recursive: true });
      const text = turnText(conversation, project, number);
      writeFileSync(transcript(conversation), text, { flag: "a" });
    },
    payload: (event, conversation, more = {}) =>
      `${JSON.stringify({
        session_id: conversation,
        transcript_path: transcript(conversation),
        cwd: project,
        hook_event_name: event,
        ...more,
      })}\n`,
    hookArgs: (event) => {
      const script = event === "SessionStart" || event === "PreCompact" ? "answer" : "nudge";
      return ["-c", GUARD, join(home, "bin", script), event];
    },
    ingest: (payload, options = {}) =>
      runHook([hook(), "ingest"], payload, { cwd: project, ...options, env: { ...env, ...options.env } }),
    start: (payload, options = {}) =>
      runHook([hook(), "SessionStart"], payload, {
        cwd: project,
        ...options,
        env: { ...env, ...options.env },
      }),
    processes: () => processesOf(root),
    dispose: () => {
      for (const pid of processesOf(root)) endProcess(pid);
      rmSync(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

export function promptIdOf(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

export const promptOf = (number: number) => `Change part ${number} of the service so that it retries`;
export const answerOf = (number: number) =>
  `Part ${number} retries now. Next: write the test of part ${number}.`;
function turnText(conversation: ConversationId, cwd: string, number: number): string {
  // Each turn has ids of its own: they come from the conversation's first eight characters and a running number.
  const records = conversationRecords(conversation, cwd, Date.now() - 3_600_000 + number * 10_000);
  const own = [
    records.prompt(promptOf(number), promptIdOf(number)),
    records.call(`toolu_${number}`, "Bash", { command: `node --test part-${number}.test.js` }),
    records.result(`toolu_${number}`, "ok ".repeat(2_000), {
      toolUseResult: { stdout: "ok", stderr: "", interrupted: false },
    }),
    records.answer(answerOf(number)),
  ];
  return own
    .map((record, index) => ({
      ...record,
      uuid: `${conversation.slice(0, 8)}-${String(number).padStart(4, "0")}-4000-8000-${String(index).padStart(12, "0")}`,
    }))
    .map((record) => `${JSON.stringify(record)}\n`)
    .join("");
}

async function runHook(
  args: readonly string[],
  payload: string,
  {
    cwd,
    env,
    killAfterMs,
    end = endProcess,
    through = [],
  }: IngestOptions & { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<number | string | null> {
  const [command = "", ...rest] = [...through, process.execPath, ...args];
  const child = spawn(command, rest, { cwd, env, stdio: ["pipe", "ignore", "ignore"] });
  child.stdin.on("error", () => {});
  child.stdin.end(payload);
  const timer = killAfterMs === undefined ? undefined : setTimeout(() => end(child.pid ?? 0), killAfterMs);
  return new Promise((settle) => {
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      settle(signal ?? code);
    });
  });
}

function processesOf(root: string): readonly number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid !== process.pid)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(`${root}/leftoff/runtime/`);
      } catch {
        return false;
      }
    });
}

/** Waits until no program of a box runs any more, and ends what still does after five seconds. */
export async function untilIdle(box: Box): Promise<void> {
  for (let waits = 0; waits < 100 && box.processes().length > 0; waits += 1)
    await new Promise((go) => setTimeout(go, 50));
  for (const pid of box.processes()) endProcess(pid);
}

export function endProcess(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}
