import { addLines, type LineBlock, removeLines } from "./lines.ts";

/** In `info/attributes` of the repository's own folder, which nobody shares: two versions of a list are merged by keeping both. */
const BLOCK: LineBlock = {
  marker: "# leftoff: .claude/context.md (`leftoff context --no-git-hooks` takes these lines out)",
  lines: ["/.claude/context.md merge=union"],
};

/** The attributes with our lines, "" standing for none; taking them out gives back the same bytes. */
export function addContextMerge(text: string): string {
  return addLines(text, BLOCK);
}

export function removeContextMerge(text: string): string {
  return removeLines(text, BLOCK);
}
