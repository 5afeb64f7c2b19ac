import { isOfProject, isPinned, isSuperseded, type Note } from "./note.ts";
import { progressStatusOf } from "./progress.ts";
import type { Session } from "./session.ts";

/**
 * Notes that are over, in the order they were recorded: `rotate` puts them away into an older part of the document. What is
 * open stays: next steps, blockers, issues, risks, what is untried, decisions that stand, progress that is not completed,
 * the newest summary; guesses, because somebody has to settle them; what is pinned, and what belongs to the project.
 */
export function notesThatAreOver({ notes, putAway }: Pick<Session, "notes" | "putAway">): readonly Note[] {
  const shown = [...notes.values()].filter(({ id, state }) => state !== "dropped" && !putAway.has(id));
  const current = shown.findLast(({ kind, state }) => kind === "summary" && state === "open")?.id;
  return shown.filter((note) => note.id !== current && !goesOn(note));
}

function goesOn(note: Note): boolean {
  if (note.state === "proposed" || isPinned(note) || isOfProject(note)) return true;
  if (note.state !== "open") return false;
  switch (note.kind) {
    case "next":
    case "untried":
    case "blocker":
    case "issue":
    case "risk":
      return true;
    case "decision":
      return !isSuperseded(note);
    case "progress":
      return progressStatusOf(note) !== "COMPLETED";
    default:
      return false;
  }
}
