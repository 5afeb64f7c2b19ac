import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { AppError, errnoOf } from "../base/error.ts";
import { append, truncate } from "../disk/disk.ts";

/** A log that nobody reads must not grow for ever. */
const FAILURES_BYTES_MAX = 256 * 1024;
const FAILURE_CHARS_MAX = 2_000;

/**
 * Writes down what went wrong in a hook, for `leftoff status`: the hook itself says nothing and exits 0. Never throws: a
 * full disk is often the reason we are here.
 */
export function noteHookFailure(home: string, mode: string, error: unknown): void {
  try {
    // Uninstalled while we ran: nothing of ours comes back.
    if (!existsSync(home)) return;
    const path = join(home, "state", "hook-failures.jsonl");
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (size > FAILURES_BYTES_MAX) truncate(path, 0);
    const line = { atMs: Date.now(), mode, what: inOurWords(error).slice(0, FAILURE_CHARS_MAX) };
    append(path, Buffer.from(`${JSON.stringify(line)}\n`), "cached");
  } catch {
    // Nothing left to tell it to.
  }
}

/** Does what the rest of a hook can do without; what goes wrong is written down. */
export function attempt(home: string, mode: string, run: () => void): void {
  try {
    run();
  } catch (error) {
    noteHookFailure(home, mode, error);
  }
}

/**
 * Expected failures name files and codes. The message of a bug may quote what somebody typed (`"…" is not valid JSON`),
 * and the rules that would take a secret out of it are not loaded here: it ends where a quotation begins.
 */
function inOurWords(error: unknown): string {
  if (!(error instanceof Error)) return typeof error === "string" ? error : typeof error;
  const ours = error instanceof AppError || errnoOf(error) !== undefined;
  const message = ours ? error.message : (error.message.split(/["`{]/, 1)[0] ?? "");
  const stack = error.stack ?? "";
  const frames = stack.slice(Math.max(0, stack.search(/\n {4}at /)));
  return `${error.name}: ${message}${/^\n {4}at /.test(frames) ? frames : ""}`;
}
