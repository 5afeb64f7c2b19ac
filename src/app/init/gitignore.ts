import { addLines, type LineBlock, removeLines } from "./lines.ts";

/** State documents and what was said are personal and change with every turn; what is worth keeping is archived to `.claude/context/`. */
const BLOCK: LineBlock = {
  marker: "# leftoff: session documents are personal (`leftoff uninstall` removes these lines)",
  lines: [".claude/sessions/*.tmp", ".claude/session-summary.md"],
};

/** A `.gitignore` with our lines, "" standing for none; taking them out gives back the same bytes. */
export function addGitignoreLines(text: string): string {
  return addLines(text, BLOCK);
}

export function removeGitignoreLines(text: string): string {
  return removeLines(text, BLOCK);
}
