import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Box, copyBox, makeBox, UNREAD } from "./box.ts";
import { tempsBelow } from "./leftovers.ts";
import type { FaultPromise, Outcome, Trial } from "./promise.ts";
import { eventIds, turnPayloads, turnTroubles } from "./turn.ts";
import { journalTroubles, replacedTroubles, SESSION, writerBundle, writing } from "./writing.ts";

// SIGKILL before every single system call that writes: strace injects it at the n-th call of each kind.

/** What a write consists of. Each is counted for itself: strace's `when=` counts per system call and thread. */
const CALLS = [
  "openat",
  "write",
  "fsync",
  "rename",
  "link",
  "unlink",
  "rmdir",
  "mkdir",
  "ftruncate",
] as const;
const STRACE = ["strace", "-f", "-qq"];

interface KillPoint {
  readonly call: string;
  /** The how-manieth call of that name in the program's own thread. */
  readonly number: number;
}

/** Every call of a command that touches one of the folders, by a run that nobody kills. */
function pointsOf(
  command: readonly string[],
  folders: readonly string[],
  run: { cwd: string; env: NodeJS.ProcessEnv; input: string },
): readonly KillPoint[] {
  const base = mkdtempSync(join(tmpdir(), "leftoff-faults-trace-"));
  const trace = join(base, "trace");
  const [strace = "", ...args] = [...STRACE, "-y", "-o", trace, "-e", `trace=${CALLS.join(",")}`, ...command];
  spawnSync(strace, args, { ...run, stdio: ["pipe", "ignore", "ignore"] });
  const lines = readFileSync(trace, "utf8").split("\n");
  rmSync(base, { recursive: true, force: true });
  const [own] = lines[0]?.split(" ") ?? [];
  const counts = new Map<string, number>();
  return lines.flatMap((line) => {
    const [, pid, call = ""] = /^(\d+)\s+(\w+)\(/.exec(line) ?? [];
    if (pid !== own) return [];
    const number = (counts.get(call) ?? 0) + 1;
    counts.set(call, number);
    return folders.some((folder) => line.includes(folder)) ? [{ call, number }] : [];
  });
}

const killedAt = ({ call, number }: KillPoint) => [
  ...STRACE,
  "-o",
  "/dev/null",
  "-e",
  `trace=${call}`,
  "-e",
  `inject=${call}:signal=KILL:when=${number}`,
];

/** So many points, spread over all of them; all where there are fewer. */
function spread(points: readonly KillPoint[], { n, random }: Trial): readonly KillPoint[] {
  if (points.length <= n) return points;
  const step = points.length / n;
  const start = random.next() * step;
  return Array.from({ length: n }, (_, index) => points[Math.floor(start + index * step)]).filter(
    (point) => point !== undefined,
  );
}

async function killWriterEverywhere(
  trial: Trial,
  mode: string,
  look: (folder: string, acknowledged: readonly number[]) => readonly string[],
): Promise<Outcome> {
  const base = mkdtempSync(join(tmpdir(), "leftoff-faults-"));
  try {
    const first = join(base, "traced");
    const command = [process.execPath, await writerBundle(), mode, first, "0", "4"];
    mkdirSync(first);
    const points = pointsOf(command, [first], { cwd: base, env: { ...process.env, SESSION }, input: "" });
    const chosen = spread(points, trial);
    const failures: string[] = [];
    for (const [index, point] of chosen.entries()) {
      const folder = join(base, String(index));
      const killed = await writing({ mode, folder, to: 4, through: killedAt(point) });
      const at = `at ${point.call} ${point.number}`;
      failures.push(...look(folder, killed.acknowledged).map((what) => `${at}: ${what}`));
      const next = await writing({ mode, folder, from: 10, to: 12 });
      failures.push(
        ...look(folder, [...(mode.endsWith("journal") ? killed.acknowledged : []), ...next.acknowledged]).map(
          (what) => `${at}, then the next: ${what}`,
        ),
      );
      if (next.acknowledged.length !== 2) failures.push(`${at}: the next writer failed: ${next.stderr}`);
      rmSync(folder, { recursive: true, force: true });
    }
    return points.length === 0
      ? { n: 0, failures: ["the trace shows no system calls"] }
      : { n: chosen.length, failures };
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

async function killIngestEverywhere(
  trial: Trial,
  { recovers }: { readonly recovers: boolean },
): Promise<Outcome> {
  const model = makeBox({ past: false });
  const failures: string[] = [];
  const box = (name: string) => {
    const copy = copyBox(model, join(model.root, "rounds", name));
    copy.turn(UNREAD, 1);
    return copy;
  };
  try {
    const traced = box("traced");
    const folders = [traced.home, join(model.project, ".claude")];
    const points = pointsOf(ingestCommand(traced), folders, {
      cwd: traced.project,
      env: traced.env,
      input: turnPayloads(traced, UNREAD, 1).prompt,
    });
    forgetDocuments(traced);
    const chosen = spread(points, trial);
    for (const [index, point] of chosen.entries()) {
      const copy = box(String(index));
      const found = await killedIngest(copy, point, recovers);
      failures.push(...found.map((what) => `at ${point.call} ${point.number}: ${what}`));
      copy.dispose();
      forgetDocuments(copy);
    }
    return { n: chosen.length, failures };
  } finally {
    model.dispose();
  }
}

async function killedIngest(box: Box, point: KillPoint, recovers: boolean): Promise<readonly string[]> {
  const { prompt, stop } = turnPayloads(box, UNREAD, 1);
  const [strace = "", ...args] = [...killedAt(point), ...ingestCommand(box)];
  spawnSync(strace, args, {
    cwd: box.project,
    env: box.env,
    input: prompt,
    stdio: ["pipe", "ignore", "ignore"],
  });
  const known = eventIds(box);
  if (recovers) await box.ingest(stop);
  const temps = recovers ? tempsBelow(box.project) : [];
  return [...turnTroubles(box, UNREAD, { known, sessions: 1 }), ...temps.map((path) => `left ${path}`)];
}

function ingestCommand(box: Box): readonly string[] {
  const hook = /'([^']*hook\.cjs)'/.exec(readFileSync(join(box.home, "bin", "nudge"), "utf8"))?.[1] ?? "";
  return [process.execPath, hook, "ingest"];
}

function forgetDocuments(box: Box): void {
  rmSync(join(box.project, ".claude", "sessions"), { recursive: true, force: true });
}

/** strace and a process that lets itself be traced. */
const noStrace = () =>
  spawnSync("strace", ["-qq", "-o", "/dev/null", "true"]).status === 0
    ? undefined
    : "strace cannot trace here";

const journal: FaultPromise = {
  name: "syscall-journal",
  promise:
    "kill -9 before every system call of an append: every acknowledged event is there once, and the next writer goes on.",
  n: 100,
  unavailable: noStrace,
  run: (trial) => killWriterEverywhere(trial, "journal", journalTroubles),
  control: (trial) => killWriterEverywhere({ ...trial, n: 12 }, "control-journal", journalTroubles),
};

const replaced: FaultPromise = {
  name: "syscall-replace",
  promise:
    "kill -9 before every system call of a replaced file: it is whole, and not older than what was acknowledged.",
  n: 100,
  unavailable: noStrace,
  run: (trial) => killWriterEverywhere(trial, "replace", replacedTroubles),
  control: (trial) => killWriterEverywhere({ ...trial, n: 12 }, "control-replace", replacedTroubles),
};

const ingest: FaultPromise = {
  name: "syscall-ingest",
  promise:
    "kill -9 before every system call by which an ingest writes (n of them, spread): the next hook makes everything whole, once, and leaves nothing unfinished.",
  n: 100,
  unavailable: noStrace,
  run: (trial) => killIngestEverywhere(trial, { recovers: true }),
  control: (trial) => killIngestEverywhere({ ...trial, n: 5 }, { recovers: false }),
};

/** Failpoints on both sides of every removal (src/disk). */
const REMOVALS = ["remove.before-unlink", "remove.after-unlink", "remove.before-folder"] as const;

/** Kills the first ingest of a turn at each removal that it does, one after the other, until there is none left. */
async function killAtRemovals({ recovers }: { readonly recovers: boolean }): Promise<Outcome> {
  const model = makeBox({ past: false });
  const failures: string[] = [];
  let n = 0;
  try {
    for (const point of REMOVALS) {
      for (let times = 1, isKilled = true; isKilled; times += 1) {
        const box = copyBox(model, join(model.root, "rounds", `${point}-${times}`));
        box.turn(UNREAD, 1);
        const { prompt, stop } = turnPayloads(box, UNREAD, 1);
        const exit = await box.ingest(prompt, { env: { LEFTOFF_FAILPOINTS: `${point}@${times}=kill` } });
        isKilled = exit === "SIGKILL";
        if (isKilled) n += 1;
        const known = eventIds(box);
        if (recovers) await box.ingest(stop);
        const found = isKilled ? turnTroubles(box, UNREAD, { known, sessions: 1 }) : [];
        failures.push(...found.map((what) => `at ${point} ${times}: ${what}`));
        box.dispose();
        forgetDocuments(box);
      }
    }
    return n === 0 ? { n, failures: ["nothing was removed"] } : { n, failures };
  } finally {
    model.dispose();
  }
}

const removals: FaultPromise = {
  name: "kill-removals",
  promise:
    "kill -9 before and after every file and folder that an ingest removes: the next hook makes everything whole, once, and leaves nothing unfinished.",
  n: 30,
  fixed: true,
  run: () => killAtRemovals({ recovers: true }),
  control: () => killAtRemovals({ recovers: false }),
};

export const KILL_EVERYWHERE: readonly FaultPromise[] = [journal, replaced, ingest, removals];
