import type { HeadEntry, HeadKey } from "./head.ts";
import { writeTitle } from "./head.ts";
import { isPlaceholder, normalText } from "./item-text.ts";
import type { ParsedDocument } from "./parsed.ts";
import { parseDocument } from "./read.ts";
import { type Edit, splice } from "./splice.ts";

/** A document that a person put there: what its file's name and its own head say, and the text it shall begin with. */
export interface PlacedDocument {
  readonly title: string;
  /** `YYYY-MM-DD` by the file's name, else by its head; undefined where neither says. */
  readonly date: string | undefined;
  /** The file's name without date and extension: documents that share it are about the same work. */
  readonly description: string;
  /** With its placeholders filled in; of a copy, without what was measured elsewhere. */
  readonly text: string;
}

const DATED = /^(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))[-_ ]?(.*)$/;

/** The date and the description in `2026-01-25-feature-auth`. */
export function nameParts(stem: string): { readonly date: string | undefined; readonly description: string } {
  const found = DATED.exec(stem);
  return found?.[2] ? { date: found[1], description: found[2] } : { date: undefined, description: stem };
}

/**
 * Reads a document by its file's name: `{DESCRIPTION}` and `$(date …)`, which a script left in it, are what the name says.
 * One that says of no day as late as its name's is a copy of an older one: it begins on its own day, and what was
 * measured there (metrics, continuity) is not its own. Undefined for a text that is no state document.
 */
export function placedDocument(text: string, stem: string): PlacedDocument | undefined {
  const document = parseDocument(text);
  const { date: named, description } = nameParts(stem);
  const known = document.sections.some((section) => section.known !== undefined);
  if (document.broken !== undefined || (!known && !SAYS_SESSION.test(text))) return undefined;
  const date = named ?? dayIn(document.head.entries.get("created")?.value);
  const words = normalText(description.replaceAll(/[-_]+/g, " "));
  const isCopy = named !== undefined && isOlder(document, named);
  const edits = [
    ...titleEdit(document, words),
    ...dateEdits(document, date, isCopy),
    ...(isCopy ? measuredEdits(document) : []),
  ];
  return {
    title: document.title ?? words,
    date,
    description,
    text: edits.length === 0 ? text : splice(text, edits, []).text,
  };
}

const SAYS_SESSION = /^#{1,6}\s+(?:session|세션)/im;

function titleEdit({ title, head }: ParsedDocument, words: string): readonly Edit[] {
  const { titleRange } = head;
  if (title !== undefined || titleRange === undefined || words === "") return [];
  return [{ ...titleRange, text: writeTitle(words) }];
}

function dateEdits({ head }: ParsedDocument, date: string | undefined, isCopy: boolean): readonly Edit[] {
  if (date === undefined) return [];
  const keys: readonly HeadKey[] = ["created", "updated"];
  return keys.flatMap((key) => {
    const entry = head.entries.get(key);
    if (entry === undefined || !(isCopy || isUnfilled(entry))) return [];
    return [{ ...entry.valueRange, text: date }];
  });
}

function isUnfilled({ value }: HeadEntry): boolean {
  return value === "" || isPlaceholder(value);
}

/** All days that its head names lie before the day of its name, and it names one. */
function isOlder({ text, head, sections }: ParsedDocument, named: string): boolean {
  const end = sections[0]?.range.from ?? text.length;
  const days = text.slice(0, end).match(/\b\d{4}-\d{2}-\d{2}\b/g) ?? [];
  return head.entries.has("created") && days.length > 0 && days.every((day) => day < named);
}

/** What stands in continuity and metrics, with the sections' headings left for our own. */
function measuredEdits({ text, scan, sections }: ParsedDocument): readonly Edit[] {
  return sections
    .filter(({ holds }) => holds === "derived")
    .flatMap(({ bodyLine, range }) => {
      const from = scan.lines[bodyLine]?.from ?? range.to;
      const body = text.slice(from, range.to);
      const ending = /\s*$/.exec(body)?.[0] ?? "";
      return body.trim() === "" ? [] : [{ from, to: range.to - ending.length, text: "" }];
    });
}

function dayIn(value: string | undefined): string | undefined {
  return /\d{4}-\d{2}-\d{2}/.exec(value ?? "")?.[0];
}
