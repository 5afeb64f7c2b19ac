import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A promise with the figures of its last run. */
export interface GuaranteeLine {
  readonly promise: string;
  readonly says: string;
  readonly n: number;
  readonly failures: number;
  readonly seed: number;
  /** The same rig on what breaks the promise on purpose. */
  readonly control: { readonly n: number; readonly failures: number } | undefined;
  readonly seconds: number;
}

/** Where and when a line was measured. */
interface Stamp {
  /** Day of the run, UTC. */
  readonly on: string;
  /** The commit that was tried; undefined where git does not say, and in runs of before this was written down. */
  readonly commit?: string | undefined;
}

/** A run as it is kept. */
export interface KeptRun extends GuaranteeLine, Stamp {
  /** The last run after it, where that was smaller and found nothing either. */
  readonly again?: Stamp & Pick<GuaranteeLine, "n" | "seed">;
}

const DOCS = join(import.meta.dirname, "..", "..", "docs");
const DATA = join(DOCS, "guarantees.json");
const PAGE = join(DOCS, "guarantees.md");

/** Writes docs/guarantees.json and, from it, docs/guarantees.md. Promises that were not tried this time keep their last run. */
export function writeReport(lines: readonly GuaranteeLine[]): void {
  const before: readonly KeptRun[] = existsSync(DATA)
    ? (JSON.parse(readFileSync(DATA, "utf8")) as { runs: KeptRun[] }).runs
    : [];
  const stamp = { on: new Date().toISOString().slice(0, 10), commit: commitHere() };
  const runs = lines.reduce((known, line) => withRun(known, { ...line, ...stamp }), before);
  writeFileSync(DATA, `${JSON.stringify({ leftoff: "guarantees/1", runs }, undefined, 2)}\n`);
  writeFileSync(PAGE, guaranteesPage(runs));
}

/**
 * The runs with one more: the last of each promise counts. But where it was a smaller one that found nothing, the larger one
 * that found nothing stays, with a word of the other; what fails, or was promised otherwise, is never kept beside it.
 */
export function withRun(before: readonly KeptRun[], run: KeptRun): readonly KeptRun[] {
  const known = before.find(({ promise }) => promise === run.promise);
  if (known === undefined) return [...before, run];
  const isKept = run.failures === 0 && known.failures === 0 && known.says === run.says && known.n > run.n;
  const { n, seed, on, commit } = run;
  const now = isKept ? { ...known, again: { n, seed, on, commit } } : run;
  return before.map((other) => (other === known ? now : other));
}

function commitHere(): string | undefined {
  const git = (...args: string[]) =>
    spawnSync("git", args, { cwd: import.meta.dirname, encoding: "utf8" }).stdout?.trim() ?? "";
  const commit = git("rev-parse", "--short", "HEAD");
  // The report itself is no part of what was tried.
  return commit === "" || git("status", "--porcelain", "--", "../../src") !== "" ? undefined : commit;
}

function guaranteesPage(runs: readonly KeptRun[]): string {
  return `# What leftoff guarantees

Written by \`npm run test:faults -- --report\`; the figures are in \`guarantees.json\`. Each promise is tried on
real processes, files and file systems: \`n\` is how often, failures are what was found. A control is the same rig on something
that breaks the promise on purpose: it must find failures, or the rig proves nothing. The seed gives the same moments again, as far
as a machine keeps its pace. The last run of each stands here; the larger one before it, where both found nothing.

| promise | tried | failures | the control found | on (commit) | again since | run it |
|---|---:|---:|---|---|---|---|
${runs.map(row).join("\n")}

Run on Linux (Node 20). What mounts disks needs root and is left out elsewhere, with a notice.
`;
}

function row({ promise, says, n, failures, control, seed, again, ...stamp }: KeptRun): string {
  const caught = control === undefined ? "" : `${control.failures} in ${control.n}`;
  const later = again === undefined ? "" : `${again.n} on ${dated(again)}`;
  return `| ${says} | ${n} | ${failures} | ${caught} | ${dated(stamp)} | ${later} | \`npm run test:faults -- ${promise} --n ${n} --seed ${seed}\` |`;
}

function dated({ on, commit }: Stamp): string {
  return commit === undefined ? on : `${on} (${commit})`;
}
