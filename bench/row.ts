/** One line of a benchmark: a value beside the floor or peer it is measured against, in the same run. */
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: "ms" | "MB";
  /** What it is compared with, and its value in the same unit. */
  readonly against: string;
  readonly ratio: number;
  readonly target: number;
  readonly ok: boolean;
}

/** A row from two samples: medians, and their ratio against what it may be at most. */
export function compare(
  name: string,
  samples: readonly number[],
  against: string,
  floor: readonly number[],
  target: number,
): Row {
  const value = median(samples);
  const ratio = value / median(floor);
  return {
    name,
    value: round(value),
    unit: "ms",
    against: `${against} ${round(median(floor))} ms`,
    ratio: round(ratio),
    target,
    ok: ratio <= target,
  };
}

export function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[middle - 1] ?? 0, sorted[middle] ?? 0];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
}

export function round(value: number): number {
  return Math.round(value * 100) / 100;
}
