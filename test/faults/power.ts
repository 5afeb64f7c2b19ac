import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { waitingCalls } from "../../src/app/pending-call.ts";
import { pauseMs } from "../../src/disk/pause.ts";
import { answerOf, type Box, endProcess, makeBox, promptOf, reopenBox, UNREAD } from "./box.ts";
import { callTroubles } from "./calls.ts";
import { cannotMount, mount, unmount } from "./disk.ts";
import { type FaultPromise, lacks, type Outcome, repeat, type Trial } from "./promise.ts";
import { eventIds, turnPayloads, turnTroubles } from "./turn.ts";
import { journalTroubles, replacedTroubles, unsyncedTroubles, writing } from "./writing.ts";

// A power cut: the file system is shut down under a running writer, so that everything that was not synced is gone, and
// mounted again, which replays its own journal. https://man7.org/linux/man-pages/man8/xfs_io.8.html: `shutdown` works
// on ext4, too.

type FileSystem = "ext4" | "xfs";

/** XFS makes nothing smaller than 300 MB. The image is sparse. */
const IMAGE_SIZE = "320M";
const CUT_MS_MAX = 120;

const TAKE_OUT_TRIES_MAX = 100;
const TAKE_OUT_PAUSE_MS = 20;

interface Disk {
  readonly path: string;
  cutPower(): void;
  /** Takes it out and puts it in again, which replays the file system's own journal. */
  restart(): void;
  /** Keeps what is on it now; every reset brings that back. */
  save(): void;
  reset(): void;
  dispose(): void;
}

function makeDisk(system: FileSystem): Disk {
  const base = mkdtempSync(join(tmpdir(), "leftoff-faults-power-"));
  const image = join(base, "image");
  const path = join(base, "disk");
  mkdirSync(path);
  run("truncate", "-s", IMAGE_SIZE, image);
  run(`mkfs.${system}`, "-q", image);
  const putIn = () => mount("-o", "loop", image, path);
  const takeOut = () => {
    // Who was killed in the middle of a system call is gone when that is done.
    for (let tries = 0; !unmount(path); tries += 1) {
      if (tries === TAKE_OUT_TRIES_MAX) throw new Error(`${path} is busy`);
      pauseMs(TAKE_OUT_PAUSE_MS);
    }
  };
  const copied = (from: string, to: string) => {
    takeOut();
    run("cp", "--sparse=always", from, to);
    putIn();
  };
  putIn();
  return {
    path,
    cutPower: () => {
      run("xfs_io", "-x", "-c", "shutdown", path);
    },
    restart: () => {
      takeOut();
      putIn();
    },
    save: () => copied(image, `${image}.saved`),
    reset: () => copied(`${image}.saved`, image),
    dispose: () => {
      unmount(path);
      rmSync(base, { recursive: true, force: true });
    },
  };
}

function run(command: string, ...args: string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${stderr}`);
}

type Look = (folder: string, acknowledged: readonly number[]) => readonly string[];

/**
 * Stops a process, cuts, and ends it: so it acknowledges nothing after the cut began. Else the rig would find faults that
 * are the kernel's: an fsync that is under way while a file system is shut down may return 0 with nothing on disk (of
 * 60 cuts under a loop of write(2) and fsync(2) 5 on xfs and 4 on ext4, each returned within the ioctl; stopped before: 0
 * of 100). A real cut leaves nobody who could be told.
 */
function cutUnder(disk: Disk, pid: number): void {
  process.kill(pid, "SIGSTOP");
  const isRunning = () => /\) [RS] /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  while (isRunning()) pauseMs(1);
  disk.cutPower();
  endProcess(pid);
}

async function cut(
  system: FileSystem,
  { n, random }: Trial,
  paths: readonly (readonly [mode: string, look: Look])[],
): Promise<Outcome> {
  const disk = makeDisk(system);
  try {
    return await repeat(n, async (round) => {
      const [mode, look] = paths[round % paths.length] ?? ["journal", journalTroubles];
      const folder = join(disk.path, String(round));
      const afterMs = random.next() * CUT_MS_MAX;
      const onFirst = (pid: number) => setTimeout(() => cutUnder(disk, pid), afterMs);
      const { acknowledged } = await writing({ mode, folder, onFirst });
      disk.restart();
      const found = look(folder, acknowledged);
      rmSync(folder, { recursive: true, force: true });
      return found;
    });
  } finally {
    disk.dispose();
  }
}

/** A whole installation on a disk: program, project, transcripts. Each round begins with the same one once the disk is reset to it. */
async function onInstalled(
  system: FileSystem,
  tryOn: (disk: Disk, root: string) => Promise<Outcome>,
): Promise<Outcome> {
  const disk = makeDisk(system);
  const root = join(disk.path, "box");
  try {
    makeBox({ root, past: false });
    disk.save();
    return await tryOn(disk, root);
  } finally {
    disk.dispose();
  }
}

function cutIngests(
  system: FileSystem,
  { n, random }: Trial,
  { recovers }: { readonly recovers: boolean },
): Promise<Outcome> {
  return onInstalled(system, async (disk, root) => {
    const box = await freshTurn(root, 0);
    const startMs = performance.now();
    await box.ingest(turnPayloads(box, UNREAD, 1).prompt);
    const wholeMs = performance.now() - startMs;
    return repeat(n, async (round) => {
      disk.reset();
      const box = await freshTurn(root, round);
      const { prompt, stop } = turnPayloads(box, UNREAD, 1);
      const end = (pid: number) => cutUnder(disk, pid);
      await box.ingest(round % 2 === 0 ? prompt : stop, { killAfterMs: random.next() * wholeMs, end });
      for (const pid of box.processes()) endProcess(pid);
      disk.restart();
      const known = eventIds(box);
      if (recovers) await box.ingest(stop);
      return turnTroubles(box, UNREAD, { known, sessions: 1 });
    });
  });
}

/**
 * The call was worked off, and then the power goes, before the system wrote anything back by itself: also with the agent's
 * transcript gone, which it does not sync, what was said is kept. The control is a call that tells nothing itself.
 */
function cutAfter(
  system: FileSystem,
  { n }: Trial,
  { tells }: { readonly tells: boolean },
): Promise<Outcome> {
  return onInstalled(system, (disk, root) =>
    repeat(n, async () => {
      disk.reset();
      const box = reopenBox(root);
      box.turn(UNREAD, 1);
      run("sync", "-f", root);
      const { stop } = turnPayloads(box, UNREAD, 1);
      await box.ingest(tells ? stop : box.payload("SessionEnd", UNREAD));
      disk.cutPower();
      for (const pid of box.processes()) endProcess(pid);
      disk.restart();
      rmSync(box.transcript(UNREAD), { force: true });
      const file = { agent: "claude", conversation: UNREAD, file: "main" };
      const kept = JSON.stringify(box.app().store.archive.read(file).records);
      return [promptOf(1), answerOf(1)].flatMap((text) => (kept.includes(text) ? [] : [`lost: ${text}`]));
    }),
  );
}

/** Long after the ingest began to wait, and long before it stops waiting (TRANSCRIPT_LAG_MS). */
const CUT_WAITING_MS = 900;

/**
 * An ingest waits for the answer that its call told and the transcript does not have, and then the power goes: the call waits on
 * disk for the next one. The control is a call that tells nothing itself, after which the ingest waits, too.
 */
function cutWaiting(
  system: FileSystem,
  { n }: Trial,
  { tells }: { readonly tells: boolean },
): Promise<Outcome> {
  return onInstalled(system, (disk, root) =>
    repeat(n, async () => {
      disk.reset();
      const box = reopenBox(root);
      run("sync", "-f", root);
      const { stop } = turnPayloads(box, UNREAD, 1);
      const end = (pid: number) => cutUnder(disk, pid);
      const payload = tells ? stop : box.payload("SessionEnd", UNREAD);
      await box.ingest(payload, { killAfterMs: CUT_WAITING_MS, end });
      disk.restart();
      const waiting = waitingCalls(box.app(), UNREAD).map(({ event }) => event);
      return waiting.length === 1 ? [] : [`${waiting.length} calls wait`];
    }),
  );
}

/** The transcript of a turn on disk; in odd rounds its first call was worked off. */
async function freshTurn(root: string, round: number): Promise<Box> {
  const box = reopenBox(root);
  box.turn(UNREAD, 1);
  if (round % 2 === 1) await box.ingest(turnPayloads(box, UNREAD, 1).prompt);
  run("sync", "-f", root);
  return box;
}

/** A record that was being written at the cut may be torn: it was not acknowledged, and its place is reported. */
const journalAfterCut: Look = (folder, acknowledged) =>
  journalTroubles(folder, acknowledged).filter((trouble) => !trouble.startsWith("damage"));

const cannotCut = (system: FileSystem) => cannotMount() ?? lacks("xfs_io", `mkfs.${system}`);

const powerCut = (system: FileSystem): FaultPromise => ({
  name: `power-${system}`,
  promise: `A power cut on ${system}: every acknowledged event is in the journal once, every acknowledged hook call waits to be worked off, a replaced file is whole and not older than acknowledged.`,
  n: 30,
  unavailable: () => cannotCut(system),
  run: (trial) =>
    cut(system, trial, [
      ["journal", journalAfterCut],
      ["replace", replacedTroubles],
      ["call", callTroubles],
    ]),
  control: (trial) => cut(system, { ...trial, n: 10 }, [["control-unsynced", unsyncedTroubles]]),
});

const powerCutInIngest = (system: FileSystem): FaultPromise => ({
  name: `power-ingest-${system}`,
  promise: `A power cut on ${system} while a turn is read: after the next hook every record is archived once, every event, session and document is there once, and nothing unfinished is left.`,
  n: 20,
  unavailable: () => cannotCut(system),
  run: (trial) => cutIngests(system, trial, { recovers: true }),
  control: (trial) => cutIngests(system, { ...trial, n: 6 }, { recovers: false }),
});

const powerCutWaiting = (system: FileSystem): FaultPromise => ({
  name: `power-waiting-${system}`,
  promise: `A power cut on ${system} while an ingest waits for what its hook call told and the transcript does not have yet: the call waits to be worked off.`,
  n: 10,
  unavailable: () => cannotCut(system),
  run: (trial) => cutWaiting(system, trial, { tells: true }),
  control: (trial) => cutWaiting(system, { ...trial, n: 3 }, { tells: false }),
});

const powerCutAfterIngest = (system: FileSystem): FaultPromise => ({
  name: `power-after-${system}`,
  promise: `A power cut on ${system} right after a hook call was worked off: what was asked and answered is in the archive, also when the agent's transcript is gone.`,
  n: 20,
  unavailable: () => cannotCut(system),
  run: (trial) => cutAfter(system, trial, { tells: true }),
  control: (trial) => cutAfter(system, { ...trial, n: 3 }, { tells: false }),
});

export const POWER: readonly FaultPromise[] = [
  powerCut("ext4"),
  powerCut("xfs"),
  powerCutInIngest("ext4"),
  powerCutInIngest("xfs"),
  powerCutWaiting("ext4"),
  powerCutWaiting("xfs"),
  powerCutAfterIngest("ext4"),
  powerCutAfterIngest("xfs"),
];
