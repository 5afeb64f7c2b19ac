import { AppError } from "../base/error.ts";
import type { SessionId, WorkTreeId } from "../base/id.ts";
import { PINS_MAX } from "../base/limits.ts";
import { isPinned, type Note } from "../session/note.ts";
import type { Session } from "../session/session.ts";
import type { App } from "./app.ts";
import type { Here } from "./here.ts";
import { type SessionSummary, summaries } from "./summary.ts";

/** A note of another session that belongs to the project. */
export interface ProjectNote {
  readonly session: SessionId;
  readonly slug: string;
  readonly note: Note;
}

/** What outlived the other sessions of this project, whichever of its work trees they are in and whatever became of them. */
export function projectNotes(app: App, here: Here, session: Pick<Session, "id">): readonly ProjectNote[] {
  return projectNotesIn(summaries(app, workTreesOf(app, here)), session);
}

/** The same out of the summaries of the project's sessions, newest activity first. */
export function projectNotesIn(
  sessions: readonly SessionSummary[],
  session: Pick<Session, "id">,
): readonly ProjectNote[] {
  return sessions
    .filter(({ id }) => id !== session.id)
    .flatMap(({ id, slug, lasting = [] }) => lasting.map((note) => ({ session: id, slug, note })));
}

/** The work trees of this project, this one among them. */
export function workTreesOf(app: App, { workspace, workTree }: Here): readonly WorkTreeId[] {
  const known = app.workspaces.read().trees.filter((tree) => tree.workspace === workspace);
  return [...new Set([workTree, ...known.map(({ id }) => id)])];
}

/**
 * A pinned note is in every brief: of more than PINS_MAX that would not be so.
 *
 * @throws AppError `refused`
 */
export function refuseTooManyPins(
  app: App,
  here: Here,
  { session, more }: { readonly session: Session; readonly more: number },
): void {
  const others = projectNotes(app, here, session).map(({ note }) => note);
  const pinned = [...session.notes.values(), ...others].filter(
    (note) => note.state === "open" && isPinned(note),
  );
  if (pinned.length + more <= PINS_MAX) return;
  throw new AppError(
    "refused",
    `${pinned.length} notes are pinned; with more than ${PINS_MAX} not each would be in every brief.`,
    `\`leftoff notes unpin ${pinned[0]?.id.slice(-6) ?? "ID"}\` takes one off: ${pinned.map(({ id }) => id.slice(-6)).join(", ")} are pinned.`,
  );
}
