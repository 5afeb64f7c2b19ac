import fc from "fast-check";
import { expect, test } from "vitest";
import { expectLinearIn } from "../../test/linear.ts";
import { commitsMade, commitsTakenBack, hashIn } from "./commit.ts";
import { simpleCommands } from "./shell.ts";

const named = (command: string, output: string) =>
  commitsMade(command, output).map(({ hash, subject }) => [hash, subject]);

test("commits are read from git's own line", () => {
  expect(
    commitsMade(
      "git commit -m x",
      "[main (root-commit) 0a1b2c3] first\n[detached HEAD 4d5e6f7] second\n[x] todo 1234567",
    ),
  ).toEqual([
    { hash: "0a1b2c3", subject: "first", gitBranch: "main", amends: false },
    { hash: "4d5e6f7", subject: "second", gitBranch: undefined, amends: false },
  ]);
  expect(commitsMade("git commit --amend --no-edit", "[main 0a1b2c3] first")[0]?.amends).toBe(true);
  expect(commitsMade("cat log", "[main 0a1b2c3] first")).toEqual([]);
});

test("a quiet commit is named by the log behind it, or by its message", () => {
  const log = "5f0aa02 api: limits\n0a1b2c3 older";
  expect(named('git add a && git commit -q -m "api: limits" && git log --oneline -1', log)).toEqual([
    ["5f0aa02", "api: limits"],
  ]);
  expect(
    named("git commit -qam 'api: limits' && git log --oneline -2", `* 5f0aa02 (HEAD -> main) api: limits`),
  ).toEqual([["5f0aa02", "api: limits"]]);
  expect(named('git commit --quiet -m "api: limits"', "")).toEqual([[undefined, "api: limits"]]);
  expect(named(`git commit -q -m "$(cat <<'EOF'\napi: limits\n\nBecause of bots.\nEOF\n)"`, "")).toEqual([
    [undefined, "api: limits"],
  ]);
  expect(named("git commit -q -F - <<'EOF'\napi: limits\n\nmore\nEOF", "")).toEqual([
    [undefined, "api: limits"],
  ]);
  expect(named("git commit -q -m 'other' ; git log --oneline -1", log)).toEqual([[undefined, "other"]]);
});

test("what was not committed is no commit", () => {
  for (const [command, output] of [
    ["git commit -qm x; git log --oneline -1", "nothing to commit, working tree clean\n0a1b2c3 older"],
    ["git log --oneline -3", "5f0aa02 api: limits"],
    ['git commit -m "x"', "husky - pre-commit hook exited with code 1"],
    ["git commit -q", ""],
    ["echo git commit -q -m x", ""],
  ] as const) {
    expect(commitsMade(command, output), command).toEqual([]);
  }
});

test("a reset takes commits back, and a log names a commit whose subject is known", () => {
  expect(commitsTakenBack("git reset --hard HEAD~2")).toBe(2);
  expect(commitsTakenBack("cd /w && git reset @^")).toBe(1);
  expect(commitsTakenBack("git reset HEAD~")).toBe(1);
  for (const command of ["git reset HEAD a.ts", "git reset --hard", "git log HEAD~3"])
    expect(commitsTakenBack(command), command).toBe(0);
  expect(hashIn("5f0aa02 api: limits\nx", "api: limits")).toBe("5f0aa02");
  expect(hashIn("5f0aa02 api", "web")).toBeUndefined();
});

test("a command line is its programs and their words", () => {
  expect(simpleCommands(`cd /w && git commit -m "a; b" | tee 'x y' \\\n z`)).toEqual([
    ["cd", "/w"],
    ["git", "commit", "-m", "a; b"],
    ["tee", "x y", "z"],
  ]);
  expect(simpleCommands("echo 'never closed")).toEqual([["echo", "never closed"]]);
});

test("any command and output are read without throwing and in linear time", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.string(), (command, output) => {
      commitsMade(`git commit ${command}`, output);
      commitsTakenBack(`git reset ${command}`);
    }),
  );
  for (const part of ["git commit -q -m a;", "[main ", "<<EOF ", "0a1b2c3 a\n", "nothing ", "'", "(", "\n"]) {
    expectLinearIn(part, 100_000, (text) => commitsMade(`git commit -q -m "$(cat <<${text}`, text));
  }
});
