import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, vi } from "vitest";
import { built, DIST, makeProgramBox, type ProgramBox } from "./program-box.ts";

// `leftoff status` has a bundle of its own (src/status.ts): whatever the state, it says what the whole command line says.

let box: ProgramBox;
/** The entry and its bundles, without main.js to go on to. */
let alone = "";
/** With the bundle alone that tells where nothing is new. */
let lean = "";
// Each starts a dozen processes.
vi.setConfig({ testTimeout: 60_000 });

beforeEach(() => {
  box = makeProgramBox();
  alone = join(box.folder, "alone");
  lean = join(box.folder, "lean");
  for (const folder of [alone, lean]) {
    mkdirSync(folder);
    for (const name of ["leftoff.cjs", "status.cjs"]) cpSync(join(DIST, name), join(folder, name));
  }
  cpSync(join(DIST, "status-whole.cjs"), join(alone, "status-whole.cjs"));
  git("init", "-q", "-b", "main");
  commit("start");
});
afterEach(() => box.dispose());

function git(...args: readonly string[]): void {
  const who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"];
  const env = { PATH: process.env.PATH, HOME: box.folder, GIT_CONFIG_NOSYSTEM: "1" };
  const { status, stderr } = spawnSync("git", [...who, ...args], { cwd: box.project, env, encoding: "utf8" });
  expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
}

function commit(subject: string): void {
  git("commit", "-q", "--allow-empty", "-m", subject);
}

interface Told {
  readonly exit: number | null;
  readonly out: string;
  readonly err: string;
}

function told(program: string, argv: readonly string[], env: { readonly [name: string]: string } = {}): Told {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...argv], {
    cwd: box.project,
    env: { PATH: process.env.PATH, HOME: box.folder, LEFTOFF_HOME: box.home, ...env },
    encoding: "utf8",
  });
  return { exit: status, out: stdout, err: stderr };
}

/** An age in the answers can change between the two, but not twice. */
const TRIES_MAX = 3;

/** What both say. */
function bothTell(argv: readonly string[], env?: { readonly [name: string]: string }, program = alone): Told {
  for (let tries = 1; ; tries += 1) {
    const own = told(join(program, "leftoff.cjs"), argv, env);
    const whole = told(join(DIST, "main.js"), argv, env);
    if (own.out !== whole.out && tries < TRIES_MAX) continue;
    expect(own).toEqual(whole);
    return own;
  }
}

built("where there is nothing, and where a conversation was cut off", () => {
  expect(bothTell(["status"]).out).toContain("No session is open in ");
  expect(JSON.parse(bothTell(["status", "--json"]).out)).toMatchObject({ session: null });

  box.write(...box.turn(1), box.turn(2)[0]);
  // Here the bundle is the one that reads the conversation.
  const first = told(join(alone, "leftoff.cjs"), ["status"]);
  expect(first).toMatchObject({ exit: 0, err: "" });
  expect(first.out).toContain("Prompt 2");
  expect(bothTell(["status"]).out).toContain("Prompt 2");
  expect(bothTell(["status", "--json"]).exit).toBe(0);
});

built("what the small bundle tells alone: all that was read and written by somebody else before", () => {
  expect(bothTell(["status"], {}, lean).out).toContain("No session is open in ");
  box.write(...box.turn(1), box.turn(2)[0]);
  // Somebody has to read that first, and here nobody can.
  expect(told(join(lean, "leftoff.cjs"), ["status"])).toMatchObject({ exit: 1, out: "" });
  expect(box.run("status").exit).toBe(0);
  expect(bothTell(["status"], {}, lean).out).toContain("Prompt 2");
  box.write(...box.turn(2).slice(1));
  expect(box.run("ingest").exit).toBe(0);
  commit("After the turn");
  git("switch", "-q", "-c", "feature/인증");
  expect(bothTell(["status"], {}, lean).out).toContain("feature/인증");
  box.run("note", "next", "검색 색인을 다시 만들고 🚀 확인한다");
  box.run("note", "failed", "Tokens in localStorage", "--why", "any script can read them");
  box.run("memory", "init");
  box.run("block", "waiting for Ada");
  expect(bothTell(["status"], {}, lean).out).toContain("waiting for Ada");
  expect(JSON.parse(bothTell(["status", "--json"], {}, lean).out)).toMatchObject({ failed: 1 });
  box.run("complete");
  expect(bothTell(["status"], {}, lean).exit).toBe(0);
});

built("what cannot be printed ends as it does with the whole program", () => {
  box.run("new", "Login");
  // A device is not a pipe: there the stream that a terminal needs is loaded, which learns of the full disk.
  for (const to of ["> /dev/full", "| exec true", "> /dev/null"]) {
    const exits = [join(alone, "leftoff.cjs"), join(DIST, "main.js")].map((program) => {
      const run = ["-c", `set -o pipefail; "$0" "$1" status ${to}`, process.execPath, program];
      const env = { PATH: process.env.PATH, HOME: box.folder, LEFTOFF_HOME: box.home };
      return spawnSync("bash", run, { cwd: box.project, env }).status;
    });
    expect(exits[0], to).toBe(exits[1]);
  }
});

built("notes in any script, with how urgent they are", () => {
  box.run("new", "Search");
  box.run("note", "next", "검색 색인을 다시 만들고 🚀 확인한다 — “heute” …", "--priority", "high");
  box.run("note", "next", "x".repeat(300), "--horizon", "future");
  box.run("note", "failed", "Tokens in localStorage", "--why", "any script can read them");
  expect(bothTell(["status"]).out).toContain("1 failed attempt");
  expect(bothTell(["status", "--json"]).exit).toBe(0);
});

built("another git branch, commits since the last turn, and a reason", () => {
  box.write(...box.turn(1));
  expect(box.run("ingest").exit).toBe(0);
  commit("After the turn – ü");
  git("switch", "-q", "-c", "feature/인증");
  expect(bothTell(["status"]).out).toContain("feature/인증");
  box.run("block", "waiting for the review of Ada");
  expect(bothTell(["status"]).out).toContain("waiting for the review of Ada");
});

built("a document that a person edits, or that is half merged", () => {
  box.run("new", "Login");
  box.run("note", "next", "Rotate tokens");
  const [document = ""] = readdirSync(join(box.home, "documents"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".tmp"))
    .map((name) => join(box.home, "documents", name));
  const text = readFileSync(document, "utf8");

  writeFileSync(document, text.replace("Rotate tokens", "Rotate all tokens"));
  // Here the bundle is the one that takes the edit in.
  expect(told(join(alone, "leftoff.cjs"), ["status"]).out).toContain("Rotate all tokens");
  expect(bothTell(["status"]).out).toContain("Rotate all tokens");
  appendFileSync(document, "\n<<<<<<< ours\nmine\n=======\ntheirs\n>>>>>>> theirs\n");
  expect(bothTell(["status"]).out).toContain(document.split("/").at(-1));
});

built("damaged records, and for an agent in its conversation", () => {
  box.write(...box.turn(1));
  expect(box.run("ingest").exit).toBe(0);
  const journals = readdirSync(join(box.home, "journal"), { recursive: true, encoding: "utf8" });
  const [journal = ""] = journals.filter((name) => name.endsWith(".jsonl"));
  appendFileSync(join(box.home, "journal", journal), "\nnot a record\n");
  expect(bothTell(["status"]).out).toContain("bytes lost");

  box.run("new", "What the person does meanwhile");
  const conversation = { CLAUDECODE: "1", CLAUDE_CODE_SESSION_ID: "aaaaaaaa-0000-4000-8000-000000000001" };
  expect(bothTell(["status"], conversation).out).not.toContain("What the person does meanwhile");
  expect(bothTell(["status"]).out).toContain("What the person does meanwhile");
});

built("what is another command, or goes wrong, is told by the whole program", () => {
  expect(box.run("init").exit).toBe(0);
  const shim = readFileSync(join(box.home, "bin", "leftoff"), "utf8");
  const runtime = /'([^']*)\/leftoff\.cjs'/.exec(shim)?.[1] ?? "";
  for (const argv of [
    ["--version"],
    ["status", "--help"],
    ["status", "more"],
    ["status", "--session", "nothing-like-it", "--json"],
  ]) {
    bothTell(argv, {}, runtime);
  }
  const kept = join(runtime, "status.cache");
  expect(existsSync(kept)).toBe(false);
  bothTell(["status"], {}, runtime);
  const { size } = statSync(kept);
  expect(box.json("doctor")).toMatchObject({ ok: true });
  truncateSync(kept, size / 2);
  bothTell(["status"], {}, runtime);
  expect(statSync(kept).size).toBeGreaterThan(size / 2);

  const where = { LEFTOFF_HOME: join(box.folder, "broken") };
  mkdirSync(join(where.LEFTOFF_HOME, "workspaces.jsonl"), { recursive: true });
  expect(bothTell(["status"], where, runtime)).toMatchObject({ exit: 6, out: "" });
  expect(bothTell(["status", "--json"], where, runtime).out).toContain('"error"');
});
