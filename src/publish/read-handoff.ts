import { isSessionId, type SessionId } from "../base/id.ts";
import { DOCUMENT_BYTES_MAX, TITLE_CHARS_MAX } from "../base/limits.ts";
import { normalText } from "../document/item-text.ts";
import { parseDocument } from "../document/read.ts";
import { durationIn } from "../session/duration.ts";
import type { HandedFigures } from "../session/event.ts";
import type { NoteFields, NoteKind } from "../session/note.ts";
import { FIGURE_NAMES } from "./figure-lines.ts";

/** A handoff as read: whose work it was, and the notes of it. Anybody may have written the file. */
export interface Handoff {
  readonly title: string;
  /** `@ada`, or what else stands there; "a colleague" where nothing does. */
  readonly from: string;
  /** The session that it was; undefined where the file does not say. */
  readonly session: SessionId | undefined;
  /** `feature-auth` of `2026-01-25-feature-auth`. */
  readonly description: string;
  /** What it had taken them; undefined where the file does not say. */
  readonly figures: HandedFigures | undefined;
  readonly notes: readonly HandedNote[];
}

export interface HandedNote {
  readonly kind: NoteKind;
  readonly text: string;
  readonly fields: NoteFields;
  readonly done: boolean;
  /** A guess that nobody had confirmed. */
  readonly unconfirmed: boolean;
}

const TITLE = /^#[ \t]+(?:Agent[ \t]+)?Handoff[ \t]*:[ \t]*(.*)$/im;
/** Who a name is of is one line. */
const NAME_CHARS_MAX = 80;

/** Undefined where the text is no handoff: it has no heading `# Handoff: …`. Never throws. */
export function readHandoff(text: string): Handoff | undefined {
  const title = text.length > DOCUMENT_BYTES_MAX ? null : TITLE.exec(text);
  if (title === null) return undefined;
  const head = text.slice(title.index, headEnd(text, title.index));
  const session = headValue(head, "Session");
  const [slug = ""] = session.split(" ", 1);
  const id = /ses_[0-9a-f]{32}/.exec(session)?.[0] ?? "";
  const named = normalText(title[1] ?? "").slice(0, TITLE_CHARS_MAX) || slug || "Handed over work";
  return {
    title: named,
    from: headValue(head, "From") || "a colleague",
    session: isSessionId(id) ? id : undefined,
    description: slug.replace(/^\d{4}-\d{2}-\d{2}-/, "") || named,
    figures: figuresIn(head),
    notes: notesIn(text),
  };
}

/** Lines of the head as `figureLines` writes them. */
function figuresIn(head: string): HandedFigures | undefined {
  const activeMs = durationIn(headValue(head, FIGURE_NAMES.activeMs));
  const [, prompts] = numbersIn(headValue(head, FIGURE_NAMES.conversations));
  const [linesAdded, linesRemoved] = numbersIn(headValue(head, FIGURE_NAMES.lines));
  const [testsAdded] = numbersIn(headValue(head, FIGURE_NAMES.tests));
  if (activeMs === undefined && prompts === undefined) return undefined;
  return {
    activeMs: activeMs ?? 0,
    prompts: prompts ?? 0,
    linesAdded: linesAdded ?? 0,
    linesRemoved: linesRemoved ?? 0,
    testsAdded: testsAdded ?? 0,
  };
}

function numbersIn(text: string): readonly number[] {
  return (text.match(/\d{1,9}/g) ?? []).map(Number);
}

function notesIn(text: string): readonly HandedNote[] {
  const items = parseDocument(text).sections.flatMap((section) => section.items);
  return items.map(({ kind, text: words, fields, checked, unconfirmed }) => ({
    kind,
    text: words,
    fields,
    done: checked === true,
    unconfirmed,
  }));
}

function headEnd(text: string, from: number): number {
  const next = text.indexOf("\n## ", from);
  return next < 0 ? text.length : next;
}

/** `**From**: @ada`, or a line `## From: Frontend Agent` is none of ours. */
function headValue(head: string, name: string): string {
  const line = head.split("\n").find((candidate) => candidate.startsWith(`**${name}**:`)) ?? "";
  return normalText(line.slice(name.length + 5)).slice(0, NAME_CHARS_MAX);
}
