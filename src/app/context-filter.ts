import { join } from "node:path";
import { readIfThere } from "../disk/read.ts";
import { isGitLocation } from "../workspace/locate.ts";
import type { Here } from "./here.ts";
import type { LineBlock } from "./init/lines.ts";

/**
 * What keeps the page's git lines out of commits (docs/formats/context.md, "Git hooks"): lines in two files of the
 * repository's own folder, which nobody shares. The `sed` says the same as committedForm of publish/context-page.ts.
 */
export const CONTEXT_ATTRIBUTES: LineBlock = {
  marker: "# leftoff: .claude/context.md (`leftoff context --no-git-hooks` takes these lines out)",
  lines: ["/.claude/context.md filter=leftoff-context merge=union"],
};
export const CONTEXT_CONFIG: LineBlock = {
  marker: "# leftoff: .claude/context.md (`leftoff context --no-git-hooks` takes these lines out)",
  lines: [
    '[filter "leftoff-context"]',
    "\tclean = \"sed -e '/^## Current Work/,/^## /{/^Branch: /d;/^Recent commits: /d;}'\"",
  ],
};

/** True where git does not see the two lines of the context page that say where the work tree stands. */
export function hasContextFilter({ location }: Here): boolean {
  if (!isGitLocation(location)) return false;
  const holds = (path: string, { lines }: LineBlock): boolean => {
    const text = readIfThere(join(location.commonDir, path))?.toString("utf8") ?? "";
    const there = new Set(text.split(/\r?\n/));
    return lines.every((line) => there.has(line));
  };
  return holds("info/attributes", CONTEXT_ATTRIBUTES) && holds("config", CONTEXT_CONFIG);
}
