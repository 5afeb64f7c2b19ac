import { SEARCH_NOTES_MAX, SEARCH_SESSIONS_MAX } from "../base/limits.ts";
import { matchOf, type Wanted, wantedIn } from "../recall/search.ts";
import type { Note } from "../session/note.ts";
import type { Session } from "../session/session.ts";
import type { App } from "./app.ts";
import { callingPlace, currentSession } from "./resolve-session.ts";
import { type FoundOnPage, searchContext } from "./search-context.ts";
import type { SearchNotesInput } from "./search-notes.input.ts";
import { type FoundSection, searchOwnSections } from "./search-own-sections.ts";
import { loadSession } from "./session-log.ts";
import { summaries } from "./summary.ts";
import { readEdits } from "./sync-files.ts";

export interface FoundNote {
  readonly session: Session;
  readonly note: Note;
}

export interface NotesFound {
  readonly found: readonly FoundNote[];
  /** Those that fit the query but not the limit. */
  readonly omitted: number;
  /** What stands in sections that people made for themselves; none where a kind is asked for. */
  readonly sections: readonly FoundSection[];
  readonly sessionsSearched: number;
  /** Places in pages of `context/`, best first: finished work of which there are no notes here. */
  readonly pages: readonly FoundOnPage[];
  readonly pagesOmitted: number;
  /** Sessions that were not looked at: older than the newest SEARCH_SESSIONS_MAX. */
  readonly sessionsOmitted: number;
}

/**
 * Notes with these words, best first and of equals the newest: of this work tree's sessions, whatever became of them, or
 * with `all` of every session, dropped notes among them; and places in pages of `context/`, whoever wrote them. Case and
 * accents do not count.
 */
export async function searchNotes(app: App, input: SearchNotesInput): Promise<NotesFound> {
  const here = await callingPlace(app);
  // What a person has just written into the document of this session counts.
  const current = currentSession(app, here);
  if (current !== undefined) readEdits(app, here, current.id);
  const candidates = summaries(app, input.all === true ? undefined : here.workTree);
  const searched = candidates.slice(0, SEARCH_SESSIONS_MAX);
  const wanted = wantedIn(input.query);
  const scored = searched
    .flatMap(({ id }) => matchesIn(loadSession(app, id), wanted, input))
    .sort((a, b) => b.score - a.score || b.note.changedAtMs - a.note.changedAtMs);
  const found = scored.slice(0, SEARCH_NOTES_MAX).map(({ session, note }) => ({ session, note }));
  // A page has no kinds of notes.
  const pages =
    input.kind === undefined
      ? [...searchContext(app, here, { wanted, searched })].sort((a, b) => b.score - a.score)
      : [];
  const shown = pages.slice(0, SEARCH_NOTES_MAX);
  return {
    found,
    pages: shown,
    pagesOmitted: pages.length - shown.length,
    omitted: scored.length - found.length,
    sections: input.kind === undefined ? searchOwnSections(app, searched, wanted) : [],
    sessionsSearched: searched.length,
    sessionsOmitted: candidates.length - searched.length,
  };
}

function matchesIn(
  session: Session,
  wanted: Wanted,
  { kind, all }: SearchNotesInput,
): readonly (FoundNote & { readonly score: number })[] {
  return [...session.notes.values()]
    .filter(
      (note) => (kind === undefined || note.kind === kind) && (all === true || note.state !== "dropped"),
    )
    .map((note) => ({
      session,
      note,
      score: matchOf(wanted, [note.text, ...Object.values(note.fields)]),
    }))
    .filter(({ score }) => score > 0);
}
