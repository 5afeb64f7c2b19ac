import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { append, truncate } from "../disk/disk.ts";

/** A log that nobody reads must not grow for ever. */
const FAILURES_BYTES_MAX = 256 * 1024;
const FAILURE_CHARS_MAX = 2_000;

/**
 * Writes down what went wrong in a hook, for `leftoff status`: the hook itself says nothing and exits 0. `error` is of our
 * own making (messages and stacks name files and codes, never what somebody typed). Never throws: a full disk is often the
 * reason we are here.
 */
export function noteHookFailure(home: string, mode: string, error: unknown): void {
  try {
    // Uninstalled while we ran: nothing of ours comes back.
    if (!existsSync(home)) return;
    const path = join(home, "state", "hook-failures.jsonl");
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (size > FAILURES_BYTES_MAX) truncate(path, 0);
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const line = { atMs: Date.now(), mode, what: what.slice(0, FAILURE_CHARS_MAX) };
    append(path, Buffer.from(`${JSON.stringify(line)}\n`), "cached");
  } catch {
    // Nothing left to tell it to.
  }
}
