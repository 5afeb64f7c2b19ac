import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { keepCompiled } from "./compiled.ts";
import { loadProgram } from "./program.ts";

let folder = "";
let path = "";
let cache = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "leftoff-compiled-"));
  path = join(folder, "program.cjs");
  cache = join(folder, "program.cache");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A bundle as scripts/build.ts writes it. */
function writeProgram(answer: number): void {
  writeFileSync(
    path,
    `(function (exports, require, module, __filename, __dirname) {exports.answer = () => ${answer};\n})`,
  );
}

function load() {
  return loadProgram<{ readonly answer: () => number }>(path, require);
}

test("what was compiled is kept once, and taken the next time", () => {
  writeProgram(1);
  const first = load();
  expect([first.isTaken, first.exports.answer?.()]).toEqual([false, 1]);
  expect(existsSync(cache)).toBe(false);

  keepCompiled(first);
  const kept = readFileSync(cache);
  const again = load();
  keepCompiled(again);

  expect([again.isTaken, again.exports.answer?.()]).toEqual([true, 1]);
  expect(readFileSync(cache)).toEqual(kept);
});

test("code of a program that was replaced by one of the same length is not run", () => {
  writeProgram(1);
  keepCompiled(load());
  rmSync(path);
  writeProgram(2);

  const program = load();
  expect([program.isTaken, program.exports.answer?.()]).toEqual([false, 2]);
  keepCompiled(program);
  expect(load().exports.answer?.()).toBe(2);
});

test.each([
  ["is gone in part", (whole: Buffer) => whole.subarray(0, 10)],
  ["was lost in a power cut", (whole: Buffer) => Buffer.alloc(whole.length)],
  ["is empty", () => Buffer.alloc(0)],
])("a program whose kept code %s is compiled anew, and its code kept anew", (_, damaged) => {
  writeProgram(1);
  keepCompiled(load());
  const whole = readFileSync(cache);
  writeFileSync(cache, damaged(whole));

  const program = load();
  expect([program.isTaken, program.exports.answer?.()]).toEqual([false, 1]);
  keepCompiled(program);
  expect(load().isTaken).toBe(true);
});

test("a folder in the place of the kept code keeps no program from running", () => {
  writeProgram(1);
  mkdirSync(cache);
  expect(load().exports.answer?.()).toBe(1);
});

test("nothing is kept of a program that was removed while it ran", () => {
  writeProgram(1);
  const program = load();
  rmSync(folder, { recursive: true });
  keepCompiled(program);
  expect(existsSync(folder)).toBe(false);
});
