import { cutToChars } from "../recall/cut.ts";
import { plainLine } from "../recall/plain.ts";
import type { Note, NoteKind } from "../session/note.ts";
import { progressStatusOf } from "../session/progress.ts";
import type { Moment } from "./moment.ts";
import { shortHash } from "./page.ts";
import { changedIn, fittingLines, itemLine, noteLine, pathsOf } from "./summary-lines.ts";

/** What a note says of the work, by its kind: what came of it is told where people look for it. */
const TOLD_AS: { readonly [kind in NoteKind]: "done" | "decided" | "issue" | "noted" } = {
  worked: "done",
  progress: "done",
  solution: "done",
  implementation: "done",
  deployment: "noted",
  next: "noted",
  untried: "noted",
  decision: "decided",
  failed: "issue",
  issue: "issue",
  blocker: "issue",
  risk: "issue",
  finding: "noted",
  learning: "noted",
  metric: "noted",
  summary: "noted",
  file: "noted",
  command: "noted",
};

/**
 * The key points of a layer, each below its heading: done, decided, met and resolved, noted, files. Newest first.
 *
 * @param partCharsMax of the lines below one heading; there are at most five.
 */
export function keyPoints(moments: readonly Moment[], partCharsMax: number): readonly string[] {
  const parts = [
    ["### What was done", [...notesAs(moments, "done"), ...commitLines(moments)]],
    ["### Key decisions", [...notesAs(moments, "decided"), ...choiceLines(moments)]],
    ["### Issues", [...notesAs(moments, "issue"), ...fixLines(moments)]],
    ["### Also noted", notesAs(moments, "noted")],
    ["### Files", fileLines(moments)],
  ] as const;
  return parts.flatMap(([heading, lines]) => {
    if (lines.length === 0) return [];
    const shown = fittingLines(lines, partCharsMax);
    const left = lines.length - shown.length;
    return ["", heading, "", ...shown, ...(left === 0 ? [] : [`- and ${left} more`])];
  });
}

/** Notes that say that something is done, by their kind, or because they were ticked off. */
export function doneIn(moments: readonly Moment[]): readonly Note[] {
  return notesIn(moments).filter((note) => toldAs(note) === "done");
}

export function textsOf(moments: readonly Moment[], kind: NoteKind): readonly string[] {
  return notesIn(moments).flatMap((note) => (note.kind === kind ? [plainLine(note.text)] : []));
}

function notesIn(moments: readonly Moment[]): readonly Note[] {
  return moments.flatMap((moment) => (moment.type === "note" ? [moment.note] : []));
}

function toldAs(note: Note): (typeof TOLD_AS)[NoteKind] {
  if (note.state === "done") return "done";
  return isUnderWay(note) ? "noted" : TOLD_AS[note.kind];
}

/** Progress that says of itself that it is not there yet. */
function isUnderWay(note: Note): boolean {
  return note.kind === "progress" && progressStatusOf(note) !== "COMPLETED";
}

/** The word before a line whose heading does not say what it is. */
function kindWord(note: Note): string {
  if (!isUnderWay(note)) return note.kind;
  return progressStatusOf(note) === "IN_PROGRESS" ? "in progress" : "still to do";
}

/** Commits that no note names already, as what worked. */
function commitLines(moments: readonly Moment[]): readonly string[] {
  const results = notesIn(moments).map(({ fields }) => fields.result ?? "");
  return moments.flatMap((moment) =>
    moment.type === "commit" && !results.some((result) => result.includes(shortHash(moment.hash)))
      ? [itemLine(`committed ${plainLine(shortHash(moment.hash))}: ${plainLine(moment.subject)}`)]
      : [],
  );
}

function notesAs(moments: readonly Moment[], as: (typeof TOLD_AS)[NoteKind]): readonly string[] {
  return notesIn(moments)
    .filter((note) => toldAs(note) === as)
    .map((note) => {
      const line = noteLine(note);
      return as === "issue" || as === "noted" ? line.replace(/^- /, `- ${kindWord(note)}: `) : line;
    });
}

function choiceLines(moments: readonly Moment[]): readonly string[] {
  return moments.flatMap((moment) =>
    moment.type === "choice"
      ? [
          itemLine(
            `asked "${cutToChars(plainLine(moment.question), 100)}": ${cutToChars(plainLine(moment.answer), 100)}`,
          ),
        ]
      : [],
  );
}

function fixLines(moments: readonly Moment[]): readonly string[] {
  return moments.flatMap((moment) => {
    if (moment.type !== "fix") return [];
    const error = cutToChars(plainLine(moment.error), 100);
    const command = cutToChars(plainLine(moment.command).replaceAll("`", "'"), 60);
    const where = moment.files.length === 0 ? "" : ` after changes in ${pathsOf(moment.files.slice(0, 3))}`;
    return [itemLine(`resolved: ${error}; \`${command}\` passed${where}`)];
  });
}

function fileLines(moments: readonly Moment[]): readonly string[] {
  const files = changedIn(moments);
  return (["created", "modified"] as const).flatMap((what) => {
    const own = files.filter((file) => file.what === what).map(({ path }) => path);
    return own.length === 0 ? [] : [itemLine(`${what}: ${pathsOf(own)}`)];
  });
}
