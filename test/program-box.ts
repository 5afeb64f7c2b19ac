import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "vitest";
import type { ConversationId } from "../src/base/id.ts";
import { conversationRecords } from "./app-box.ts";

export const DIST = join(import.meta.dirname, "..", "dist");
const MAIN = join(DIST, "main.js");
/** For tests of the built program, where it is built. */
export const built = test.skipIf(!existsSync(MAIN));

export interface Ran {
  readonly exit: number | null;
  readonly signal: string | null;
  readonly out: string;
  readonly err: string;
}

/** The built program in a project of one conversation, below one temporary folder. */
export interface ProgramBox {
  readonly folder: string;
  readonly project: string;
  readonly home: string;
  /** The conversation's transcript, which is not there yet. */
  readonly transcript: string;
  run(...argv: readonly string[]): Ran;
  runWith(env: { readonly [name: string]: string }, ...argv: readonly string[]): Ran;
  /** The same without waiting: what only looks may run side by side. @returns standard output. */
  looking(...argv: readonly string[]): Promise<string>;
  json(...argv: readonly string[]): { readonly [name: string]: unknown };
  /** A turn in four lines: a prompt, a command that names it, its result, an answer. */
  turn(n: number): readonly [string, string, string, string];
  /** A path, or a sentence with one, as a page for eyes shows what is below the person's home. */
  shown(text: string): string;
  /** Writes the transcript anew. */
  write(...lines: readonly (string | Buffer)[]): void;
  dispose(): void;
}

export function makeProgramBox(): ProgramBox {
  const conversation = "aaaaaaaa-0000-4000-8000-000000000001" as ConversationId;
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "leftoff-built-")));
  const project = join(folder, "project");
  const home = join(folder, "data");
  mkdirSync(project);
  const slug = project.replaceAll(/[^a-zA-Z0-9]/g, "-");
  const transcript = join(folder, ".claude", "projects", slug, `${conversation}.jsonl`);
  mkdirSync(dirname(transcript), { recursive: true });
  const made = conversationRecords(conversation, project, Date.now() - 3_600_000);
  const env = { PATH: process.env.PATH, HOME: folder, LEFTOFF_HOME: home };
  const line = (record: object) => `${JSON.stringify(record)}\n`;
  const runWith = (extra: { readonly [name: string]: string }, ...argv: readonly string[]) => {
    const place = { cwd: project, env: { ...env, ...extra }, encoding: "utf8" } as const;
    const { status, signal, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...argv], place);
    return { exit: status, signal, out: stdout, err: stderr };
  };
  return {
    folder,
    project,
    home,
    transcript,
    run: (...argv) => runWith({}, ...argv),
    runWith,
    looking: (...argv) => {
      const child = spawn(process.execPath, [MAIN, ...argv], { cwd: project, env });
      let out = "";
      child.stdout.on("data", (chunk) => {
        out += String(chunk);
      });
      return new Promise((settle) => child.on("close", () => settle(out)));
    },
    json: (...argv) => JSON.parse(runWith({}, ...argv, "--json").out) as { readonly [name: string]: unknown },
    turn: (n) => [
      line(made.prompt(`Prompt ${n}`, `99999999-0000-4000-8000-00000000000${n}`)),
      line(made.call(`t${n}`, "Bash", { command: `npm run part-${n}` })),
      line(made.result(`t${n}`, "ok")),
      line(made.answer(`Answer ${n}`)),
    ],
    shown: (text) => text.replaceAll(`${folder}/`, "~/"),
    write: (...lines) => writeFileSync(transcript, Buffer.concat(lines.map((part) => Buffer.from(part)))),
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
}
