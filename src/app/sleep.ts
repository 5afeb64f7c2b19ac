/** Waits without keeping this thread from other work. Not `node:timers/promises`, which every hook would load. */
export function sleep(durationMs: number): Promise<void> {
  return new Promise((settle) => {
    setTimeout(settle, durationMs);
  });
}
