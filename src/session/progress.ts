import {
  type Interval,
  type Intervals,
  intervalsText,
  missingFrom,
  withInterval,
  withoutInterval,
} from "./intervals.ts";
import type { Note } from "./note.ts";
import { pluralOf, rangesIn } from "./ranges.ts";

/** Where a piece of work stands, in the words of session memory files. */
export const PROGRESS_STATUSES = ["COMPLETED", "IN_PROGRESS", "PENDING"] as const;
export type ProgressStatus = (typeof PROGRESS_STATUSES)[number];

/** How far work is that is counted through, such as the files of a migration. */
export interface CountedWork {
  /** In the singular: `file`. */
  readonly unit: string;
  readonly total: number | undefined;
  readonly completed: Intervals;
  readonly inProgress: Intervals;
  /** Said to be pending, or between what is done and the total. */
  readonly pending: Intervals;
  /** The first after what is completed that is not; undefined where all is done or nothing has been. */
  readonly startAt: number | undefined;
}

/** The progress of a session, each thing where it stood last. */
export interface Progress {
  readonly counted: readonly CountedWork[];
  /** Notes that say something beside ranges, oldest first. */
  readonly completed: readonly Note[];
  /** Where somebody stopped: a later one replaces it. */
  readonly inProgress: Note | undefined;
  readonly pending: readonly Note[];
}

/** Words at the beginning of a text, or in a note's status, by what they say. */
type StatusWords = readonly (readonly [RegExp, ProgressStatus])[];
/** Made when it is asked for first: V8 takes 0.1 ms to read an expression of all alphabets' capitals, and few hooks need it. */
let madeStatusWords: StatusWords | undefined;

function statusWords(): StatusWords {
  madeStatusWords ??= [
    [/^\W{0,6}(?:pending|planned|to[ -]?do|not started|not yet|remaining|left|open|waiting)\b/i, "PENDING"],
    [
      /^\W{0,6}(?:in[ _-]?progress|wip|working on|started|starting|processing|currently|now at|at)\b/i,
      "IN_PROGRESS",
    ],
    [/^\W{0,6}(?:completed?|done|finished)\b|^\W{0,4}[✓✔✅☑]/iu, "COMPLETED"],
  ];
  return madeStatusWords;
}

/** `COMPLETED: `, as the marker of a line. */
const LABEL = /^\W{0,6}(completed?|done|finished|in[ _-]?progress|pending|to[ -]?do)\W{0,4}[:：]\s{0,9}/i;
/** Status words stand at the beginning, if anywhere, or in brackets at the end. */
const LOOKED_AT_CHARS_MAX = 100;
/** `Phase 3: `: what stands behind it begins the text as well. */
const PHASE = /^\W{0,6}(?:phase|stage|step|milestone)\s{1,3}[\w.]{1,5}\s{0,3}[:：.–—-]\s{0,9}/i;
/** `(60 % of the traffic)`, `(planned)`, `(2 of 4)` at the end of a text. */
const LAST_BRACKETS = /\(([^()\n]{1,80})\)[\s.]{0,3}$/;

/** Where a progress note says that it stands; one that says nothing was written down because something is done. */
export function progressStatusOf({
  text,
  fields,
  state,
}: Pick<Note, "text" | "fields" | "state">): ProgressStatus {
  if (state === "done") return "COMPLETED";
  if (/[✓✔✅☑]\W{0,3}$/u.test(text)) return "COMPLETED";
  return (
    statusIn(fields.status ?? "") ??
    statusIn(text) ??
    statusIn(text.replace(PHASE, "")) ??
    statusAtEnd(text) ??
    "COMPLETED"
  );
}

/** Plans are kept as phases, each with how far it is in brackets. A range of things says that of itself. */
function statusAtEnd(text: string): ProgressStatus | undefined {
  const said = LAST_BRACKETS.exec(text.slice(-LOOKED_AT_CHARS_MAX))?.[1];
  if (said === undefined || rangesIn(text).ranges.length > 0) return undefined;
  const percent = /(\d{1,3})\s?%/.exec(said)?.[1];
  const [, part, whole] = /^(\d{1,6})\s?(?:of|\/)\s?(\d{1,6})\b/.exec(said) ?? [];
  const isPart = Number(percent ?? 100) < 100 || Number(part ?? 0) < Number(whole ?? 0);
  return statusIn(said) ?? (isPart ? "IN_PROGRESS" : undefined);
}

/** A line such as `IN_PROGRESS: files 51-60` as its status and the rest; undefined where it has no such marker. */
export function labelledProgress(
  line: string,
): { readonly status: ProgressStatus; readonly text: string } | undefined {
  const match = LABEL.exec(line.slice(0, LOOKED_AT_CHARS_MAX));
  const status = match === null ? undefined : statusIn(match[1] ?? "");
  if (match === null || status === undefined) return undefined;
  return { status, text: line.slice(match[0].length).trim() };
}

/** What the progress notes of a session say together; what was said later counts. Guesses and dropped notes say nothing. */
export function progressOf(notes: Iterable<Note>): Progress {
  const own = [...notes].filter(
    ({ kind, state }) => kind === "progress" && (state === "open" || state === "done"),
  );
  const inOrder = own.sort((a, b) => a.changedAtMs - b.changedAtMs);
  const spoken = inOrder.filter(({ text }) => !rangesIn(text).isAll);
  const last = new Map(spoken.map((note) => [saidBy(note), note]));
  const standing = spoken.filter((note) => last.get(saidBy(note)) === note);
  const withStatus = (status: ProgressStatus) => standing.filter((note) => progressStatusOf(note) === status);
  return {
    counted: countedWork(inOrder),
    completed: withStatus("COMPLETED"),
    inProgress: withStatus("IN_PROGRESS").at(-1),
    pending: withStatus("PENDING"),
  };
}

/** `Start at file 151 of 500: files 1-150 are completed, not to be done again; in progress: 151-160`. */
export function whereToStart({
  unit,
  total,
  completed,
  inProgress,
  startAt,
}: CountedWork): string | undefined {
  if (completed.length === 0) return undefined;
  const units = pluralOf(unit);
  const of = total === undefined ? "" : ` of ${total}`;
  const done = `${units} ${intervalsText(completed)} are completed, not to be done again`;
  if (startAt === undefined) return `All ${total} ${units} are completed, not to be done again`;
  const rest = total === undefined ? [] : missingFrom(completed, { from: 1, to: total });
  const isPlain = rest.length === 1 && rest[0]?.from === startAt;
  const left = rest.length === 0 || isPlain ? "" : `; left: ${intervalsText(rest)}`;
  const now = inProgress.length === 0 ? "" : `; in progress: ${intervalsText(inProgress)}`;
  return `Start at ${unit} ${startAt}${of}: ${done}${now}${left}`;
}

/** `files 1-50, 61-70 of 500`; "" where there are none. */
export function rangeText({ unit, total }: CountedWork, set: Intervals): string {
  if (set.length === 0) return "";
  const [only] = set.length === 1 ? set : [];
  const name = only !== undefined && only.from === only.to ? unit : pluralOf(unit);
  return `${name} ${intervalsText(set)}${total === undefined ? "" : ` of ${total}`}`;
}

interface Counting {
  readonly total: number | undefined;
  readonly sets: { readonly [Status in ProgressStatus]: Intervals };
}

const NOTHING: Counting = { total: undefined, sets: { COMPLETED: [], IN_PROGRESS: [], PENDING: [] } };

function countedWork(inOrder: readonly Note[]): readonly CountedWork[] {
  const byUnit = new Map<string, Counting>();
  for (const note of inOrder) {
    const status = progressStatusOf(note);
    for (const { unit, total, from, to } of rangesIn(note.text).ranges) {
      const before = byUnit.get(unit) ?? NOTHING;
      byUnit.set(unit, { total: total ?? before.total, sets: stated(before.sets, status, { from, to }) });
    }
  }
  return [...byUnit].map(([unit, counting]) => workOf(unit, counting));
}

/** Each number has the status that was said of it last. */
function stated(sets: Counting["sets"], status: ProgressStatus, range: Interval): Counting["sets"] {
  const after = (own: ProgressStatus): Intervals =>
    own === status ? withInterval(sets[own], range) : withoutInterval(sets[own], range);
  return { COMPLETED: after("COMPLETED"), IN_PROGRESS: after("IN_PROGRESS"), PENDING: after("PENDING") };
}

function workOf(unit: string, { total, sets }: Counting): CountedWork {
  const { COMPLETED: completed, IN_PROGRESS: inProgress, PENDING: said } = sets;
  const lowest = completed[0]?.from;
  const next = completed[0] === undefined ? undefined : completed[0].to + 1;
  const isAll = total !== undefined && missingFrom(completed, { from: 1, to: total }).length === 0;
  // What lies before the first that is done may never have been part of the work: it is named as left, and not begun with.
  const beyond = total !== undefined && next !== undefined && next > total;
  const startAt = isAll ? undefined : beyond ? missingFrom(completed, { from: 1, to: total })[0]?.from : next;
  const left =
    total === undefined || lowest === undefined ? [] : missingFrom(completed, { from: 1, to: total });
  const open = [...said, ...left].reduce<Intervals>(withInterval, []);
  return {
    unit,
    total,
    completed,
    inProgress,
    pending: inProgress.reduce<Intervals>(withoutInterval, open),
    startAt,
  };
}

function statusIn(text: string): ProgressStatus | undefined {
  const beginning = text.slice(0, LOOKED_AT_CHARS_MAX);
  return statusWords().find(([words]) => words.test(beginning))?.[1];
}

/** The same thing said with another status is the same thing. */
function saidBy({ text }: Note): string {
  return (labelledProgress(text)?.text ?? text).replaceAll(/\s+/g, " ").trim().toLowerCase();
}
