import type { TestCounts } from "./facts.ts";

/** Lines looked at: a runner says how it went at the end. */
const LINES_MAX = 400;
const LINE_CHARS_MAX = 400;
const ESC = "\u001b";
// biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal begin with ESC
const COLOURS = /\u001b\[[0-9;]*[A-Za-z]/g;

/** What a test runner's output says about its tests; undefined where none of the runners we know wrote it. Linear. */
export function testsOf(output: string): TestCounts | undefined {
  const text = output.includes(ESC) ? output.replaceAll(COLOURS, "") : output;
  const readers = RUNNERS.filter(([, ...marks]) => marks.some((mark) => text.includes(mark)));
  if (readers.length === 0) return undefined;
  const lines = text
    .split("\n")
    .slice(-LINES_MAX)
    .map((line) => line.slice(0, LINE_CHARS_MAX).trimEnd());
  for (const [read] of readers) {
    const counts = read(lines);
    if (counts !== undefined) return counts;
  }
  return undefined;
}

type Reader = (lines: readonly string[]) => TestCounts | undefined;

/** `Tests  2 failed | 3 passed (5)` (vitest); `Tests:       1 failed, 2 passed, 3 total` (jest). */
const vitestAndJest: Reader = (lines) => {
  const line = lines.findLast((text) => /^\s*Tests:?\s+\d/.test(text));
  return line === undefined ? undefined : numbersBefore(line, /passed/, /failed/);
};

/** `==== 2 failed, 3 passed in 0.12s ====`, `3 passed in 0.1s` with -q; an error while collecting counts as a failure. */
const pytest: Reader = (lines) => {
  const line = lines.findLast((text) => /\d (?:passed|failed|errors?)\b.* in \d/.test(text));
  return line === undefined ? undefined : numbersBefore(line, /passed/, /failed|errors?/);
};

/** `test result: FAILED. 1 passed; 2 failed; 0 ignored; …`, one line for each binary of the crate. */
const cargo: Reader = (lines) => {
  const results = lines.filter((text) => text.startsWith("test result: "));
  return results.length === 0
    ? undefined
    : sum(results.map((line) => numbersBefore(line, /passed/, /failed/)));
};

/** `# pass 3` and `# fail 1` (TAP), `ℹ pass 3` and `ℹ fail 1` (spec). */
const nodeTest: Reader = (lines) => {
  const passed = lines.findLast((text) => /^(?:#|ℹ) pass \d/.test(text));
  const failed = lines.findLast((text) => /^(?:#|ℹ) fail \d/.test(text));
  if (passed === undefined || failed === undefined) return undefined;
  return { passed: numberIn(passed), failed: numberIn(failed) };
};

/** `  3 passing (10ms)` and `  1 failing`. */
const mocha: Reader = (lines) => {
  const passing = lines.findLast((text) => /^\s*\d+ passing\b/.test(text));
  const failing = lines.findLast((text) => /^\s*\d+ failing\b/.test(text));
  if (passing === undefined && failing === undefined) return undefined;
  return { passed: numberIn(passing), failed: numberIn(failing) };
};

/** With -v one line for each test; without, the failed ones and one line for each package. */
const goTest: Reader = (lines) => {
  const count = (beginning: string) => lines.filter((text) => text.startsWith(beginning)).length;
  const packages = lines.filter((text) => /^ok {2}\t/.test(text)).length;
  const failedPackages = lines.filter((text) => /^FAIL\t/.test(text)).length;
  if (packages + failedPackages === 0) return undefined;
  const failed = count("--- FAIL: ");
  return { passed: count("--- PASS: ") || packages, failed: failed || failedPackages };
};

/** `Tests run: 5, Failures: 1, Errors: 0, Skipped: 0` (Maven's last line is the sum). */
const maven: Reader = (lines) => {
  const line = lines.findLast((text) => text.includes("Tests run: "));
  if (line === undefined) return undefined;
  const value = (name: string) => Number(new RegExp(`${name}: (\\d{1,9})`).exec(line)?.[1] ?? 0);
  const failed = value("Failures") + value("Errors");
  return { passed: Math.max(0, value("Tests run") - failed - value("Skipped")), failed };
};

/** `10 examples, 2 failures`. */
const rspec: Reader = (lines) => {
  const found = firstMatch(lines, /^(\d{1,9}) examples?, (\d{1,9}) failures?/);
  return found === undefined
    ? undefined
    : { passed: Math.max(0, found.first - found.second), failed: found.second };
};

/** Each with what its output holds: most commands ran no tests, and theirs is not looked at line by line. */
const RUNNERS: readonly (readonly [Reader, ...marks: string[]])[] = [
  [vitestAndJest, "Tests"],
  [cargo, "test result: "],
  [nodeTest, " pass "],
  [goTest, "ok  \t", "FAIL\t"],
  [maven, "Tests run: "],
  [rspec, " example"],
  [mocha, " passing", " failing"],
  [pytest, " passed", " failed", " error"],
];

function numbersBefore(line: string, passed: RegExp, failed: RegExp): TestCounts {
  const sumOf = (name: RegExp) => {
    let total = 0;
    for (const [, count = "0"] of line.matchAll(new RegExp(`(\\d{1,9}) (?:${name.source})`, "g")))
      total += Number(count);
    return total;
  };
  return { passed: sumOf(passed), failed: sumOf(failed) };
}

function firstMatch(
  lines: readonly string[],
  pattern: RegExp,
): { first: number; second: number } | undefined {
  for (const line of lines.toReversed()) {
    const match = pattern.exec(line);
    if (match !== null) return { first: Number(match[1]), second: Number(match[2]) };
  }
  return undefined;
}

function numberIn(line: string | undefined): number {
  return Number(/\d{1,9}/.exec(line ?? "")?.[0] ?? 0);
}

function sum(counts: readonly TestCounts[]): TestCounts {
  return {
    passed: counts.reduce((total, { passed }) => total + passed, 0),
    failed: counts.reduce((total, { failed }) => total + failed, 0),
  };
}
