import {
  type Author,
  isOfProject,
  isPinned,
  type Note,
  type NoteField,
  type NoteKind,
} from "../session/note.ts";
import { progressStatusOf } from "../session/progress.ts";
import type { BriefLimits, BriefMaterial, NoteWithDrift } from "./brief.ts";
import { type Candidate, keyOf, type Section } from "./candidate.ts";
import { cutToTokens } from "./cut.ts";
import { isLater, notesInOrder } from "./note-order.ts";
import { plainLine } from "./plain.ts";
import { progressNotes } from "./progress-lines.ts";
import { weightOf } from "./tokens.ts";
import { dayOf } from "./when.ts";

/** Notes of one section that are looked at: a brief of 1,500 tokens has no room for more, and the others are counted. */
const LOOKED_AT_MAX = 60;
/** What one note's words may cost, and all its fields together: more is cut, and can be read in full by its source. */
const TEXT_TOKENS_MAX = 70;
const TEXT_TOKENS_MIN = 20;
/** Words of a pinned note: of PINS_MAX of them, each has its place in every brief. */
const PINNED_TOKENS_MAX = 30;
/** A small budget is not for one note alone. */
const TEXT_BUDGET_SHARE = 0.1;
const FIELDS_PER_TEXT = 1.2;
const FIELD_PER_TEXT_MAX = 0.6;
const FIELD_TOKENS_MIN = 6;
const NAME_TOKENS_MAX = 10;
const PATH_TOKENS_MAX = 25;
/** Files that make a note stale: the first ones say enough. */
const STALE_FILES_MAX = 3;

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
  learning: "lasting",
  file: "rest",
  command: "rest",
  solution: "rest",
  implementation: "rest",
  deployment: "rest",
  metric: "rest",
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
  progress: "progress so far",
  risk: "known risk",
  learning: "lesson learned",
  file: "file of the work",
  command: "command of the work",
  solution: "what solved it",
  implementation: "how it was built in the end",
  deployment: "what its deployment needs",
  metric: "measured value",
};

/** Fields in the order they are read, with the word before them: what a failed attempt or a decision is worth is its reason. */
const SHOWN_FIELDS: readonly (readonly [NoteField, string])[] = [
  ["why", "Why"],
  ["cause", "Root cause"],
  ["result", "Result"],
  ["lesson", "Lesson"],
  ["waiting", "Waiting on"],
  ["expected", "Expected"],
  ["impact", "Impact"],
  ["mitigation", "Mitigation"],
  ["before", "Before"],
  ["after", "After"],
  ["gain", "Gain"],
  ["tradeoff", "Tradeoff"],
  ["status", "Status"],
  ["file", "File"],
  ["priority", "Priority"],
  ["approved", "Approved"],
];

export interface NoteLines {
  /** The most important of each section first. */
  readonly candidates: readonly Candidate[];
  /** Keys of notes that are counted only: beyond what is looked at, or without a readable word. */
  readonly beyond: readonly string[];
}

/** The notes that stand, as lines of a brief of that size. */
export function noteLines(
  material: Pick<BriefMaterial, "nowMs" | "notes">,
  { tokensMax }: BriefLimits,
): NoteLines {
  const textTokens = Math.min(TEXT_TOKENS_MAX, Math.max(TEXT_TOKENS_MIN, tokensMax * TEXT_BUDGET_SHARE));
  const seen = new Map<Section, number>();
  const candidates: Candidate[] = [];
  const beyond: string[] = [];
  const progress = progressNotes(material);
  for (const each of notesInOrder(material)) {
    if (progress.said.has(each.note.id)) continue;
    const section = sectionOf(each.note);
    const count = (seen.get(section) ?? 0) + 1;
    seen.set(section, count);
    if (count > LOOKED_AT_MAX || saysNothing(each.note)) beyond.push(keyOfNote(each.note));
    else candidates.push(noteLine(each, { nowMs: material.nowMs, textTokens }));
  }
  return { candidates, beyond };
}

/** What belongs to the project stands together, and so does what is completed: it is not to be done again. */
function sectionOf(note: Note): Section {
  if (isOfProject(note)) return "lasting";
  if (note.kind !== "progress" || note.state !== "open") return SECTION_OF[note.kind];
  return progressStatusOf(note) === "COMPLETED" ? "done" : SECTION_OF[note.kind];
}

/** Nothing that can be read, such as zero-width characters only. */
function saysNothing({ text }: Note): boolean {
  return plainLine(text) === "";
}

/** Not of its stale mark: that files changed is told by itself, and must not bring every note that names them again. */
function keyOfNote({ id, kind, text, fields, state }: Note): string {
  const shown = SHOWN_FIELDS.map(([field]) => fields[field]);
  return keyOf(kind, id, [state === "proposed" ? "unconfirmed" : "", text, fields.horizon, ...shown]);
}

function noteLine(
  { note, staleFiles }: NoteWithDrift,
  size: { nowMs: number; textTokens: number },
): Candidate {
  const proposal = note.state === "proposed";
  const pinned = isPinned(note) && !proposal;
  const textTokens = pinned ? Math.min(size.textTokens, PINNED_TOKENS_MAX) : size.textTokens;
  const text = joined([leadOf(note), sentencesOf(note, textTokens)]);
  const cite = `[${authorOf(note.by)}, ${dayOf(note.changedAtMs, size.nowMs)}, ${plainLine(note.id.slice(-6))}]`;
  return {
    section: sectionOf(note),
    key: keyOfNote(note),
    kind: note.kind,
    source: note.id,
    why: whyOf(note, pinned),
    proposal,
    ...(pinned ? { pinned } : {}),
    text,
    line: joined([text, staleMark(staleFiles), cite]),
  };
}

function whyOf(note: Note, pinned: boolean): string {
  const why = isOfProject(note) ? `${WHY[note.kind]}, of the project` : WHY[note.kind];
  if (note.state === "proposed") return `guess out of the conversation, to confirm or drop: ${why}`;
  return pinned ? `pinned: ${why}` : why;
}

/** What must be known before the words: that it is a guess, that it is for later, its kind where the heading does not say it. */
function leadOf(note: Note): string {
  const section = sectionOf(note);
  return joined([
    note.state === "proposed" ? "(unconfirmed)" : "",
    isLater(note) ? `(${cutToTokens(plainLine(note.fields.horizon ?? ""), NAME_TOKENS_MAX)})` : "",
    section === "rest" || section === "blockers" || section === "lasting" ? `${note.kind}:` : "",
  ]);
}

function sentencesOf({ text, fields }: Note, textTokens: number): string {
  const sentences = [cutToTokens(plainLine(text), textTokens)];
  let left = textTokens * FIELDS_PER_TEXT;
  for (const [field, word] of SHOWN_FIELDS) {
    const said = plainLine(fields[field] ?? "");
    if (said === "" || left < FIELD_TOKENS_MIN) continue;
    const sentence = cutToTokens(`${word}: ${said}`, Math.min(left, textTokens * FIELD_PER_TEXT_MAX));
    left -= weightOf(sentence) / 100;
    sentences.push(sentence);
  }
  return joined(
    sentences.map((sentence, index) => (index < sentences.length - 1 ? ended(sentence) : sentence)),
  );
}

function ended(sentence: string): string {
  return sentence === "" || /[.!?…:;。！？]$/u.test(sentence) ? sentence : `${sentence}.`;
}

function staleMark(files: readonly string[]): string {
  if (files.length === 0) return "";
  const named = files.slice(0, STALE_FILES_MAX).map((path) => cutToTokens(plainLine(path), PATH_TOKENS_MAX));
  const more = files.length - named.length;
  return `(may be stale: ${named.join(", ")}${more > 0 ? ` and ${more} more` : ""} changed since)`;
}

/** People and agents are told apart. */
function authorOf(by: Author): string {
  if (by.kind === "leftoff") return "leftoff";
  const name = cutToTokens(plainLine(by.name ?? ""), NAME_TOKENS_MAX);
  return by.kind === "person" ? joined(["person", name]) : joined(["agent", name]);
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(" ");
}
