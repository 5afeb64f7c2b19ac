import type { LastWords } from "./last-words.ts";

/** Says the last words, where they are allowed (1) and nothing was printed (2). Whatever becomes of that, the process ends. */
const CODE = `const { workerData: w } = require("node:worker_threads");
const turn = new Int32Array(w.turn);
setTimeout(() => {
  try {
    if (w.text !== "" && Atomics.compareExchange(turn, 0, 1, 2) === 1) require("node:fs").writeSync(1, w.text);
  } finally {
    process.kill(process.pid, "SIGKILL");
  }
}, w.durationMs);`;

/**
 * Ends this process by SIGKILL after so many milliseconds, also while its own thread is busy: reading a large transcript
 * and waiting for a lock are synchronous, and no timer fires in them. Costs 4 ms, so it is for what may take long.
 *
 * SIGKILL, because process.exit() from another thread ends that thread only. Whoever started us does not see it: the
 * `answer` script exits with 0, and what a killed process leaves is what every next one goes on from.
 */
export function endProcessAfter(durationMs: number, { turn, text }: LastWords): void {
  const { Worker } = process.getBuiltinModule("node:worker_threads");
  const workerData = { durationMs, turn, text: text() };
  // Its own output streams, or the constructor would open ours: 3 ms for nothing.
  new Worker(CODE, { eval: true, workerData, execArgv: [], env: {}, stdout: true, stderr: true }).unref();
}
