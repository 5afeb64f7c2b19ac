import { expect, test } from "vitest";
import { expectLinearIn } from "../../test/linear.ts";
import { commandKey, doesWork, pathsThrownAway, stashing } from "./command.ts";

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

test("commands that throw changes away name their paths", () => {
  expect(pathsThrownAway("git checkout -- src/a.ts b.ts")).toEqual(["src/a.ts", "b.ts"]);
  expect(pathsThrownAway("cd /w && git restore .")).toEqual(["*"]);
  expect(pathsThrownAway("git checkout src/a.ts ./b.ts && git status --short")).toEqual(["src/a.ts", "b.ts"]);
  expect(pathsThrownAway("git -C /w checkout HEAD -- 'my file.ts'")).toEqual(["my file.ts"]);
  expect(pathsThrownAway("git reset --hard HEAD~1")).toEqual(["*"]);
  for (const command of [
    "git checkout main",
    "git checkout -b fix/a.b",
    "echo 'git reset --hard'",
    "git restore --staged a",
    "git reset HEAD a",
    "git stash",
    "rm a",
  ]) {
    expect(pathsThrownAway(command), command).toEqual([]);
  }
});

test("changes are put aside and brought back", () => {
  expect(stashing("git stash")).toBe("put");
  expect(stashing("git stash push -m wip && npm test")).toBe("put");
  expect(stashing("git stash pop")).toBe("back");
  expect(stashing("git stash && npm test; git stash pop")).toBeUndefined();
  expect(stashing("git stash list")).toBeUndefined();
});

test("hostile commands take linear time", () => {
  for (const part of ["a ", "git stash ", "'", '"a', "git reset --hard;", "cd x", "-", "\\", "; "]) {
    expectLinearIn(part, 50_000, (text) => {
      commandKey(text);
      pathsThrownAway(text);
      stashing(text);
    });
  }
});
