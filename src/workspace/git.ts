/** What a git command answered within its time. */
export interface GitAnswer {
  /** It ended by itself with exit code 0 and within the output limit. */
  readonly ok: boolean;
  /** Exit code, undefined if it was killed or never ran. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
}

/** A list of 40,000 changed paths; more is cut and counts as no full answer. */
const OUTPUT_BYTES_MAX = 4 * 1024 * 1024;

/**
 * Nothing that a repository configures may run, and nothing may be written: no fsmonitor, no hooks, no pager, no
 * signature check (gpg), no lazy fetch of a partial clone.
 */
const SAFE_OPTIONS = [
  "--no-pager",
  "-c",
  "core.fsmonitor=false",
  "-c",
  "core.hooksPath=/dev/null",
  "-c",
  "log.showSignature=false",
  "-c",
  "i18n.logOutputEncoding=UTF-8",
];

/**
 * Runs git for its standard output. Never throws: git that is missing, fails, talks too much or takes longer than
 * `timeoutMs` gives an answer that is not `ok`, with what was read so far.
 */
export function runGit(root: string, args: readonly string[], timeoutMs: number): Promise<GitAnswer> {
  if (timeoutMs <= 0) return Promise.resolve(NO_ANSWER);
  return new Promise((settle) => {
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    const child = startGit(root, args);
    if (child === undefined) return settle(NO_ANSWER);
    const end = (exitCode: number | undefined, whole: boolean): void => {
      clearTimeout(timer);
      const stdout = Buffer.concat(chunks).toString("utf8");
      settle({ ok: whole && exitCode === 0, exitCode, stdout });
    };
    const giveUp = (): void => {
      child.kill("SIGKILL");
      child.stdout.destroy();
      end(undefined, false);
    };
    const timer = setTimeout(giveUp, timeoutMs);
    child.stdout.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      sizeBytes += chunk.length;
      if (sizeBytes > OUTPUT_BYTES_MAX) giveUp();
    });
    child.on("error", () => end(undefined, false));
    child.on("close", (code) => end(code ?? undefined, code !== null));
  });
}

/** A process that cannot be started is mostly reported by an event, but out of memory or of file descriptors Node throws. */
function startGit(root: string, args: readonly string[]) {
  // Loaded when git is really asked: it costs a hook's start 7 ms, and most starts find that HEAD has not moved.
  const { spawn } = process.getBuiltinModule("node:child_process");
  try {
    return spawn("git", [...SAFE_OPTIONS, ...args], {
      cwd: root,
      env: gitEnvironment(process.env),
      stdio: ["ignore", "pipe", "ignore"],
    });
  } catch {
    return undefined;
  }
}

const NO_ANSWER: GitAnswer = { ok: false, exitCode: undefined, stdout: "" };

/** The caller's environment without its GIT_* variables: a hook inherits those of a `git commit` or `git rebase --exec` around it. */
export function gitEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !name.startsWith("GIT_"));
  return {
    ...Object.fromEntries(kept),
    GIT_OPTIONAL_LOCKS: "0",
    GIT_TERMINAL_PROMPT: "0",
    // A partial clone fetches what it lacks; git before 2.44 knows only the second of these two.
    GIT_NO_LAZY_FETCH: "1",
    GIT_ALLOW_PROTOCOL: "none",
    LC_ALL: "C",
  };
}
