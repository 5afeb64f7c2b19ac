import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { makeSandbox } from "../../test/repository.ts";
import { readDefaultGitBranch, readHead } from "./head.ts";
import { locateWorkTree } from "./locate.ts";

const box = makeSandbox();
afterAll(() => box.remove());

const headOf = (folder: string) => readHead(locateWorkTree(join(box.path, folder)));

test("the git branch and its commit are read from files", () => {
  box.repository("plain");
  box.git("plain", "switch", "-q", "-c", "feature/auth-ü");

  expect(headOf("plain")).toEqual({
    gitBranch: "feature/auth-ü",
    detached: false,
    commit: box.git("plain", "rev-parse", "HEAD"),
  });
});

test("packed refs give the same answer as loose ones", () => {
  box.repository("packed");
  box.git("packed", "branch", "another");
  const loose = headOf("packed");
  box.git("packed", "pack-refs", "--all", "--prune");

  expect(headOf("packed")).toEqual(loose);
  expect(headOf("packed").commit).toBe(box.git("packed", "rev-parse", "HEAD"));
});

test("a detached HEAD has a commit and no git branch", () => {
  box.repository("detached");
  box.git("detached", "switch", "-q", "--detach");

  expect(headOf("detached")).toEqual({
    gitBranch: undefined,
    detached: true,
    commit: box.git("detached", "rev-parse", "HEAD"),
  });
});

test("before the first commit there is a git branch and no commit", () => {
  mkdirSync(join(box.path, "unborn"));
  box.git("unborn", "init", "-q", "-b", "develop");

  expect(headOf("unborn")).toEqual({ gitBranch: "develop", detached: false, commit: undefined });
  expect(readDefaultGitBranch(locateWorkTree(join(box.path, "unborn")))).toBe("develop");
});

test.each(["--merge", "--apply"])(
  "during a rebase (%s) the git branch is the one being rebased",
  (backend) => {
    const name = `rebase${backend}`;
    box.repository(name);
    box.git(name, "switch", "-q", "-c", "feature");
    box.commit(name, "same.txt", "Ours");
    box.git(name, "switch", "-q", "main");
    box.commit(name, "same.txt", "Theirs");
    box.git(name, "switch", "-q", "feature");
    expect(() => box.git(name, "rebase", backend, "main")).toThrow();

    expect(headOf(name)).toEqual({
      gitBranch: "feature",
      detached: false,
      commit: box.git(name, "rev-parse", "main"),
    });
  },
);

test("a linked work tree has its own HEAD and the repository's refs", () => {
  box.repository("shared");
  box.git("shared", "worktree", "add", "-q", "-b", "side", "linked");
  const commit = box.commit("shared/linked", "side.txt", "On the side");

  expect(headOf("shared/linked")).toEqual({ gitBranch: "side", detached: false, commit });
  expect(headOf("shared").gitBranch).toBe("main");
});

test("a repository without files for refs (reftable) is tolerated", () => {
  const root = box.repository("reftable");
  writeFileSync(join(root, ".git/HEAD"), "ref: refs/heads/.invalid\n");

  expect(headOf("reftable")).toEqual({ gitBranch: undefined, detached: false, commit: undefined });
});

test.each([
  "ref: ../../../etc/passwd\n",
  "ref: refs/../../x\n",
  "ref: \0\n",
  "",
  "garbage",
  "ref: refs/heads/\n",
])("a HEAD of %j names no commit", (text) => {
  const gitDir = join(box.path, "hostile/.git");
  mkdirSync(gitDir, { recursive: true });
  writeFileSync(join(gitDir, "HEAD"), text);

  expect(headOf("hostile").commit).toBeUndefined();
});

test("the default git branch is what the remote says", () => {
  box.repository("upstream");
  box.git("upstream", "branch", "-m", "next");
  box.git("", "clone", "-q", "upstream", "downstream");
  box.git("downstream", "switch", "-q", "-c", "main");

  expect(readDefaultGitBranch(locateWorkTree(join(box.path, "downstream")))).toBe("next");
});

test("without a remote the default git branch is main or master where it exists, else nothing", () => {
  box.repository("alone");
  box.git("alone", "switch", "-q", "-c", "feature");
  expect(readDefaultGitBranch(locateWorkTree(join(box.path, "alone")))).toBe("main");

  box.git("alone", "branch", "-m", "main", "elsewhere");
  expect(readDefaultGitBranch(locateWorkTree(join(box.path, "alone")))).toBeUndefined();
});

test("outside git there is no git branch", () => {
  mkdirSync(join(box.path, "nogit"));

  expect(headOf("nogit")).toEqual({ gitBranch: undefined, detached: false, commit: undefined });
});
