import { AppError } from "../base/error.ts";
import type { SessionId } from "../base/id.ts";
import type { EventBody } from "../session/event.ts";
import { nextPhase, type Trigger } from "../session/life-cycle.ts";
import type { Session } from "../session/session.ts";
import type { App } from "./app.ts";
import type { Here } from "./here.ts";
import { refresh } from "./refresh.ts";
import { callingAuthor, callingPlace, currentSession } from "./resolve-session.ts";
import { record } from "./session-log.ts";
import { sessionToWrite } from "./session-to-write.ts";
import { type SessionSummary, saveSummary, summaries } from "./summary.ts";

export type PhaseChange = "pause" | "block" | "complete" | "cancel" | "reopen";

/**
 * Pauses, blocks, completes, cancels or reopens a session.
 *
 * @param input.reason what blocks it, or why it was cancelled.
 * @throws AppError `transition_refused` where the life cycle does not allow it; `input_invalid` for a block without a reason.
 */
export async function changePhase(
  app: App,
  input: {
    readonly change: PhaseChange;
    readonly reason?: string | undefined;
    readonly session?: string | undefined;
  },
): Promise<SessionSummary> {
  const here = await callingPlace(app);
  const reference = input.session ?? (input.change === "reopen" ? lastFinished(app, here) : undefined);
  const before = await sessionToWrite(app, here, reference);
  refuseUnlessAllowed(before, input.change);
  const after = record(app, before, [
    { body: eventOf(input.change, input.reason ?? ""), by: callingAuthor(app) },
  ]);
  return saveSummary(app, await refresh(app, here, after));
}

/** What `reopen` means where nothing is open and nothing is named: the session that was finished last. */
function lastFinished(app: App, here: Here): SessionId | undefined {
  const current = currentSession(app, here);
  if (current !== undefined && nextPhase(current.phase, "reopen") !== undefined) return current.id;
  return summaries(app, here.workTree).find(({ phase }) => nextPhase(phase, "reopen") !== undefined)?.id;
}

function refuseUnlessAllowed(session: Session, change: PhaseChange): void {
  const trigger: Trigger = change;
  if (nextPhase(session.phase, trigger) !== undefined) return;
  throw new AppError(
    "transition_refused",
    `${session.slug} is ${session.phase}: it can't be changed by \`${change}\`.`,
    session.phase === "complete" || session.phase === "cancelled" || session.phase === "archived"
      ? "`leftoff reopen` brings it back first."
      : "`leftoff status` shows where it stands.",
  );
}

function eventOf(change: PhaseChange, reason: string): EventBody {
  switch (change) {
    case "pause":
      return { type: "session.paused", data: {} };
    case "block":
      if (reason.trim() === "")
        throw new AppError(
          "input_invalid",
          "A block needs a reason.",
          'For example: leftoff block "waiting for the security review"',
        );
      return { type: "session.blocked", data: { reason } };
    case "complete":
      return { type: "session.completed", data: {} };
    case "cancel":
      return { type: "session.cancelled", data: { reason } };
    case "reopen":
      return { type: "session.reopened", data: {} };
  }
}
