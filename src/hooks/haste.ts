import type { Pace } from "../app/app.ts";
import { HOOK_SLOW_START_MS } from "../base/limits.ts";
import type { LastWords } from "./last-words.ts";
import { endProcessAfter } from "./watchdog.ts";

/** How often an expression is run before machine code is made of it; V8 does so at the second time. A text of 1,000 characters counts for all. */
const EXPRESSION_RUNS = 50;

/**
 * V8's flags for a process that runs nearly all of its code once or twice, and how they stand otherwise. Functions: of 140
 * ms of processor time that a start 200 kB behind took, 30 were its optimizing. Regular expressions: the hundred of
 * `distill/` cost 33 ms to compile when they are run first and 13 more the second time; so they cost 7 and nothing.
 */
const HASTY = [
  "--no-opt",
  "--no-regexp-optimization",
  "--no-regexp-peephole-optimization",
  `--regexp-tier-up-ticks=${EXPRESSION_RUNS}`,
];
const THOROUGH = [
  "--opt",
  "--regexp-optimization",
  "--regexp-peephole-optimization",
  "--regexp-tier-up-ticks=1",
];

/**
 * Makes this process cheap as long as there is little to do, which is nearly always: V8 optimizes nothing, and no thread
 * watches over us (18 ms). Its pace is told what work says of itself: one that may take long is watched, and only one of which there
 * is much is optimized. A document is never so long: 150 kB took 309 ms of processor time to take in where V8 optimized, and 202
 * where not, 900 kB 900 and 866.
 *
 * V8 allows these flags to be set while it runs: each is read whenever something is compiled.
 *
 * @param awaited when the process must end by itself, in milliseconds since it began, and what it says then; undefined
 *   where nobody waits.
 */
export function makeHaste(awaited: { readonly deadlineMs: number; readonly words: LastWords } | undefined): {
  readonly pace: Pace;
  /** Everything as node has it. */
  readonly end: () => void;
} {
  // Loaded here: who prints a brief that is ready needs none of it.
  const { setFlagsFromString } = process.getBuiltinModule("node:v8");
  let isOver = false;
  let isWatched = false;
  const watch = (): void => {
    if (isWatched || awaited === undefined) return;
    isWatched = true;
    endProcessAfter(Math.max(1, awaited.deadlineMs - Math.ceil(sinceStartMs())), awaited.words);
  };
  const end = (): void => {
    if (isOver) return;
    isOver = true;
    for (const flag of THOROUGH) setFlagsFromString(flag);
    watch();
  };
  for (const flag of HASTY) setFlagsFromString(flag);
  // A machine on which the little until here took so long may take any time for the rest: where somebody waits, it is watched. To
  // optimize the little that there is would only make it slower still (18 ms of processor time for `leftoff status`).
  if (sinceStartMs() > HOOK_SLOW_START_MS) watch();
  return { pace: { mayTakeLong: watch, hasMuchToDo: end }, end };
}

/** Not performance.now(): see base/clock.ts. */
function sinceStartMs(): number {
  return process.uptime() * 1000;
}
