import { expect, test } from "vitest";
import { type KeptRun, withRun } from "./faults/report.ts";

const run = (n: number, more: Partial<KeptRun> = {}): KeptRun => ({
  promise: "kill-journal",
  says: "Nothing is lost.",
  n,
  failures: 0,
  seed: n,
  control: undefined,
  seconds: 1,
  on: "2026-01-25",
  commit: "abc",
  ...more,
});
const other = run(5, { promise: "kill-init" });

test("a smaller run that found nothing leaves the larger one standing, and is told beside it", () => {
  const again = { n: 100, seed: 100, on: "2026-01-26", commit: "def" };
  const small = run(100, { on: "2026-01-26", commit: "def" });
  expect(withRun([run(1_000), other], small)).toEqual([{ ...run(1_000), again }, other]);
});

test.each([
  ["is as large", run(1_000), run(1_000, { seed: 7 })],
  ["found something", run(1_000), run(10, { failures: 1 })],
  ["comes after one that found something", run(1_000, { failures: 1 }), run(10)],
  ["tried another promise", run(1_000), run(10, { says: "Nothing is lost, or doubled." })],
])("a run that %s takes the place of the one before", (_, before, now) => {
  expect(withRun([other, before], now)).toEqual([other, now]);
});

test("a promise that was never tried stands last", () => {
  expect(withRun([other], run(10))).toEqual([other, run(10)]);
});
