import { spawn } from "node:child_process";
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { systemClock } from "../../base/clock.ts";
import { type ConversationId, newSessionId } from "../../base/id.ts";
import { FAILPOINTS, type Failpoint, reachedFailpoints } from "../../disk/failpoint.ts";
import { makeFolder, removeFolderIfEmpty, removeTree } from "../../disk/folder.ts";
import { removeLeftovers } from "../../disk/leftovers.ts";
import { tryLock } from "../../disk/lock.ts";
import { ownMark } from "../../disk/process-mark.ts";
import { eventWith, sourceOf } from "../store.contract.ts";
import { openLocalStore } from "./local.ts";
import { openRepair } from "./repair.ts";

let base = "";
let home = "";
/** The store as one file, so that a process starts in the time that node takes. */
let bundle = "";
beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), "leftoff-processes-"));
  bundle = join(base, "store.mjs");
  const contents = 'export * from "./local.ts"; export * from "./archive-pack.ts";';
  const stdin = { contents, resolveDir: import.meta.dirname };
  await build({ stdin, outfile: bundle, bundle: true, platform: "node", format: "esm" });
});
afterAll(() => rmSync(base, { recursive: true, force: true }));
beforeEach(() => {
  home = mkdtempSync(join(base, "home-"));
});

const session = newSessionId(0);
const MAIN = { agent: "claude", conversation: "c0" as ConversationId, file: "main" };
const open = () => openLocalStore(home, systemClock);

/** What a writer in a process of its own has in scope. */
const PRELUDE = `
  const { openLocalStore, openPacking } = await import(process.env.BUNDLE);
  import { writeSync } from "node:fs";
  const store = openLocalStore(process.env.HOME_OF_TEST, { nowMs: Date.now, monotonicMs: () => performance.now() });
  const session = ${JSON.stringify(session)}, MAIN = ${JSON.stringify(MAIN)};
  const ack = (n) => writeSync(1, n + "\\n");
  const event = (writer, n) => ({
    id: "evt_" + writer + n.toString(16).padStart(31, "0"), machine: store.machine(), atMs: n, by: { kind: "leftoff" },
    type: "session.renamed", data: { title: writer + ":" + n },
  });
  const pack = () => openPacking(process.env.HOME_OF_TEST + "/archive").pack("claude", "c0", { isOver: true });
  const turn = (n) => ({ ...batch(n), records: [{ n, text: "word ".repeat(1000) }], ends: [100 * n + 90] });
  const batch = (n) => ({
    records: [0, 1, 2].map((i) => ({ n: 3 * n + i, text: "word ".repeat(9000) })), ends: [1, 2, 3].map((i) => 100 * n + i * 30),
    fromByte: 100 * n, position: { inode: 1, sizeBytes: 9999, offset: 100 * (n + 1) },
  });
`;

interface Ended {
  readonly signal: string | null;
  /** Lines it printed, each a number. */
  readonly acked: readonly number[];
}

function run(code: string, failpoints = ""): Promise<Ended> {
  const env = {
    ...process.env,
    HOME_OF_TEST: home,
    BUNDLE: bundle,
    ...(failpoints && { LEFTOFF_FAILPOINTS: failpoints }),
  };
  const child = spawn(process.execPath, ["--input-type=module", "-e", PRELUDE + code], {
    stdio: ["ignore", "pipe", "inherit"],
    env,
  });
  let printed = "";
  child.stdout.on("data", (chunk) => {
    printed += String(chunk);
  });
  return new Promise((resolve) => {
    child.on("close", (_code, signal) => {
      resolve({ signal, acked: printed.split("\n").filter(Boolean).map(Number) });
    });
  });
}

test("eight processes that write 500 events each to one journal lose none and tear none, and no reader sees damage", async () => {
  let running = 8;
  const writers = Array.from({ length: 8 }, async (_, writer) => {
    await run(`for (let n = 0; n < 500; ) {
      const size = 1 + (n % 9);
      store.journal.append(session, Array.from({ length: Math.min(size, 500 - n) }, (_, i) => event("${writer}", n + i)));
      n += size;
    }`);
    running -= 1;
  });
  const store = open();
  let position = {};
  const seen: string[] = [];
  while (running > 0) {
    const part = store.journal.read(session, position);
    expect(part.damage).toEqual([]);
    seen.push(...part.events.map(({ id }) => id));
    position = part.position;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await Promise.all(writers);
  const { events, damage } = store.journal.read(session);
  expect([events.length, damage, new Set(events.map(({ machine }) => machine)).size]).toEqual([4_000, [], 1]);
  for (let writer = 0; writer < 8; writer += 1) {
    const own = events.filter(({ id }) => id.startsWith(`evt_${writer}`)).map(({ atMs }) => atMs);
    expect(own).toEqual(Array.from({ length: 500 }, (_, n) => n));
  }
  seen.push(...store.journal.read(session, position).events.map(({ id }) => id));
  expect(seen).toEqual(events.map(({ id }) => id));
});

test("eight first processes agree on one machine id", async () => {
  await Promise.all(
    Array.from({ length: 8 }, (_, n) => run(`store.journal.append(session, [event("${n}", 1)]);`)),
  );
  const { events, position } = open().journal.read(session);
  expect([events.length, Object.keys(position)]).toEqual([8, [open().machine()]]);
});

const APPEND_POINTS: readonly Failpoint[] = [
  "append.before-write",
  "append.half-written",
  "append.before-fsync",
  "append.after-fsync",
  "journal.after-append",
];

test.each(APPEND_POINTS)(
  "kill -9 at %s loses no acknowledged event, and the next writer goes on",
  async (point) => {
    const ended = await run(
      `store.machine(); for (let n = 0; n < 9; n += 1) { store.journal.append(session, [event("a", n)]); ack(n); }`,
      // The first append makes the session's folder; it has its own test.
      `${point}@${point === "journal.after-append" ? 4 : 3}=kill`,
    );
    expect(ended).toEqual({ signal: "SIGKILL", acked: [0, 1, 2] });
    const store = open();
    const numbers = () => store.journal.read(session).events.map(({ atMs }) => atMs);
    const before = numbers();
    expect([
      [0, 1, 2],
      [0, 1, 2, 3],
    ]).toContainEqual(before);
    store.journal.append(session, [{ ...eventWith({ type: "session.paused", data: {} }, "b"), atMs: 99 }]);
    expect(numbers()).toEqual([...before, 99]);
    expect(store.journal.read(session).damage).toHaveLength(point === "append.half-written" ? 1 : 0);
  },
);

test("kill -9 while a session begins leaves no session, and its next beginning is whole", async () => {
  const begin = `store.machine(); store.journal.append(session, [event("a", 0), event("a", 1)]); ack(0);`;
  const before: readonly string[] = ["replace.before-write@2", "create.before-rename"];
  for (const point of before) {
    expect(await run(begin, `${point}=kill`)).toEqual({ signal: "SIGKILL", acked: [] });
    expect(open().journal.sessions()).toEqual([]);
  }
  expect((await run(begin, "journal.after-append=kill")).signal).toBe("SIGKILL");
  const { events, damage } = open().journal.read(session);
  expect([events.map(({ atMs }) => atMs), damage]).toEqual([[0, 1], []]);
  expect(removeLeftovers(join(home, "journal"))).toHaveLength(before.length);
  expect(readdirSync(join(home, "journal"))).toEqual([session]);
});

const ARCHIVE_POINTS: readonly Failpoint[] = [
  "append.half-written",
  "append.after-fsync",
  "archive.after-append",
  "archive.after-index",
];

test.each(ARCHIVE_POINTS)(
  "kill -9 at %s leaves an archive that the same reading completes, nothing twice",
  async (point) => {
    const code = "for (let n = 0; n < 5; n += 1) { store.archive.append(MAIN, batch(n)); ack(n); }";
    const ended = await run(code, `${point}@3=kill`);
    expect(ended.signal).toBe("SIGKILL");
    const kept = open()
      .archive.read(MAIN)
      .records.map(({ n }) => n);
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, n) => n));
    expect(kept.length).toBeGreaterThanOrEqual(3 * ended.acked.length);
    expect((await run(code)).acked).toEqual([0, 1, 2, 3, 4]);
    const { records, damage } = open().archive.read(MAIN);
    expect([records.map(({ n }) => n), damage]).toEqual([Array.from({ length: 15 }, (_, n) => n), []]);
    expect(open().archive.position(MAIN)).toEqual({ inode: 1, sizeBytes: 9999, offset: 500 });
  },
);

const PACK_POINTS = [
  "remove.before-unlink",
  "remove.after-unlink",
  "archive.before-replace",
  "replace.before-write",
  "replace.before-write@2",
  "replace.before-rename",
  "replace.before-rename@2",
  "replace.after-rename",
  "replace.after-rename@2",
];

test.each(PACK_POINTS)("kill -9 at %s of packing leaves an archive with everything in it", async (point) => {
  await run("for (let n = 0; n < 12; n += 1) store.archive.append(MAIN, turn(n));");
  const before = { ...open().archive.read(MAIN), position: open().archive.position(MAIN) };
  expect((await run("pack();", `${point.includes("@") ? point : `${point}@1`}=kill`)).signal).toBe("SIGKILL");
  expect({ ...open().archive.read(MAIN), position: open().archive.position(MAIN) }).toEqual(before);
  await run("store.archive.append(MAIN, turn(12)); pack();");
  const { records, damage } = open().archive.read(MAIN);
  expect([records.map(({ n }) => n), damage]).toEqual([Array.from({ length: 13 }, (_, n) => n), []]);
  expect(open().archive.isLoose("claude", MAIN.conversation, { isOver: true })).toBe(false);
  expect(readdirSync(join(home, "archive", "claude", "c0")).sort()).toEqual([
    "main.index.jsonl",
    "main.jsonl.gz",
  ]);
});

test("readers beside a writer and one who packs see every turn that was written, in order, and no damage", async () => {
  let isRunning = true;
  const writer = run(
    "for (let n = 0; n < 300; n += 1) { store.archive.append(MAIN, turn(n)); if (n % 5 === 4) pack(); }",
  ).then(() => {
    isRunning = false;
  });
  const { archive } = open();
  let least = 0;
  while (isRunning) {
    const { records, damage } = archive.read(MAIN);
    const back: unknown[] = [];
    archive.newestFirst(MAIN, (group) => void back.push(...group.toReversed().map(({ n }) => n)));
    const offset = archive.position(MAIN)?.offset ?? 0;
    expect([records.map(({ n }) => n), damage]).toEqual([
      Array.from({ length: records.length }, (_, n) => n),
      [],
    ]);
    expect(back.toReversed()).toEqual(Array.from({ length: back.length }, (_, n) => n));
    expect([records.length >= least, back.length >= records.length, offset >= 100 * back.length]).toEqual([
      true,
      true,
      true,
    ]);
    least = records.length;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await writer;
  expect(archive.read(MAIN).records).toHaveLength(300);
});

test("neither an append of a turn nor a look at the last ones loads zlib", async () => {
  await run("store.archive.append(MAIN, turn(0));");
  const { acked } = await run(`
    const isLoaded = () => ack(process.moduleLoadList.includes("NativeModule zlib") ? 1 : 0);
    isLoaded(); store.archive.append(MAIN, turn(1)); store.archive.position(MAIN);
    store.archive.newestFirst(MAIN, () => "stop"); isLoaded();
    store.archive.read(MAIN); isLoaded();
  `);
  expect(acked).toEqual([0, 0, 1]);
});

test("every failpoint is reached by what a store does", () => {
  vi.stubEnv("LEFTOFF_FAILPOINTS", "append.half-written=pass");
  try {
    const store = open();
    const source = sourceOf([{ a: 1 }, { b: 2 }], 1);
    store.journal.append(session, [eventWith({ type: "session.paused", data: {} })]);
    store.journal.append(session, [eventWith({ type: "session.resumed", data: {} }, "b")]);
    store.state.put("a", 1);
    store.state.remove("a");
    makeFolder(join(home, "empty"));
    removeFolderIfEmpty(join(home, "empty"));
    removeTree(join(home, "empty"));
    store.archive.append(MAIN, source.batch(0, 1));
    const folder = join(home, "archive", "claude", "c0");
    appendFileSync(
      join(folder, "main.jsonl.gz"),
      readFileSync(join(folder, "main.jsonl.gz")).subarray(0, 30),
    );
    writeFileSync(join(folder, "main.lock"), JSON.stringify({ ...ownMark(), startTime: "1" }));
    store.archive.append(MAIN, source.batch(1, 2));
    expect(store.archive.read(MAIN).records).toEqual([{ a: 1 }, { b: 2 }]);
    for (const path of [
      join(home, "journal", session, `${store.machine()}.jsonl`),
      join(folder, "main.jsonl.gz"),
    ])
      appendFileSync(path, "damage");
    expect(openRepair(home, systemClock, []).takeOut({ dryRun: false }).repaired).toHaveLength(2);
    expect([...reachedFailpoints().keys()].sort()).toEqual([...FAILPOINTS].sort());
  } finally {
    vi.unstubAllEnvs();
  }
});

test("a reader does not call damaged what another process is writing into the archive", () => {
  const store = open();
  store.archive.append(MAIN, sourceOf([{ a: 1 }], 1).batch(0, 1));
  const path = join(home, "archive", "claude", "c0", "main");
  const size = statSync(`${path}.jsonl.gz`).size;
  appendFileSync(`${path}.jsonl.gz`, readFileSync(`${path}.jsonl.gz`).subarray(0, size - 1));
  const writing = tryLock(`${path}.lock`);
  expect(store.archive.read(MAIN)).toEqual({ records: [{ a: 1 }], damage: [] });
  writing?.release();
  expect(store.archive.read(MAIN).damage).toHaveLength(1);
  truncateSync(`${path}.jsonl.gz`, size);
  expect(store.archive.read(MAIN).damage).toEqual([]);
});
