import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

/** SIGKILL to one process that a test started; nothing if it is gone. */
export function killHard(pid: number): void {
  if (pid <= 1) throw new Error(`Not a process of a test: ${pid}.`);
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/**
 * Processes whose environment names `folder`, a test's own temporary one: what it started, and what that left behind.
 * Linux only; elsewhere the answer is empty.
 */
function processesIn(folder: string): readonly number[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && environmentOf(pid).includes(folder));
}

/**
 * Waits until none is left, at most `timeoutMs`, and returns those that are. One look that finds nothing does not count: a
 * process that is just being replaced by another program (execve) shows no environment for a moment.
 */
export async function settled(folder: string, timeoutMs: number): Promise<readonly number[]> {
  const deadlineMs = Date.now() + timeoutMs;
  let running = processesIn(folder);
  for (let quiet = 0; quiet < LOOKS && Date.now() < deadlineMs; quiet = running.length > 0 ? 0 : quiet + 1) {
    await pause(20);
    running = processesIn(folder);
  }
  return running;
}

const LOOKS = 3;

/** Empty for a process that is gone, a zombie, or somebody else's. */
function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8");
  } catch {
    return "";
  }
}
