import { extname } from "node:path";
import { CONTEXT_FILES_MAX, DOCUMENT_BYTES_MAX } from "../base/limits.ts";
import { filesBelow, readIfThere } from "../disk/read.ts";
import { pageBlocks } from "../publish/page-blocks.ts";
import { sealOf } from "../publish/seal.ts";
import { matchOf, type Wanted } from "../recall/search.ts";
import type { App } from "./app.ts";
import { displayPath, type Here } from "./here.ts";
import { contextFolderOf } from "./shelf.ts";
import type { SessionSummary } from "./summary.ts";

/** A place in a page of `context/`, which may be of any form and by anybody. Redacted. */
export interface FoundOnPage {
  readonly path: string;
  readonly line: number;
  readonly heading: string | undefined;
  readonly text: string;
  readonly score: number;
}

const TEXT_CHARS_MAX = 400;
const PAGES = new Set([".md", ".markdown", ".txt", ".tmp"]);

/**
 * Places with these words in the pages of this work tree's `context/`, in the order of the files. Pages that stand for a
 * session whose notes are searched anyway are passed over: our own summaries that nobody changed, and its document.
 */
export function searchContext(
  app: App,
  here: Here,
  { wanted, searched }: { readonly wanted: Wanted; readonly searched: readonly SessionSummary[] },
): readonly FoundOnPage[] {
  const files = filesBelow(contextFolderOf(app, here)).filter((path) =>
    PAGES.has(extname(path).toLowerCase()),
  );
  const documents = new Set(searched.map(({ document }) => document));
  const sessions = new Set<string>(searched.map(({ id }) => id));
  return files
    .slice(-CONTEXT_FILES_MAX)
    .filter((path) => !documents.has(path))
    .flatMap((path) => {
      const page = pageAt(path);
      const seal = page === undefined ? undefined : sealOf(page);
      if (page === undefined || (seal?.untouched === true && sessions.has(seal.session))) return [];
      return matches(app, { page, path: displayPath(here, path) }, wanted);
    });
}

/** A page that can't be read is none: it is found by who opens it. */
function pageAt(path: string): string | undefined {
  try {
    const bytes = readIfThere(path);
    return bytes === undefined || bytes.length > DOCUMENT_BYTES_MAX ? undefined : bytes.toString("utf8");
  } catch {
    return undefined;
  }
}

function matches(
  app: App,
  { page, path }: { readonly page: string; readonly path: string },
  wanted: Wanted,
): readonly FoundOnPage[] {
  return pageBlocks(app.redactor.text(page)).flatMap(({ line, heading, text, rest }) => {
    const score = matchOf(wanted, [text, ...rest, heading ?? ""]);
    const whole = [text, ...rest].join("; ");
    const shown = whole.length <= TEXT_CHARS_MAX ? whole : `${whole.slice(0, TEXT_CHARS_MAX - 1)}…`;
    return score > 0 ? [{ path, line, heading, text: shown, score }] : [];
  });
}
