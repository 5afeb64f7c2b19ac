import { mkdirSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { makeSandbox } from "../../test/repository.ts";
import { locateWorkTree } from "./locate.ts";

const box = makeSandbox();
afterAll(() => box.remove());

test("a folder below a repository belongs to its top", () => {
  const root = box.repository("mono");
  mkdirSync(join(root, "packages/api"), { recursive: true });

  expect(locateWorkTree(join(root, "packages/api"))).toEqual({
    kind: "git",
    root,
    gitDir: join(root, ".git"),
    commonDir: join(root, ".git"),
    missing: undefined,
  });
});

test("names with spaces, line feeds and non-ASCII letters are found as they are", () => {
  const root = box.repository("odd name \nwith line – ü ");
  const other = join(box.path, "linked\nfrom odd ");
  box.git("odd name \nwith line – ü ", "worktree", "add", "-q", "-b", "side", other);

  expect(locateWorkTree(root).root).toBe(root);
  expect(locateWorkTree(other)).toMatchObject({ kind: "linked", root: other, commonDir: join(root, ".git") });
});

test("a linked work tree has its own git folder and shares the repository's", () => {
  const root = box.repository("main-tree");
  box.git("main-tree", "worktree", "add", "-q", ".claude/worktrees/side");
  const side = join(root, ".claude/worktrees/side");

  expect(locateWorkTree(side)).toEqual({
    kind: "linked",
    root: side,
    gitDir: join(root, ".git/worktrees/side"),
    commonDir: join(root, ".git"),
    missing: undefined,
  });
});

test("a submodule is a work tree of its own", () => {
  box.repository("library");
  const root = box.repository("super");
  box.git("super", "submodule", "add", "-q", join(box.path, "library"), "vendor/library");

  expect(locateWorkTree(join(root, "vendor/library"))).toEqual({
    kind: "submodule",
    root: join(root, "vendor/library"),
    gitDir: join(root, ".git/modules/vendor/library"),
    commonDir: join(root, ".git/modules/vendor/library"),
    missing: undefined,
  });
});

test("a repository whose git folder lies elsewhere is found through its .git file", () => {
  mkdirSync(join(box.path, "apart"));
  box.git("apart", "init", "-q", "--separate-git-dir", join(box.path, "apart-git"));

  expect(locateWorkTree(join(box.path, "apart"))).toMatchObject({
    kind: "git",
    gitDir: join(box.path, "apart-git"),
  });
});

test("a folder outside git is its own place", () => {
  const folder = join(box.path, "plain/sub");
  mkdirSync(folder, { recursive: true });

  expect(locateWorkTree(folder)).toEqual({ kind: "folder", root: folder, missing: undefined });
});

test("an empty .git folder is no repository", () => {
  const folder = join(box.path, "hollow");
  mkdirSync(join(folder, ".git"), { recursive: true });

  expect(locateWorkTree(folder)).toMatchObject({ kind: "folder", root: folder });
});

test("a work tree whose repository is gone stays a place of its own", () => {
  const root = box.repository("leaving");
  box.git("leaving", "worktree", "add", "-q", "side");
  rmSync(join(root, ".git/worktrees/side"), { recursive: true });

  expect(locateWorkTree(join(root, "side"))).toMatchObject({ kind: "folder", root: join(root, "side") });
});

test("a symlinked folder is the folder it leads to", () => {
  const root = box.repository("target");
  symlinkSync(root, join(box.path, "link"));

  expect(locateWorkTree(join(box.path, "link")).root).toBe(root);
});

test("a deleted folder belongs to what is left above it, and is said to be missing", () => {
  const root = box.repository("shrinking");
  const plain = join(realpathSync(box.path), "gone/deep");

  expect(locateWorkTree(join(root, "src/old"))).toMatchObject({
    kind: "git",
    root,
    missing: join(root, "src/old"),
  });
  expect(locateWorkTree(plain)).toEqual({ kind: "folder", root: plain, missing: plain });
});

test("locating never throws, whatever the path", () => {
  writeFileSync(join(box.path, "file"), "");
  for (const path of [
    "",
    "/",
    "\0",
    join(box.path, "file"),
    join(box.path, "file/below"),
    "/proc/1/root/x",
  ]) {
    expect(locateWorkTree(path).root).not.toBe("");
  }
});

test("locating reads files only: no program is started for it", () => {
  const root = box.repository("quick");
  const deep = join(root, "a/b/c/d/e");
  mkdirSync(deep, { recursive: true });
  const expected = locateWorkTree(deep);
  vi.stubEnv("PATH", "/nonexistent");
  try {
    expect(locateWorkTree(deep)).toEqual(expected);
  } finally {
    vi.unstubAllEnvs();
  }
});

test("a moved repository is located where it is now", () => {
  const root = box.repository("before");
  const after = join(box.path, "after");
  renameSync(root, after);

  expect(locateWorkTree(after)).toMatchObject({ kind: "git", root: after, gitDir: join(after, ".git") });
});
