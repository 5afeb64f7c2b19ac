import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cannotMount, mount, unmount } from "./disk.ts";
import { type FaultPromise, type Outcome, repeat, type Trial } from "./promise.ts";
import { journalTroubles, replacedTroubles, unsyncedTroubles, writing } from "./writing.ts";

// A power cut: the file system is shut down under a running writer, so that everything that was not synced is gone, and
// mounted again, which replays its own journal. https://man7.org/linux/man-pages/man8/xfs_io.8.html: `shutdown` works
// on ext4, too.

type FileSystem = "ext4" | "xfs";

/** XFS makes nothing smaller than 300 MB. The image is sparse. */
const IMAGE_SIZE = "320M";
const CUT_MS_MAX = 120;

interface Disk {
  readonly path: string;
  cutPower(): void;
  dispose(): void;
}

function makeDisk(system: FileSystem): Disk {
  const base = mkdtempSync(join(tmpdir(), "leftoff-faults-power-"));
  const image = join(base, "image");
  const path = join(base, "disk");
  mkdirSync(path);
  run("truncate", "-s", IMAGE_SIZE, image);
  run(`mkfs.${system}`, "-q", image);
  mount("-o", "loop", image, path);
  return {
    path,
    cutPower: () => {
      run("xfs_io", "-x", "-c", "shutdown", path);
    },
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
      const end = (kill: () => void) =>
        setTimeout(() => {
          disk.cutPower();
          kill();
        }, afterMs);
      const { acknowledged } = await writing({ mode, folder, onFirst: end });
      if (!unmount(disk.path)) throw new Error(`${disk.path} is busy`);
      mount("-o", "loop", join(disk.path, "..", "image"), disk.path);
      const found = look(folder, acknowledged);
      rmSync(folder, { recursive: true, force: true });
      return found;
    });
  } finally {
    disk.dispose();
  }
}

/** A record that was being written at the cut may be torn: it was not acknowledged, and its place is reported. */
const journalAfterCut: Look = (folder, acknowledged) =>
  journalTroubles(folder, acknowledged).filter((trouble) => !trouble.startsWith("damage"));

const lacks = (system: FileSystem) =>
  cannotMount() ??
  ["xfs_io", `mkfs.${system}`]
    .filter((command) => spawnSync("which", [command]).status !== 0)
    .map((command) => `${command} is missing`)[0];

const powerCut = (system: FileSystem): FaultPromise => ({
  name: `power-${system}`,
  promise: `A power cut on ${system}: every acknowledged event is in the journal once; a replaced file is whole and not older than acknowledged.`,
  n: system === "ext4" ? 30 : 20,
  unavailable: () => lacks(system),
  run: (trial) =>
    cut(system, trial, [
      ["journal", journalAfterCut],
      ["replace", replacedTroubles],
    ]),
  control: (trial) => cut(system, { ...trial, n: 10 }, [["control-unsynced", unsyncedTroubles]]),
});

export const POWER: readonly FaultPromise[] = [powerCut("ext4"), powerCut("xfs")];
