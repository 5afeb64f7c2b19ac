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

interface Kept extends GuaranteeLine {
  /** Day of the run, UTC. */
  readonly on: string;
}

const DOCS = join(import.meta.dirname, "..", "..", "docs");
const DATA = join(DOCS, "guarantees.json");
const PAGE = join(DOCS, "guarantees.md");

/** Writes docs/guarantees.json and, from it, docs/guarantees.md. Promises that were not tried this time keep their last run. */
export function writeReport(lines: readonly GuaranteeLine[]): void {
  const before: readonly Kept[] = existsSync(DATA)
    ? (JSON.parse(readFileSync(DATA, "utf8")) as { runs: Kept[] }).runs
    : [];
  const on = new Date().toISOString().slice(0, 10);
  const tried = new Map(lines.map((line) => [line.promise, { ...line, on }]));
  const known = before.map((run) => tried.get(run.promise) ?? run);
  const runs = [
    ...known,
    ...[...tried.values()].filter(({ promise }) => !before.some((run) => run.promise === promise)),
  ];
  writeFileSync(DATA, `${JSON.stringify({ leftoff: "guarantees/1", runs }, undefined, 2)}\n`);
  writeFileSync(PAGE, guaranteesPage(runs));
}

function guaranteesPage(runs: readonly Kept[]): string {
  return `# What leftoff guarantees

Written by \`npm run test:faults -- --report\` from its last run; the figures are in \`guarantees.json\`. Each promise is tried on
real processes, files and file systems: \`n\` is how often, failures are what was found. A control is the same rig on something
that breaks the promise on purpose: it must find failures, or the rig proves nothing. The seed gives the same moments again, as far
as a machine keeps its pace.

| promise | tried | failures | the control found | on | run it |
|---|---:|---:|---|---|---|
${runs.map(row).join("\n")}

Run on Linux (Node 20). What mounts disks needs root and is left out elsewhere, with a notice.
`;
}

function row({ promise, says, n, failures, control, on, seed }: Kept): string {
  const caught = control === undefined ? "" : `${control.failures} in ${control.n}`;
  return `| ${says} | ${n} | ${failures} | ${caught} | ${on} | \`npm run test:faults -- ${promise} --n ${n} --seed ${seed}\` |`;
}
