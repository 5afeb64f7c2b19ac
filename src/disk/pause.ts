const cell = new Int32Array(new SharedArrayBuffer(4));

/** Stops this thread for a time without using CPU: waiting must be possible where the store's synchronous port is used. */
export function pauseMs(durationMs: number): void {
  Atomics.wait(cell, 0, 0, durationMs);
}
