/**
 * Ends this process by SIGKILL after so many milliseconds, also while its own thread is busy: reading a large transcript
 * and waiting for a lock are synchronous, and no timer fires in them. Costs 4 ms, so it is for what may take long.
 *
 * SIGKILL, because process.exit() from another thread ends that thread only. Whoever started us does not see it: the
 * `answer` script exits with 0, and what a killed process leaves is what every next one goes on from.
 */
export function endProcessAfter(durationMs: number): void {
  const { Worker } = process.getBuiltinModule("node:worker_threads");
  const code = `setTimeout(() => process.kill(process.pid, "SIGKILL"), ${durationMs})`;
  // Its own output streams, or the constructor would open ours: 3 ms for nothing.
  new Worker(code, { eval: true, execArgv: [], env: {}, stdout: true, stderr: true }).unref();
}
