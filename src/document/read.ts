import { DOCUMENT_BYTES_MAX, DOCUMENT_ITEMS_MAX } from "../base/limits.ts";
import { isNoteKind, type NoteKind } from "../session/note.ts";
import type { DocumentWarning, StateDocument } from "./document.ts";
import { headingText, readHead, saysTitle } from "./head.ts";
import type { ParsedDocument, ParsedSection } from "./parsed.ts";
import { sectionBefore } from "./read-again.ts";
import { readBody } from "./read-section.ts";
import { type Line, type Scan, scan } from "./scan.ts";
import { type KnownHeading, resolveHeading } from "./sections.ts";
import { readStatus } from "./status.ts";

/**
 * Reads a state document: what we understand of it, with the place of every part (docs/formats/document.md). Total:
 * any string is a document, and what we do not understand is people's own and stays. Linear in the text's length.
 */
export function readDocument(text: string): StateDocument {
  const { title, status, statusReason, sections, warnings } = parseDocument(text);
  return { text, title, status, statusReason, sections, warnings };
}

/**
 * The same with all that the writer needs.
 *
 * @param before a text that is nearly the same, as it was read: gives the same result sooner.
 */
export function parseDocument(text: string, before?: ParsedDocument): ParsedDocument {
  if (text.length > DOCUMENT_BYTES_MAX) return tooLarge(text);
  const scanned = scan(text);
  const headings = headingsOf(text, scanned);
  const sections = headings.filter(({ opens }) => opens);
  const titleLine = headings.find(({ isTitle }) => isTitle)?.line ?? -1;
  const head = readHead(text, scanned, { titleLine, end: sections[0]?.line ?? scanned.lines.length });
  const word = readStatus(head.entries.get("status")?.value ?? "");
  const parsed = sections.map((heading, at) =>
    parseSection(text, scanned, {
      heading,
      endLine: sections[at + 1]?.line ?? scanned.lines.length,
      before,
    }),
  );
  return {
    text,
    title: head.title,
    status: word?.status,
    statusReason: word?.reason,
    sections: parsed,
    warnings: warningsOf(scanned),
    scan: scanned,
    head,
    broken: brokenBy(scanned) ?? fullWith(parsed),
  };
}

/** A text that somebody may have parsed already: reading is most of what a comparison and a write cost. */
export function parsedOnce(text: string | ParsedDocument, before?: ParsedDocument): ParsedDocument {
  return typeof text === "string" ? parseDocument(text, before) : text;
}

interface Heading {
  readonly line: number;
  readonly level: number;
  readonly text: string;
  readonly known: KnownHeading | undefined;
  readonly isTitle: boolean;
  /** Begins a section. The title does not, nor does a heading of people's own above it or inside one of our sections. */
  readonly opens: boolean;
}

type NamedHeading = Omit<Heading, "isTitle" | "opens">;

function headingsOf(text: string, scanned: Scan): readonly Heading[] {
  const named = namedHeadings(text, scanned);
  const firstKnown = named.findIndex(({ known }) => known !== undefined);
  const above = firstKnown < 0 ? named : named.slice(0, firstKnown);
  const title = above.find((heading) => saysTitle(heading.text)) ?? above[0];
  const titleLine = title?.line ?? -1;
  let section: NamedHeading | undefined;
  return named.map((heading) => {
    const inside =
      heading.known === undefined && section?.known !== undefined && heading.level > section.level;
    const opens = heading.known !== undefined || (heading.line > titleLine && !inside);
    if (opens) section = heading;
    return { ...heading, isTitle: heading.line === titleLine, opens };
  });
}

/** A heading without a word parts nothing. */
function namedHeadings(text: string, { lines }: Scan): readonly NamedHeading[] {
  const headings: NamedHeading[] = [];
  const above: NamedHeading[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at];
    const name = line?.kind === "heading" ? headingText(text, line) : "";
    if (line === undefined || name === "") continue;
    while ((above.at(-1)?.level ?? 0) >= line.level) above.pop();
    const heading = {
      line: at,
      level: line.level,
      text: name,
      known: resolveHeading(name, above.at(-1)?.text),
    };
    headings.push(heading);
    above.push(heading);
  }
  return headings;
}

interface SectionPlace {
  readonly heading: Heading;
  readonly endLine: number;
  readonly before: ParsedDocument | undefined;
}

function parseSection(
  text: string,
  scanned: Scan,
  { heading, endLine, before }: SectionPlace,
): ParsedSection {
  const { lines } = scanned;
  const underlined = lines[heading.line + 1]?.kind === "underline";
  const bodyLine = heading.line + (underlined ? 2 : 1);
  const holds = holdsOf(heading.known);
  return {
    heading: heading.text,
    holds,
    range: { from: lines[heading.line]?.from ?? 0, to: lines[endLine - 1]?.next ?? text.length },
    known: heading.known,
    level: heading.level,
    headingLine: heading.line,
    bodyLine,
    endLine,
    ...readBody(text, scanned, {
      known: heading.known,
      bodyLine,
      endLine,
      before: heading.known && sectionBefore(before, heading.text, heading.known),
    }),
  };
}

function holdsOf(known: KnownHeading | undefined): NoteKind | "derived" | undefined {
  if (known === undefined) return undefined;
  return isNoteKind(known.key) ? known.key : "derived";
}

function warningsOf({ lines, conflicts, unclosed }: Scan): readonly DocumentWarning[] {
  const warnings = conflicts.map((at) =>
    warning(at, lines[at], "A merge-conflict mark: settle the conflict by hand."),
  );
  if (unclosed !== undefined) {
    warnings.push(
      warning(unclosed, lines[unclosed], "Opened here and never closed: everything below it is hidden."),
    );
  }
  return warnings;
}

function warning(at: number, line: Line | undefined, message: string): DocumentWarning {
  return { line: at + 1, column: line === undefined ? 1 : line.start - line.from + 1, message };
}

function brokenBy({ conflicts, unclosed }: Scan): string | undefined {
  const conflict = conflicts[0];
  if (conflict !== undefined) return `it holds merge-conflict marks (line ${conflict + 1}, column 1)`;
  if (unclosed !== undefined)
    return `a code fence or comment is opened on line ${unclosed + 1} and never closed`;
  return undefined;
}

function fullWith(sections: readonly ParsedSection[]): string | undefined {
  const parts = sections.reduce((sum, { items, derived }) => sum + 1 + items.length + derived.length, 0);
  return parts > DOCUMENT_ITEMS_MAX
    ? `it has ${parts} items and sections, and ${DOCUMENT_ITEMS_MAX} is the most that is read`
    : undefined;
}

function tooLarge(text: string): ParsedDocument {
  const message = `Longer than ${DOCUMENT_BYTES_MAX} characters: not read.`;
  return {
    text,
    title: undefined,
    status: undefined,
    statusReason: undefined,
    sections: [],
    warnings: [{ line: 1, column: 1, message }],
    scan: { lines: [], fences: new Map(), conflicts: [], unclosed: undefined },
    head: { title: undefined, titleRange: undefined, entries: new Map(), titleLine: -1 },
    broken: `it is longer than ${DOCUMENT_BYTES_MAX} characters`,
  };
}
