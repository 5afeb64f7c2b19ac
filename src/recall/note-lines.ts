import type { Author, Note, NoteField, NoteKind } from "../session/note.ts";
import type { BriefMaterial, NoteWithDrift } from "./brief.ts";
import { type Candidate, keyOf, type Section } from "./candidate.ts";
import { cutToTokens } from "./cut.ts";
import { plainLine } from "./plain.ts";
import { dayOf } from "./when.ts";

/** One note's words; longer ones are cut and can be read in full by their source. */
const TEXT_TOKENS_MAX = 70;
const FIELD_TOKENS_MAX = 40;
const NAME_TOKENS_MAX = 8;
/** Files that make a note stale: the first ones say enough. */
const STALE_FILES_MAX = 3;
/** Notes of one section that are looked at; no budget holds more, and the others are counted. */
const LOOKED_AT_MAX = 200;
/** Next steps recorded within this of each other are one list and keep its order. */
const BATCH_GAP_MS = 30 * 60 * 1000;

const SECTION_OF: { readonly [Kind in NoteKind]: Section } = {
  summary: "left-off",
  next: "next",
  failed: "failed",
  decision: "decisions",
  blocker: "blockers",
  issue: "blockers",
  finding: "rest",
  worked: "rest",
  untried: "rest",
  progress: "rest",
  risk: "rest",
  learning: "rest",
  file: "rest",
  command: "rest",
};

const WHY: { readonly [Kind in NoteKind]: string } = {
  summary: "summary of the work",
  next: "next step",
  failed: "failed attempt, so that it is not repeated",
  decision: "decision that stands",
  blocker: "open blocker",
  issue: "open issue",
  finding: "finding",
  worked: "approach that worked",
  untried: "approach not tried yet",
  progress: "progress",
  risk: "known risk",
  learning: "lesson learned",
  file: "file of the work",
  command: "command of the work",
};

/** Fields in the order they are read, with the word before them. What a failed attempt or a decision is worth is its reason. */
const SHOWN_FIELDS: readonly (readonly [NoteField, string])[] = [
  ["why", "Why"],
  ["result", "Result"],
  ["lesson", "Lesson"],
  ["impact", "Impact"],
  ["tradeoff", "Tradeoff"],
  ["status", "Status"],
  ["file", "File"],
  ["priority", "Priority"],
  ["approved", "Approved"],
];

export interface NoteLines {
  readonly candidates: readonly Candidate[];
  /** Keys of notes that were not even looked at. */
  readonly beyond: readonly string[];
}

/** The notes that stand, as lines, the most important of each section first. */
export function noteLines(material: BriefMaterial): NoteLines {
  const standing = withoutRepeats(material.notes.filter(({ note }) => stands(note)));
  const sorted = [
    ...inOrder(standing.filter(isImmediate)),
    ...inOrder(standing.filter((each) => !isImmediate(each))),
  ];
  const seen = new Map<Section, number>();
  const candidates: Candidate[] = [];
  const beyond: string[] = [];
  for (const each of sorted) {
    const section = SECTION_OF[each.note.kind];
    const count = (seen.get(section) ?? 0) + 1;
    seen.set(section, count);
    if (count > LOOKED_AT_MAX) beyond.push(noteKey(each.note));
    else candidates.push(noteLine(each, section, material.nowMs));
  }
  return { candidates, beyond };
}

/** Open or proposed; a decision that another one replaced is gone. */
function stands({ state, kind, fields }: Note): boolean {
  if (state !== "open" && state !== "proposed") return false;
  return !(
    kind === "decision" && /^\W*(?:superseded|replaced|obsolete|rejected|reverted)/i.test(fields.status ?? "")
  );
}

/** The same words of the same kind once: what was confirmed before what is guessed, the newest before older ones. */
function withoutRepeats(notes: readonly NoteWithDrift[]): readonly NoteWithDrift[] {
  const best = new Map<string, NoteWithDrift>();
  for (const each of notes) {
    const said = `${each.note.kind} ${each.note.text.trim()}`;
    const other = best.get(said);
    if (
      other === undefined ||
      rank(each) < rank(other) ||
      (rank(each) === rank(other) && each.note.changedAtMs > other.note.changedAtMs)
    ) {
      best.set(said, each);
    }
  }
  return [...best.values()];
}

function isImmediate({ note }: NoteWithDrift): boolean {
  return note.fields.horizon === undefined || note.fields.horizon === "immediate";
}

/** What somebody said before what we guess; high priority before low; the newest list first, in its own order. */
function inOrder(notes: readonly NoteWithDrift[]): readonly NoteWithDrift[] {
  const byTime = [...notes].sort((a, b) => a.note.atMs - b.note.atMs || compareText(a.note.id, b.note.id));
  const batches = new Map<NoteWithDrift, number>();
  let batch = 0;
  for (const [index, each] of byTime.entries()) {
    const before = byTime[index - 1];
    if (before !== undefined && each.note.atMs - before.note.atMs > BATCH_GAP_MS) batch += 1;
    batches.set(each, batch);
  }
  return byTime.sort((a, b) => rank(a) - rank(b) || (batches.get(b) ?? 0) - (batches.get(a) ?? 0));
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function rank({ note }: NoteWithDrift): number {
  return (note.state === "proposed" ? 10 : 0) + urgency(note.fields.priority ?? note.fields.impact ?? "");
}

function urgency(words: string): number {
  if (/\b(?:critical|urgent|high|blocker|must|p0|p1)\b/i.test(words.slice(0, 100))) return 0;
  return /\b(?:low|minor|nice|p3|p4)\b/i.test(words.slice(0, 100)) ? 2 : 1;
}

function noteKey({ id, kind, text, fields, state }: Note): string {
  const guess = state === "proposed" ? "unconfirmed" : "";
  return keyOf(kind, id, [guess, text, ...SHOWN_FIELDS.map(([field]) => fields[field]), fields.horizon]);
}

function noteLine({ note, staleFiles }: NoteWithDrift, section: Section, nowMs: number): Candidate {
  const proposal = note.state === "proposed";
  const text = [lead(note), sentences(note)].filter((part) => part !== "").join(" ");
  const cite = `[${authorOf(note.by)}, ${dayOf(note.changedAtMs, nowMs)}, ${note.id.slice(-6)}]`;
  return {
    section,
    key: noteKey(note),
    kind: note.kind,
    source: note.id,
    why: proposal ? `a guess from the conversation, to confirm or drop: ${WHY[note.kind]}` : WHY[note.kind],
    proposal,
    text,
    line: [text, staleMark(staleFiles), cite].filter((part) => part !== "").join(" "),
  };
}

/** What must be known before the words: that it is a guess, what kind it is where the heading does not say, that it is for later. */
function lead({ kind, state, fields }: Note): string {
  const mark = state === "proposed" ? "(unconfirmed)" : "";
  const { horizon } = fields;
  const later =
    horizon !== undefined && horizon !== "immediate"
      ? `(${cutToTokens(plainLine(horizon), NAME_TOKENS_MAX)})`
      : "";
  const section = SECTION_OF[kind];
  const named = section === "rest" || section === "blockers" ? `${kind}:` : "";
  return [mark, later, named].filter((part) => part !== "").join(" ");
}

function sentences({ text, fields }: Note): string {
  const parts = [cutToTokens(plainLine(text), TEXT_TOKENS_MAX)];
  for (const [field, word] of SHOWN_FIELDS) {
    const said = plainLine(fields[field] ?? "");
    if (said !== "") parts.push(`${word}: ${cutToTokens(said, FIELD_TOKENS_MAX)}`);
  }
  return parts.map((part, index) => (index < parts.length - 1 ? ended(part) : part)).join(" ");
}

function ended(sentence: string): string {
  return /[.!?…:;。！？]$/u.test(sentence) ? sentence : `${sentence}.`;
}

function staleMark(files: readonly string[]): string {
  if (files.length === 0) return "";
  const named = files.slice(0, STALE_FILES_MAX).map((path) => cutToTokens(plainLine(path), 20));
  const more = files.length - named.length;
  return `(stale? changed since: ${named.join(", ")}${more > 0 ? ` and ${more} more` : ""})`;
}

/** The person and agents are told apart; names are short. */
export function authorOf(by: Author): string {
  if (by.kind === "leftoff") return "leftoff";
  if (by.kind === "person") return "the person";
  return `agent ${cutToTokens(plainLine(by.name), NAME_TOKENS_MAX)}`;
}
