import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { gitIn } from "../../../test/git-in.ts";
import { openTerminal, type Terminal } from "../../../test/terminal.ts";

// The hooks and files that `leftoff context --git-hooks` writes into real repositories; that they work is test/git-hooks.test.ts.

let terminal: Terminal;
let git: (...args: readonly string[]) => string;
let hooks = "";
beforeEach(async () => {
  terminal = openTerminal();
  const { project, folder } = terminal.box;
  git = gitIn(project, folder);
  git("init", "-q", "-b", "main");
  hooks = join(project, ".git", "hooks");
});
afterEach(() => terminal.dispose());

function put(path: string, text: string, mode = 0o755): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}
const read = (path: string) => readFileSync(path, "utf8");

test("hooks come beside the person's own and go again, byte for byte, by the option or with uninstall", async () => {
  const own = put(join(hooks, "post-commit"), "#!/bin/bash\nset -e\nmake notify\nexit 0");
  const attributes = put(join(terminal.box.project, ".git", "info", "attributes"), "*.png -diff", 0o644);
  const before = [read(own), read(attributes)];
  const planned = await terminal.json("context", "--git-hooks", "--dry-run");
  expect([read(own), (planned.gitHooks as { changed: readonly unknown[] }).changed.length]).toEqual([
    before[0],
    5,
  ]);
  for (const takeOut of [["context", "--no-git-hooks"], ["uninstall"]]) {
    await terminal.run("context", "--git-hooks");
    expect(read(own)).toMatch(/^#!\/bin\/bash\n# leftoff: .*\n\( .*\nset -e\nmake notify\nexit 0$/);
    expect(statSync(join(hooks, "post-checkout")).mode & 0o777).toBe(0o755);
    expect(read(attributes)).toContain("/.claude/context.md merge=union");
    const again = await terminal.json("context", "--git-hooks");
    expect(again.gitHooks).toEqual({ changed: [], warnings: [] });
    await terminal.run(...takeOut);
    expect([read(own), read(attributes)]).toEqual(before);
    expect(existsSync(join(hooks, "post-checkout"))).toBe(false);
  }
  expect((await terminal.run("context", "--no-git-hooks")).out).toBe(
    "This repository has no hooks of leftoff's.",
  );
});

test("a link, a program in another language and a hook that is switched off are left as they are, with the line to add", async () => {
  const target = put(join(terminal.box.project, "scripts", "notify.sh"), "#!/bin/sh\n");
  mkdirSync(hooks, { recursive: true });
  symlinkSync(target, join(hooks, "post-commit"));
  put(join(hooks, "post-checkout"), "#!/usr/bin/env python3\n");
  put(join(hooks, "post-merge"), "#!/bin/sh\nexit 0\n", 0o644);
  const { err } = await terminal.run("context", "--git-hooks");
  expect(err).toContain("post-commit was left as it is: it is a link. This line does it:\n  ( [ ! -x '");
  expect(err).toContain("post-checkout was left as it is: it is no sh script.");
  expect(err).toContain("post-merge was left as it is: it may not be executed");
  expect([read(target), read(join(hooks, "post-merge"))]).toEqual(["#!/bin/sh\n", "#!/bin/sh\nexit 0\n"]);
  expect(read(join(hooks, "post-rewrite"))).toContain("git-hook' 'post-rewrite'");
});

test("core.hooksPath is followed: what comes with the repository or serves others is left, what git ignores (husky's) is written into", async () => {
  const { project, folder } = terminal.box;
  git("config", "core.hooksPath", ".husky/_");
  put(join(project, ".husky", "_", ".gitignore"), "*\n", 0o644);
  const husky = put(join(project, ".husky", "_", "post-commit"), '#!/usr/bin/env sh\n. "$(dirname "$0")/h"');
  await terminal.run("context", "--git-hooks");
  expect(read(husky)).toContain("git-hook' 'post-commit'");
  await terminal.run("context", "--no-git-hooks");
  expect(read(husky)).toBe('#!/usr/bin/env sh\n. "$(dirname "$0")/h"');

  git("config", "core.hooksPath", ".githooks");
  const shared = put(join(project, ".githooks", "post-commit"), "#!/bin/sh\n");
  expect((await terminal.run("context", "--git-hooks")).err).toContain(
    "everybody gets it with the repository",
  );
  expect([read(shared), existsSync(join(project, ".githooks", "post-merge"))]).toEqual([
    "#!/bin/sh\n",
    false,
  ]);

  git("config", "core.hooksPath", "~/hooks");
  const everywhere = put(join(folder, "hooks", "post-commit"), "#!/bin/sh\n");
  expect((await terminal.run("context", "--git-hooks")).err).toContain("leads out of this repository");
  expect(read(everywhere)).toBe("#!/bin/sh\n");
});

test("linked work trees share the hooks, and outside git there are none", async () => {
  const { project, folder, app } = terminal.box;
  git("commit", "-q", "--allow-empty", "-m", "Start");
  git("worktree", "add", "-q", join(folder, "linked"));
  const linked = { ...app, cwd: join(folder, "linked") };
  await terminal.runAs(linked, "context", "--git-hooks");
  expect(read(join(hooks, "post-commit"))).toContain("git-hook' 'post-commit'");
  await terminal.runAs({ ...app, cwd: project }, "context", "--no-git-hooks");
  expect(existsSync(join(hooks, "post-commit"))).toBe(false);
  const outside = await terminal.runAs({ ...app, cwd: folder }, "context", "--git-hooks");
  expect(outside).toMatchObject({ exit: 9, err: expect.stringContaining("is no git repository") });
});

test("doctor sees hooks that others overwrote, moved or switched off, and puts right what it may", async () => {
  const { project } = terminal.box;
  const found = async () => {
    const { checks } = (await terminal.json("doctor")) as unknown as {
      readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[];
    };
    return checks.filter(({ name, ok }) => name === "git hooks" && !ok).map(({ detail }) => detail);
  };
  expect(await found()).toEqual([]);
  await terminal.run("context", "--git-hooks");
  expect(await found()).toEqual([]);

  put(join(hooks, "post-commit"), "#!/bin/sh\nmake notify\n");
  put(join(hooks, "post-merge"), read(join(hooks, "post-merge")).replace("</dev/null", ""));
  chmodSync(join(hooks, "post-rewrite"), 0o644);
  put(join(project, ".git", "info", "attributes"), "*.png -diff\n", 0o644);
  expect(await found()).toEqual([
    expect.stringMatching(/post-commit does not have/),
    expect.stringMatching(/post-merge are another version's/),
    expect.stringMatching(/post-rewrite may not be executed/),
    expect.stringMatching(/info\/attributes does not say/),
  ]);
  const mended = await terminal.run("doctor", "--fix");
  expect(mended.out).toContain("Put git hooks right: ");
  expect(mended.out).toContain("post-rewrite was left as it is: it may not be executed");
  expect(read(join(hooks, "post-commit"))).toMatch(/git-hook' 'post-commit'[\s\S]*make notify\n$/);
  chmodSync(join(hooks, "post-rewrite"), 0o755);
  expect(await found()).toEqual([]);

  git("config", "core.hooksPath", ".githooks");
  expect(await found()).toEqual([expect.stringMatching(/in .+\.githooks now \(core\.hooksPath\)/)]);
  const said = (await terminal.run("doctor", "--fix")).out;
  expect(said).toContain("everybody gets it with the repository. This line does it:");
  for (const line of said.split("\n").filter((one) => one.startsWith("  ( [ "))) {
    const hook = /'(post-[a-z]+)'/.exec(line)?.[1] ?? "?";
    put(join(project, ".githooks", hook), `#!/bin/sh\nmake notify\n${line.trim()}\n`);
  }
  expect(await found()).toEqual([]);
  git("config", "core.hooksPath", ".git/husky");
  await terminal.run("doctor", "--fix");
  expect([await found(), existsSync(join(project, ".git", "husky", "post-commit"))]).toEqual([[], true]);
});
