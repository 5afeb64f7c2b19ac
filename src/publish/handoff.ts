import type { SessionId } from "../base/id.ts";
import { HANDOFF_CORE_TOKENS_MAX } from "../base/limits.ts";
import type { DocumentStatus, DocumentView } from "../document/document.ts";
import { HORIZON_LABELS } from "../document/fields.ts";
import { normalText } from "../document/item-text.ts";
import { isDerivedKey, SECTIONS } from "../document/sections.ts";
import { writeStatus } from "../document/status.ts";
import { estimateTokens } from "../recall/tokens.ts";
import { HORIZONS, isSuperseded, type Note, type NoteKind } from "../session/note.ts";
import type { FigureLine } from "./figure-lines.ts";
import { foundLines, itemLines, notesOf, section, shortHash } from "./page.ts";
import { sealed } from "./seal.ts";

/** What a colleague gets to go on from: docs/formats/handoff.md. All texts are redacted. */
export interface HandoffView {
  readonly session: SessionId;
  readonly slug: string;
  readonly title: string;
  /** `@ada`. */
  readonly from: string;
  /** Undefined where it is for whoever comes. */
  readonly to: string | undefined;
  /** `YYYY-MM-DD`, local: when the work was last touched. */
  readonly date: string;
  readonly status: DocumentStatus;
  readonly statusReason: string | undefined;
  readonly gitBranch: string | undefined;
  readonly commit: string | undefined;
  /** What it took so far and what came of it; [] where it had no conversations. */
  readonly figures: readonly FigureLine[];
  /** Without dropped ones. */
  readonly notes: readonly Note[];
  readonly files: DocumentView["files"];
  readonly commands: DocumentView["commands"];
  /** How the file is named where it is read: relative to the work tree. */
  readonly path: string;
}

/** The heading of the part that is enough to begin with. */
export const START_HERE = "Start Here";
/** One thing of it: who wants the whole story reads on. */
const CORE_LINE_CHARS_MAX = 280;

/** The handoff as markdown: who and what, the core of at most HANDOFF_CORE_TOKENS_MAX, then everything. */
export function handoffPage(view: HandoffView): string {
  const lines = [
    ...headLines(view),
    "",
    coreOf(view.notes),
    ...SECTIONS.flatMap(({ key, heading }) =>
      isDerivedKey(key) ? [] : section(`## ${heading}`, kindLines(view, key)),
    ),
  ];
  return sealed(`${lines.join("\n")}\n`, view.session);
}

function headLines(view: HandoffView): readonly string[] {
  const { status, statusReason: reason } = view;
  return [
    `# Handoff: ${normalText(view.title) || view.slug}`,
    `**From**: ${view.from}`,
    ...(view.to === undefined ? [] : [`**To**: ${view.to}`]),
    `**Date**: ${view.date}`,
    `**Session**: ${view.slug} (${view.session})`,
    ...(view.gitBranch === undefined ? [] : [`**Git branch**: ${normalText(view.gitBranch)}`]),
    ...(view.commit === undefined ? [] : [`**Commit**: ${shortHash(view.commit)}`]),
    `**Status**: ${writeStatus({ status, reason })}`,
    ...view.figures.map(({ name, value }) => `**${name}**: ${normalText(value)}`),
    "",
    `To continue: \`leftoff resume ${normalText(view.path).replaceAll("`", "'")}\``,
  ];
}

/** What a reader of five minutes must know, in this order; each group gives its first before any gives its second. */
const CORE: readonly (readonly [heading: string, holds: (note: Note) => boolean])[] = [
  ["Where it stands", ({ kind, state }) => kind === "summary" && state === "open"],
  ["Next", ({ kind, state, fields }) => kind === "next" && state === "open" && isSoon(fields.horizon)],
  ["In the way", ({ kind, state }) => (kind === "blocker" || kind === "issue") && state === "open"],
  ["Do not try again", ({ kind, state }) => kind === "failed" && state === "open"],
  ["Decided", (note) => note.kind === "decision" && note.state !== "proposed" && !isSuperseded(note)],
  ["Works", ({ kind, state }) => kind === "worked" && state !== "proposed"],
];

/** @returns the section with its heading, at most HANDOFF_CORE_TOKENS_MAX by our estimate. */
export function coreOf(notes: readonly Note[]): string {
  const groups = CORE.map(([heading, holds]) => ({ heading, lines: notes.filter(holds).map(coreLine) }));
  const depth = Math.max(...groups.map(({ lines }) => lines.length));
  const counts = groups.map(() => 0);
  const all = groups.reduce((sum, { lines }) => sum + lines.length, 0);
  const full = groups.map(() => false);
  for (let at = 0; at < depth; at += 1) {
    for (const [index, { lines }] of groups.entries()) {
      if (at >= lines.length || full[index]) continue;
      counts[index] = at + 1;
      if (estimateTokens(coreText(groups, counts, all)) <= HANDOFF_CORE_TOKENS_MAX) continue;
      counts[index] = at;
      // Its later ones stay out as well: what is shown of a group is its first.
      full[index] = true;
    }
  }
  return coreText(groups, counts, all);
}

function coreText(
  groups: readonly { readonly heading: string; readonly lines: readonly string[] }[],
  counts: readonly number[],
  all: number,
): string {
  const shown = groups.flatMap(({ heading, lines }, index) => {
    const count = counts[index] ?? 0;
    return count === 0 ? [] : ["", `**${heading}**:`, ...lines.slice(0, count)];
  });
  const left = all - counts.reduce((sum, count) => sum + count, 0);
  const rest = left === 0 ? [] : ["", `${left} more below.`];
  const nothing = all === 0 ? ["", "Nothing is on record yet."] : [];
  return [`## ${START_HERE}`, ...shown, ...rest, ...nothing].join("\n");
}

function coreLine({ text, fields }: Note): string {
  const why = normalText(fields.why ?? fields.impact ?? "");
  const line = `- ${normalText(text)}${why === "" ? "" : ` — ${why}`}`;
  return line.length <= CORE_LINE_CHARS_MAX ? line : `${line.slice(0, CORE_LINE_CHARS_MAX - 1).trimEnd()}…`;
}

function isSoon(horizon: string | undefined): boolean {
  return horizon === undefined || horizon === "immediate";
}

function kindLines(view: HandoffView, kind: NoteKind): readonly string[] {
  const own = notesOf(view.notes, kind);
  if (kind === "next") return nextLines(own);
  const { files, commands, notes } = view;
  const found = {
    file: () => foundLines(notes, { files, commands: [] }),
    command: () => foundLines(notes, { files: [], commands }),
  };
  return [...itemLines(own), ...(kind === "file" || kind === "command" ? found[kind]() : [])];
}

/** Next steps stand under the label of when they are due, as in the document. */
function nextLines(notes: readonly Note[]): readonly string[] {
  const lines = HORIZONS.flatMap((horizon) => {
    const due = notes.filter(({ fields }) => (isHorizonOf(fields.horizon) ?? "immediate") === horizon);
    return due.length === 0 ? [] : ["", HORIZON_LABELS[horizon], "", ...itemLines(due)];
  });
  return lines.slice(1);
}

function isHorizonOf(text: string | undefined) {
  return HORIZONS.find((horizon) => horizon === text);
}
