import { execFileSync } from "node:child_process";

/** Real git in a folder, as Ada, with nobody's settings but those of the repository. Gives its standard output, trimmed. */
export function gitIn(folder: string, home: string, env: NodeJS.ProcessEnv = {}) {
  return (...args: readonly string[]): string =>
    execFileSync("git", [...args], {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        HOME: home,
        GIT_CONFIG_NOSYSTEM: "1",
        GIT_AUTHOR_NAME: "Ada",
        GIT_AUTHOR_EMAIL: "ada@example.org",
        GIT_COMMITTER_NAME: "Ada",
        GIT_COMMITTER_EMAIL: "ada@example.org",
        ...env,
      },
      stdio: ["ignore", "pipe", "pipe"],
    })
      .toString()
      .trim();
}
