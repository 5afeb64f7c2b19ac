import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const ROOT = join(import.meta.dirname, "..", "..");
const MAIN = join(ROOT, "dist", "main.js");
const BLOCKS = join(import.meta.dirname, "blocks");

export const isBuilt = existsSync(MAIN);
export const blockNames: readonly string[] = readdirSync(BLOCKS).sort();

/** What a shell did. */
export interface Ran {
  readonly exit: number | null;
  readonly out: string;
  readonly err: string;
}

/** A person's machine below one temporary folder: a git repository with leftoff set up in it, and a shell in that. */
export interface Box {
  readonly project: string;
  /** Runs a block as `bash FILE ARGS…` in the project. */
  block(name: string, ...args: readonly string[]): Ran;
  /** The same with what is to be replaced in it, for places that only its reader knows. */
  blockWith(name: string, replaced: readonly [from: string, to: string]): Ran;
  /** A line in a real shell, which has `leftoff` on its PATH; `BLOCK` is the path of the block. */
  sh(line: string, env?: { readonly [name: string]: string }): Ran;
  /** Standard output of the built program. @throws Error where it fails. */
  leftoff(...argv: readonly string[]): string;
  json(...argv: readonly string[]): { readonly [name: string]: unknown };
  write(path: string, text: string): void;
  read(path: string): string;
  /** Names in a folder of the project. */
  names(folder: string): readonly string[];
  dispose(): void;
}

export function makeBox(): Box {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "leftoff-seeds-")));
  const project = join(folder, "project");
  const bin = join(folder, "bin");
  mkdirSync(project);
  mkdirSync(bin);
  writeFileSync(join(bin, "leftoff"), `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`, {
    mode: 0o755,
  });
  const env = {
    PATH: `${bin}:${process.env.PATH ?? ""}`,
    HOME: folder,
    LEFTOFF_HOME: join(folder, "data"),
    GIT_CONFIG_NOSYSTEM: "1",
    LC_ALL: "C",
    BLOCKS,
  };
  const run = (
    program: string,
    args: readonly string[],
    more: { readonly [name: string]: string } = {},
  ): Ran => {
    const ran = spawnSync(program, args, { cwd: project, env: { ...env, ...more }, encoding: "utf8" });
    return { exit: ran.status, out: ran.stdout, err: ran.stderr };
  };
  const leftoff = (...argv: readonly string[]) => {
    const ran = run("leftoff", argv);
    if (ran.exit !== 0)
      throw new Error(`leftoff ${argv.join(" ")}: exit code ${ran.exit}\n${ran.out}${ran.err}`);
    return ran.out;
  };
  const box: Box = {
    project,
    block: (name, ...args) => run("bash", [join(BLOCKS, name), ...args]),
    blockWith: (name, [from, to]) => {
      const path = join(folder, name);
      writeFileSync(path, readFileSync(join(BLOCKS, name), "utf8").replaceAll(from, to));
      return run("bash", [path]);
    },
    sh: (line, more) => run("bash", ["-c", line], more),
    leftoff,
    json: (...argv) => JSON.parse(leftoff(...argv, "--json")) as { readonly [name: string]: unknown },
    write: (path, text) => {
      mkdirSync(dirname(join(project, path)), { recursive: true });
      writeFileSync(join(project, path), text);
    },
    read: (path) => readFileSync(join(project, path), "utf8"),
    names: (path) => (existsSync(join(project, path)) ? readdirSync(join(project, path)).sort() : []),
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
  box.sh("git init -q -b main && git config user.name Ada && git config user.email ada@example.com");
  box.write("README.md", "# Shop\n\nThe shop's API answers orders.\n");
  copyFileSync(join(ROOT, "examples", "example-session.tmp"), join(project, "example-session.tmp"));
  box.sh("git add README.md && git commit -q -m 'Begin the shop'");
  leftoff("init");
  mkdirSync(join(project, ".claude", "sessions"), { recursive: true });
  return box;
}
