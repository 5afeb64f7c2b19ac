import { expect, test } from "vitest";
import { checkGitHooks } from "./check-git-hooks.ts";
import type { GitHookFacts, GitHooksFacts } from "./facts.ts";

const at = (folder: string, state: GitHookFacts["state"]): Partial<GitHooksFacts> => ({
  folder,
  hooks: [{ path: `${folder}/post-commit`, state }],
});
const check = (over: Partial<GitHooksFacts>) =>
  checkGitHooks([
    { root: "/p", folder: "/p/.git/hooks", isMoved: false, hooks: [], attributes: [], ...over },
  ]);

test("hooks that are whole are fine, where nobody wanted any nothing is said", () => {
  expect(check(at("/p/.git/hooks", "whole"))).toEqual([
    { name: "git hooks", ok: true, detail: "/p/.git/hooks", fix: undefined, remedy: undefined },
  ]);
  expect(checkGitHooks([])).toEqual([]);
});

test.each([
  ["without our lines", at("/p/.git/hooks", "missing"), "post-commit does not have leftoff's", "gitHooks"],
  ["changed", at("/p/.git/hooks", "different"), "changed by hand", "gitHooks"],
  ["switched off", at("/p/.git/hooks", "not executable"), "may not be executed", undefined],
  ["elsewhere", { ...at("/p/.husky/_", "missing"), isMoved: true }, "of /p in /p/.husky/_ now", "gitHooks"],
  ["attributes", { attributes: ["/p/.git/info/attributes"] }, "attributes does not say", "gitHooks"],
])("what is not as it should be is found, with what to do about it: %s", (_, over, detail, remedy) => {
  const found = check(over).filter(({ ok }) => !ok);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({ remedy, detail: expect.stringContaining(detail) });
  expect(found[0]?.fix).toMatch(/\.$/);
});
