import { listSessions, type SessionList } from "../app/list-sessions.ts";
import type { SessionSummary } from "../app/summary.ts";
import { ago } from "./ago.ts";
import { cellsOf, cutInTheMiddle, cutTo } from "./cells.ts";
import { type Door, type Run, show } from "./door.ts";
import { HOW_TO_BEGIN, phaseWord } from "./phase-word.ts";
import { sessionJson } from "./session-json.ts";
import { table } from "./table.ts";

export const run: Run = async (door, { options }) => {
  const list = await listSessions(door.app, { all: options.all === true });
  const sessions = list.sessions.map(sessionJson);
  const document = { schema: "leftoff.sessions/1", current: list.current ?? null, sessions };
  show(door, document as { schema: string }, () => textOf(door, list));
};

function textOf(door: Door, { sessions, current, finishedOmitted }: SessionList): string {
  const { dim } = door.style;
  const rest = finishedOmitted > 0 ? [dim(`${finishedOmitted} finished: leftoff list --all`)] : [];
  if (sessions.length === 0)
    return ["No open session here.", ...(rest.length > 0 ? rest : [dim(HOW_TO_BEGIN)])].join("\n");
  const wide = wideListing(door, sessions, current);
  const fits = wide.split("\n").every((line) => cellsOf(line) <= (door.columns ?? Number.MAX_SAFE_INTEGER));
  return [fits ? wide : narrowListing(door, sessions, current), ...rest].join("\n");
}

/** A line for each, where the terminal has room for all of it. */
function wideListing(door: Door, sessions: readonly SessionSummary[], current: string | undefined): string {
  const { bold, dim } = door.style;
  const rows = sessions.map((session) => [
    marked(door, session.id === current),
    bold(session.slug),
    phaseWord(door, session),
    activeWord(door, session),
    session.gitBranches.at(-1) ?? "",
    session.title,
  ]);
  return table(["", "SESSION", "PHASE", "ACTIVE", "GIT BRANCH", "TITLE"].map(dim), rows);
}

/** What nobody would read beside the rest stands below it: the title, and the git branch. */
function narrowListing(door: Door, sessions: readonly SessionSummary[], current: string | undefined): string {
  const { bold, dim } = door.style;
  const columns = door.columns ?? 80;
  const rows = sessions.map((session) => [
    marked(door, session.id === current),
    bold(cutInTheMiddle(session.slug, columns - 28)),
    phaseWord(door, session),
    activeWord(door, session),
  ]);
  const [head = "", ...lines] = table(["", "SESSION", "PHASE", "ACTIVE"].map(dim), rows).split("\n");
  const below = ({ title, gitBranches }: SessionSummary): string => {
    const gitBranch = gitBranches.at(-1);
    const on = gitBranch === undefined ? "" : ` · ${cutInTheMiddle(gitBranch, Math.floor(columns / 2) - 3)}`;
    return `     ${cutTo(title, columns - 5 - cellsOf(on))}${dim(on)}`;
  };
  return [head, ...sessions.flatMap((session, index) => [lines[index] ?? "", below(session)])].join("\n");
}

function marked({ style }: Door, isCurrent: boolean): string {
  return isCurrent ? style.cyan("▸") : "";
}

function activeWord({ style, app }: Door, { updatedAtMs }: SessionSummary): string {
  return style.dim(ago(updatedAtMs, app.clock.nowMs()));
}
