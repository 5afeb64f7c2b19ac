import { spawnSync } from "node:child_process";

/** Something that leftoff promises, and the rig that tries to break it. */
export interface FaultPromise {
  /** How it is called on the command line. */
  readonly name: string;
  /** A sentence for docs/guarantees.md. */
  readonly promise: string;
  /** How often it is tried where nobody says. */
  readonly n: number;
  /** Whether `--n` means something; a matrix has as many cells as it has. */
  readonly fixed?: boolean;
  /** Why it cannot be tried on this machine; undefined where it can. */
  unavailable?(): string | undefined;
  run(trial: Trial): Promise<Outcome> | Outcome;
  /** The same rig on something that breaks the promise: it must find failures, or it proves nothing. */
  control?(trial: Trial): Promise<Outcome> | Outcome;
}

export interface Trial {
  readonly n: number;
  readonly random: Random;
}

export interface Outcome {
  readonly n: number;
  /** What was not as promised, in words. */
  readonly failures: readonly string[];
}

/** Numbers that a seed gives again. */
export interface Random {
  /** From 0 to below 1. */
  next(): number;
  /** A whole number from `from` to below `to`. */
  between(from: number, to: number): number;
}

/** Mulberry32 (Tommy Ettinger, public domain): 32 bits of state, enough to choose moments. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return { next, between: (from, to) => from + Math.floor(next() * (to - from)) };
}

/** Tries `n` times, one after the other, and gathers what was not as promised. */
export async function repeat(
  n: number,
  once: (round: number) => Promise<readonly string[]> | readonly string[],
): Promise<Outcome> {
  const failures: string[] = [];
  for (let round = 0; round < n; round += 1) {
    const whats = await once(round);
    failures.push(...whats.map((what) => `round ${round}: ${what}`));
  }
  return { n, failures };
}

export const needsRoot = () => (process.getuid?.() === 0 ? undefined : "only root may do that");

/** Why a rig that needs these commands cannot be had; undefined where all are there. */
export const lacks = (...commands: readonly string[]) =>
  commands
    .filter((command) => spawnSync("which", [command]).status !== 0)
    .map((command) => `${command} is missing`)[0];
