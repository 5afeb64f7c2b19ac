import { statSync } from "node:fs";
import { join } from "node:path";
import { append, truncate } from "../disk/disk.ts";
import type { App } from "./app.ts";

/** A log that nobody reads must not grow for ever. */
const FAILURES_BYTES_MAX = 256 * 1024;

/**
 * Writes down what went wrong in a hook, for `leftoff status`: the hook itself says nothing and exits 0. Never throws:
 * a full disk is often the reason we are here.
 */
export function noteHookFailure(app: App, mode: string, error: unknown): void {
  try {
    const path = join(app.home, "state", "hook-failures.jsonl");
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (size > FAILURES_BYTES_MAX) truncate(path, 0);
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const line = { atMs: app.clock.nowMs(), mode, what: app.redactor.text(what).slice(0, 2_000) };
    append(path, Buffer.from(`${JSON.stringify(line)}\n`), "cached");
  } catch {
    // Nothing left to tell it to.
  }
}
