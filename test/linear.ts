import { expect } from "vitest";

/** Four times the size may cost at most this many times the work: a linear reader takes 4, a quadratic one 16. */
const GROWTH_MAX = 9;
const SIZES = 4;
/** Less says nothing: new pages of memory and a collection of garbage take as long. What is quadratic takes seconds. */
const WORTH_MEASURING_MS = 100;
const TRIES = 5;

/**
 * Expects work that grows no faster than its input. Processor time of this process is what counts, and one of five tries is
 * enough, so that a busy machine changes nothing; how fast it is stands in the benchmark.
 *
 * @param size of the larger of the two inputs, in whatever unit `run` takes.
 */
export function expectLinear(size: number, run: (size: number) => void, what = ""): void {
  run(Math.ceil(size / SIZES));
  let growth = Number.POSITIVE_INFINITY;
  for (let tried = 0; tried < TRIES && growth > GROWTH_MAX; tried += 1) {
    const small = costMs(() => run(Math.ceil(size / SIZES)));
    const large = costMs(() => run(size));
    growth = large < WORTH_MEASURING_MS ? 1 : large / Math.max(small, WORTH_MEASURING_MS / SIZES);
  }
  expect(growth, `${what}: ${SIZES} times the size costs`).toBeLessThanOrEqual(GROWTH_MAX);
}

/** The same for a reader of text, and a part that repeats up to `count` times. */
export function expectLinearIn(part: string, count: number, read: (text: string) => void): void {
  expectLinear(count, (times) => read(part.repeat(times)), JSON.stringify(part));
}

function costMs(run: () => void): number {
  const from = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1000;
}
