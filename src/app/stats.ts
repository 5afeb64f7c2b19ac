import { STATS_ROWS_MAX } from "../base/limits.ts";
import type { Approach } from "../distill/approaches.ts";
import type { DayFigures, Figures } from "../distill/figures.ts";
import type { App } from "./app.ts";
import type { Here } from "./here.ts";
import { handleOf, personHandle } from "./person.ts";
import { callingPlace, resolveSession } from "./resolve-session.ts";
import { loadSession } from "./session-log.ts";
import { showSession } from "./show-session.ts";
import { type SessionSummary, saveSummary, summaries } from "./summary.ts";

export type StatsBy = "session" | "week" | "person";

/** Figures of a session, a week, a person, or of all of them. Docs: docs/formats/figures.md. */
export interface StatsRow {
  /** A slug, the Monday of a week as `YYYY-MM-DD`, `@ada`; "" for the sum. */
  readonly name: string;
  readonly sessions: number;
  readonly activeMs: number;
  readonly prompts: number;
  readonly linesAdded: number;
  readonly linesRemoved: number;
  readonly testsAdded: number;
  /** Undefined for a week: which day a file was changed on first is not kept. */
  readonly files: number | undefined;
  readonly blockers: number | undefined;
  readonly blockersResolved: number | undefined;
}

export interface Stats {
  readonly by: StatsBy;
  /** Newest first; persons: who worked most first. */
  readonly rows: readonly StatsRow[];
  /** Rows beyond STATS_ROWS_MAX: the total has them. */
  readonly omitted: number;
  readonly total: StatsRow;
  /** Some conversations were read by a version that measured nothing. */
  readonly partial: boolean;
}

/** One session by itself, with its days and what was tried. */
export interface SessionStats extends Stats {
  readonly figures: Figures;
  readonly approaches: readonly Approach[];
}

/**
 * The figures of this work tree's sessions, or with `all` of every one, by session, week or person. Reads summaries only.
 *
 * @param input.person only this person's.
 */
export async function statsHere(
  app: App,
  input: { readonly by: StatsBy; readonly all: boolean; readonly person?: string | undefined },
): Promise<Stats> {
  const here = await callingPlace(app);
  const measured = summaries(app, input.all ? undefined : here.workTree).map((summary) =>
    measuredIn(app, summary),
  );
  const me = input.by === "person" ? await personHandle(app, here) : "";
  const wanted = input.person === undefined ? undefined : handleOf(input.person);
  const rows = rowsBy(input.by, measured, me).filter(({ name }) => wanted === undefined || name === wanted);
  return statsOf(input.by, rows, measured);
}

/** One session's figures. @throws AppError as {@link resolveSession}. */
export async function sessionStats(app: App, session: string): Promise<SessionStats> {
  const here: Here = await callingPlace(app);
  const { id } = resolveSession(app, here, session);
  const { session: summary, figures, approaches } = await showSession(app, { session: id });
  const own: Measured = { ...summary, figures };
  return { ...statsOf("session", [sessionRow(own)], [own]), figures, approaches };
}

type Measured = SessionSummary & { readonly figures: Figures };

/** A summary of an older version has no figures: it is made again. */
function measuredIn(app: App, summary: SessionSummary): Measured {
  const { figures } = summary;
  if (figures !== undefined) return { ...summary, figures };
  const made = saveSummary(app, loadSession(app, summary.id));
  return { ...made, figures: made.figures ?? NO_FIGURES };
}

const NO_FIGURES: Figures = {
  activeMs: 0,
  conversations: 0,
  prompts: 0,
  files: 0,
  linesAdded: 0,
  linesRemoved: 0,
  testsAdded: 0,
  commits: 0,
  blockersResolved: 0,
  blockers: 0,
  days: [],
  partial: true,
};

function statsOf(by: StatsBy, rows: readonly StatsRow[], own: readonly Measured[]): Stats {
  return {
    by,
    rows: rows.slice(0, STATS_ROWS_MAX),
    omitted: Math.max(0, rows.length - STATS_ROWS_MAX),
    total: by === "week" ? { ...added("", rows), sessions: own.length } : added("", rows),
    partial: own.some(({ figures }) => figures.partial),
  };
}

function rowsBy(by: StatsBy, own: readonly Measured[], me: string): readonly StatsRow[] {
  switch (by) {
    case "session":
      return own.map(sessionRow);
    case "week":
      return weekRows(own);
    case "person":
      return personRows(own, me);
  }
}

function sessionRow({ slug, figures }: Measured): StatsRow {
  const { activeMs, prompts, linesAdded, linesRemoved, testsAdded, files, blockers, blockersResolved } =
    figures;
  return {
    name: slug,
    sessions: 1,
    activeMs,
    prompts,
    linesAdded,
    linesRemoved,
    testsAdded,
    files,
    blockers,
    blockersResolved,
  };
}

function weekRows(own: readonly Measured[]): readonly StatsRow[] {
  const byWeek = grouped(
    own.flatMap(({ slug, figures }) => figures.days.map((day) => ({ slug, day }))),
    ({ day }) => mondayOf(day.day),
  );
  return [...byWeek]
    .sort(([a], [b]) => (a < b ? 1 : -1))
    .map(([monday, days]) => ({
      ...added(
        monday,
        days.map(({ day }) => dayRow(day)),
      ),
      sessions: new Set(days.map(({ slug }) => slug)).size,
    }));
}

function dayRow({ day, ...figures }: DayFigures): StatsRow {
  return {
    name: day,
    sessions: 1,
    ...figures,
    files: undefined,
    blockers: undefined,
    blockersResolved: undefined,
  };
}

/** Everything of this machine was done by the person here; what a colleague had done before is what their handoff says. */
function personRows(own: readonly Measured[], me: string): readonly StatsRow[] {
  const rows = own.flatMap((each) => [{ ...sessionRow(each), name: me }, ...handedRow(each)]);
  return [...grouped(rows, ({ name }) => name)]
    .map(([name, theirs]) => added(name, theirs))
    .sort((a, b) => b.activeMs - a.activeMs || (a.name < b.name ? -1 : 1));
}

function handedRow({ handed }: Measured): readonly StatsRow[] {
  if (handed === undefined) return [];
  const figures = handed.figures ?? NO_FIGURES;
  const { activeMs, prompts, linesAdded, linesRemoved, testsAdded } = figures;
  return [
    {
      name: handleOf(handed.by),
      sessions: 1,
      activeMs,
      prompts,
      linesAdded,
      linesRemoved,
      testsAdded,
      files: undefined,
      blockers: undefined,
      blockersResolved: undefined,
    },
  ];
}

function added(name: string, rows: readonly StatsRow[]): StatsRow {
  const sum = (figure: (row: StatsRow) => number) => rows.reduce((total, row) => total + figure(row), 0);
  const known = (figure: (row: StatsRow) => number | undefined) =>
    rows.some((row) => figure(row) === undefined) ? undefined : sum((row) => figure(row) ?? 0);
  return {
    name,
    sessions: sum(({ sessions }) => sessions),
    activeMs: sum(({ activeMs }) => activeMs),
    prompts: sum(({ prompts }) => prompts),
    linesAdded: sum(({ linesAdded }) => linesAdded),
    linesRemoved: sum(({ linesRemoved }) => linesRemoved),
    testsAdded: sum(({ testsAdded }) => testsAdded),
    files: known(({ files }) => files),
    blockers: known(({ blockers }) => blockers),
    blockersResolved: known(({ blockersResolved }) => blockersResolved),
  };
}

/** Weeks begin on Monday (ISO 8601). */
function mondayOf(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
  return date.toISOString().slice(0, 10);
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
