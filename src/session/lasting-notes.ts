import { PROJECT_NOTES_MAX } from "../base/limits.ts";
import { isOfProject, isPinned, type Note } from "./note.ts";

/**
 * What outlives a session: notes that somebody gave the project (`scope`), and what was learned. Open ones only; pinned
 * first, then the newest, at most PROJECT_NOTES_MAX.
 */
export function lastingNotes(notes: Iterable<Note>): readonly Note[] {
  return [...notes]
    .filter((note) => note.state === "open" && (isOfProject(note) || note.kind === "learning"))
    .sort((a, b) => Number(isPinned(b)) - Number(isPinned(a)) || b.changedAtMs - a.changedAtMs)
    .slice(0, PROJECT_NOTES_MAX);
}
