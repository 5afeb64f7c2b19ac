/** Time, passed in so that tests own it. */
export interface Clock {
  /** Milliseconds since the Unix epoch, UTC. May jump; order events by position, never by this alone. */
  nowMs(): number;
  /** Milliseconds from an arbitrary point, never going back: for durations and deadlines. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  // Not performance.now(): the global loads node:perf_hooks when it is first asked, 3 ms of every hook.
  monotonicMs: () => Number(process.hrtime.bigint()) / 1e6,
};
