import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { ingestHookCall } from "../../src/app/ingest.ts";
import { loadSession } from "../../src/app/session-log.ts";
import { statusHere } from "../../src/app/status.ts";
import { summaries } from "../../src/app/summary.ts";
import type { ConversationId } from "../../src/base/id.ts";
import type { Note } from "../../src/session/note.ts";
import { type AppBox, conversationRecords, makeAppBox } from "../app-box.ts";

export const CONVERSATION = "aaaaaaaa-0000-4000-8000-000000000001" as ConversationId;

/**
 * What must still be true of everything that was ever said. Every text carries a word of its own (`w12x`), so that losing
 * and doubling can be told from the files alone.
 */
export interface Model {
  number: number;
  /** Words of notes that must be known. */
  readonly notes: Set<string>;
  /** Words of items that a person typed; once a step of ours has seen one in the file it is a note. */
  readonly typed: Set<string>;
  /** Words of sentences in sections of the person's own. */
  readonly prose: Set<string>;
  /** Words of items that a person changed, and of those they took out of the file one by one. */
  readonly touched: Set<string>;
  readonly removed: Set<string>;
  /** Every text that the file has held. */
  readonly copies: string[];
  /** What an editor has open. */
  buffer: string | undefined;
}

export interface Fire {
  readonly box: AppBox;
  /** Of the document. */
  readonly path: string;
  readonly model: Model;
}

/** A project with a git repository, one conversation, and its session's document. */
export async function lit(): Promise<Fire> {
  const box = makeAppBox();
  let monotonicMs = 0;
  // Nothing here waits for a record that comes late: every poll is at its end at once.
  const own: AppBox = {
    ...box,
    app: { ...box.app, clock: { ...box.app.clock, monotonicMs: () => (monotonicMs += 500) } },
  };
  git(own, "init", "-q", "-b", "main");
  git(own, "commit", "-q", "--allow-empty", "-m", "begin");
  await statusHere(own.app, {});
  own.initialise();
  const model: Model = {
    number: 0,
    notes: new Set(),
    typed: new Set(),
    prose: new Set(),
    touched: new Set(),
    removed: new Set(),
    copies: [],
    buffer: undefined,
  };
  const fire: Fire = { box: own, path: "", model };
  await turn(fire);
  return { ...fire, path: summaries(own.app)[0]?.document ?? "" };
}

/** Runs git in the project and gives what it says; what git refuses (a merge in progress, nothing stashed) is no error here. */
export function git({ project, folder }: AppBox, ...args: string[]): string {
  const env = { PATH: process.env.PATH, HOME: folder, GIT_CONFIG_NOSYSTEM: "1", GIT_EDITOR: "true" };
  const name = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"];
  try {
    return execFileSync("git", [...name, ...args], { cwd: project, env, stdio: "pipe" })
      .toString()
      .trim();
  } catch {
    return "";
  }
}

export async function turn({ box, model }: Fire): Promise<void> {
  model.number += 1;
  const id = `99999999-0000-4000-8000-${String(model.number).padStart(12, "0")}`;
  const records = conversationRecords(CONVERSATION, box.project, box.app.clock.nowMs());
  const answer = "Done with it.";
  box.pass(60_000);
  box.say(
    CONVERSATION,
    { ...records.prompt("Go on with the login", id), uuid: id },
    { ...records.answer(answer), uuid: `8${id.slice(1)}` },
  );
  await ingestHookCall(box.app, box.call("Stop", CONVERSATION, { answer, promptId: id }));
}

export function word(model: Model): string {
  model.number += 1;
  return `w${model.number}x`;
}

/** The file's text; undefined where there is none, or something else than a text in UTF-8. */
export function textOf({ path }: Fire): string | undefined {
  const bytes = bytesOf({ path });
  const text = bytes?.toString("utf8");
  return text !== undefined && bytes !== undefined && Buffer.from(text).equals(bytes) ? text : undefined;
}

export function bytesOf({ path }: Pick<Fire, "path">): Buffer | undefined {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ? readFileSync(path) : undefined;
}

/** Saves as editors do: into a file that can be written, whatever stood there. */
export function save(fire: Fire, bytes: string | Buffer): void {
  mended(fire);
  writeFileSync(fire.path, bytes);
}

/** Puts the file where it can be read and written again, as a person does who sees what is wrong. */
export function mended({ path }: Fire): void {
  mkdirSync(dirname(path), { recursive: true });
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isDirectory()) rmSync(path, { recursive: true });
  else if (stat) chmodSync(path, 0o644);
}

export function isConflicted(text: string | undefined): boolean {
  return text?.includes("<<<<<<<") ?? false;
}

export function isReadOnly({ path }: Fire): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && (stat.mode & 0o222) === 0;
}

export function sentence(own: string): string {
  return `I think ${own} is so.`;
}

/** Lines of items, and no others: continuity and metrics repeat words of theirs. */
export function itemLines(text: string): readonly string[] {
  return text
    .split(/\r?\n/)
    .filter((line) => /^\s*- (?:\[[ x]\] (?:agent|person) step|found) w\d+x\b/.test(line));
}

export function wordIn(line: string): string {
  return /\bw\d+x\b/.exec(line)?.[0] ?? "";
}

export function notesWith({ box: { app } }: Fire, own: string): readonly Note[] {
  const said = new RegExp(`\\b${own}\\b`);
  return summaries(app)
    .flatMap(({ id }) => [...loadSession(app, id).notes.values()])
    .filter(({ text }) => said.test(text));
}
