import type { NoteId } from "../base/id.ts";
import { asObject } from "../base/parse.ts";
import type { Note } from "../session/note.ts";
import type { Session } from "../session/session.ts";
import { changedSince } from "../workspace/drift.ts";
import type { App } from "./app.ts";
import { displayPath, type Here } from "./here.ts";
import type { Mark } from "./settle.ts";

/**
 * The work tree as it was when the session was last worked on; undefined before its first turn ended. Where that was lost,
 * the journal has the commit, and the files are told from each other again after the next turn.
 */
export function markOf(app: App, session: Session): Mark | undefined {
  const value = asObject(app.store.state.get(`marks/${session.id}`));
  if (value?.version === 1) return value as unknown as Mark;
  if (session.head === undefined) return undefined;
  const { atMs, commit, gitBranch } = session.head;
  return { version: 1, atMs, commit, gitBranch, files: {} };
}

/** For each note that names files of the session, those that changed outside since its last turn. */
export function staleFilesOf(
  app: App,
  here: Here,
  session: Session,
  notes: readonly Note[],
  alsoChanged: readonly string[] = [],
): ReadonlyMap<NoteId, readonly string[]> {
  const mark = markOf(app, session);
  const outside = mark === undefined ? [] : changedSince(here.root, mark.files);
  const changed = new Set([...outside, ...alsoChanged].map((path) => displayPath(here, path)));
  const stale = new Map<NoteId, readonly string[]>();
  if (changed.size === 0) return stale;
  for (const note of notes) {
    const text = `${note.text} ${note.fields.file ?? ""}`;
    const named = [...changed].filter((path) => text.includes(path));
    if (named.length > 0) stale.set(note.id, named);
  }
  return stale;
}
