import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { AppError } from "../base/error.ts";
import { BOARD_COMPLETIONS_MAX, BOARD_RECENT_MS } from "../base/limits.ts";
import { asObject } from "../base/parse.ts";
import { assertReplaceable, replace } from "../disk/disk.ts";
import { withLock } from "../disk/lock.ts";
import { type Board, type BoardSession, lineFor, writeBoard } from "../publish/board.ts";
import { isOpen } from "../session/life-cycle.ts";
import type { Session } from "../session/session.ts";
import type { App } from "./app.ts";
import type { Here } from "./here.ts";
import { noticeMoves } from "./notice-moves.ts";
import { pageRefused, readPage, suspiciousLines } from "./page-file.ts";
import { givenHandle, personHandle } from "./person.ts";
import { callingPlace } from "./resolve-session.ts";
import { contextFolderOf } from "./shelf.ts";
import { type SessionSummary, saveSummary, summaries } from "./summary.ts";

export interface BoardKept {
  readonly path: string;
  readonly person: string;
  readonly text: string;
  /** The file is another one now (with `dryRun`: would be). */
  readonly changed: boolean;
  /** Sessions whose line stays in the person's own words. */
  readonly kept: readonly string[];
  /** How many secrets stand as `[REDACTED:…]` in this person's lines. */
  readonly redacted: number;
  /** Lines of people's own that look as if they held a secret, from 1: they are not ours to change. */
  readonly suspicious: readonly number[];
}

const BOARD_WAIT_MS = 2_000;

/**
 * Brings the lines of this person on the team's board up to date, and nobody else's: `.claude/SESSIONS.md`, beside the
 * documents.
 *
 * @param input.person another name than the one git has.
 * @throws AppError `refused` for a board that is half merged or no text.
 */
export async function keepBoard(
  app: App,
  input: { readonly person?: string | undefined; readonly dryRun: boolean },
): Promise<BoardKept> {
  const here = await callingPlace(app);
  noticeMoves(app, here);
  const person = input.person === undefined ? await personHandle(app, here) : givenHandle(app, input.person);
  const path = boardPath(app, here);
  return withLock(lockOf(app, here), BOARD_WAIT_MS, () =>
    keep(app, here, { person, path, dryRun: input.dryRun }),
  );
}

/**
 * The same for who was not asked to, when a session has changed: only a board that is there, on which this person has lines by
 * their own doing, and only if their line about this session would be another one. What stands in the way is left to
 * {@link keepBoard} to say.
 */
export async function followBoard(app: App, here: Here, session: Session): Promise<void> {
  const path = boardPath(app, here);
  if (!existsSync(path)) return;
  const before = writtenBefore(app, keyOf(here));
  const lines = [...before.values()];
  const person = personIn(lines) ?? (await personHandle(app, here));
  try {
    if (lines.length === 0 && !hasLineOf(person, readPage(path) ?? "")) return;
    const [entry] = entriesOf(app, [saveSummary(app, session)]);
    const line = entry === undefined ? undefined : lineFor(person, entry);
    if (lines.length > 0 && line === before.get(session.slug)) return;
    withLock(lockOf(app, here), BOARD_WAIT_MS, () => keep(app, here, { person, path, dryRun: false }));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
}

/** Whose lines they are: all of one person. */
function personIn(lines: readonly string[]): string | undefined {
  return /^- (@[^\s:]+):/.exec(lines[0] ?? "")?.[1];
}

function hasLineOf(person: string, text: string): boolean {
  return text.split("\n").some((line) => line.startsWith(`- ${person}: `));
}

function boardPath(app: App, here: Here): string {
  return join(dirname(contextFolderOf(app, here)), "SESSIONS.md");
}

function lockOf(app: App, { workTree }: Here): string {
  return join(app.home, "state", "locks", `board-${workTree}`);
}

function keyOf({ workTree }: Here): string {
  return `boards/${workTree}`;
}

interface Wanted {
  readonly person: string;
  readonly path: string;
  readonly dryRun: boolean;
}

function keep(app: App, here: Here, { person, path, dryRun }: Wanted): BoardKept {
  const own = summaries(app).filter(({ workspace }) => workspace === here.workspace);
  const before = readPage(path);
  const sessions = entriesOf(app, own);
  const known = new Set(own.map(({ slug }) => slug));
  const key = keyOf(here);
  const board = writeBoard({ text: before, person, sessions, known, written: writtenBefore(app, key) });
  if (board.broken !== undefined) throw pageRefused(path, board.broken);
  const changed = board.text !== (before ?? "");
  if (!dryRun) {
    if (changed) written(path, board);
    app.store.state.put(key, Object.fromEntries(board.written));
  }
  const lines = [...board.written.values()].join("\n");
  return {
    path,
    person,
    text: board.text,
    changed,
    kept: board.kept,
    redacted: lines.split("[REDACTED:").length - 1,
    suspicious: suspiciousLines(app, board.text),
  };
}

function entriesOf(app: App, own: readonly SessionSummary[]): readonly BoardSession[] {
  return app.redactor.value(onBoard(own, app.clock.nowMs())) as readonly BoardSession[];
}

/** Open work of the last days, what was finished in them, and what is blocked, however long. One a slug. */
function onBoard(own: readonly SessionSummary[], nowMs: number): readonly BoardSession[] {
  const sinceMs = nowMs - BOARD_RECENT_MS;
  const bySlug = new Map([...own].reverse().map((summary) => [summary.slug, summary]));
  const unique = [...bySlug.values()].reverse();
  const blocked = unique.filter(({ status }) => status === "blocked");
  const active = unique.filter(
    ({ status, phase, updatedAtMs }) => status !== "blocked" && isOpen(phase) && updatedAtMs >= sinceMs,
  );
  const finished = unique
    .filter((summary) => !isOpen(summary.phase) && finishedAt(summary) >= sinceMs)
    .sort((a, b) => finishedAt(b) - finishedAt(a))
    .slice(0, BOARD_COMPLETIONS_MAX);
  return [
    ...active.map((summary) => entry(summary, "active")),
    ...finished.map((summary) => entry(summary, "completed")),
    ...blocked.map((summary) => entry(summary, "blocked")),
  ];
}

function entry({ slug, title, reason, phase }: SessionSummary, column: BoardSession["column"]): BoardSession {
  return { slug, title, column, reason, paused: phase === "paused" };
}

function finishedAt({ finishedAtMs, updatedAtMs }: SessionSummary): number {
  return finishedAtMs || updatedAtMs;
}

function written(path: string, board: Board): void {
  assertReplaceable(path);
  replace(path, Buffer.from(board.text), { mode: 0o644 });
}

function writtenBefore(app: App, key: string): ReadonlyMap<string, string> {
  const value = asObject(app.store.state.get(key)) ?? {};
  return new Map(
    Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === "string"),
  );
}
