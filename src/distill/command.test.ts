import { expect, test } from "vitest";
import { commandKey, commitsOf, doesWork, errorLine, pathsThrownAway } from "./command.ts";

test("the same command is known again without its change of folder and what becomes of its output", () => {
  for (const command of [
    "npm test",
    "cd /w/app && npm test 2>&1 | tail -20",
    "npm  test > out.txt",
    "npm test; echo $?",
  ]) {
    expect(commandKey(command)).toBe("npm test");
  }
});

test("looking for something is not working on it", () => {
  for (const command of ["grep x y", "cd /w && ls nope", "git diff --exit-code", "test -f x", ""])
    expect(doesWork(command), command).toBe(false);
  for (const command of ["npm test", "git push", "./run.sh", "cargo build"])
    expect(doesWork(command), command).toBe(true);
});

test("the line that says what was wrong is found in the noise", () => {
  expect(
    errorLine("Exit code 1\n\n> app@1.0.0 test\n> vitest\n\nAssertionError: expected 1 to be 2\n  at x"),
  ).toBe("AssertionError: expected 1 to be 2");
  expect(errorLine("npm ERR! code 1\nsomething odd")).toBe("something odd");
  expect(errorLine("Exit code 2")).toBe("");
  expect(errorLine(`Error: ${"x".repeat(1_000)}`).length).toBeLessThanOrEqual(160);
});

test("commits are read from git's own line", () => {
  expect(
    commitsOf(
      "git commit -m x",
      "[main (root-commit) 0a1b2c3] first\n[detached HEAD 4d5e6f7] second\n[x] todo 1234567",
    ),
  ).toEqual([
    { hash: "0a1b2c3", subject: "first", gitBranch: "main" },
    { hash: "4d5e6f7", subject: "second", gitBranch: undefined },
  ]);
  expect(commitsOf("cat log", "[main 0a1b2c3] first")).toEqual([]);
});

test("commands that throw changes away name their paths", () => {
  expect(pathsThrownAway("git checkout -- src/a.ts b.ts")).toEqual(["src/a.ts", "b.ts"]);
  expect(pathsThrownAway("cd /w && git restore .")).toEqual(["*"]);
  expect(pathsThrownAway("git reset --hard HEAD~1")).toEqual(["*"]);
  for (const command of [
    "git checkout main",
    "git restore --staged a",
    "git reset HEAD a",
    "git stash",
    "rm a",
  ]) {
    expect(pathsThrownAway(command), command).toEqual([]);
  }
});

test("hostile output and commands take linear time", () => {
  for (const part of ["a ", "[main ", "1 passed ", "error ", "cd x", "-", "\\", "; "]) {
    const text = part.repeat(200_000);
    const startedMs = performance.now();
    errorLine(text);
    commandKey(text);
    commitsOf("git commit", text);
    expect(performance.now() - startedMs, part).toBeLessThan(1_000);
  }
});
