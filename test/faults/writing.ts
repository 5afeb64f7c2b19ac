import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { systemClock } from "../../src/base/clock.ts";
import { newSessionId } from "../../src/base/id.ts";
import { readIfThere } from "../../src/disk/read.ts";
import { openLocalStore } from "../../src/store/local/local.ts";

export const SESSION = newSessionId(0);

/** What a kill in the middle of write(2) leaves, about once in 300 kills: of a record that nobody was told is written. */
const CUT_OFF = "the file ends inside a record";

export interface Writing {
  /** Numbers that the writer said are written, in order. */
  readonly acknowledged: readonly number[];
  readonly exit: number | string | null;
  readonly stderr: string;
}

export interface WritingOptions {
  readonly mode: string;
  readonly folder: string;
  /** First number; the writer ends before `to`. */
  readonly from?: number;
  readonly to?: number;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** What the writer is started through: `strace …`. */
  readonly through?: readonly string[];
  /** Called once, with the writer's process id, when the first number came. */
  onFirst?(pid: number): void;
}

let bundle: Promise<string> | undefined;

/** writer.ts as one file, so that a process starts in the time that node takes. */
export function writerBundle(): Promise<string> {
  bundle ??= makeBundle();
  return bundle;
}

/** For a process that does not end by itself: a worker of vitest is killed. */
export async function removeWriterBundle(): Promise<void> {
  const made = await bundle;
  bundle = undefined;
  if (made !== undefined) rmSync(dirname(made), { recursive: true, force: true });
}

async function makeBundle(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "leftoff-faults-writer-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const outfile = join(folder, "writer.mjs");
  const entryPoints = [join(import.meta.dirname, "writer.ts")];
  const banner = {
    js: 'import { createRequire as __r } from "node:module"; const require = __r(import.meta.url);',
  };
  await build({ entryPoints, outfile, bundle: true, platform: "node", format: "esm", banner });
  return outfile;
}

/** Lets a process write on one path until it has done all, or is ended. */
export async function writing(options: WritingOptions): Promise<Writing> {
  const { mode, folder, from = 0, to = 1_000_000, cwd, env = process.env, through = [] } = options;
  const [command = "", ...args] = [
    ...through,
    process.execPath,
    await writerBundle(),
    mode,
    folder,
    String(from),
    String(to),
  ];
  mkdirSync(folder, { recursive: true });
  const child = spawn(command, args, { cwd, env: { ...env, SESSION }, stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => {
    if (printed === "" && child.pid !== undefined) options.onFirst?.(child.pid);
    printed += String(chunk);
  });
  child.stderr.on("data", (chunk) => {
    stderr += String(chunk);
  });
  const exit = await new Promise<number | string | null>((settle) => {
    child.on("close", (code, signal) => settle(signal ?? code));
  });
  const lines = printed
    .slice(0, printed.lastIndexOf("\n") + 1)
    .split("\n")
    .filter(Boolean);
  return { acknowledged: lines.map(Number), exit, stderr };
}

/** What of the numbers that were acknowledged the journal lacks, or has twice. */
export function journalTroubles(folder: string, acknowledged: readonly number[]): readonly string[] {
  const { events, damage } = openLocalStore(folder, systemClock).journal.read(SESSION);
  const times = new Map<number, number>();
  for (const { atMs } of events) times.set(atMs, (times.get(atMs) ?? 0) + 1);
  const lost = acknowledged.filter((n) => !times.has(n));
  const twice = [...times].filter(([, count]) => count > 1);
  return [
    ...(lost.length > 0
      ? [
          `${lost.length} of ${acknowledged.length} acknowledged events are lost: ${lost.slice(0, 5).join(", ")}`,
        ]
      : []),
    ...(twice.length > 0 ? [`${twice.length} events are there twice`] : []),
    ...damage.filter(({ reason }) => reason !== CUT_OFF).map(({ reason }) => `damage: ${reason}`),
  ];
}

/** Whether the replaced file is one that was written whole, and not older than the last one acknowledged. */
export function replacedTroubles(folder: string, acknowledged: readonly number[]): readonly string[] {
  const bytes = readIfThere(join(folder, "document.md"));
  const last = acknowledged.at(-1);
  if (bytes === undefined) return last === undefined ? [] : ["the file is gone"];
  const lines = bytes.toString("utf8").split("\n");
  const [first, , again] = lines;
  const length = 3_000 * 9 + 9 * (Number(first) % 50);
  if (lines.length !== 4 || first !== again || first === "" || (lines[1]?.length ?? 0) !== length)
    return ["the file is torn"];
  return last !== undefined && Number(first) < last
    ? [`the file is of write ${first}, ${last} was acknowledged`]
    : [];
}

/** What a file that was never synced lacks of what was acknowledged. */
export function unsyncedTroubles(folder: string, acknowledged: readonly number[]): readonly string[] {
  const lines = new Set((readIfThere(join(folder, "unsynced"))?.toString("utf8") ?? "").split("\n"));
  const lost = acknowledged.filter((n) => !lines.has(String(n)));
  return lost.length === 0 ? [] : [`${lost.length} of ${acknowledged.length} acknowledged lines are lost`];
}
