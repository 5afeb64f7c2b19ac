import { sha256 } from "../base/digest.ts";
import { AppError } from "../base/error.ts";
import { derivedEventId, type EventId, type SessionId } from "../base/id.ts";
import { UNDO_SESSIONS_MAX, UNDO_TOGETHER_MS } from "../base/limits.ts";
import type { EventBody, JournalEvent } from "../session/event.ts";
import type { Author, Note } from "../session/note.ts";
import { emptySession, evolveAll, type Session } from "../session/session.ts";
import { isChange, takenBack } from "../session/undo.ts";
import type { App } from "./app.ts";
import { broughtBack } from "./archive-session.ts";
import type { Here } from "./here.ts";
import { noticeMoves } from "./notice-moves.ts";
import { refresh } from "./refresh.ts";
import { callingAuthor, callingPlace } from "./resolve-session.ts";
import { unrotated } from "./rotate-document.ts";
import { loadSession, record } from "./session-log.ts";
import { type SessionSummary, saveSummary, summaries } from "./summary.ts";
import { holdingDocument, readDocumentEdits } from "./sync-document.ts";

export interface Undone {
  /** The session that is as it was, or after a switch, the one that is current again. */
  readonly session: SessionSummary;
  /** What was taken back, newest first. */
  readonly changes: readonly {
    readonly type: string;
    readonly atMs: number;
    readonly text: string | undefined;
  }[];
}

interface Change {
  readonly id: SessionId;
  readonly event: JournalEvent;
  /** The note that it changed, as it was before. */
  readonly was: Note | undefined;
}

/**
 * Takes back the last thing that the caller changed in this work tree: changes of notes (all of one command), an archive, a
 * switch. Done again, the one before. The journal keeps both: what takes an event back has an id that follows from it, so
 * that nothing is taken back twice.
 *
 * @throws AppError `refused` where there is nothing, or another command takes the last change back.
 */
export async function undo(app: App, input: { readonly dryRun: boolean }): Promise<Undone> {
  const here = await callingPlace(app);
  noticeMoves(app, here);
  const all = changesHere(app, here);
  const last = lastOf(app, all);
  const [first] = last;
  if (first === undefined)
    throw new AppError(
      "refused",
      "There is nothing of yours to take back here.",
      "Undo takes back changes of notes, an archive, a rotation and a switch; `leftoff log` shows what was done.",
    );
  const changes = last.map(({ event, was }) => told(event, was));
  let session = loadSession(app, first.id);
  if (input.dryRun) return { session: saveSummary(app, session), changes };
  session =
    last.length > 1
      ? notesTakenBack(app, here, { id: first.id, changes: last })
      : takeBack(app, here, { change: first, all });
  return { session: saveSummary(app, await refresh(app, here, session)), changes };
}

/** Many changes of notes of one session, all of one command: read once, written in as few appends as there can be. */
function notesTakenBack(
  app: App,
  here: Here,
  { id, changes }: { readonly id: SessionId; readonly changes: readonly Change[] },
): Session {
  const by = callingAuthor(app);
  let session = readDocumentEdits(app, here, id).session;
  for (const together of eachNoteOnce(changes)) {
    const drafts = together.flatMap(({ event, was }) => {
      const back = takenBack(event, was, session);
      if (back.kind === "events") return back.bodies.map((body, at) => ({ body, by, key: keyOf(event, at) }));
      // What the others of the command brought about stays as it is, and counts as looked at.
      const { type, data } = event;
      return [{ body: { type, data } as EventBody, by, key: keyOf(event, 0) }];
    });
    session = record(app, session, drafts);
  }
  return session;
}

/** In their order, in groups that change no note twice: what takes a change back depends on how the note is then. */
function eachNoteOnce(changes: readonly Change[]): readonly (readonly Change[])[] {
  const groups: Change[][] = [];
  let seen = new Set<string>();
  for (const change of changes) {
    const { data } = change.event;
    const note = "note" in data ? data.note : "";
    if (groups.length === 0 || seen.has(note)) {
      groups.push([]);
      seen = new Set();
    }
    seen.add(note);
    groups.at(-1)?.push(change);
  }
  return groups;
}

interface Asked {
  readonly change: Change;
  readonly all: readonly Change[];
}

function takeBack(app: App, here: Here, { change, all }: Asked): Session {
  const { event, was, id } = change;
  const by = callingAuthor(app);
  const now = readDocumentEdits(app, here, id).session;
  const back = takenBack(event, was, now);
  switch (back.kind) {
    case "not here":
      throw new AppError(
        "refused",
        `The last change was \`${event.type}\`: undo does not take that back.`,
        back.instead,
      );
    case "archive":
      return holdingDocument(app, id, () => broughtBack(app, here, loadSession(app, id), keyOf(event, 0)));
    case "rotation":
      return unrotated(app, now, { path: back.path, key: keyOf(event, 0) });
    case "switch":
      return switchedBack(app, { event, by, all });
    case "events":
      return record(
        app,
        now,
        back.bodies.map((body, at) => ({ body, by, key: keyOf(event, at) })),
      );
  }
}

/** The session that was chosen before is chosen again, on the same git branch. */
function switchedBack(
  app: App,
  { event, by, all }: { readonly event: JournalEvent; readonly by: Author; readonly all: readonly Change[] },
): Session {
  const earlier = all
    .filter((other) => other.event.type === "session.chosen" && other.event.atMs < event.atMs)
    .sort((a, b) => b.event.atMs - a.event.atMs)[0];
  if (earlier === undefined)
    throw new AppError("refused", "No session was chosen here before that.", "`leftoff switch` chooses one.");
  const { data } = earlier.event;
  const body = {
    type: "session.chosen",
    data: "gitBranch" in data ? { gitBranch: data.gitBranch ?? "" } : {},
  } as const;
  return record(app, loadSession(app, earlier.id), [{ body, by, key: keyOf(event, 0) }]);
}

/** Every change in the sessions of this work tree that were touched last. */
function changesHere(app: App, here: Here): readonly Change[] {
  return [...summaries(app, here.workTree)]
    .sort((a, b) => Math.max(b.updatedAtMs, b.chosenAtMs) - Math.max(a.updatedAtMs, a.chosenAtMs))
    .slice(0, UNDO_SESSIONS_MAX)
    .flatMap(({ id }) => changesIn(app, id));
}

function changesIn(app: App, id: SessionId): readonly Change[] {
  const changes: Change[] = [];
  evolveAll(emptySession(id), app.store.journal.read(id).events, (event, { notes }) => {
    if (event.type === "unknown" || !isChange(event)) return;
    const was = "note" in event.data ? notes.get(event.data.note) : undefined;
    changes.push({ id, event, was });
  });
  return changes;
}

/** The caller's last change that stands, with the others of the same command, newest first. */
function lastOf(app: App, all: readonly Change[]): readonly Change[] {
  const ids = new Set(all.map(({ event }) => event.id));
  const answers = new Set(all.flatMap(({ event }) => [0, 1].map((at) => answerTo(event, at))));
  const me = callingAuthor(app);
  const own = all.filter(
    ({ event }) => isBy(event.by, me) && !ids.has(answerTo(event, 0)) && !answers.has(event.id),
  );
  const newest = own.reduce<Change | undefined>(
    (last, change) => (isLater(change, last) ? change : last),
    undefined,
  );
  if (newest === undefined) return [];
  if (!newest.event.type.startsWith("note.")) return [newest];
  return own
    .filter(
      ({ id, event }) =>
        id === newest.id &&
        event.type.startsWith("note.") &&
        newest.event.atMs - event.atMs <= UNDO_TOGETHER_MS,
    )
    .toReversed();
}

/** Of two in one millisecond, the one that stands later in its journal. */
function isLater({ event }: Change, last: Change | undefined): boolean {
  return last === undefined || event.atMs >= last.event.atMs;
}

/** A colleague's note that a handoff brought is theirs. */
function isBy(by: Author, me: Author): boolean {
  if (by.kind === "agent" && me.kind === "agent")
    return by.name === me.name && by.conversation === me.conversation;
  return by.kind === "person" && me.kind === "person" && by.name === undefined;
}

function keyOf(event: JournalEvent, at: number): string {
  return at === 0 ? `undo ${event.id}` : `undo ${event.id} ${at}`;
}

function answerTo(event: JournalEvent, at: number): EventId {
  return derivedEventId(sha256(keyOf(event, at)));
}

function told({ type, atMs, data }: JournalEvent, was: Note | undefined): Undone["changes"][number] {
  return { type, atMs, text: was?.text ?? ("text" in data ? data.text : undefined) };
}
