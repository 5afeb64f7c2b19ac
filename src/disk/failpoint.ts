import { pauseMs } from "./pause.ts";

/**
 * The places where tests make the program fail, each named `<what>.<moment>`. A name is declared here so that a test
 * can check that every one of them is reached.
 */
export const FAILPOINTS = [
  "append.before-write",
  "append.half-written",
  "append.before-fsync",
  "append.after-fsync",
  "replace.before-write",
  "replace.before-rename",
  "replace.after-rename",
  "create.before-link",
  "create.before-rename",
  "remove.before-unlink",
  "remove.after-unlink",
  "remove.before-folder",
  "remove.before-tree",
  "overwrite.before-write",
  "overwrite.half-written",
  "lock.before-takeover",
  "lock.after-acquire",
  "journal.after-append",
  "archive.before-cut",
  "archive.after-append",
  "archive.after-index",
  "repair.after-quarantine",
  "archive.before-replace",
] as const;
export type Failpoint = (typeof FAILPOINTS)[number];

/**
 * Does nothing, unless `LEFTOFF_FAILPOINTS` asks for a failure here: a comma-separated list of `name=kill` (SIGKILL to
 * ourselves), `name=throw:ENOSPC` (any system error), `name=delay:200` (milliseconds) or `name=pass` (only counted);
 * `name@3=kill` acts the third time only. `LEFTOFF_FAILPOINTS=trace` only counts.
 */
export function failpoint(name: Failpoint): void {
  const asked = process.env.LEFTOFF_FAILPOINTS;
  if (asked !== undefined) reach(name, asked);
}

/** Whether a failure is asked for here: for a place that must be prepared before it can fail (half of a write). */
export function isArmed(name: Failpoint): boolean {
  const asked = process.env.LEFTOFF_FAILPOINTS;
  return asked !== undefined && actionsFor(name, asked).length > 0;
}

/** How often each failpoint was reached in this process while `LEFTOFF_FAILPOINTS` was set. */
export function reachedFailpoints(): ReadonlyMap<Failpoint, number> {
  return reached;
}

const reached = new Map<Failpoint, number>();

interface Action {
  /** Acts at this reach only; 0 is every time. */
  readonly at: number;
  readonly kind: string;
  readonly argument: string;
}

function reach(name: Failpoint, asked: string): void {
  const times = (reached.get(name) ?? 0) + 1;
  reached.set(name, times);
  for (const action of actionsFor(name, asked)) {
    if (action.at === 0 || action.at === times) act(name, action);
  }
}

function act(name: Failpoint, { kind, argument }: Action): void {
  if (kind === "kill") process.kill(process.pid, "SIGKILL");
  if (kind === "delay") pauseMs(Number(argument));
  if (kind === "throw") {
    throw Object.assign(new Error(`${argument}: asked for at failpoint ${name}`), { code: argument });
  }
}

function actionsFor(name: Failpoint, asked: string): readonly Action[] {
  return asked.split(",").flatMap((entry) => {
    const [place = "", action = ""] = entry.split("=");
    const [placeName, at = "0"] = place.trim().split("@");
    const [kind = "", argument = ""] = action.trim().split(":");
    return placeName === name ? [{ at: Number(at), kind, argument }] : [];
  });
}
