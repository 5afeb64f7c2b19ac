import { expect, test } from "vitest";
import { expectLinearIn } from "../../test/linear.ts";
import { errorLine } from "./error-line.ts";

test("the line that says what was wrong is found in the noise", () => {
  const told: readonly (readonly [string, string])[] = [
    [
      "Exit code 1\n\n> app@1.0.0 test\n> vitest\n\nAssertionError: expected 1 to be 2\n  at x",
      "AssertionError: expected 1 to be 2",
    ],
    ["npm ERR! code 1\nsomething odd", "something odd"],
    [
      "src/a.ts(3,5): error TS2304: Cannot find name 'x'.",
      "src/a.ts(3,5): error TS2304: Cannot find name 'x'.",
    ],
    [
      "error[E0382]: borrow of moved value: `x`\n --> src/main.rs:4:5",
      "error[E0382]: borrow of moved value: `x`",
    ],
    ["thread 'main' panicked at src/main.rs:2:5:\nindex out of bounds", "panicked: index out of bounds"],
    ['Traceback (most recent call last):\n  File "a.py", line 1\nValueError: bad', "ValueError: bad"],
    ["make: *** [all] Error 2\ngcc: error: x.c: gone", "gcc: error: x.c: gone"],
    ["sh: 1: vitest: not found", "sh: 1: vitest: not found"],
    ["Exit code 2", ""],
    ["", ""],
  ];
  for (const [output, line] of told) expect(errorLine(output), output).toBe(line);
  expect(errorLine(`Error: ${"x".repeat(1_000)}`).length).toBeLessThanOrEqual(160);
});

test("a failed test is told by its name and its error", () => {
  const told: readonly (readonly [string, string])[] = [
    [
      "✔ error: refused (1ms)\n✖ logs out (0.3ms)\n  Error: token reused\n    at x",
      "logs out: Error: token reused",
    ],
    ["ok 1 - error handling\nnot ok 2 - adds\n  ---\n  error: |-\n    Expected 3", "adds: Expected 3"],
    [
      " FAIL  src/a.test.ts > adds\nAssertionError: expected 1 to be 2",
      "src/a.test.ts > adds: AssertionError: expected 1 to be 2",
    ],
    [
      "--- PASS: TestError (0.00s)\n--- FAIL: TestA (0.00s)\n    a_test.go:5: expected 3, got 2",
      "TestA: a_test.go:5: expected 3, got 2",
    ],
    [
      "E       AssertionError: assert 1 == 2\nFAILED tests/test_a.py::test_b - assert",
      "tests/test_a.py::test_b: AssertionError: assert 1 == 2",
    ],
    [
      "  ● auth › rejects\n\n    expect(received).toBe(expected)\n\n    Expected: 401\n    Received: 200",
      "auth › rejects: Expected: 401, Received: 200",
    ],
    ["✖ failing tests:\n✖ adds (1.5ms)", "adds"],
  ];
  for (const [output, line] of told) expect(errorLine(output), output).toBe(line);
});

test("nothing that passed is ever told as an error", () => {
  for (const output of ["✔ error is thrown\n✓ fails well", "ok 1 - error", "PASS src/error.test.ts"]) {
    expect(errorLine(`${output}\nsomething else`), output).toBe("something else");
  }
});

test("hostile output takes linear time", () => {
  for (const part of [
    "a ",
    "error ",
    "Error: ",
    "✖ a\n",
    "E     ",
    ": ",
    "expected ",
    "✔ ",
    "FAILED a::",
    "\n",
  ]) {
    expectLinearIn(part, 200_000, (text) => errorLine(text));
  }
});
