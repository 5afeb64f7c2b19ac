import { randomBytes } from "node:crypto";
import { statSync } from "node:fs";
import { systemClock } from "../base/clock.ts";
import { AppError } from "../base/error.ts";
import { LOCK_FOREIGN_MAX_MS, LOCK_POLL_MS } from "../base/limits.ts";
import { asObject, parseJson, stringField } from "../base/parse.ts";
import { createOnce, remove, replace } from "./disk.ts";
import { failpoint } from "./failpoint.ts";
import { explained } from "./failure.ts";
import { pauseMs } from "./pause.ts";
import { lifeOf, markIn, ownMark, type ProcessMark } from "./process-mark.ts";
import { readIfThere } from "./read.ts";

/** A right that one process at a time has, until it lets go or dies. Not re-entrant: who holds it does not get it again. */
export interface Lock {
  readonly path: string;
  /** Lets go. A second call does nothing, and so does one after the lock went to somebody else. */
  release(): void;
}

/**
 * Takes the lock named by a file, or gives undefined while a living process holds it. A lock whose holder is dead (killed,
 * rebooted, or its process id given to another) is taken over.
 *
 * Two processes never take over at once: the right to replace a dead holder's file is itself such a lock, one level up
 * (`<path>.takeover`), and whoever has it looks again before replacing. A file is only ever made when absent (atomic),
 * removed by its own living holder, or replaced under the lock above it; so level by level there is one holder.
 */
export function tryLock(path: string): Lock | undefined {
  return tryLevel(path, TAKEOVER_LEVELS_MAX);
}

/** As many processes may be killed in the middle of one takeover after another before a person has to remove files. */
const TAKEOVER_LEVELS_MAX = 6;

/** How long to wait for a lock, and what is told before the first pause: nothing else of this thread runs in it. */
interface Wait {
  readonly ms: number;
  readonly begins: () => void;
}

/** Like {@link tryLock}, but tries again for up to `waitMs`. */
export function waitForLock(path: string, waitMs: number): Lock | undefined {
  return poll(silently(waitMs), () => tryLock(path));
}

/**
 * Does something while holding a lock, waiting for it as long as `wait` says (milliseconds).
 *
 * @param run synchronous: what it starts and does not wait for is no longer under the lock.
 * @throws AppError `store_busy` if somebody else holds it for longer than that.
 */
export function withLock<T>(path: string, wait: number | Wait, run: () => T): T {
  const { ms, begins } = typeof wait === "number" ? silently(wait) : wait;
  const lock = poll({ ms, begins }, () => tryLock(path));
  if (lock === undefined) throw busy(path, ms);
  try {
    return run();
  } finally {
    lock.release();
  }
}

/** Whether a living process holds the lock, ourselves included. */
export function isHeld(path: string): boolean {
  return stateOf(path).kind === "held";
}

/** Whether a lock file is there whose holder is dead. Whoever wants the lock takes it over; until then it only lies about. */
export function isLeftBehind(path: string): boolean {
  return stateOf(path).kind === "left";
}

/** Removes a lock that its holder left behind; one that is held stays. @returns whether it is gone. */
export function clearLeftBehind(path: string): boolean {
  const lock = tryLock(path);
  lock?.release();
  return lock !== undefined;
}

/** Waits until nobody holds the lock, at most `waitMs`. @returns whether it is free. */
export function waitUntilFree(path: string, waitMs: number): boolean {
  return poll(silently(waitMs), () => (isHeld(path) ? undefined : true)) ?? false;
}

/**
 * Removes the lock if its holder is dead. For a moment it is ours, and who tries for it then is told that it is held: look
 * afterwards for what they left.
 */
export function removeIfLeft(path: string): void {
  if (stateOf(path).kind === "left") tryLock(path)?.release();
}

function tryLevel(path: string, levelsLeft: number): Lock | undefined {
  const state = stateOf(path);
  if (state.kind === "held") return undefined;
  const token = randomBytes(8).toString("hex");
  if (state.kind === "free")
    return createOnce(path, claimOf(token), "cached") ? held(path, token) : undefined;
  return levelsLeft === 0 ? undefined : takeOver(path, token, levelsLeft);
}

function takeOver(path: string, token: string, levelsLeft: number): Lock | undefined {
  const right = tryLevel(`${path}.takeover`, levelsLeft - 1);
  if (right === undefined) return undefined;
  try {
    failpoint("lock.before-takeover");
    // Somebody may have taken it over while we waited for the right to.
    if (stateOf(path).kind !== "left") return undefined;
    replace(path, claimOf(token), { durability: "cached" });
    return held(path, token);
  } finally {
    right.release();
  }
}

function held(path: string, token: string): Lock {
  failpoint("lock.after-acquire");
  return {
    path,
    release: () => {
      if (tokenIn(path) === token) remove(path);
    },
  };
}

/** `left`: its holder is dead, or a power cut emptied the file (it is never synced: no lock outlives a boot). */
type LockState =
  | { readonly kind: "free" }
  | { readonly kind: "left" }
  | { readonly kind: "held"; readonly by: ProcessMark };

function stateOf(path: string): LockState {
  const bytes = readIfThere(path);
  if (bytes === undefined) return { kind: "free" };
  const mark = markIn(asObject(parseJson(bytes.toString("utf8"))));
  if (mark === undefined) return { kind: "left" };
  const life = lifeOf(mark);
  const isOver = life === "dead" || (life === "unreachable" && ageMsOf(path) > LOCK_FOREIGN_MAX_MS);
  return isOver ? { kind: "left" } : { kind: "held", by: mark };
}

function claimOf(token: string): Buffer {
  return Buffer.from(`${JSON.stringify({ ...ownMark(), token })}\n`);
}

function tokenIn(path: string): string | undefined {
  return stringField(asObject(parseJson(readIfThere(path)?.toString("utf8") ?? "")), "token");
}

function ageMsOf(path: string): number {
  const stats = explained(path, () => statSync(path, { throwIfNoEntry: false }));
  return stats === undefined ? 0 : systemClock.nowMs() - stats.mtimeMs;
}

function silently(ms: number): Wait {
  return { ms, begins: () => {} };
}

function poll<T>({ ms, begins }: Wait, look: () => T | undefined): T | undefined {
  const deadlineMs = systemClock.monotonicMs() + ms;
  for (let tries = 0; ; tries += 1) {
    const found = look();
    if (found !== undefined) return found;
    if (tries === 0) begins();
    const leftMs = deadlineMs - systemClock.monotonicMs();
    if (leftMs <= 0) return undefined;
    pauseMs(Math.min(LOCK_POLL_MS, leftMs));
  }
}

function busy(path: string, waitMs: number): AppError {
  const state = stateOf(path);
  const who = state.kind === "held" ? `process ${state.by.pid}` : "another process";
  return new AppError(
    "store_busy",
    `${path}: ${who} has been working there for more than ${waitMs} ms.`,
    "Try again in a moment; if that process hangs, end it: its lock ends with it.",
  );
}
