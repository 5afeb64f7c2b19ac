import { readdirSync, readFileSync, readlinkSync } from "node:fs";
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
 *
 * A process that is just being replaced by another program (execve) shows no environment, which takes a moment, or many on
 * a busy machine: one that shows none counts, too, until it has shown none for STARTING_MS. It is none of ours then.
 */
function processesIn(folder: string): readonly number[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && mayBeOf(folder, pid));
}

function mayBeOf(folder: string, pid: number): boolean {
  const environment = environmentOf(pid);
  if (environment !== "") emptySinceMs.delete(pid);
  if (environment !== "" || !hasProgram(pid)) return environment.includes(folder);
  const sinceMs = emptySinceMs.get(pid) ?? Date.now();
  emptySinceMs.set(pid, sinceMs);
  return Date.now() - sinceMs < STARTING_MS;
}

/** When processes that show no environment were first seen so, by their ids. */
const emptySinceMs = new Map<number, number>();

/** Waits until none is left, at most `timeoutMs`, and returns those that are. */
export async function settled(folder: string, timeoutMs: number): Promise<readonly number[]> {
  const deadlineMs = Date.now() + timeoutMs;
  let running = processesIn(folder);
  // One look may miss a process that is born while it goes through the list.
  for (let quiet = 0; quiet < LOOKS && Date.now() < deadlineMs; quiet = running.length > 0 ? 0 : quiet + 1) {
    await pause(20);
    running = processesIn(folder);
  }
  return running;
}

const LOOKS = 3;
const STARTING_MS = 1_000;

/** Empty for a process that is gone, a zombie, one that is just starting a program, or somebody else's. */
function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8");
  } catch {
    return "";
  }
}

/** True for a process of ours that runs or starts a program: no zombie, none of the kernel's, none that may not be looked at. */
function hasProgram(pid: number): boolean {
  try {
    return readlinkSync(`/proc/${pid}/exe`) !== "";
  } catch {
    return false;
  }
}
