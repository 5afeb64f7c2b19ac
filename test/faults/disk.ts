import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Box, KNOWN, MAIN, makeBox, untilIdle } from "./box.ts";
import { runHook } from "./hook-cell.ts";
import { leftTroubles } from "./leftovers.ts";
import { type FaultPromise, lacks, needsRoot, type Outcome, repeat, type Trial } from "./promise.ts";
import { eventIds } from "./turn.ts";
import { journalTroubles, type Writing, writing } from "./writing.ts";

// Disks that are full, fail, or may not be written: what is refused is told, what was acknowledged stays.

/** Exit codes of the command line (docs/reference/errors.md). */
const EXIT = { ok: 0, permission: 6, diskFull: 7 };
const OTHER_UID = 65_534;

export function mount(...args: string[]): void {
  const { status, stderr } = spawnSync("mount", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`mount ${args.join(" ")}: ${stderr}`);
}
export const unmount = (path: string) => spawnSync("umount", [path], { stdio: "ignore" }).status === 0;

export const cannotMount = () =>
  needsRoot() ?? (process.env.LEFTOFF_FAULTS_MOUNTS === "1" ? undefined : "there is no mount namespace");

/** Puts a folder with what it holds onto a small disk of its own. */
function onSmallDisk(box: Box, folder: string, options: string): void {
  const disk = join(box.root, "disk");
  mkdirSync(disk, { recursive: true });
  mount("-t", "tmpfs", "-o", options, "tmpfs", disk);
  const copied = spawnSync("cp", ["-a", `${folder}/.`, disk], { encoding: "utf8" });
  if (copied.status !== 0) throw new Error(copied.stderr);
  mount("--move", disk, folder);
}

/** Where names are what is short, bytes are plenty: a disk that is full of bytes has no room again when names are given back. */
const SMALL_DISKS = { bytes: "size=8m,nr_inodes=2k", inodes: "size=64m,nr_inodes=2k" } as const;

/** Takes all but a little of a disk's room. @returns how to give it back. */
function fill(folder: string, kind: "bytes" | "inodes", left: number): () => void {
  const filler = join(folder, "filler");
  mkdirSync(filler);
  const { bsize, bavail } = statfsSync(folder);
  if (kind === "bytes")
    writeFileSync(join(filler, "0"), Buffer.alloc(Math.max(0, bsize * bavail - left * 1024)));
  else {
    const free = statfsSync(folder).ffree;
    for (let index = 0; index < free - left; index += 1) writeFileSync(join(filler, String(index)), "");
  }
  return () => rmSync(filler, { recursive: true });
}

async function full({ n, random }: Trial, mode: "note" | "control-note"): Promise<Outcome> {
  return repeat(n, async (round) => {
    const box = makeBox();
    const folder = round % 4 < 2 ? box.home : join(box.project, ".claude", "sessions");
    const kind = round % 2 === 0 ? "bytes" : "inodes";
    onSmallDisk(box, folder, SMALL_DISKS[kind]);
    try {
      // A note needs two inodes in the home, for its lock and for what it replaces; in the documents one.
      const isHome = folder === box.home;
      const leftMax = kind === "bytes" ? (isHome ? 64 : 16) : isHome ? 2 : 1;
      return await written(box, mode, () => fill(folder, kind, random.between(0, leftMax)));
    } finally {
      unmount(folder);
      box.dispose();
    }
  });
}

/** More than fit into what is left. */
const NOTES_MAX = 400;

/** Notes until nothing goes any more, hooks meanwhile, room again, and the next command. */
async function written(box: Box, mode: string, makeTight: () => () => void): Promise<readonly string[]> {
  const free = makeTight();
  const known = eventIds(box);
  const before = await writing({ mode, folder: box.home, cwd: box.project, env: box.env, to: NOTES_MAX });
  const refused = box.leftoff("note", "next", "while there is no room");
  const hooks = await Promise.all(
    ["SessionStart", "Stop"].map((event) =>
      runHook(box, event, {
        stdin: { kind: "text", text: box.payload(event, KNOWN, { source: "startup" }) },
      }),
    ),
  );
  await untilIdle(box);
  free();
  const again = box.leftoff("note", "next", "there is room again");
  await box.ingest(box.payload("Stop", KNOWN));
  return [
    ...(before.exit === 0 ? ["the disk never filled up"] : []),
    ...(refused.status === EXIT.diskFull || refused.status === EXIT.ok
      ? []
      : [`note ended with ${refused.status}: ${refused.stderr}`]),
    ...hooks
      .filter(({ exit, stderr }) => exit !== 0 || stderr !== "")
      .map(({ exit }) => `a hook ended with ${exit}`),
    ...(again.status === EXIT.ok ? [] : [`with room again note ended with ${again.status}: ${again.stderr}`]),
    ...notesTroubles(box, before),
    ...known.filter((id) => !eventIds(box).includes(id)).map((id) => `${id} is lost`),
    ...leftTroubles(box),
  ];
}

/** Acknowledged notes that the journal or the document does not have once. */
function notesTroubles(box: Box, { acknowledged }: Writing): readonly string[] {
  const { journal } = box.app().store;
  const texts = journal
    .sessions()
    .flatMap((session) => journal.read(session).events.map(({ data }) => JSON.stringify(data)));
  const folder = join(box.project, ".claude", "sessions");
  const documents = readdirSync(folder)
    .filter((name) => /^\d.*\.tmp$/.test(name))
    .map((name) => readFileSync(join(folder, name), "utf8"));
  const once = (all: readonly string[], n: number) =>
    all.join("\n").split(`finding number ${n} of`).length === 2;
  const noted = texts.filter((text) => text.includes('"kind":"finding"'));
  const lost = acknowledged.filter((n) => !once(noted, n));
  const unwritten = acknowledged.filter((n) => !once(documents, n));
  return [
    ...(lost.length === 0
      ? []
      : [`${lost.length} of ${acknowledged.length} acknowledged notes are not in the journal once`]),
    ...(unwritten.length === 0
      ? []
      : [`${unwritten.length} of ${acknowledged.length} acknowledged notes are not in the document once`]),
  ];
}

const enospc: FaultPromise = {
  name: "disk-full",
  promise:
    "A full disk (bytes, inodes; the home, the documents): `note` ends with 7 or says that the document has to wait, hooks end with 0, no acknowledged note is lost; with room again everything goes on and nothing unfinished is left.",
  n: 20,
  unavailable: cannotMount,
  run: (trial) => full(trial, "note"),
  control: (trial) => full({ ...trial, n: 4 }, "control-note"),
};

/** The n-th sync of a writer fails with EIO. */
async function failingSync({ n }: Trial, mode: string): Promise<Outcome> {
  const box = makeBox({ past: false });
  try {
    return await repeat(n, async (round) => {
      const folder = join(box.root, `eio-${round}`);
      const inject = `inject=fsync,fdatasync:error=EIO:when=${1 + round}`;
      const through = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync,fdatasync", "-e", inject];
      const first = await writing({ mode, folder, to: n + 4, through });
      const next = await writing({ mode, folder, from: 1_000, to: 1_003 });
      const troubles = journalTroubles(folder, [...first.acknowledged, ...next.acknowledged]);
      const isIgnored = first.exit === 0 ? ["the error was ignored"] : [];
      return [...isIgnored, ...(next.exit === 0 ? [] : [`the next writer: ${next.stderr}`]), ...troubles];
    });
  } finally {
    box.dispose();
  }
}

const eio: FaultPromise = {
  name: "sync-fails",
  promise:
    "An fsync that fails with EIO is never taken for done: the event is not acknowledged, the others are there once, the next writer goes on.",
  n: 20,
  unavailable: () =>
    spawnSync("strace", ["-qq", "-o", "/dev/null", "true"]).status === 0
      ? undefined
      : "strace cannot trace here",
  run: (trial) => failingSync(trial, "journal"),
  control: (trial) => failingSync({ ...trial, n: 3 }, "control-journal"),
};

/** What may be read and not written: reading commands work, writing ones end with 6 and say why. */
async function refused(box: Box, through: readonly string[]): Promise<readonly string[]> {
  const run = (...args: string[]) => {
    const [command = "", ...rest] = [...through, process.execPath, MAIN, ...args];
    return spawnSync(command, rest, { cwd: box.project, env: box.env, encoding: "utf8" });
  };
  const known = eventIds(box);
  const note = run("note", "next", "where nothing can be written");
  const reads = ["status", "list", "show", "brief", "notes"].map((name) => ({ name, ...run(name) }));
  const hook = await runHook(box, "Stop", {
    through,
    stdin: { kind: "text", text: box.payload("Stop", KNOWN) },
  });
  const lines = note.stderr.trimEnd().split("\n");
  return [
    ...(note.status === EXIT.permission ? [] : [`note ended with ${note.status}: ${note.stderr}`]),
    ...(lines.length === 2 ? [] : [`note said ${JSON.stringify(note.stderr)}`]),
    ...reads
      .filter(({ status }) => status !== EXIT.ok)
      .map(({ name, status, stderr }) => `${name} ended with ${status}: ${stderr}`),
    ...(hook.exit === 0 && hook.stderr === "" ? [] : [`the hook ended with ${hook.exit}: ${hook.stderr}`]),
    ...(JSON.stringify(eventIds(box)) === JSON.stringify(known) ? [] : ["the journal changed"]),
  ];
}

async function readOnly(): Promise<Outcome> {
  return repeat(1, async () => {
    const box = makeBox();
    mount("--bind", box.home, box.home);
    mount("-o", "remount,bind,ro", box.home);
    try {
      return await refused(box, []);
    } finally {
      unmount(box.home);
      box.dispose();
    }
  });
}

async function otherUser({ writable }: { readonly writable: boolean }): Promise<Outcome> {
  return repeat(1, async () => {
    const box = makeBox();
    try {
      spawnSync("chmod", ["-R", writable ? "a+rwX" : "a+rX", box.root]);
      chmodSync(box.root, 0o755);
      return await refused(box, ["setpriv", `--reuid=${OTHER_UID}`, "--clear-groups"]);
    } finally {
      box.dispose();
    }
  });
}

const readOnlyHome: FaultPromise = {
  name: "read-only",
  promise:
    "A read-only disk: `note` ends with 6 and says why in two lines, reading commands work, hooks exit 0, nothing changes.",
  n: 1,
  fixed: true,
  unavailable: cannotMount,
  run: readOnly,
  control: () => otherUser({ writable: true }),
};

const foreignHome: FaultPromise = {
  name: "no-permission",
  promise: "Files of somebody else (EACCES): the same.",
  n: 1,
  fixed: true,
  unavailable: needsRoot,
  run: () => otherUser({ writable: false }),
  control: () => otherUser({ writable: true }),
};

/** dash needs 11 to read any script; Node about twenty: below that it does not start, and nothing is acknowledged either. */
const OPEN_FILES_FROM = 12;
/** How many files a running program may still open: none, up to as many as one note holds open at once. */
const FREE_FILES_MAX = 4;

/** So many more open files, from now on: a new one takes the lowest number that is free, below the limit. */
function limitFiles(pid: number, more: number): void {
  const open = new Set(readdirSync(`/proc/${pid}/fd`).map(Number));
  const free = Array.from({ length: open.size + more + 1 }, (_, fd) => fd).filter((fd) => !open.has(fd));
  spawnSync("prlimit", [`--pid=${pid}`, `--nofile=${free[more]}`]);
}

async function fewFiles({ n }: Trial, mode: string): Promise<Outcome> {
  const box = makeBox();
  const numbers: number[] = [];
  try {
    return await repeat(n, async (round) => {
      const from = 10 * round;
      const writer = { mode, folder: box.home, cwd: box.project, env: box.env, from, to: from + 4 };
      const onFirst = (pid: number) => limitFiles(pid, round % FREE_FILES_MAX);
      const { acknowledged } = await writing({ ...writer, onFirst });
      numbers.push(...acknowledged);
      const through = ["/bin/sh", "-c", `ulimit -n ${OPEN_FILES_FROM + round}; exec "$@"`, "sh"];
      const stdin = { kind: "text", text: box.payload("Stop", KNOWN) } as const;
      const hook = await runHook(box, "Stop", { through, stdin });
      return [
        ...(hook.exit === 0 && hook.stderr === ""
          ? []
          : [`the hook ended with ${hook.exit}: ${hook.stderr}`]),
        ...lostOf(box, numbers),
      ];
    });
  } finally {
    box.dispose();
  }
}

function lostOf(box: Box, acknowledged: readonly number[]): readonly string[] {
  box.leftoff("note", "next", "all files again");
  return notesTroubles(box, { acknowledged, exit: 0, stderr: "" });
}

const emfile: FaultPromise = {
  name: "few-files",
  promise:
    "Too few open files (none more for a program that is writing, `ulimit -n` 12 and up for a hook): no acknowledged note is lost, hooks exit 0 and say nothing.",
  n: 30,
  unavailable: () => lacks("prlimit"),
  run: (trial) => fewFiles(trial, "note"),
  control: (trial) => fewFiles({ ...trial, n: 8 }, "control-note"),
};

export const DISK: readonly FaultPromise[] = [enospc, eio, readOnlyHome, foreignHome, emfile];
