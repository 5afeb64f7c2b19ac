import { spawnSync } from "node:child_process";
import { closeSync, openSync, statSync, writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { ArchiveFile } from "../../src/store/store.ts";
import { answerOf, type Box, MAIN, makeBox, UNREAD } from "./box.ts";
import { readWhole } from "./huge.ts";
import { type FaultPromise, lacks, type Outcome, repeat } from "./promise.ts";
import { eventIds } from "./turn.ts";

// One record that is larger than memory may be, between two turns: what a command printed for hours.

const RECORD_BYTES_MIN = 3_000_000_000;
const BLOCK_BYTES = 4_000_000;
const MEMORY_KB_MAX = 300_000;
/** An ingest is killed when it is this far in the record, and the next one this much further. */
const KILLED_AFTER_BYTES = 100_000_000;
const LOOK_MS = 50;
const UUID = "bbbbbbbb-9999-4000-8000-000000000001";
/** Two turns of a box's transcript. */
const RECORDS = 8;
const FILE: ArchiveFile = { agent: "claude", conversation: UNREAD, file: "main" };

const lineOf = (n: number) =>
  `2026-11-21T10:00:00 line ${n} of what a command printed, with number ${n * 7919} and path /usr/lib/x${n % 97}.so\\n`;

/** @returns how long the record is, without its line feed. */
function appendRecord(path: string, cwd: string): number {
  const head = JSON.stringify({
    parentUuid: null,
    type: "user",
    uuid: UUID,
    sessionId: UNREAD,
    timestamp: "2026-11-21T10:00:00.000Z",
    cwd,
    message: { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_x", content: "@@" }] },
  });
  const [before = "", after = ""] = head.split("@@");
  const fd = openSync(path, "a");
  let sizeBytes = writeSync(fd, before);
  for (let n = 0; sizeBytes < RECORD_BYTES_MIN; ) {
    let block = "";
    while (block.length < BLOCK_BYTES) block += lineOf(n++);
    sizeBytes += writeSync(fd, block);
  }
  sizeBytes += writeSync(fd, after);
  writeSync(fd, "\n");
  closeSync(fd);
  return sizeBytes;
}

/** Kills a hook's ingest in the middle of the record. @returns how far it had come, and what was wrong with that. */
async function killedInRecord(box: Box, fromByte: number): Promise<readonly [number, readonly string[]]> {
  const position = () => box.app().store.archive.position(FILE);
  const wantedByte = fromByte + KILLED_AFTER_BYTES;
  const until = async (pid: number): Promise<void> => {
    while ((position()?.offset ?? 0) < wantedByte) await sleep(LOOK_MS);
    process.kill(pid, "SIGKILL");
  };
  const exit = await box.ingest(box.payload("Stop", UNREAD, { last_assistant_message: answerOf(2) }), {
    killAfterMs: 0,
    end: (pid) => void until(pid).catch(() => {}),
  });
  const { offset = 0, inRecord = false } = position() ?? {};
  return [
    offset,
    [
      ...(exit === "SIGKILL" ? [] : [`the ingest was done before it could be killed (${exit})`]),
      ...(inRecord ? [] : ["the place inside the record is not kept"]),
    ],
  ];
}

async function readRecord(box: Box, command: readonly string[]): Promise<readonly string[]> {
  const path = box.transcript(UNREAD);
  box.turn(UNREAD, 1);
  const sizeBytes = appendRecord(path, box.project);
  box.turn(UNREAD, 2);
  const [first, firstTroubles] = await killedInRecord(box, 0);
  const [, secondTroubles] = await killedInRecord(box, first);
  const args = ["-f", "%M", process.execPath, ...command];
  const read = spawnSync("/usr/bin/time", args, { cwd: box.project, env: box.env, encoding: "utf8" });
  const known = eventIds(box);
  const again = spawnSync(process.execPath, command, { cwd: box.project, env: box.env });
  const memoryKb = Number(read.stderr.trim().split("\n").at(-1));
  return [
    ...firstTroubles,
    ...secondTroubles,
    ...(read.status === 0 && again.status === 0
      ? []
      : [`reading ended with ${read.status}, ${again.status}`]),
    ...(memoryKb <= MEMORY_KB_MAX ? [] : [`reading took ${memoryKb} kB of memory`]),
    ...(eventIds(box).length === known.length ? [] : ["reading it again wrote something"]),
    ...keptTroubles(box, sizeBytes),
    ...toldTroubles(box, `${path}:5: ${sizeBytes} bytes lost`),
    ...(box.app().store.archive.position(FILE)?.offset === statSync(path).size
      ? []
      : ["it is not read to its end"]),
  ];
}

/** Every record is kept; of the long one its header, once, and every byte, in windows. */
function keptTroubles(box: Box, sizeBytes: number): readonly string[] {
  let records = 0;
  let headers = 0;
  let windowBytes = 0;
  box.app().store.archive.forEach(FILE, (some) => {
    for (const record of some) {
      if (record.type === "leftoff-window") windowBytes += String(record.text).length;
      else if (record.uuid !== UUID) records += 1;
      else if (record.type === "user" && record.cwd === box.project) headers += 1;
    }
  });
  return [
    ...(records === RECORDS ? [] : [`${records} other records are kept`]),
    ...(headers === 1 ? [] : [`${headers} headers are kept`]),
    ...(windowBytes === sizeBytes ? [] : [`${windowBytes} bytes of ${sizeBytes} are kept`]),
  ];
}

function toldTroubles(box: Box, place: string): readonly string[] {
  const { trouble } = JSON.parse(box.leftoff("status", "--json").stdout) as { trouble: readonly string[] };
  return trouble.length === 1 && trouble[0]?.includes(place) === true
    ? []
    : [`told was ${JSON.stringify(trouble)}`];
}

async function inBox(n: number, reader: (box: Box) => readonly string[]): Promise<Outcome> {
  return repeat(n, async () => {
    const box = makeBox();
    try {
      return await readRecord(box, reader(box));
    } finally {
      box.dispose();
    }
  });
}

export const hugeRecord: FaultPromise = {
  name: "huge-record",
  promise:
    "A single record of 3 GB: hooks whose ingest is killed inside of it go on where they were, the rest is read in 300 MB of memory, its header and every byte are kept, in windows, the loss is told once, and reading it again writes nothing.",
  n: 1,
  unavailable: () => lacks("/usr/bin/time"),
  run: ({ n }) => inBox(n, () => [MAIN, "ingest"]),
  control: () => inBox(1, readWhole),
};
