import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { conversationLockPath } from "../../src/app/ingest.ts";
import { tryLock } from "../../src/disk/lock.ts";
import { type Box, endProcess, KNOWN, UNREAD } from "./box.ts";
import type { Surroundings } from "./hook-cell.ts";

/** Something that is wrong around a hook. */
export interface Condition {
  readonly name: string;
  /** Whether SessionStart can still tell where the work was left off. */
  readonly answers?: boolean;
  /** Mounts something: needs root and a mount namespace of its own. */
  readonly mounts?: boolean;
  readonly needsRoot?: boolean;
  /** Does what is wrong to the box; the payload is what the hook would have got. */
  prepare?(box: Box): Promise<Prepared> | Prepared;
  around?(payload: string, box: Box): Surroundings;
}
interface Prepared {
  /** Ends what was started, takes off what was mounted. */
  undo(): void;
}

const NOTHING_TO_UNDO: Prepared = { undo: () => {} };
const OTHER_UID = 65_534;

const withInput = (name: string, text: (payload: string) => string, leftOpen = false): Condition => ({
  name,
  around: (payload) => ({ stdin: { kind: "text", text: text(payload), leftOpen } }),
});
const withEnv = (name: string, env: Surroundings["env"] & object, answers = true): Condition => ({
  name,
  answers,
  around: (payload) => ({ stdin: { kind: "text", text: payload }, env }),
});
const withThrough = (name: string, through: readonly string[], more: Partial<Condition> = {}): Condition => ({
  name,
  answers: true,
  ...more,
  around: (payload) => ({ stdin: { kind: "text", text: payload }, through }),
});
const withBox = (name: string, change: (box: Box) => void, answers = false): Condition => ({
  name,
  answers,
  prepare: (box) => {
    change(box);
    return NOTHING_TO_UNDO;
  },
});
const state = (box: Box, ...names: string[]) => join(box.home, "state", ...names);

const INPUT: readonly Condition[] = [
  withInput("stdin is garbage", () => "\u0000\ufffd}{".repeat(20_000)),
  withInput("stdin is empty", () => ""),
  withInput("stdin is null", () => "null\n"),
  withInput("stdin is []", () => "[]\n"),
  {
    name: "stdin has 100 MB",
    around: (payload) => ({
      stdin: { kind: "flood", first: payload.replace(/\}\n$/, ',"prompt":"'), sizeBytes: 100_000_000 },
    }),
  },
  withInput("stdin is never closed", () => "", true),
  withInput("stdin ends in the middle and is never closed", (payload) => payload.slice(0, -20), true),
  { name: "stdin never ends", around: () => ({ stdin: { kind: "flood" } }) },
  { name: "stdin is closed", around: () => ({ stdin: { kind: "closed" } }) },
];

const OUTPUT: readonly Condition[] = (["closed", "broken", "full"] as const).map((stdout) => ({
  name: `stdout is ${stdout}`,
  around: (payload) => ({ stdin: { kind: "text", text: payload }, stdout }),
}));

const ENVIRONMENT: readonly Condition[] = [
  { name: "all is well", answers: true },
  // Without LEFTOFF_HOME, as on most machines: the scripts know where they were installed.
  withEnv("HOME is unset", { HOME: undefined, LEFTOFF_HOME: undefined }),
  withEnv("HOME is empty", { HOME: "", LEFTOFF_HOME: undefined }),
  withEnv("HOME is a file", { HOME: "/etc/passwd", LEFTOFF_HOME: undefined }),
  withEnv("HOME is read-only", { HOME: "/proc/1", LEFTOFF_HOME: undefined }),
  withEnv("PATH is unset", { PATH: undefined }),
  withEnv("PATH leads nowhere", { PATH: "/nonexistent" }),
  withEnv("LEFTOFF_HOME is a file", { LEFTOFF_HOME: "/etc/passwd" }, false),
  withEnv("NODE_OPTIONS is nonsense", { NODE_OPTIONS: "--require /nonexistent.cjs --nonsense" }),
  withEnv("the locale is Turkish", { LC_ALL: "tr_TR.UTF-8", LANG: "tr_TR.UTF-8" }),
  withEnv("the locale is none there is", { LC_ALL: "ja_JP.eucJP/../x" }),
  withEnv("TMPDIR leads nowhere", { TMPDIR: "/nonexistent" }),
  withEnv("TZ is 14 hours ahead", { TZ: "Pacific/Kiritimati" }),
  withEnv("TZ is nonsense", { TZ: ":/etc/passwd" }),
  withThrough("the umask takes every right", ["/bin/sh", "-c", 'umask 777; exec "$@"', "sh"]),
  withEnv("CLAUDE_ENV_FILE cannot be written", { CLAUDE_ENV_FILE: "/proc/1/leftoff" }),
  {
    name: "the folder is gone",
    answers: true,
    around: (payload, box) => {
      const gone = join(box.root, "gone");
      mkdirSync(gone);
      // The hook starts in a folder that its own parent removes.
      return {
        cwd: gone,
        stdin: { kind: "text", text: payload },
        through: ["/bin/sh", "-c", 'rmdir "$PWD"; exec "$@" 2>"$0"', join(box.root, "stderr")],
      };
    },
  },
];

const INSTALLED: readonly Condition[] = [
  withBox("the runtime is missing", (box) => unlinkSync(join(box.home, "runtime"))),
  withBox("bin is missing", (box) => rmSync(join(box.home, "bin"), { recursive: true })),
  withBox("bin is empty", (box) => {
    for (const name of readdirSync(join(box.home, "bin"))) rmSync(join(box.home, "bin", name));
  }),
  withBox("node is missing", (box) => {
    for (const name of ["nudge", "answer"]) {
      const path = join(box.home, "bin", name);
      writeFileSync(path, readFileSync(path, "utf8").replaceAll(process.execPath, "/nonexistent/node"));
    }
  }),
  withBox("machine.json is corrupt", (box) => writeFileSync(join(box.home, "machine.json"), "{\u0000"), true),
  withBox("machine.json is a folder", (box) => {
    rmSync(join(box.home, "machine.json"));
    mkdirSync(join(box.home, "machine.json"));
  }),
  withBox("workspaces.jsonl is corrupt", (box) =>
    writeFileSync(join(box.home, "workspaces.jsonl"), "{\u0000}{\n"),
  ),
  withBox(
    "the printed brief is corrupt",
    (box) => {
      for (const name of readdirSync(state(box, "briefs"))) writeFileSync(state(box, "briefs", name), "{");
    },
    true,
  ),
  withBox("state is a file", (box) => {
    rmSync(state(box), { recursive: true });
    writeFileSync(state(box), "");
  }),
];

const HELD: readonly Condition[] = [
  {
    name: "the conversation is locked by a living process",
    answers: true,
    prepare: (box) => {
      const lock = tryLock(conversationLockPath(box.app(), KNOWN));
      return { undo: () => lock?.release() };
    },
  },
  {
    // Waiting for it is synchronous, and longer than a hook may take.
    name: "the archive is locked by a living process, and there is something to read",
    // With the brief of the last turn, which says that it is old.
    answers: true,
    prepare: (box) => {
      box.turn(UNREAD, 1);
      const lock = tryLock(join(box.home, "archive", "claude", UNREAD, "main.lock"));
      return { undo: () => lock?.release() };
    },
  },
  {
    name: "a stopped ingest holds the lock",
    answers: true,
    prepare: async (box) => {
      const env = { ...box.env, LEFTOFF_FAILPOINTS: "lock.after-acquire=delay:120000" };
      const hook = /'([^']*hook\.cjs)'/.exec(readFileSync(join(box.home, "bin", "nudge"), "utf8"))?.[1] ?? "";
      const child = spawn(process.execPath, [hook, "ingest"], {
        env,
        cwd: box.project,
        stdio: ["pipe", "ignore", "ignore"],
      });
      child.stdin.end(box.payload("Stop", KNOWN));
      const lock = conversationLockPath(box.app(), KNOWN);
      for (
        let waits = 0;
        waits < 6_000 && !readdirSync(state(box, "locks")).some((name) => lock.endsWith(name));
        waits += 1
      )
        await sleep(10);
      child.kill("SIGSTOP");
      return { undo: () => endProcess(child.pid ?? 0) };
    },
  },
];

function mount(...args: string[]): void {
  const { status, stderr } = spawnSync("mount", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`mount ${args.join(" ")}: ${stderr}`);
}

const ISOLATED: readonly Condition[] = [
  withThrough("there is no network", ["unshare", "-n"], { needsRoot: true }),
];

const DISK: readonly Condition[] = [
  {
    name: "the disk is full",
    answers: true,
    mounts: true,
    prepare: (box) => {
      const full = join(box.root, "full");
      mkdirSync(full);
      mount("-t", "tmpfs", "-o", "size=8m", "tmpfs", full);
      spawnSync("cp", ["-a", `${box.home}/.`, full]);
      mount("--move", full, box.home);
      spawnSync("dd", ["if=/dev/zero", `of=${join(box.home, "filler")}`, "bs=4k"], { stdio: "ignore" });
      return { undo: () => spawnSync("umount", ["-l", box.home]) };
    },
  },
  {
    name: "LEFTOFF_HOME is read-only",
    answers: true,
    mounts: true,
    prepare: (box) => {
      mount("--bind", box.home, box.home);
      mount("-o", "remount,bind,ro", box.home);
      return { undo: () => spawnSync("umount", ["-l", box.home]) };
    },
  },
  {
    name: "LEFTOFF_HOME belongs to somebody else",
    needsRoot: true,
    prepare: (box) => {
      chmodSync(box.home, 0o700);
      return NOTHING_TO_UNDO;
    },
    around: (payload) => ({
      stdin: { kind: "text", text: payload },
      through: ["setpriv", `--reuid=${OTHER_UID}`, "--clear-groups"],
    }),
  },
  {
    name: "LEFTOFF_HOME can be read and not written",
    needsRoot: true,
    answers: true,
    prepare: (box) => {
      spawnSync("chmod", ["-R", "a+rX", box.root, box.project, realpathSync(join(box.home, "runtime"))]);
      for (const path of [box.root, box.project, realpathSync(join(box.home, "runtime"))])
        for (let above = dirname(path); above !== tmpdir() && above !== "/"; above = dirname(above))
          chmodSync(above, 0o755);
      return NOTHING_TO_UNDO;
    },
    around: (payload) => ({
      stdin: { kind: "text", text: payload },
      through: ["setpriv", `--reuid=${OTHER_UID}`, "--clear-groups"],
    }),
  },
];

export const CONDITIONS: readonly Condition[] = [
  ...ENVIRONMENT,
  ...INPUT,
  ...OUTPUT,
  ...INSTALLED,
  ...HELD,
  ...ISOLATED,
  ...DISK,
];
