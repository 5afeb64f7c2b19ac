import type { NoteId } from "../base/id.ts";
import { type Progress, progressOf, whereToStart } from "../session/progress.ts";
import { rangesIn } from "../session/ranges.ts";
import type { BriefMaterial } from "./brief.ts";
import { type Candidate, keyOf } from "./candidate.ts";
import { cutToTokens } from "./cut.ts";
import { plainLine } from "./plain.ts";

/** Where work that is counted through goes on, in a line; lists of gaps are cut. */
const LINE_TOKENS_MAX = 90;

/** Where to start, and what of the counted work is done: the first thing under "Next steps". */
export function progressLines({ notes }: Pick<BriefMaterial, "notes">): readonly Candidate[] {
  const { counted } = progressOf(notes.map(({ note }) => note));
  return counted.flatMap((work): readonly Candidate[] => {
    const said = whereToStart(work);
    if (said === undefined) return [];
    const text = cutToTokens(plainLine(said), LINE_TOKENS_MAX);
    return [
      {
        section: "next",
        key: keyOf("progress", "notes", [said]),
        kind: "progress",
        source: "leftoff memory",
        why: "where counted work goes on, and what of it is done",
        proposal: false,
        text,
        line: `${text} [leftoff memory]`,
      },
    ];
  });
}

/** Progress notes, and those of them that lines of {@link progressLines} or later notes say already. */
export function progressNotes({ notes }: Pick<BriefMaterial, "notes">): Progress & {
  readonly said: ReadonlySet<NoteId>;
} {
  const own = notes
    .map(({ note }) => note)
    .filter(({ kind, state }) => kind === "progress" && state === "open");
  const progress = progressOf(own);
  const hasLine = progress.counted.some((work) => whereToStart(work) !== undefined);
  const standing = new Set(
    [...progress.completed, ...progress.pending, progress.inProgress].map((note) => note?.id),
  );
  const said = own.filter(({ id, text }) => (rangesIn(text).isAll ? hasLine : !standing.has(id)));
  return { ...progress, said: new Set(said.map(({ id }) => id)) };
}
