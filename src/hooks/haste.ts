import { setFlagsFromString } from "node:v8";
import { HOOK_SLOW_START_MS } from "../base/limits.ts";
import { endProcessAfter } from "./watchdog.ts";

/**
 * Makes this process cheap as long as there is little to do, which is nearly always: V8 optimizes nothing (of 140 ms of
 * processor time that a start 200 kB behind took, 30 were its compiling what was then run a few times), and no thread
 * watches over us (18 ms). `end` when there is much: then both pays.
 *
 * V8 allows either flag to be set while it runs; it is read whenever a function has become hot.
 *
 * @param deadlineMs when the process must end by itself, in milliseconds since it began; undefined where nobody waits.
 */
export function makeHaste(deadlineMs: number | undefined): { readonly end: () => void } {
  let isOver = false;
  const end = (): void => {
    if (isOver) return;
    isOver = true;
    setFlagsFromString("--opt");
    if (deadlineMs !== undefined) endProcessAfter(Math.max(1, deadlineMs - Math.ceil(sinceStartMs())));
  };
  setFlagsFromString("--no-opt");
  // A machine on which the little until here took so long may take any time for the rest.
  if (sinceStartMs() > HOOK_SLOW_START_MS) end();
  return { end };
}

/** Not performance.now(): see base/clock.ts. */
function sinceStartMs(): number {
  return process.uptime() * 1000;
}
