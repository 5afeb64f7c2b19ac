import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A temporary folder with a home of its own, in which real git can be tried without the user's config. */
export interface Sandbox {
  /** Real path. */
  readonly path: string;
  /** Runs git in a folder below the sandbox and gives its standard output, trimmed. */
  git(folder: string, ...args: string[]): string;
  /** Makes a repository on git branch `main` with one commit that no other repository has. */
  repository(folder: string): string;
  /** Writes a file and commits it; gives the commit. */
  commit(folder: string, file: string, subject: string): string;
  remove(): void;
}

export function makeSandbox(): Sandbox {
  const path = realpathSync(mkdtempSync(join(tmpdir(), "leftoff-test-")));
  const home = join(path, "home");
  mkdirSync(home);
  writeFileSync(
    join(home, ".gitconfig"),
    '[init]\n\tdefaultBranch = main\n[protocol "file"]\n\tallow = always\n',
  );
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    GIT_CONFIG_GLOBAL: join(home, ".gitconfig"),
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_AUTHOR_NAME: "Ada",
    GIT_AUTHOR_EMAIL: "ada@example.org",
    GIT_COMMITTER_NAME: "Ada",
    GIT_COMMITTER_EMAIL: "ada@example.org",
  };
  const git = (folder: string, ...args: string[]): string =>
    execFileSync("git", args, { cwd: join(path, folder), env, stdio: ["ignore", "pipe", "pipe"] })
      .toString()
      .trim();
  const commit = (folder: string, file: string, subject: string): string => {
    const target = join(path, folder, file);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, `${subject}\n`);
    git(folder, "add", "--", file);
    git(folder, "commit", "-q", "-m", subject);
    return git(folder, "rev-parse", "HEAD");
  };
  return {
    path,
    git,
    commit,
    repository: (folder) => {
      mkdirSync(join(path, folder), { recursive: true });
      git(folder, "init", "-q");
      commit(folder, "README.md", `Start ${folder} ${process.hrtime.bigint()}`);
      return join(path, folder);
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}
