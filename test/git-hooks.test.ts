import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect } from "vitest";
import { settled } from "./e2e/processes.ts";
import { gitIn } from "./git-in.ts";
import { built, makeProgramBox, type ProgramBox } from "./program-box.ts";

// Real git with the built program behind its hooks: what git prints, what its exit code is, and what the context page says then.

const SETTLED_MS = 60_000;

let box: ProgramBox;
let git: (...args: readonly string[]) => string;
beforeEach(() => {
  box = makeProgramBox();
  git = gitIn(box.project, box.folder, { LEFTOFF_HOME: box.home });
});
afterEach(async () => {
  await settled(box.folder, SETTLED_MS);
  box.dispose();
});

/** Background work shows in what it leaves. */
const pageHas = (what: RegExp) => expect.poll(page, { timeout: SETTLED_MS, interval: 50 }).toMatch(what);
const page = () => readFileSync(join(box.project, ".claude", "context.md"), "utf8");

function commit(file: string, subject: string): void {
  writeFileSync(join(box.project, file), `${subject}\n`);
  git("add", "--", file);
  git("commit", "-q", "-m", subject);
}

/** What git says, with what it left to do in the background done. */
async function done(
  ...args: readonly string[]
): Promise<{ readonly exit: number | null; readonly said: string }> {
  const env = {
    PATH: process.env.PATH,
    HOME: box.folder,
    LEFTOFF_HOME: box.home,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_AUTHOR_NAME: "Ada",
    GIT_AUTHOR_EMAIL: "ada@example.org",
    GIT_COMMITTER_NAME: "Ada",
    GIT_COMMITTER_EMAIL: "ada@example.org",
  };
  const ran = spawnSync("git", [...args], { cwd: box.project, env, encoding: "utf8" });
  await settled(box.folder, SETTLED_MS);
  return { exit: ran.status, said: `${ran.stdout}${ran.stderr}` };
}

function begun(): void {
  git("init", "-q", "-b", "main");
  commit("README.md", "Start");
  box.run("init");
  box.run("new", "Payments");
}

built(
  "after a checkout, a commit, a merge and a rebase the page is right; git says nothing more than before",
  async () => {
    begun();
    const own = join(box.project, ".git", "hooks", "post-commit");
    writeFileSync(own, "#!/bin/sh\nset -eu\necho mine\nwait\n");
    chmodSync(own, 0o755);
    box.run("context", "--git-hooks");

    expect(await done("checkout", "-q", "-b", "refunds")).toEqual({ exit: 0, said: "" });
    await pageHas(/^Branch: refunds$/m);
    writeFileSync(join(box.project, "refunds.txt"), "refunds\n");
    git("add", "refunds.txt");
    expect(await done("commit", "-q", "-m", "Add refunds")).toEqual({ exit: 0, said: "mine\n" });
    await pageHas(/^Recent commits: [0-9a-f]{7,} Add refunds; [0-9a-f]{7,} Start$/m);

    await done("checkout", "-q", "main");
    commit("tea.txt", "Add tea");
    await done("checkout", "-q", "refunds");
    await done("rebase", "-q", "main");
    await pageHas(/Branch: refunds\nRecent commits: \S+ Add refunds; \S+ Add tea; \S+ Start\n/);
    await done("checkout", "-q", "main");
    expect((await done("merge", "-q", "refunds")).exit).toBe(0);
    await pageHas(/Branch: main\nRecent commits: \S+ Add refunds; /);

    // What it was is there no more: git goes on.
    await settled(box.folder, SETTLED_MS);
    rmSync(join(box.home, "bin"), { recursive: true });
    writeFileSync(join(box.project, "later.txt"), "later\n");
    git("add", "later.txt");
    expect(await done("commit", "-q", "-m", "Later")).toEqual({ exit: 0, said: "mine\n" });
  },
);

built(
  "two git branches that both write on the page are merged without a conflict, and no hook makes a clean tree dirty",
  async () => {
    begun();
    box.run("context", "--git-hooks");
    git("add", ".claude/context.md", ".gitignore");
    git("commit", "-q", "-m", "Add the page");
    box.run("context");
    git("commit", "-q", "-a", "-m", "Leave git out of it");

    const onBranch = (name: string, decision: string): void => {
      git("checkout", "-q", "-B", name);
      box.run("note", "decision", decision);
      box.run("context");
      git("commit", "-q", "-a", "-m", decision);
    };
    onBranch("a", "Use Stripe");
    await done("checkout", "-q", "main");
    mkdirSync(join(box.project, "docs"));
    commit("docs/tea.md", "Describe tea");
    writeFileSync(
      join(box.project, ".claude", "context.md"),
      page().replace("## Recent Decisions\n", "## Recent Decisions\n- Sell tea only (Bob)\n"),
    );
    git("commit", "-q", "-a", "-m", "Bob's decision");
    const merged = await done("merge", "-q", "-m", "Merge a", "a");
    expect(merged.exit).toBe(0);
    expect(page()).toContain("- Sell tea only (Bob)\n");
    expect(page()).toContain("- Use Stripe (");
    expect(page()).not.toContain("Branch:");
    expect(git("status", "--porcelain")).not.toContain("context.md");
    expect(existsSync(join(box.project, ".git", "MERGE_HEAD"))).toBe(false);
    const { text, changed } = box.json("context") as { text: string; changed: boolean };
    expect([text.includes("Branch: main\n"), changed]).toEqual([true, false]);
  },
);
