import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadCompiled } from "./compiled.ts";

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
  return loadCompiled<{ readonly answer: () => number }>(path, require);
}

test("what was compiled is kept once, and taken the next time", () => {
  writeProgram(1);
  const { exports, keep } = load();
  expect(exports.answer?.()).toBe(1);
  expect(existsSync(cache)).toBe(false);

  keep();
  const kept = readFileSync(cache);
  const again = load();
  again.keep();

  expect(again.exports.answer?.()).toBe(1);
  expect(readFileSync(cache)).toEqual(kept);
});

test("code of a program that was replaced by one of the same length is not run", () => {
  writeProgram(1);
  load().keep();
  rmSync(path);
  writeProgram(2);

  const { exports, keep } = load();
  expect(exports.answer?.()).toBe(2);
  keep();
  expect(load().exports.answer?.()).toBe(2);
});

test("a program whose kept code is gone in part is compiled anew", () => {
  writeProgram(1);
  load().keep();
  const whole = readFileSync(cache);
  truncateSync(cache, 10);

  const { exports, keep } = load();
  expect(exports.answer?.()).toBe(1);
  keep();
  expect(readFileSync(cache).subarray(0, 64)).toEqual(whole.subarray(0, 64));
});
