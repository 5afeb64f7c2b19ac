import {
  type SessionStats,
  type Stats,
  type StatsBy,
  type StatsRow,
  sessionStats,
  statsHere,
} from "../app/stats.ts";
import { AppError } from "../base/error.ts";
import { approachName, figureLines, timeOf } from "../publish/figure-lines.ts";
import { durationText } from "../session/duration.ts";
import { bar } from "./bar.ts";
import { cellsOf, cutInTheMiddle, cutTo } from "./cells.ts";
import { type Door, type Given, type Run, show, textOption } from "./door.ts";
import { run as overhead } from "./overhead.ts";
import { table } from "./table.ts";

const BAR_COLUMNS = 10;
/** What stands beside a name, at its widest; and what a name gets where no terminal says how much there is. */
const OTHER_COLUMNS: { readonly [By in StatsBy]: number } = { session: 52, week: 64, person: 64 };
const NAME_COLUMNS_MIN = 16;
const NAME_COLUMNS_MAX = 80;
/** The column that counts begin with. */
const FIRST_COUNT = 3;
/** What stands beside the name of an approach: its mark, its time and its bar. */
const APPROACH_OTHER_COLUMNS = 32;

/** Figures by session, week or person; of one session with its days and approaches; `--overhead` is what leftoff costs. */
export const run: Run = async (door, given) => {
  if (given.options.overhead === true) return overhead(door, given);
  const { by, person } = groupingOf(given);
  const session = given.args.length > 0 ? given.args.join(" ") : textOption(given, "session");
  if (session !== undefined && by !== "session")
    throw new AppError(
      "input_invalid",
      "One session has no weeks and persons of its own.",
      "leftoff stats feature-auth",
    );
  if (session === undefined) {
    const stats = await statsHere(door.app, { by, person, all: given.options.all === true });
    show(door, json(stats), () => tableOf(door, stats));
    return;
  }
  const stats = await sessionStats(door.app, session);
  show(door, sessionJson(stats), () => sessionText(door, stats));
};

function groupingOf({ options }: Given): { readonly by: StatsBy; readonly person: string | undefined } {
  const { week, person } = options;
  if (week === true && person !== undefined)
    throw new AppError("input_invalid", "By week, or by person: one of them.", "leftoff stats --week");
  if (week === true) return { by: "week", person: undefined };
  if (person === undefined) return { by: "session", person: undefined };
  return { by: "person", person: typeof person === "string" ? person : undefined };
}

function json({ by, rows, omitted, total, partial }: Stats) {
  return { schema: "leftoff.stats/1", by, rows: rows.map(rowJson), omitted, total: rowJson(total), partial };
}

function rowJson({ files, blockers, blockersResolved, ...row }: StatsRow) {
  return {
    ...row,
    files: files ?? null,
    blockers: blockers ?? null,
    blockersResolved: blockersResolved ?? null,
  };
}

function sessionJson(stats: SessionStats) {
  const { figures, approaches } = stats;
  const told = approaches.map(({ activeMs, said, ...rest }) => ({
    ...rest,
    activeMs: activeMs ?? null,
    said: said ?? null,
  }));
  return { ...json(stats), commits: figures.commits, days: figures.days, approaches: told };
}

const HEADS: { readonly [By in StatsBy]: string } = {
  session: "SESSION",
  week: "WEEK FROM",
  person: "PERSON",
};

function tableOf(door: Door, stats: Stats): string {
  const { style } = door;
  const { by, rows, total, omitted } = stats;
  if (total.prompts === 0 && total.activeMs === 0)
    return "Nothing was worked on here yet: figures come with the first prompt.";
  const longest = Math.max(...rows.map(({ activeMs }) => activeMs));
  const counts = by === "session" ? ["LINES", "FILES", "TESTS"] : ["SESSIONS", "PROMPTS", "LINES", "TESTS"];
  const head = [HEADS[by], "ACTIVE", "", ...counts];
  const lines = rows.map((row) => [
    cutInTheMiddle(row.name, nameColumns(door, OTHER_COLUMNS[by])),
    timed(row.activeMs),
    style.cyan(bar(row.activeMs / longest, BAR_COLUMNS)),
    ...countsOf(row, by),
  ]);
  const sum =
    rows.length < 2
      ? []
      : [[style.bold("in all"), style.bold(timed(total.activeMs)), "", ...countsOf(total, by)]];
  const [aligned = [], ...below] = rightAligned(withoutEmpty([head, ...lines, ...sum]));
  return [table(aligned.map(style.dim), below), ...restLines(door, { omitted, partial: stats.partial })].join(
    "\n",
  );
}

function nameColumns({ columns }: Door, others: number): number {
  if (columns === undefined) return NAME_COLUMNS_MAX;
  return Math.min(NAME_COLUMNS_MAX, Math.max(NAME_COLUMNS_MIN, columns - others));
}

/** A count that is nothing in every row has no column. */
function withoutEmpty(rows: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const [, ...counted] = rows;
  return rows.map((row) =>
    row.filter((_cell, at) => at < FIRST_COUNT || counted.some((each) => each[at] !== "")),
  );
}

/** Numbers end below each other; names, times and bars begin so. */
function rightAligned(rows: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const widths = rows.reduce<readonly number[]>(
    (known, row) => row.map((cell, at) => Math.max(known[at] ?? 0, cellsOf(cell))),
    [],
  );
  return rows.map((row) =>
    row.map((cell, at) => (at < FIRST_COUNT ? cell : " ".repeat((widths[at] ?? 0) - cellsOf(cell)) + cell)),
  );
}

function countsOf(row: StatsRow, by: StatsBy): readonly string[] {
  const { prompts, linesAdded, linesRemoved, testsAdded, files, sessions } = row;
  const lines = linesAdded + linesRemoved === 0 ? "" : `+${short(linesAdded)} −${short(linesRemoved)}`;
  return by === "session"
    ? [lines, count(files ?? 0), count(testsAdded)]
    : [count(sessions), count(prompts), lines, count(testsAdded)];
}

function restLines(
  { style }: Door,
  { omitted, partial }: Pick<Stats, "omitted" | "partial">,
): readonly string[] {
  return [
    ...(omitted > 0 ? [style.dim(`and ${omitted} older ones, counted in the sum`)] : []),
    ...(partial
      ? [style.dim("Some conversations were read by an older version, which measured nothing.")]
      : []),
  ];
}

function sessionText(door: Door, stats: SessionStats): string {
  const { style } = door;
  const { figures, approaches, total } = stats;
  const [row] = stats.rows;
  const lines = figureLines(figures, []);
  const width = Math.max(...lines.map(({ name }) => name.length));
  return [
    style.bold(row?.name ?? ""),
    ...(total.prompts === 0
      ? ["Nothing was worked on in it yet: figures come with the first prompt."]
      : lines.map(({ name, value }) => `  ${name.padEnd(width)}  ${value}`)),
    ...bars(
      door,
      "by day",
      // One day took what stands above.
      (figures.days.length > 1 ? figures.days : []).map(({ day, activeMs }) => ({
        name: day,
        time: timed(activeMs),
        activeMs,
      })),
    ),
    ...bars(
      door,
      "by approach",
      approaches.map((each) => ({
        name: `${MARKS[each.outcome]} ${cutTo(approachName(each), nameColumns(door, APPROACH_OTHER_COLUMNS))}`,
        time: timeOf(each) ?? "",
        activeMs: each.activeMs ?? 0,
      })),
    ),
    ...restLines(door, stats),
  ].join("\n");
}

const MARKS = { worked: "✓", failed: "✗", both: "·" } as const;

interface Barred {
  readonly name: string;
  readonly time: string;
  readonly activeMs: number;
}

function bars({ style }: Door, heading: string, rows: readonly Barred[]): readonly string[] {
  if (rows.length === 0) return [];
  const longest = Math.max(1, ...rows.map(({ activeMs }) => activeMs));
  const lines = rows.map(({ name, time, activeMs }) => [
    `  ${name}`,
    time,
    style.cyan(bar(activeMs / longest, BAR_COLUMNS)),
  ]);
  return ["", style.bold(heading), ...table([], lines).split("\n")];
}

function timed(durationMs: number): string {
  return durationMs === 0 ? "" : durationMs < 60_000 ? "< 1 min" : durationText(durationMs);
}

function count(value: number): string {
  return value === 0 ? "" : String(value);
}

/** `1.2k`: columns stay narrow. */
function short(value: number): string {
  return value < 10_000 ? String(value) : `${Math.round(value / 1000)}k`;
}
