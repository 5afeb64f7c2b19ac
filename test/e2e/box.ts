import { type ChildProcess, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ClaudeRun, readRun } from "./claude-run.ts";
import { killHard, settled } from "./processes.ts";
import { startTui, type Tui } from "./tui.ts";

/**
 * A machine of its own for one test: a home, a data folder and a git repository below one temporary folder, and nothing of
 * the environment that the test itself runs in. Only 127.0.0.1 is ever asked for.
 */
export interface Box {
  readonly folder: string;
  readonly home: string;
  /** LEFTOFF_HOME. */
  readonly data: string;
  /** The work tree. */
  readonly project: string;
  /** Where the agent keeps its transcripts of `cwd`. */
  transcripts(cwd?: string): string;
  /** `path` is relative to the work tree, or absolute. Folders are made. */
  write(path: string, text: string): void;
  read(path: string): string;
  /** Runs git and returns what it printed. `-c user.name=…` makes it somebody else. */
  git(...args: readonly string[]): Promise<string>;
  /** The built `dist/main.js`, as a person in the work tree runs it. */
  leftoff(args: readonly string[], options?: PlaceOptions): Promise<Ran>;
  /** `claude plugin …`, as a person in the work tree runs it. */
  plugin(...args: readonly string[]): Promise<Ran>;
  /** One headless conversation, from the prompt to the end of the process. */
  claude(prompt: string, options?: ClaudeOptions): Promise<ClaudeRun>;
  /** The same, without waiting for its end. */
  startClaude(prompt: string, options?: ClaudeOptions): StartedClaude;
  /** The agent as a person sees it, in a terminal, ready for a prompt. */
  tui(options?: ClaudeOptions): Promise<Tui>;
  /** Waits until nothing that was started here is running, at most `timeoutMs`; returns what still is. */
  quiet(timeoutMs?: number): Promise<readonly number[]>;
  dispose(): Promise<void>;
}

export interface PlaceOptions {
  readonly cwd?: string;
  readonly env?: { readonly [name: string]: string };
}

export interface ClaudeOptions extends PlaceOptions {
  /** Flags besides those that make it headless: `--resume ID`, `--session-id UUID`. */
  readonly args?: readonly string[];
  readonly timeoutMs?: number;
  /** Given through a pipe behind the prompt, as the client takes what is too long for an argument. */
  readonly stdin?: string;
}

export interface StartedClaude {
  readonly pid: number;
  readonly done: Promise<ClaudeRun>;
}

/** How a process ended and what it said. `exitCode` is undefined after a signal. */
export interface Ran {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

const API_KEY = "sk-ant-dummy-0000000000";
const LEFTOFF = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
/** What never ends is ended; how long it takes on a machine that has other things to do is no matter here. */
const CLAUDE_TIMEOUT_MS = 180_000;
const SETTLED_MS = 60_000;

/** @param place the agent's binary, the model's URL, and the name of the project's folder. */
export async function makeBox(place: {
  claude: string;
  modelUrl: string;
  projectName?: string;
}): Promise<Box> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "leftoff-e2e-")));
  const home = join(folder, "home");
  const data = join(folder, "leftoff");
  const project = join(folder, place.projectName ?? "shop-api");
  for (const path of [home, project]) mkdirSync(path);
  const env = environment({ home, data, modelUrl: place.modelUrl });
  const children = new Set<ChildProcess>();
  const tuis: Tui[] = [];

  const run = (file: string, args: readonly string[], options: RunOptions): Started =>
    start(children, file, args, { ...options, cwd: options.cwd ?? project, env: { ...env, ...options.env } });
  const git = async (...args: readonly string[]) => {
    const ran = await run("git", args, {}).done;
    if (ran.exitCode !== 0)
      throw new Error(`git ${args.join(" ")} ended with ${ran.exitCode}: ${ran.stderr}`);
    return ran.stdout;
  };
  const startClaude = (prompt: string, options: ClaudeOptions = {}): StartedClaude => {
    trust(home, options.cwd ?? project);
    const args = ["-p", prompt, ...HEADLESS, ...(options.args ?? [])];
    const { pid, done } = run(place.claude, args, { timeoutMs: CLAUDE_TIMEOUT_MS, ...options });
    return { pid, done: done.then(readRun) };
  };

  await git("init", "--quiet", "--initial-branch=main");
  await git("config", "user.name", "Dana Developer");
  await git("config", "user.email", "dana@example.com");
  return {
    folder,
    home,
    data,
    project,
    transcripts: (cwd = project) =>
      join(home, ".claude", "projects", realpathSync(cwd).replace(/[^a-zA-Z0-9]/g, "-")),
    write: (path, text) => writeInto(absolute(project, path), text),
    read: (path) => readFileSync(absolute(project, path), "utf8"),
    git,
    leftoff: (args, options = {}) => run(process.execPath, [LEFTOFF, ...args], options).done,
    plugin: (...args) => run(place.claude, ["plugin", ...args], { timeoutMs: CLAUDE_TIMEOUT_MS }).done,
    claude: (prompt, options) => startClaude(prompt, options).done,
    startClaude,
    tui: async (options = {}) => {
      const cwd = options.cwd ?? project;
      trust(home, cwd);
      const args = [place.claude, ...INTERACTIVE, ...(options.args ?? [])];
      const tui = await startTui({ command: args, cwd, env: { ...env, ...options.env } });
      tuis.push(tui);
      await tui.see("accept edits on");
      return tui;
    },
    quiet: (timeoutMs = SETTLED_MS) => settled(folder, timeoutMs),
    dispose: async () => {
      await Promise.all(tuis.map((tui) => tui.stop()));
      for (const child of children) if (child.pid !== undefined) killHard(child.pid);
      for (const pid of await settled(folder, 10_000)) killHard(pid);
      if (process.env.LEFTOFF_KEEP_BOX === undefined)
        rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

const HEADLESS = [
  ...["--permission-mode", "bypassPermissions"],
  ...["--output-format", "stream-json", "--verbose", "--include-hook-events"],
];

/** Bypass mode would show a dialog first; this allows the same to the scripts that we write. */
const INTERACTIVE = ["--permission-mode", "acceptEdits", "--allowedTools", "Bash"];

function environment(place: { home: string; data: string; modelUrl: string }): { [name: string]: string } {
  return {
    PATH: [dirname(process.execPath), "/usr/local/bin", "/usr/bin", "/bin"].join(":"),
    HOME: place.home,
    LEFTOFF_HOME: place.data,
    TERM: "xterm-256color",
    LANG: "C.UTF-8",
    SHELL: "/bin/bash",
    TZ: whereItIsNoon(),
    GIT_CONFIG_NOSYSTEM: "1",
    ANTHROPIC_BASE_URL: place.modelUrl,
    ANTHROPIC_API_KEY: API_KEY,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    DISABLE_TELEMETRY: "1",
    DISABLE_ERROR_REPORTING: "1",
    DISABLE_AUTOUPDATER: "1",
    // It asks its model when its servers are there: how fast they start on this machine is no matter.
    MCP_CONNECTION_NONBLOCKING: "0",
    MCP_CONNECT_TIMEOUT_MS: "120000",
    MCP_TIMEOUT: "120000",
    // Lets the client bypass permissions as root, in a container.
    IS_SANDBOX: "1",
  };
}

/** A time zone whose day does not end while a story is told: days stand in documents, and a story may take minutes. */
function whereItIsNoon(): string {
  // Names of these zones say what is to be added to reach UTC: "Etc/GMT-5" is five hours ahead of it.
  const behind = new Date().getUTCHours() - 12;
  return behind === 0 ? "UTC" : `Etc/GMT${behind > 0 ? "+" : ""}${behind}`;
}

/** What the client asks for in dialogs is answered beforehand: onboarding, theme, the key, trust in the folder. */
function trust(home: string, cwd: string): void {
  const path = join(home, ".claude.json");
  const known = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as { projects?: object }) : {};
  const projects = {
    ...known.projects,
    [cwd]: { hasTrustDialogAccepted: true, hasCompletedProjectOnboarding: true },
  };
  const answers = {
    hasCompletedOnboarding: true,
    lastOnboardingVersion: "99.0.0",
    theme: "dark",
    customApiKeyResponses: { approved: [API_KEY.slice(-20)], rejected: [] },
  };
  writeFileSync(path, JSON.stringify({ ...known, ...answers, projects }));
}

function writeInto(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function absolute(project: string, path: string): string {
  return path.startsWith("/") ? path : join(project, path);
}

interface RunOptions extends PlaceOptions {
  readonly timeoutMs?: number;
  readonly stdin?: string;
}

interface Started {
  readonly pid: number;
  readonly done: Promise<Ran>;
}

function start(
  children: Set<ChildProcess>,
  file: string,
  args: readonly string[],
  options: RunOptions,
): Started {
  const child = spawn(file, args, { cwd: options.cwd, env: options.env, stdio: "pipe" });
  children.add(child);
  child.stdin.end(options.stdin);
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (data: string) => {
    stdout += data;
  });
  child.stderr.setEncoding("utf8").on("data", (data: string) => {
    stderr += data;
  });
  const { timeoutMs } = options;
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), timeoutMs);
  const done = new Promise<Ran>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(timer);
      children.delete(child);
      resolve({ exitCode: code ?? undefined, stdout, stderr });
    });
  });
  return { pid: child.pid ?? -1, done };
}
