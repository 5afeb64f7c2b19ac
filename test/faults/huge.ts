import { spawnSync } from "node:child_process";
import { statSync, truncateSync } from "node:fs";
import { type Box, KNOWN, MAIN, makeBox, UNREAD } from "./box.ts";
import { runHook } from "./hook-cell.ts";
import { type FaultPromise, lacks, repeat } from "./promise.ts";
import { eventIds } from "./turn.ts";

// A transcript that is larger than memory may be: two turns, and between them a hole as a crash of the machine leaves it.

const HOLE_BYTES = 3_000_000_000;
const MEMORY_KB_MAX = 200_000;
/** Two turns of a box's transcript. */
const RECORDS = 8;

async function readHuge(box: Box, command: readonly string[]): Promise<readonly string[]> {
  const path = box.transcript(UNREAD);
  box.turn(UNREAD, 1);
  truncateSync(path, statSync(path).size + HOLE_BYTES);
  box.turn(UNREAD, 2);
  const text = box.payload("SessionStart", KNOWN, { source: "startup" });
  const start = await runHook(box, "SessionStart", { stdin: { kind: "text", text } });
  const args = ["-f", "%M", process.execPath, ...command];
  const read = spawnSync("/usr/bin/time", args, { cwd: box.project, env: box.env, encoding: "utf8" });
  const known = eventIds(box);
  const again = spawnSync(process.execPath, command, { cwd: box.project, env: box.env });
  const { trouble } = JSON.parse(box.leftoff("status", "--json").stdout) as { trouble: readonly string[] };
  const told = trouble.filter((line) => line.includes(`${HOLE_BYTES} bytes lost`));
  const kept = box.app().store.archive.read({ agent: "claude", conversation: UNREAD, file: "main" }).records;
  const memoryKb = Number(read.stderr.trim().split("\n").at(-1));
  return [
    ...(start.exit === 0 && start.stderr === ""
      ? []
      : [`the start ended with ${start.exit}: ${start.stderr}`]),
    ...(start.stdout.includes("additionalContext") ? [] : ["the start gave no brief"]),
    ...(read.status === 0 && again.status === 0
      ? []
      : [`reading ended with ${read.status}, ${again.status}`]),
    ...(memoryKb <= MEMORY_KB_MAX ? [] : [`reading took ${memoryKb} kB of memory`]),
    ...(told.length === 1 && trouble.length === 1 ? [] : [`told was ${JSON.stringify(trouble)}`]),
    ...(kept.length === RECORDS ? [] : [`${kept.length} records were kept`]),
    ...(eventIds(box).length === known.length ? [] : ["reading it again wrote something"]),
  ];
}

async function inBox(reader: (box: Box) => readonly string[]): Promise<readonly string[]> {
  const box = makeBox();
  try {
    return await readHuge(box, reader(box));
  } finally {
    box.dispose();
  }
}

const ingest = () => [MAIN, "ingest"];
/** What reads a file whole cannot read this one. */
export const readWhole = (box: Box) => [
  "-e",
  "require('node:fs').readFileSync(process.argv[1])",
  box.transcript(UNREAD),
];

const transcript: FaultPromise = {
  name: "huge-transcript",
  promise:
    "A transcript of 3 GB, nearly all of it a hole: a start still gives a brief, `ingest` reads every record in 200 MB of memory, the loss is told once, and reading it again writes nothing.",
  n: 1,
  unavailable: () => lacks("/usr/bin/time"),
  run: ({ n }) => repeat(n, () => inBox(ingest)),
  control: () => repeat(1, () => inBox(readWhole)),
};

export const HUGE: readonly FaultPromise[] = [transcript];
