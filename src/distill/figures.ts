import { FIGURE_DAYS_KEPT_MAX } from "../base/limits.ts";
import type { Session } from "../session/session.ts";
import { localDate } from "../session/slug.ts";
import type { ConversationFacts } from "./facts.ts";
import { activeMs, type Stretch } from "./stretch.ts";

/** What a session took and what came of it. Everything is counted from transcripts and notes; nothing is estimated. */
export interface Figures {
  /** Time that was worked on it: without breaks, and what overlapped counts once. */
  readonly activeMs: number;
  readonly conversations: number;
  readonly prompts: number;
  /** Files that were changed or made, by their names; of each conversation the FILES_KEPT_MAX last. */
  readonly files: number;
  /** Lines written and taken out by edits of the agent's; a line that was changed is one of each. */
  readonly linesAdded: number;
  readonly linesRemoved: number;
  /** Test cases written less those taken out; never below 0. */
  readonly testsAdded: number;
  readonly commits: number;
  readonly blockersResolved: number;
  readonly blockers: number;
  /** Each day that had work in it, oldest first: the FIGURE_DAYS_KEPT_MAX newest. */
  readonly days: readonly DayFigures[];
  /** Some of its conversations were read by a version that measured nothing, and were not read again yet. */
  readonly partial: boolean;
}

/** What was done on one day. Work that went on past midnight counts for the day it was begun on. */
export interface DayFigures {
  /** `YYYY-MM-DD`, local. */
  readonly day: string;
  readonly activeMs: number;
  readonly prompts: number;
  readonly linesAdded: number;
  readonly linesRemoved: number;
  readonly testsAdded: number;
}

/** The figures of a session out of its conversations' facts and its own notes. Pure; the same facts give the same figures. */
export function figuresOf(
  facts: readonly ConversationFacts[],
  session: Pick<Session, "notes" | "blocked" | "timesBlocked">,
): Figures {
  const stretches = facts.flatMap((each) => each.stretches ?? []);
  const changed = facts.flatMap(({ files }) =>
    files.filter(({ ops }) => ops.some((op) => op !== "read")).map(({ path }) => path),
  );
  const commits = new Set(facts.flatMap((each) => each.commits.map(({ hash }) => hash)));
  return {
    activeMs: activeMs(stretches),
    conversations: facts.length,
    prompts: facts.reduce((sum, { turnCount }) => sum + turnCount, 0),
    files: new Set(changed).size,
    ...sumsOf(stretches),
    commits: commits.size,
    ...blockersOf(session),
    days: daysOf(stretches),
    partial: facts.some((each) => each.stretches === undefined),
  };
}

function sumsOf(
  stretches: readonly Stretch[],
): Pick<DayFigures, "linesAdded" | "linesRemoved" | "testsAdded"> {
  const sum = (figure: (stretch: Stretch) => number) =>
    stretches.reduce((total, stretch) => total + figure(stretch), 0);
  return {
    linesAdded: sum(({ added }) => added),
    linesRemoved: sum(({ removed }) => removed),
    testsAdded: Math.max(
      0,
      sum(({ tests }) => tests),
    ),
  };
}

/** Blockers that were noted, and the times that the whole session was blocked. A guess of ours is none. */
function blockersOf({
  notes,
  blocked,
  timesBlocked,
}: Pick<Session, "notes" | "blocked" | "timesBlocked">): Pick<Figures, "blockers" | "blockersResolved"> {
  const noted = [...notes.values()].filter(
    ({ kind, state }) => kind === "blocker" && (state === "open" || state === "done"),
  );
  return {
    blockers: noted.length + timesBlocked,
    blockersResolved: noted.filter(({ state }) => state === "done").length + timesBlocked - (blocked ? 1 : 0),
  };
}

function daysOf(stretches: readonly Stretch[]): readonly DayFigures[] {
  const byDay = new Map<string, Stretch[]>();
  for (const stretch of stretches) {
    const day = localDate(stretch.fromMs);
    const own = byDay.get(day);
    if (own === undefined) byDay.set(day, [stretch]);
    else own.push(stretch);
  }
  return [...byDay]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .slice(-FIGURE_DAYS_KEPT_MAX)
    .map(([day, own]) => ({
      day,
      activeMs: activeMs(own),
      prompts: own.reduce((sum, { prompts }) => sum + prompts, 0),
      ...sumsOf(own),
    }));
}
