import { listSessions } from "../app/list-sessions.ts";
import type { SessionSummary } from "../app/summary.ts";
import { ago } from "./ago.ts";
import { type Door, type Run, show } from "./door.ts";
import { sessionJson } from "./session-json.ts";
import { table } from "./table.ts";

export const run: Run = async (door, { options }) => {
  const all = options.all === true;
  const { sessions, finishedOmitted } = await listSessions(door.app, { all });
  show(
    door,
    { schema: "leftoff.sessions/1", sessions: sessions.map(sessionJson) } as { schema: string },
    () => {
      const rest =
        finishedOmitted > 0 ? door.style.dim(`${finishedOmitted} finished: leftoff list --all`) : undefined;
      if (sessions.length === 0)
        return ["No open session here.", rest].filter((line) => line !== undefined).join("\n");
      return [listing(door, sessions), rest].filter((line) => line !== undefined).join("\n");
    },
  );
};

function listing(door: Door, sessions: readonly SessionSummary[]): string {
  const { bold, dim } = door.style;
  const nowMs = door.app.clock.nowMs();
  const rows = sessions.map((session) => [
    bold(session.slug),
    phaseWord(door, session),
    session.gitBranches.at(-1) ?? "",
    dim(ago(session.updatedAtMs, nowMs)),
    session.title,
  ]);
  return table(["SESSION", "PHASE", "GIT BRANCH", "ACTIVE", "TITLE"].map(dim), rows);
}

export function phaseWord(
  { style }: Door,
  { status, phase }: Pick<SessionSummary, "status" | "phase">,
): string {
  if (status === "blocked") return style.red("blocked");
  const colour = { working: style.green, active: style.green, new: style.cyan, paused: style.yellow }[
    phase as string
  ];
  return colour === undefined ? style.dim(phase) : colour(phase);
}
