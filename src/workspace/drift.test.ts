import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { makeSandbox } from "../../test/repository.ts";
import { systemClock } from "../base/clock.ts";
import { changedSince, type DriftQuestion, fileMarks, gitUserName, readDrift } from "./drift.ts";
import { locateWorkTree } from "./locate.ts";

const box = makeSandbox();
afterAll(() => box.remove());

/** Plenty of time for git: the machine is shared. Tests of the deadline give their own. */
function ask(folder: string, since: Partial<DriftQuestion>) {
  const location = locateWorkTree(join(box.path, folder));
  const none = { sinceCommit: undefined, sinceGitBranch: "main", marks: {} };
  return readDrift({ location, clock: systemClock, timeoutMs: 10_000, ...none, ...since });
}

test("where HEAD did not move there is no drift", async () => {
  box.repository("still");

  expect(await ask("still", { sinceCommit: box.git("still", "rev-parse", "HEAD") })).toBeUndefined();
});

test("where HEAD did not move git is not started", async () => {
  box.repository("quiet");
  const sinceCommit = box.git("quiet", "rev-parse", "HEAD");
  const path = process.env.PATH;
  process.env.PATH = "";
  try {
    expect(await ask("quiet", { sinceCommit })).toBeUndefined();
  } finally {
    process.env.PATH = path;
  }
});

test("commits since then are named with author, subject and files", async () => {
  box.repository("moved");
  const sinceCommit = box.git("moved", "rev-parse", "HEAD");
  const first = box.commit("moved", "src/a b\nc.ts", "Rotate tokens");
  const second = box.commit("moved", "ü.txt", "Ümlaut – and \u0007 bell");

  expect(await ask("moved", { sinceCommit })).toEqual({
    commits: [
      { hash: second, author: "Ada", subject: "Ümlaut – and \u0007 bell" },
      { hash: first, author: "Ada", subject: "Rotate tokens" },
    ],
    commitsOmitted: 0,
    files: ["src/a b\nc.ts", "ü.txt"],
    gitBranchFrom: "main",
    gitBranchTo: "main",
    partial: false,
  });
});

test("of many commits twenty are listed and the others counted", async () => {
  box.repository("busy");
  const sinceCommit = box.git("busy", "rev-parse", "HEAD");
  for (let round = 0; round < 23; round += 1)
    box.git("busy", "commit", "-q", "--allow-empty", "-m", `Round ${round}`);
  const drift = await ask("busy", { sinceCommit });

  expect(drift?.commits).toHaveLength(20);
  expect(drift?.commits[0]?.subject).toBe("Round 22");
  expect(drift?.commitsOmitted).toBe(3);
});

test("another git branch at the same commit is a drift without commits", async () => {
  box.repository("switched");
  const sinceCommit = box.git("switched", "rev-parse", "HEAD");
  box.git("switched", "switch", "-q", "-c", "feature");

  expect(await ask("switched", { sinceCommit })).toMatchObject({
    commits: [],
    gitBranchFrom: "main",
    gitBranchTo: "feature",
    partial: false,
  });
});

test("after a reset the files differ though no commit came in", async () => {
  box.repository("reset");
  const before = box.git("reset", "rev-parse", "HEAD");
  const sinceCommit = box.commit("reset", "gone.txt", "To be thrown away");
  box.git("reset", "reset", "-q", "--hard", before);

  expect(await ask("reset", { sinceCommit })).toMatchObject({
    commits: [],
    files: ["gone.txt"],
    partial: false,
  });
});

test("a commit that was collected is tolerated, and what else changed is still said", async () => {
  const root = box.repository("collected");
  const marks = fileMarks(root, ["README.md"]);
  writeFileSync(join(root, "README.md"), "longer than it was before");

  expect(await ask("collected", { sinceCommit: "0123456789".repeat(4), marks })).toEqual({
    commits: [],
    commitsOmitted: 0,
    files: ["README.md"],
    gitBranchFrom: "main",
    gitBranchTo: "main",
    partial: true,
  });
});

test("a commit that is no hash never reaches git's command line", async () => {
  box.repository("injected");

  expect(await ask("injected", { sinceCommit: "--output=/tmp/x" })).toMatchObject({
    commits: [],
    partial: true,
  });
});

test("when the time is up git is killed and what is there is given", async () => {
  const root = box.repository("slow");
  const sinceCommit = box.git("slow", "rev-parse", "HEAD");
  box.commit("slow", "a.txt", "Late");
  const bin = join(box.path, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "git"), `#!/bin/sh\necho $$ >>"${box.path}/pids"\nexec sleep 60\n`, {
    mode: 0o755,
  });
  const path = process.env.PATH;
  process.env.PATH = `${bin}:${path}`;
  try {
    const drift = await ask("slow", {
      sinceCommit,
      timeoutMs: 300,
      marks: { "b.txt": { mtimeMs: 1, sizeBytes: 1 } },
    });
    // Had it waited for git, this test would have run out of its time.
    expect(drift).toMatchObject({ commits: [], files: ["b.txt"], partial: true });
  } finally {
    process.env.PATH = path;
  }
  expect(root).toBe(join(box.path, "slow"));
});

test("nothing that the repository configures is run", async () => {
  const root = box.repository("hostile");
  const sinceCommit = box.git("hostile", "rev-parse", "HEAD");
  box.commit("hostile", "a.txt", "One");
  const trap = join(box.path, "trap");
  writeFileSync(trap, `#!/bin/sh\ntouch "${box.path}/sprung"\n`, { mode: 0o755 });
  for (const key of ["core.fsmonitor", "core.pager", "diff.external", "diff.x.textconv", "gpg.program"]) {
    box.git("hostile", "config", key, trap);
  }
  box.git("hostile", "config", "log.showSignature", "true");
  writeFileSync(join(root, ".gitattributes"), "* diff=x\n");
  process.env.GIT_EXTERNAL_DIFF = trap;
  process.env.GIT_DIR = "/nonexistent";
  try {
    expect((await ask("hostile", { sinceCommit }))?.commits).toHaveLength(1);
  } finally {
    process.env.GIT_EXTERNAL_DIFF = undefined;
    delete process.env.GIT_EXTERNAL_DIFF;
    delete process.env.GIT_DIR;
  }
  expect(() => rmSync(join(box.path, "sprung"))).toThrow();
});

test("marks find files that were changed or deleted, and only those", () => {
  const root = join(box.path, "marked");
  mkdirSync(join(root, "src"), { recursive: true });
  for (const name of ["same", "longer", "gone"]) writeFileSync(join(root, "src", name), name);
  const marks = fileMarks(root, ["src/same", "src/longer", join(root, "src/gone"), "src/never", "\0"]);
  writeFileSync(join(root, "src/longer"), "longer than before");
  rmSync(join(root, "src/gone"));

  expect(Object.keys(marks)).toEqual(["src/same", "src/longer", join(root, "src/gone")]);
  expect(changedSince(root, marks)).toEqual(["src/longer", join(root, "src/gone")]);
});

test("outside git only marks tell of changes", async () => {
  mkdirSync(join(box.path, "nogit"));
  const marks = fileMarks(join(box.path, "nogit"), []);

  expect(await ask("nogit", { marks })).toBeUndefined();
  expect(await ask("nogit", { marks: { x: { mtimeMs: 1, sizeBytes: 1 } } })).toMatchObject({ files: ["x"] });
});

test("the person's name is the repository's git name", async () => {
  box.repository("named");
  box.git("named", "config", "user.name", "Grace  Hopper\n");

  expect(await gitUserName(locateWorkTree(join(box.path, "named")))).toBe("Grace  Hopper");
});
