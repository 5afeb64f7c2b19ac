import { type Status, statusHere } from "../app/status.ts";
import { counted } from "../base/count.ts";
import { isLater } from "../recall/note-order.ts";
import type { Note } from "../session/note.ts";
import { ago } from "./ago.ts";
import { cellsOf, cutTo, padded, wrapped } from "./cells.ts";
import { type Desk, type Given, show, textOption } from "./door.ts";
import { HOW_TO_BEGIN, phaseWord } from "./phase-word.ts";
import { sessionJson } from "./session-json.ts";
import { shownPath } from "./shown-path.ts";

const NEXT_MAX = 5;
const COMMITS_MAX = 3;
const FILES_MAX = 5;
/** What stands in front of the lines: `next`, `interrupted`. */
const LABEL_COLUMNS = 13;
/** A prompt or subject is a reminder, wherever there is room for more. */
const REMINDER_COLUMNS_MAX = 100;
const REMINDER_COLUMNS_MIN = 20;
/** Who it was, when, how urgent. */
const ABOUT_COLUMNS_MAX = 20;

export async function run(door: Desk, given: Given): Promise<void> {
  const status = await statusHere(door.app, { session: textOption(given, "session") });
  show(door, json(status), () => textOf(door, status));
}

function json({ session, next, failed, unconfirmed, drift, interrupted, otherOpen, trouble, here }: Status) {
  return {
    schema: "leftoff.status/1",
    root: here.root,
    gitBranch: here.head.gitBranch ?? null,
    session: session === undefined ? null : sessionJson(session),
    next: next.map(({ id, text }) => ({ id, text })),
    failed,
    unconfirmed,
    drift: drift ?? null,
    interrupted,
    otherOpen,
    trouble,
  };
}

/** What it is, then what to do, then what happened, then where more of it is. */
function textOf(door: Desk, status: Status): string {
  const { session, here } = status;
  const { bold, dim, red } = door.style;
  const trouble = status.trouble.map((line) => red(line));
  if (session === undefined) {
    return [`No session is open in ${shownPath(door.app, here.root)}.`, dim(HOW_TO_BEGIN), ...trouble].join(
      "\n",
    );
  }
  const reason = session.reason ? `: ${session.reason}` : "";
  const active = dim(` · ${ago(session.updatedAtMs, door.app.clock.nowMs())}`);
  return [
    bold(session.title),
    ...withGitBranch(door, `${phaseWord(door, session)}${reason}${active}`, here.head.gitBranch),
    "",
    ...nextLines(status, door),
    ...interruptedLines(status, door),
    ...driftLines(status, door),
    "",
    ...counts(status, door),
    ...(session.document ? [dim(shownPath(door.app, session.document))] : []),
    ...trouble,
  ].join("\n");
}

/** Behind the rest where it fits, else below it and whole: git branches differ at their ends. */
function withGitBranch(
  { style, columns }: Desk,
  line: string,
  gitBranch: string | undefined,
): readonly string[] {
  if (gitBranch === undefined) return [line];
  const on = style.dim(`git branch ${gitBranch}`);
  const both = `${line}${style.dim(" · ")}${on}`;
  return cellsOf(both) <= (columns ?? Number.MAX_SAFE_INTEGER) ? [both] : [line, on];
}

function nextLines({ next }: Status, door: Desk): readonly string[] {
  const { dim, cyan } = door.style;
  if (next.length === 0) return [dim("no next step noted")];
  const lines = next.slice(0, NEXT_MAX).map((note) => said(door, note.text, urgencyOf(note)));
  const rest = next.length > NEXT_MAX ? [dim(`${next.length - NEXT_MAX} more: leftoff notes`)] : [];
  return labelled(door, cyan("next"), [...lines, ...rest]);
}

/** What tells one step from the others; what all of them are is not said. */
function urgencyOf(note: Note): string {
  if (isLater(note)) return "later";
  return /high|urgent|critical|p[01]\b/i.test(note.fields.priority ?? "") ? "high" : "";
}

function interruptedLines({ interrupted }: Status, door: Desk): readonly string[] {
  const nowMs = door.app.clock.nowMs();
  const lines = interrupted.map(({ prompt, atMs }) => said(door, prompt, ago(atMs, nowMs)));
  return labelled(door, door.style.yellow("interrupted"), lines);
}

function driftLines({ drift }: Status, door: Desk): readonly string[] {
  if (drift === undefined) return [];
  const { dim, yellow } = door.style;
  const commits = drift.commits
    .slice(0, COMMITS_MAX)
    .map(({ hash, author, subject }) => said(door, `${hash.slice(0, 7)} ${subject}`, author));
  const others = drift.commits.length + drift.commitsOmitted - commits.length;
  const files = drift.files.slice(0, FILES_MAX).join(", ");
  const more = drift.files.length > FILES_MAX ? ` and ${drift.files.length - FILES_MAX} more` : "";
  return labelled(door, yellow("since then"), [
    ...commits,
    ...(others > 0 ? [dim(counted(others, "more commit"))] : []),
    ...(files === "" ? [] : [`changed: ${files}${more}`]),
  ]);
}

function counts({ failed, unconfirmed, otherOpen }: Status, { style }: Desk): readonly string[] {
  const parts = [
    failed > 0 ? `${counted(failed, "failed attempt")}: leftoff show` : "",
    unconfirmed > 0 ? `${unconfirmed} unconfirmed: leftoff notes` : "",
    otherOpen > 0 ? `${otherOpen} other open: leftoff list` : "",
  ].filter((part) => part !== "");
  return parts.length === 0 ? [] : [style.dim(parts.join(" · "))];
}

/** Lines below each other behind one label. */
function labelled(door: Desk, label: string, lines: readonly string[]): readonly string[] {
  return lines.flatMap((line, index) =>
    wrappedHere(door, `${padded(index === 0 ? label : "", LABEL_COLUMNS)}${line}`),
  );
}

function wrappedHere({ columns }: Desk, line: string): readonly string[] {
  return columns === undefined ? [line] : wrapped(line, columns, LABEL_COLUMNS);
}

/** A sentence in one line, and a word about it behind. */
function said({ style, columns }: Desk, text: string, about: string): string {
  const behind = about === "" ? "" : `  ${cutTo(about, ABOUT_COLUMNS_MAX)}`;
  const room = Math.min((columns ?? Number.MAX_SAFE_INTEGER) - LABEL_COLUMNS, REMINDER_COLUMNS_MAX);
  return `${cutTo(text, Math.max(REMINDER_COLUMNS_MIN, room - cellsOf(behind)))}${behind === "" ? "" : style.dim(behind)}`;
}
