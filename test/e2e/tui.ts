import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { killHard } from "./processes.ts";

/** A program in a terminal of its own, driven as a person does: by keys and by looking at the screen. */
export interface Tui {
  /** The program's own process. */
  readonly pid: number;
  screen(): Promise<string>;
  /** Waits until the screen shows `wanted`. */
  see(wanted: string | RegExp, timeoutMs?: number): Promise<void>;
  /** Waits until the screen no longer shows `wanted`. */
  gone(wanted: string | RegExp, timeoutMs?: number): Promise<void>;
  /** Types a line and presses Enter once it stands in the prompt. */
  enter(line: string): Promise<void>;
  /** Keys by tmux's names: `Escape`, `Enter`, `C-c`. */
  press(...keys: readonly string[]): Promise<void>;
  /** Moves the cursor of a list (`❯`) to the line that begins with `label`, and takes it. */
  choose(label: string): Promise<void>;
  /** Waits until the program has ended by itself. */
  ended(timeoutMs?: number): Promise<void>;
  /** Ends the program, if it runs, and its terminal. */
  stop(): Promise<void>;
}

export interface TuiCommand {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: { readonly [name: string]: string };
}

const run = promisify(execFile);
const SEE_TIMEOUT_MS = 90_000;
const LOOK_EVERY_MS = 30;
/** Longer than a client takes for a key on a busy machine. */
const PRESS_AGAIN_MS = 5000;

/** tmux on a socket of its own, so that no other terminal of the machine is touched. */
export async function startTui({ command, cwd, env }: TuiCommand): Promise<Tui> {
  // Not below the box: the path of a socket may have 107 bytes.
  const folder = mkdtempSync(join(tmpdir(), "leftoff-tmux-"));
  // In UTF-8 whatever the locale of the machine is; it would show "_" for what is not ASCII.
  const tmux = async (...args: readonly string[]) =>
    (await run("tmux", ["-u", "-S", join(folder, "s"), "-f", "/dev/null", ...args])).stdout;
  const pairs = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const size = ["-x", "180", "-y", "50"];
  await tmux("new-session", "-d", ...size, "-c", cwd, "--", "env", "-i", ...pairs, ...command);
  const pids = (await tmux("display-message", "-p", "#{pane_pid} #{pid}")).trim().split(" ").map(Number);
  const [pid = -1, serverPid = -1] = pids;

  const screen = () => tmux("capture-pane", "-p").catch(() => "");
  const until = async (what: string, done: () => Promise<boolean>, timeoutMs: number) => {
    const deadlineMs = Date.now() + timeoutMs;
    while (!(await done())) {
      if (Date.now() > deadlineMs)
        throw new Error(`${what} did not happen in ${timeoutMs} ms. The screen:\n${await screen()}`);
      await pause(LOOK_EVERY_MS);
    }
  };
  const see = (wanted: string | RegExp, timeoutMs = SEE_TIMEOUT_MS) =>
    until(`Seeing ${wanted}`, async () => shows(await screen(), wanted), timeoutMs);
  return {
    pid,
    screen,
    see,
    gone: (wanted, timeoutMs = SEE_TIMEOUT_MS) =>
      until(`No longer seeing ${wanted}`, async () => !shows(await screen(), wanted), timeoutMs),
    enter: async (line) => {
      // On a busy machine the client takes away the line before this one a moment after it has answered it.
      await tmux("send-keys", "C-u");
      await tmux("send-keys", "-l", line);
      await see(inPrompt(line));
      await tmux("send-keys", "Enter");
    },
    choose: async (label) => {
      // A list that has just been drawn may not listen yet: a key that did nothing is pressed again, one that is slow is not.
      const press = async (key: Step) => {
        await tmux("send-keys", key);
        const moved = async () => stepTowards(label, await screen()) !== key;
        await until(`Moving by ${key}`, moved, PRESS_AGAIN_MS).catch(() => {});
      };
      await until(
        `A list with ${label}`,
        async () => stepTowards(label, await screen()) !== undefined,
        SEE_TIMEOUT_MS,
      );
      const taken = async () => {
        const step = stepTowards(label, await screen());
        if (step !== undefined) await press(step);
        return step === undefined;
      };
      await until(`Choosing ${label}`, taken, SEE_TIMEOUT_MS);
    },
    press: async (...keys) => void (await tmux("send-keys", ...keys)),
    ended: (timeoutMs = SEE_TIMEOUT_MS) => until("The program's end", async () => !isRunning(pid), timeoutMs),
    stop: async () => {
      killHard(pid);
      if (isRunning(serverPid)) killHard(serverPid);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * The prompt with the beginning of a line in it. The words alone are no sign: of a slash command whose first letters have
 * arrived the client shows a list with the whole of it, and Enter would take the first of that.
 */
function inPrompt(line: string): RegExp {
  const begun = line.slice(0, 60).replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^❯\\s${begun}`, "m");
}

type Step = "Up" | "Down" | "Enter";

/** The key that moves the cursor of a list towards a line, or takes it; undefined where no list shows that line. */
function stepTowards(label: string, screen: string): Step | undefined {
  // What was said above the list has the same words, but begins where the screen does.
  const rows = screen.split("\n").map((line) => /^ +(❯ )?(.*)/.exec(line));
  const cursor = rows.findIndex((row) => row?.[1] !== undefined);
  const wanted = rows.findIndex((row) => row?.[2]?.startsWith(label));
  if (cursor === -1 || wanted === -1) return undefined;
  if (cursor === wanted) return "Enter";
  return wanted < cursor ? "Up" : "Down";
}

function shows(screen: string, wanted: string | RegExp): boolean {
  return typeof wanted === "string" ? screen.includes(wanted) : wanted.test(screen);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
