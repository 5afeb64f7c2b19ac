import type { ParsedDocument, ParsedItem } from "./parsed.ts";
import type { Line } from "./scan.ts";
import type { Edit, Place } from "./splice.ts";

/** Changes of a document while they are collected. */
export interface Draft {
  readonly document: ParsedDocument;
  /** The file's own line ending. */
  readonly eol: string;
  readonly edits: Edit[];
  /** Items and lines that stay, with their note. */
  readonly kept: Place[];
  /** Indexes of lines that go. */
  readonly removed: Set<number>;
}

export function newDraft(document: ParsedDocument): Draft {
  const first = document.scan.lines[0];
  const ending = first === undefined ? "" : document.text.slice(first.to, first.next);
  return { document, eol: ending === "" ? "\n" : ending, edits: [], kept: [], removed: new Set() };
}

export function replaceRange(draft: Draft, { from, to }: { from: number; to: number }, text: string): void {
  if (draft.document.text.slice(from, to) !== text) draft.edits.push({ from, to, text });
}

export function removeLines(draft: Draft, from: number, to: number): void {
  for (let at = from; at < to; at += 1) draft.removed.add(at);
}

export function lineAt({ document }: Draft, at: number): Line | undefined {
  return document.scan.lines[at];
}

export function isBlank(line: Line | undefined): boolean {
  return line === undefined || line.start >= line.to;
}

/** The last line in [from, to) that stays and says something; undefined where there is none. */
export function lastStanding(draft: Draft, from: number, to: number): Line | undefined {
  for (let at = to - 1; at >= from; at -= 1) {
    const line = lineAt(draft, at);
    if (!draft.removed.has(at) && !isBlank(line)) return line;
  }
  return undefined;
}

export function stands(draft: Draft, { firstLine }: ParsedItem): boolean {
  return !draft.removed.has(firstLine);
}

/** Turns the lines that go into edits, each run with one blank line of the two around it. */
export function removalEdits(draft: Draft): readonly Edit[] {
  const { removed } = draft;
  for (const at of [...removed]) {
    if (isBlank(lineAt(draft, at + 1)) && removed.has(at + 2)) removed.add(at + 1);
  }
  const edits: Edit[] = [];
  for (const from of [...removed].sort((a, b) => a - b)) {
    if (removed.has(from - 1)) continue;
    let to = from;
    while (removed.has(to)) to += 1;
    if (takesBlank(draft, from, to)) to += 1;
    const first = lineAt(draft, from);
    const last = lineAt(draft, to - 1);
    if (first && last) edits.push({ from: first.from, to: last.next, text: "" });
  }
  return edits;
}

/** The blank line behind a removed run goes with it where another stands before it already. */
function takesBlank(draft: Draft, from: number, to: number): boolean {
  const next = lineAt(draft, to);
  if (next === undefined || !isBlank(next)) return false;
  const before = lineAt(draft, from - 1);
  if (isBlank(before)) return true;
  const after = lineAt(draft, to + 1);
  return before?.kind === "heading" && after !== undefined && after.kind !== "heading" && !isBlank(after);
}

/** Whether the last line inside a fence says something: what comes behind it needs a blank line between. */
export function insideStands(draft: Draft, open: number, close: number): boolean {
  for (let at = close - 1; at > open; at -= 1) {
    if (!draft.removed.has(at)) return !isBlank(lineAt(draft, at));
  }
  return false;
}
