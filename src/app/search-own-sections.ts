import { SEARCH_OWN_SECTIONS_MAX, SEARCH_SECTION_CHARS_MAX } from "../base/limits.ts";
import { readIfThere } from "../disk/read.ts";
import { readDocument } from "../document/read.ts";
import { matchOf, type Wanted } from "../recall/search.ts";
import type { App } from "./app.ts";
import type { SessionSummary } from "./summary.ts";

/** A section that people made for themselves in a document, and its line that fits best. */
export interface FoundSection {
  readonly session: string;
  readonly slug: string;
  readonly heading: string;
  readonly text: string;
}

/** Sections of people's own with these words, best first. What can't be read is passed over: `status` says so already. */
export function searchOwnSections(
  app: App,
  sessions: readonly SessionSummary[],
  wanted: Wanted,
): readonly FoundSection[] {
  return sessions
    .flatMap((session) => matchesIn(app, session, wanted))
    .sort((a, b) => b.score - a.score)
    .slice(0, SEARCH_OWN_SECTIONS_MAX)
    .map(({ found }) => found);
}

function matchesIn(
  app: App,
  { id, slug, document }: SessionSummary,
  wanted: Wanted,
): readonly { readonly found: FoundSection; readonly score: number }[] {
  const text = document === undefined ? undefined : textAt(document);
  if (text === undefined) return [];
  const shown = app.redactor.text(text);
  return readDocument(shown)
    .sections.filter(({ holds }) => holds === undefined)
    .flatMap(({ heading, range }) => {
      const lines = shown
        .slice(range.from, range.to)
        .split(/\r\n|\n|\r/)
        .slice(1);
      const score = matchOf(wanted, [heading, ...lines]);
      if (score === 0) return [];
      const best = bestLine(lines, wanted).slice(0, SEARCH_SECTION_CHARS_MAX);
      return [{ found: { session: id, slug, heading, text: best }, score }];
    });
}

function bestLine(lines: readonly string[], wanted: Wanted): string {
  const said = lines.map((line) => line.trim()).filter((line) => line !== "");
  const scored = said.map((line) => ({ line, score: matchOf(wanted, [line]) }));
  return scored.reduce((best, each) => (each.score > best.score ? each : best), {
    line: said[0] ?? "",
    score: 0,
  }).line;
}

function textAt(path: string): string | undefined {
  try {
    return readIfThere(path)?.toString("utf8");
  } catch {
    return undefined;
  }
}
