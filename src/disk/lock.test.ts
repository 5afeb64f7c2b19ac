import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isHeld, type Lock, removeIfLeft, tryLock, waitForLock, waitUntilFree, withLock } from "./lock.ts";
import { ownMark } from "./process-mark.ts";

let home = "";
let path = "";
let children: ChildProcess[] = [];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "leftoff-lock-"));
  path = join(home, "locks", "ingest.lock");
});
afterEach(() => {
  for (const child of children) child.kill("SIGKILL");
  children = [];
  rmSync(home, { recursive: true, force: true });
});

/** Runs code in a process of its own, with the lock functions and `path` in scope; resolves with what it printed. */
function run(code: string): Promise<string> {
  const module = JSON.stringify(join(import.meta.dirname, "lock.ts"));
  const source = `import { tryLock, waitForLock } from ${module};
    import { appendFileSync, openSync, writeSync, closeSync, unlinkSync } from "node:fs";
    const path = ${JSON.stringify(path)}, home = ${JSON.stringify(home)};
    ${code}`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", source], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  let printed = "";
  child.stdout?.on("data", (chunk) => {
    printed += String(chunk);
  });
  return new Promise((resolve) => child.on("close", () => resolve(printed)));
}

/** A lock file as a holder with another identity left it. */
function leave(changes: object): void {
  withLock(path, 0, () => undefined);
  writeFileSync(path, JSON.stringify({ ...ownMark(), token: "theirs", ...changes }));
}

test("one holder at a time, in the same process too, and free again after release", () => {
  const lock = tryLock(path);
  expect(lock).toBeDefined();
  expect([tryLock(path), isHeld(path)]).toEqual([undefined, true]);
  lock?.release();
  lock?.release();
  expect(isHeld(path)).toBe(false);
  expect(tryLock(path)).toBeDefined();
});

test("release leaves alone a lock that went to somebody else", () => {
  const lost = tryLock(path) as Lock;
  writeFileSync(path, JSON.stringify({ ...ownMark(), token: "another" }));
  lost.release();
  expect(isHeld(path)).toBe(true);
});

test("a lock of a dead process, of another boot, or of a process id that went to another process is taken over", () => {
  const dead = spawnSync("true").pid;
  for (const changes of [{ pid: dead }, { bootId: "earlier" }, { startTime: "1" }, { pid: 2 ** 22 + 1 }]) {
    leave(changes);
    expect(isHeld(path)).toBe(false);
    const lock = tryLock(path);
    expect(lock).toBeDefined();
    expect(isHeld(path)).toBe(true);
    lock?.release();
    expect(readdirSync(join(home, "locks"))).toEqual([]);
  }
});

test("a lock file that a power cut emptied is nobody's", () => {
  for (const content of ["", "\0\0\0\0", "{}", '{"pid":"1"}', '{"pid":-1}', "[1]"]) {
    leave({});
    writeFileSync(path, content);
    tryLock(path)?.release();
    expect(readdirSync(join(home, "locks"))).toEqual([]);
  }
});

test("a holder in another PID namespace counts as alive until its lock is very old", () => {
  leave({ pid: 1, pidNamespace: "pid:[1]" });
  expect([isHeld(path), tryLock(path)]).toEqual([true, undefined]);
  utimesSync(path, 0, 0);
  expect(tryLock(path)).toBeDefined();
});

test("a zombie holds nothing", async () => {
  // sh ends at once without reaping; node here is its parent and would reap, so a shell in between does not.
  const child = spawn("sh", ["-c", "sh -c 'echo $$' & exec sleep 20"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  children.push(child);
  const pid = Number(await new Promise((resolve) => child.stdout?.once("data", resolve)));
  const stat = () => readFileSync(`/proc/${pid}/stat`, "latin1");
  while (!stat().includes(") Z")) await new Promise((resolve) => setImmediate(resolve));
  leave({
    pid,
    startTime: stat()
      .slice(stat().lastIndexOf(")") + 2)
      .split(" ")[19],
  });
  expect(isHeld(path)).toBe(false);
});

test("waiting ends at its deadline, and withLock says who holds the lock", () => {
  const lock = tryLock(path);
  expect([waitForLock(path, 20), waitUntilFree(path, 20)]).toEqual([undefined, false]);
  expect(() => withLock(path, 20, () => 1)).toThrow(
    expect.objectContaining({
      code: "store_busy",
      message: expect.stringContaining(`process ${process.pid}`),
    }),
  );
  lock?.release();
  expect([waitUntilFree(path, 0), withLock(path, 0, () => 1)]).toEqual([true, 1]);
  expect(() =>
    withLock(path, 0, () => {
      throw new Error("mine");
    }),
  ).toThrow("mine");
  expect(isHeld(path)).toBe(false);
});

test("whoever has to wait says so once, before the first pause; who has not says nothing", () => {
  let begun = 0;
  const wait = { ms: 40, begins: () => (begun += 1) };
  expect(withLock(path, wait, () => begun)).toBe(0);
  const lock = tryLock(path);
  expect(() => withLock(path, wait, () => {})).toThrow("for more than 40 ms");
  expect(begun).toBe(1);
  lock?.release();
});

test("of eight processes that take, die with and take over one lock, no two ever hold it together", async () => {
  // Inside the lock a witness file is made exclusively. Every other holder is gone without releasing, so most locks are
  // left behind and every process that waits tries to take the same one over.
  const worker = `
    for (let n = 0; n < 40; n += 1) {
      const lock = waitForLock(path, 120_000);
      if (!lock) { console.log("late"); break; }
      let fd;
      try { fd = openSync(home + "/witness", "wx"); } catch { console.log("TOGETHER"); break; }
      writeSync(fd, "x"); closeSync(fd); unlinkSync(home + "/witness");
      appendFileSync(home + "/log", "x\\n");
      if (n % 2) lock.release();
      else {
        // As if this process had died here and its id had gone to another: the file stays, its holder is no more.
        const { readFileSync, writeFileSync, renameSync } = await import("node:fs");
        const left = { ...JSON.parse(readFileSync(path, "utf8")), startTime: "1" };
        writeFileSync(path + process.pid, JSON.stringify(left)); renameSync(path + process.pid, path);
      }
    }
    console.log("done");`;
  const printed = await Promise.all(Array.from({ length: 8 }, () => run(worker)));
  expect(printed).toEqual(Array(8).fill("done\n"));
  expect(readFileSync(join(home, "log"), "utf8").length).toBe(2 * 8 * 40);
});

test("a process killed in the middle of a takeover leaves nothing that others cannot take over", async () => {
  leave({ startTime: "1" });
  await run(`process.env.LEFTOFF_FAILPOINTS = "lock.before-takeover=kill"; tryLock(path);`);
  expect(readdirSync(join(home, "locks")).sort()).toEqual(["ingest.lock", "ingest.lock.takeover"]);
  await run(`process.env.LEFTOFF_FAILPOINTS = "lock.before-takeover@2=kill"; tryLock(path);`);
  tryLock(path)?.release();
  expect(readdirSync(join(home, "locks"))).toEqual([]);
});

test("a lock that its dead holder left can be cleared away; one that is held stays", () => {
  leave({ startTime: "1" });
  removeIfLeft(path);
  expect(readdirSync(join(home, "locks"))).toEqual([]);
  const lock = tryLock(path);
  removeIfLeft(path);
  expect(isHeld(path)).toBe(true);
  lock?.release();
});
