import { expect, test } from "vitest";
import { testsOf } from "./runner.ts";

test("closing lines of test runners tell what passed and what failed", () => {
  const ESC = String.fromCharCode(27);
  const outputs: readonly [string, number, number][] = [
    [
      " Test Files  1 failed | 2 passed (3)\n      Tests  2 failed | 3 passed (5)\n   Start at  09:00:00",
      3,
      2,
    ],
    [`${ESC}[2m      Tests ${ESC}[22m ${ESC}[1m${ESC}[32m24 passed${ESC}[39m${ESC}[22m (24)`, 24, 0],
    [
      "Test Suites: 1 failed, 1 total\nTests:       1 failed, 1 skipped, 4 passed, 6 total\nSnapshots:   0 total",
      4,
      1,
    ],
    [
      "FAILED tests/test_a.py::test_b - assert 1 == 2\n===== 2 failed, 3 passed, 1 warning in 0.12s =====",
      3,
      2,
    ],
    ["3 passed in 0.01s", 3, 0],
    ["===== 2 errors in 0.20s =====", 0, 2],
    [
      "--- FAIL: TestA (0.00s)\n    a_test.go:5: no\nFAIL\nFAIL\texample.com/a\t0.003s\nok  \texample.com/b\t0.002s\nFAIL",
      1,
      1,
    ],
    [
      "=== RUN   TestA\n--- PASS: TestA (0.00s)\n--- PASS: TestB (0.00s)\nPASS\nok  \texample.com/a\t0.003s",
      2,
      0,
    ],
    [
      "test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured\n\ntest result: FAILED. 1 passed; 2 failed; 0 ignored",
      3,
      2,
    ],
    ["# tests 4\n# suites 0\n# pass 3\n# fail 1\n# cancelled 0", 3, 1],
    ["ℹ tests 4\nℹ pass 4\nℹ fail 0", 4, 0],
    ["  3 passing (10ms)\n  1 failing\n\n  1) adds", 3, 1],
    ["Tests run: 3, Failures: 0\nTests run: 5, Failures: 1, Errors: 1, Skipped: 1", 2, 2],
    ["Finished in 0.1 seconds\n10 examples, 2 failures", 8, 2],
  ];
  for (const [output, passed, failed] of outputs) expect(testsOf(output), output).toEqual({ passed, failed });
});

test("other output tells nothing of tests", () => {
  for (const output of ["", "Tests are important", "hello\nworld", "3 files changed", "error: 2 failed"]) {
    expect(testsOf(output), output).toBeUndefined();
  }
});
