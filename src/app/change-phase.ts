import { AppError } from "../base/error.ts";
import type { SessionId } from "../base/id.ts";
import type { EventBody } from "../session/event.ts";
import { nextPhase, type Trigger } from "../session/life-cycle.ts";
import type { Author } from "../session/note.ts";
import type { Session } from "../session/session.ts";
import type { App } from "./app.ts";
import { broughtBack, placeOf } from "./archive-session.ts";
import { finalNotes, type LeftOpen, leftOpen, withdrawn } from "./final-update.ts";
import type { Here } from "./here.ts";
import { refresh } from "./refresh.ts";
import { callingAuthor, callingPlace, currentSession } from "./resolve-session.ts";
import { type Draft, loadSession, record } from "./session-log.ts";
import { sessionToWrite } from "./session-to-write.ts";
import { type SessionSummary, saveSummary, summaries } from "./summary.ts";
import { holdingDocument } from "./sync-document.ts";
import { readEdits } from "./sync-files.ts";

export type PhaseChange = "pause" | "block" | "complete" | "cancel" | "reopen";

export interface PhaseChanged extends SessionSummary {
  /** What a session that was completed leaves open. */
  readonly leftOpen: readonly LeftOpen[];
}

/**
 * Pauses, blocks, completes, cancels or reopens a session.
 *
 * @param input.reason what blocks it, why it was cancelled, or what came out of what is complete.
 * @throws AppError `transition_refused` where the life cycle does not allow it; `input_invalid` for a block without a reason.
 */
export async function changePhase(
  app: App,
  input: {
    readonly change: PhaseChange;
    readonly reason?: string | undefined;
    readonly session?: string | undefined;
  },
): Promise<PhaseChanged> {
  const here = await callingPlace(app);
  const reference = input.session ?? (input.change === "reopen" ? lastFinished(app, here) : undefined);
  const found = await sessionToWrite(app, here, reference);
  refuseUnlessAllowed(found, input.change);
  const before = await upToDate(app, here, found, input.change);
  const by = callingAuthor(app);
  const after = record(app, before, [
    ...lastWords(before, input, by),
    { body: eventOf(input.change, input.reason ?? ""), by },
  ]);
  const session = await refresh(app, here, after);
  return { ...saveSummary(app, session), leftOpen: input.change === "complete" ? leftOpen(session) : [] };
}

/**
 * What a person has just ticked off in the document is not left open; and what an archived session had goes back to its
 * place before the work is taken up again.
 */
async function upToDate(app: App, here: Here, session: Session, change: PhaseChange): Promise<Session> {
  if (change === "complete") return readEdits(app, here, session.id).session;
  if (change !== "reopen" || session.phase !== "archived") return session;
  const place = await placeOf(app, here, session);
  return holdingDocument(app, session.id, () => broughtBack(app, place, loadSession(app, session.id)));
}

/** The document's final update, and the end of what that said when the work goes on. */
function lastWords(
  session: Session,
  { change, reason }: { readonly change: PhaseChange; readonly reason?: string | undefined },
  by: Author,
): readonly Draft[] {
  if (change === "reopen") return withdrawn(session);
  return change === "complete" ? finalNotes(session, reason ?? "", by) : [];
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
