import { spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { append, createFolderOnce, createOnce, remove, replace, setMode, truncate } from "./disk.ts";
import { FAILPOINTS, reachedFailpoints } from "./failpoint.ts";
import { makeFolder, removeFolderIfEmpty, removeTree } from "./folder.ts";
import { leftoversIn, removeLeftoversBelow } from "./leftovers.ts";
import { filesBelow, namesIn, readIfThere, readPartIfThere } from "./read.ts";
import { tempPathFor } from "./temp.ts";

let home = "";
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "leftoff-disk-"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
});
const bytes = (text: string) => Buffer.from(text);
const modeOf = (path: string) => (statSync(path).mode & 0o7777).toString(8);

test("an append makes the file and its folders for their owner alone, whatever the umask is", () => {
  for (const umask of [0o000, 0o277]) {
    const path = join(home, `${umask}`, "a", "file");
    const before = process.umask(umask);
    try {
      append(path, bytes("one"), "durable");
      append(path, bytes("two"), "cached");
    } finally {
      process.umask(before);
    }
    expect(readFileSync(path, "utf8")).toBe("onetwo");
    expect(modeOf(path)).toBe("600");
    expect([modeOf(join(home, `${umask}`)), modeOf(join(home, `${umask}`, "a"))]).toEqual(["700", "700"]);
  }
});

test("a folder is made with its first file or not at all, and one that holds anything stays as it is", () => {
  const path = join(home, "new", "folder");
  const first = { name: "file", bytes: bytes("one") };
  vi.stubEnv("LEFTOFF_FAILPOINTS", "create.before-rename=throw:ENOSPC");
  expect(() => createFolderOnce(path, first)).toThrow(expect.objectContaining({ code: "disk_full" }));
  vi.unstubAllEnvs();
  expect(readdirSync(join(home, "new"))).toEqual([]);

  makeFolder(path);
  expect(createFolderOnce(path, first)).toBe(true);
  expect(createFolderOnce(path, { name: "file", bytes: bytes("two") })).toBe(false);
  expect([readFileSync(join(path, "file"), "utf8"), modeOf(path), modeOf(join(path, "file"))]).toEqual([
    "one",
    "700",
    "600",
  ]);
  expect(readdirSync(join(home, "new"))).toEqual(["folder"]);
});

test("an append leaves the mode of a file that is there", () => {
  const path = join(home, "shared");
  writeFileSync(path, "");
  chmodSync(path, 0o644);
  append(path, bytes("x"), "durable");
  expect(modeOf(path)).toBe("644");
});

test("a write that the kernel cuts short is disk_full, not an acknowledged append", () => {
  vi.stubEnv("LEFTOFF_FAILPOINTS", "append.half-written=throw:ENOSPC");
  expect(() => append(join(home, "f"), bytes("12345678"), "durable")).toThrow(
    expect.objectContaining({ code: "disk_full", message: expect.stringContaining(join(home, "f")) }),
  );
  expect(readFileSync(join(home, "f"), "utf8")).toBe("1234");
});

test("replace keeps the mode of the file that was there; a new one is its owner's alone or as asked", () => {
  const path = join(home, "a", "settings.json");
  replace(path, bytes("1"));
  expect(modeOf(path)).toBe("600");
  chmodSync(path, 0o664);
  replace(path, bytes("2"), { mode: 0o600 });
  expect([modeOf(path), readFileSync(path, "utf8")]).toEqual(["664", "2"]);
  replace(join(home, "script"), bytes("#!/bin/sh"), { mode: 0o755 });
  expect(modeOf(join(home, "script"))).toBe("755");
});

test("replace writes through symbolic links, also through one that leads to nothing yet", () => {
  mkdirSync(join(home, "dotfiles"));
  writeFileSync(join(home, "dotfiles", "settings.json"), "old");
  symlinkSync("dotfiles/settings.json", join(home, "direct"));
  symlinkSync(join(home, "direct"), join(home, "chain"));
  symlinkSync("dotfiles/new/later.json", join(home, "dangling"));

  replace(join(home, "chain"), bytes("new"));
  replace(join(home, "dangling"), bytes("made"));

  expect(lstatSync(join(home, "chain")).isSymbolicLink()).toBe(true);
  expect(lstatSync(join(home, "direct")).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(home, "dotfiles", "settings.json"), "utf8")).toBe("new");
  expect(lstatSync(join(home, "dangling")).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(home, "dotfiles", "new", "later.json"), "utf8")).toBe("made");
});

test("links in a circle are refused, not followed for ever", () => {
  symlinkSync("b", join(home, "a"));
  symlinkSync("a", join(home, "b"));
  expect(() => replace(join(home, "a"), bytes("x"))).toThrow(expect.objectContaining({ code: "refused" }));
});

test("a replace that fails leaves the old content and no temporary file", () => {
  const path = join(home, "f");
  replace(path, bytes("old"));
  for (const point of ["replace.before-write", "replace.before-rename"]) {
    vi.stubEnv("LEFTOFF_FAILPOINTS", `${point}=throw:EROFS`);
    expect(() => replace(path, bytes("new"))).toThrow(expect.objectContaining({ code: "permission_denied" }));
  }
  vi.unstubAllEnvs();
  mkdirSync(join(home, "folder"));
  expect(() => replace(join(home, "folder"), bytes("new"))).toThrow(
    expect.objectContaining({ code: "refused" }),
  );
  expect(readFileSync(path, "utf8")).toBe("old");
  expect(readdirSync(home).sort()).toEqual(["f", "folder"]);
});

test("a file made once keeps its first content", () => {
  const path = join(home, "a", "id");
  expect(createOnce(path, bytes("first"), "durable")).toBe(true);
  expect(createOnce(path, bytes("second"), "durable")).toBe(false);
  expect(readFileSync(path, "utf8")).toBe("first");
  expect(readdirSync(join(home, "a"))).toEqual(["id"]);
});

test("truncate cuts and never lengthens", () => {
  const path = join(home, "f");
  append(path, bytes("123456"), "durable");
  truncate(path, 2);
  expect(readFileSync(path, "utf8")).toBe("12");
  expect(() => truncate(path, 3)).toThrow("Invariant broken");
});

test("remove takes away a link and not what it leads to, and says whether there was anything", () => {
  writeFileSync(join(home, "f"), "x");
  symlinkSync("f", join(home, "l"));
  expect([remove(join(home, "l")), remove(join(home, "l")), remove(join(home, "f", "below"))]).toEqual([
    true,
    false,
    false,
  ]);
  expect(existsSync(join(home, "f"))).toBe(true);
});

test("a folder is removed only when it is empty", () => {
  makeFolder(join(home, "a", "b"));
  expect([removeFolderIfEmpty(join(home, "a")), removeFolderIfEmpty(join(home, "a", "b"))]).toEqual([
    false,
    true,
  ]);
  expect(removeFolderIfEmpty(join(home, "never"))).toBe(true);
});

test("a tree is removed with its links, never with what they lead to", () => {
  append(join(home, "kept"), bytes("a"), "cached");
  append(join(home, "tree", "deep", "f"), bytes("a"), "cached");
  symlinkSync("../../kept", join(home, "tree", "deep", "link"));
  setMode(join(home, "tree", "deep", "f"), 0o400);
  expect(filesBelow(home)).toEqual([join(home, "kept"), join(home, "tree", "deep", "f")]);
  removeTree(join(home, "tree"));
  removeTree(join(home, "tree"));
  expect(filesBelow(home)).toEqual([join(home, "kept")]);
  expect(filesBelow(join(home, "tree"))).toEqual([]);
});

test("a tree is removed under a process that goes on writing in it", async () => {
  const tree = join(home, "tree");
  mkdirSync(tree);
  const program = `const { writeFileSync } = require("node:fs");
    for (let n = 0; ; n += 1) writeFileSync(process.argv[1] + "/f" + n, "");`;
  const writer = spawn(process.execPath, ["-e", program, tree], { stdio: "ignore" });
  const ended = new Promise((done) => writer.once("exit", done));
  try {
    await vi.waitFor(() => expect(readdirSync(tree).length).toBeGreaterThan(100), 60_000);
    removeTree(tree);
  } finally {
    if (existsSync(tree)) writer.kill("SIGKILL");
    await ended;
  }
  expect(readdirSync(home)).toEqual([]);
});

test("a file where a folder is needed is refused with the path", () => {
  writeFileSync(join(home, "f"), "x");
  for (const write of [
    () => append(join(home, "f", "g", "h"), bytes("x"), "durable"),
    () => replace(join(home, "f", "g"), bytes("x")),
    () => makeFolder(join(home, "f")),
  ]) {
    expect(write).toThrow(
      expect.objectContaining({ code: "refused", message: expect.stringContaining(join(home, "f")) }),
    );
  }
});

test("an unfinished file is left when its process is gone, also where another has its id now", () => {
  const others = join(home, `.leftoff-${process.ppid}-s1sabc.tmp`);
  for (const path of [others, join(home, `.leftoff-${process.ppid}-abc.tmp`), tempPathFor(join(home, "f"))])
    writeFileSync(path, "half");
  expect(leftoversIn(home)).toEqual([others]);
});

test("what killed processes left below a folder is removed, files and folders, but nothing behind a link", () => {
  const left = `.leftoff-${process.ppid}-s1sabc.tmp`;
  const outside = mkdtempSync(join(tmpdir(), "leftoff-outside-"));
  try {
    mkdirSync(join(home, "a", "b", left), { recursive: true });
    for (const path of [join("a", left), join("a", "b", left, "f"), join("a", "f")])
      writeFileSync(join(home, path), "half");
    writeFileSync(join(outside, left), "half");
    symlinkSync(outside, join(home, "a", "link"));
    removeLeftoversBelow(home);
    expect(["", "a", "a/b"].map((folder) => readdirSync(join(home, folder)).sort())).toEqual([
      ["a"],
      ["b", "f", "link"],
      [],
    ]);
    expect(readdirSync(outside)).toEqual([left]);
    removeLeftoversBelow(join(home, "no"));
  } finally {
    rmSync(outside, { recursive: true });
  }
});

test("reading what is not there gives undefined or nothing, and temporary files are passed over", () => {
  writeFileSync(join(home, "f"), "0123456789");
  writeFileSync(join(home, ".leftoff-77-abc.tmp"), "half");
  expect([readIfThere(join(home, "no")), readIfThere(join(home, "f", "no"))]).toEqual([undefined, undefined]);
  expect(readIfThere(join(home, "f"))?.toString()).toBe("0123456789");
  expect([namesIn(home), namesIn(join(home, "no")), namesIn(join(home, "f"))]).toEqual([["f"], [], []]);
  expect(readPartIfThere(join(home, "f"), 4)).toEqual({ bytes: bytes("456789"), sizeBytes: 10 });
  expect(readPartIfThere(join(home, "f"), 4, 6)).toEqual({ bytes: bytes("45"), sizeBytes: 10 });
  expect(readPartIfThere(join(home, "f"), 40)).toEqual({ bytes: bytes(""), sizeBytes: 10 });
});

test.each([
  ["ENOSPC", "disk_full"],
  ["EDQUOT", "disk_full"],
  ["EACCES", "permission_denied"],
  ["EROFS", "permission_denied"],
  ["EMFILE", "store_busy"],
  ["EIO", "file_damaged"],
])("%s is told as %s with the path and a hint", (errno, code) => {
  vi.stubEnv("LEFTOFF_FAILPOINTS", `append.before-fsync=throw:${errno}`);
  const path = join(home, "f");
  expect(() => append(path, bytes("x"), "durable")).toThrow(
    expect.objectContaining({
      code,
      message: expect.stringContaining(path),
      hint: expect.stringMatching(/\.$/),
    }),
  );
});

test("a failpoint acts only where and when it is asked to", () => {
  const path = join(home, "f");
  vi.stubEnv(
    "LEFTOFF_FAILPOINTS",
    `append.before-write@${(reachedFailpoints().get("append.before-write") ?? 0) + 2}=throw:EIO`,
  );
  append(path, bytes("1"), "cached");
  expect(() => append(path, bytes("2"), "cached")).toThrow();
  append(path, bytes("3"), "cached");
  expect(readFileSync(path, "utf8")).toBe("13");
  expect(new Set(FAILPOINTS).size).toBe(FAILPOINTS.length);
});
