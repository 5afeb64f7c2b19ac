import type { SessionId } from "../base/id.ts";
import { normalText } from "../document/item-text.ts";
import type { Note } from "../session/note.ts";
import type { FigureLine } from "./figure-lines.ts";
import { chapter, foundLines, itemLines, notesOf, section, shortHash } from "./page.ts";
import { sealed } from "./seal.ts";

/** What is kept of a finished session for everybody: docs/formats/archive-summary.md. All texts are redacted. */
export interface ArchiveView {
  readonly session: SessionId;
  readonly slug: string;
  readonly title: string;
  /** `YYYY-MM-DD`, local. */
  readonly createdDate: string;
  readonly finishedDate: string;
  /** Why it was given up; undefined for one that was completed. */
  readonly cancelledBecause: string | undefined;
  readonly gitBranches: readonly string[];
  /** What it took and what came of it; [] where it had no conversations. */
  readonly figures: readonly FigureLine[];
  /** Without dropped ones. */
  readonly notes: readonly Note[];
  readonly files: readonly { readonly path: string; readonly what: string }[];
  readonly commands: readonly { readonly command: string; readonly what: string }[];
  readonly commits: readonly { readonly hash: string; readonly subject: string }[];
  /** Errors that went away, and the command that showed it. */
  readonly fixes: readonly {
    readonly command: string;
    readonly error: string;
    readonly files: readonly string[];
  }[];
}

/** The summary as markdown. The same session gives the same bytes, whenever it is asked. */
export function archiveSummary(view: ArchiveView): string {
  // What nobody confirmed is no record of the work.
  const notes = view.notes.filter(({ state }) => state !== "proposed");
  const lines = [
    ...headLines(view),
    ...section("## What Was Accomplished", accomplishedLines(notes)),
    ...section("## Problems and Solutions", problemLines(notes, view.fixes)),
    ...changeLines(view, notes),
    ...section("## Decisions", itemLines(notesOf(notes, "decision"))),
    ...section("## Lessons Learned", lessonLines(notes)),
    ...section("## Incomplete Work", itemLines(notes.filter(isLeft))),
    ...section("## Technical Notes", technicalLines(view, notes)),
  ];
  return sealed(`${lines.join("\n")}\n`, view.session);
}

function headLines(view: ArchiveView): readonly string[] {
  const cancelled = normalText(view.cancelledBecause ?? "");
  const why = cancelled === "" ? "" : ` (${cancelled})`;
  return [
    `# ${normalText(view.title) || view.slug}`,
    "",
    `- **Session**: ${view.slug}`,
    `- **Created**: ${view.createdDate}`,
    view.cancelledBecause === undefined
      ? `- **Completed**: ${view.finishedDate}`
      : `- **Cancelled**: ${view.finishedDate}${why}`,
    ...(view.gitBranches.length === 0
      ? []
      : [`- **Git branch**: ${view.gitBranches.map(normalText).join(", ")}`]),
    ...view.figures.map(({ name, value }) => `- **${name}**: ${normalText(value)}`),
  ];
}

function accomplishedLines(notes: readonly Note[]): readonly string[] {
  const done = notesOf(notes, "next", "untried").filter(({ state }) => state === "done");
  const said = notesOf(notes, "summary").map(({ text }) => `- ${normalText(text)}`);
  return [...said, ...itemLines([...notesOf(notes, "progress", "worked"), ...done])];
}

function problemLines(notes: readonly Note[], fixes: ArchiveView["fixes"]): readonly string[] {
  const settled = notesOf(notes, "issue", "blocker", "risk").filter(({ state }) => state === "done");
  const fixed = fixes.flatMap(({ command, error, files }) => [
    `- ${normalText(error)}`,
    `  - **Solution**: \`${normalText(command)}\` passed after changes in ${files.length === 0 ? "no file" : files.map((path) => `\`${normalText(path)}\``).join(", ")}`,
  ]);
  return [...itemLines([...notesOf(notes, "failed"), ...settled]), ...fixed];
}

function changeLines(view: ArchiveView, notes: readonly Note[]): readonly string[] {
  const commits = view.commits.map(({ hash, subject }) => `- \`${shortHash(hash)}\` ${normalText(subject)}`);
  const files = [
    ...itemLines(notesOf(notes, "file")),
    ...foundLines(notes, { files: view.files, commands: [] }),
  ];
  return chapter("## Changes", [section("### Commits", commits), section("### Files", files)]);
}

/** Lessons stand with what taught them, too; here they can be read without the story. */
function lessonLines(notes: readonly Note[]): readonly string[] {
  const taught = notes.flatMap(({ kind, fields }) =>
    kind === "learning" || fields.lesson === undefined ? [] : [`- ${normalText(fields.lesson)}`],
  );
  return [...itemLines(notesOf(notes, "learning")), ...taught];
}

function isLeft({ kind, state }: Note): boolean {
  if (state !== "open") return false;
  return kind === "next" || kind === "issue" || kind === "blocker" || kind === "risk" || kind === "untried";
}

function technicalLines({ commands }: ArchiveView, notes: readonly Note[]): readonly string[] {
  return [...itemLines(notesOf(notes, "finding", "command")), ...foundLines(notes, { files: [], commands })];
}
