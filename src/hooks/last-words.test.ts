import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";

// A process whose own thread never comes to an end, and the one that ends it.

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "leftoff-last-words-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PRELUDE = `
  import { writeSync } from "node:fs";
  import { openLastWords } from "./last-words.ts";
  import { endProcessAfter } from "./watchdog.ts";
  const words = openLastWords();
  const watched = (durationMs) => { endProcessAfter(durationMs, words); for (;;); };
`;

/** Runs it in a process of its own. @returns what it printed, and the signal that ended it. */
function run(code: string): readonly [string, string | null] {
  const outfile = join(folder, "run.cjs");
  buildSync({
    stdin: { contents: PRELUDE + code, resolveDir: import.meta.dirname, loader: "ts" },
    bundle: true,
    platform: "node",
    format: "cjs",
    outfile,
  });
  const { stdout, signal } = spawnSync(process.execPath, [outfile], { encoding: "utf8" });
  return [stdout, signal];
}

const LATE = "late".repeat(2_500);

test("a process that is busy past its deadline ends with its last words", () => {
  expect(run(`words.prepare("${LATE}"); words.allow(); watched(50);`)).toEqual([LATE, "SIGKILL"]);
});

test.each([
  ["before it is known whether something may be said", "words.prepare('late'); watched(50);", ""],
  ["where there are none", "words.allow(); watched(50);", ""],
  [
    "beside its answer",
    "words.prepare('late'); words.allow(); if (words.take()) writeSync(1, 'answer'); watched(50);",
    "answer",
  ],
])("it says no last words %s", (_, code, printed) => {
  expect(run(code)).toEqual([printed, "SIGKILL"]);
});

test("a closed output keeps nobody from ending", () => {
  expect(
    run(
      `import { closeSync } from "node:fs"; words.prepare("late"); words.allow(); closeSync(1); watched(50);`,
    ),
  ).toEqual(["", "SIGKILL"]);
});

test("who has said the last words gives no answer after them", () => {
  const code = `words.prepare("late "); words.allow(); const say = () => words.say((text) => writeSync(1, text)); say(); say();
    writeSync(1, String(words.take()));`;
  expect(run(code)).toEqual(["late false", null]);
});
