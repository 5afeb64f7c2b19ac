import { minuteOf, oneLine, type SessionMemory } from "./memory.ts";
import { type MemorySection, readMemory, sectionOf } from "./read.ts";

type Part = Exclude<MemorySection, undefined>;

const HEADINGS: { readonly [Name in Part]: string } = {
  decisions: "## Decisions Made",
  progress: "## Progress Markers",
  discoveries: "## Key Discoveries",
  next: "## Next Session Start",
};
/** Says, where something stood before, that it does so no longer; read as an invitation, which is nobody's note. */
const NOTHING = "[Nothing is recorded]";
const PARTS: readonly Part[] = ["decisions", "progress", "discoveries", "next"];

/** The whole memory as the file of a task begins, ended by a line feed. */
export function renderMemory(memory: SessionMemory): string {
  const lines = linesOf(memory);
  const parts = PARTS.flatMap((part) => ["", HEADINGS[part], ...lines[part]]);
  return [`# Session Memory — ${oneLine(memory.task)}`, ...parts, ""].join("\n");
}

/**
 * What has to be appended to a file so that it says what the memory says now; "" where it does already. Nothing that
 * stands in the file is said again, but for progress markers and the next start where they changed: the last ones count.
 */
export function renderNews(memory: SessionMemory, file: string): string {
  const lines = linesOf(memory);
  const present = file.split("\n");
  const items = readMemory(present, () => false);
  const said = new Set(items.map(({ kind, text, why }) => `${kind} ${oneLine(text)} ${oneLine(why ?? "")}`));
  const isThere = new Set(present.map((line) => line.trim()));
  const isNew = (line: string, item: string): boolean => !said.has(item) && !isThere.has(line.trim());
  const decisions = lines.decisions.filter((line, index) => {
    const { decision = "", reason = "" } = memory.decisions[index] ?? {};
    return isNew(line, `decision ${decision} ${reason}`);
  });
  const discoveries = lines.discoveries.filter((line, index) =>
    isNew(line, `finding ${memory.discoveries[index]?.discovery} `),
  );
  const changed = (part: "progress" | "next"): readonly string[] =>
    lines[part].filter(isOurs).join("\n") === lastOf(present, part).join("\n") ? [] : lines[part];
  const news = { decisions, progress: changed("progress"), discoveries, next: changed("next") };
  const parts = PARTS.filter((part) => news[part].length > 0);
  const text = parts.flatMap((part) => ["", HEADINGS[part], ...news[part]]).join("\n");
  return text === "" ? "" : `${text}\n`;
}

function linesOf({ decisions, progress, discoveries, nextStart }: SessionMemory): {
  readonly [Name in Part]: readonly string[];
} {
  const { completed, inProgress, pending } = progress;
  const markers = [
    ...completed.map((text) => `- COMPLETED: ${text}`),
    ...inProgress.map((text) => `- IN_PROGRESS: ${text}`),
    ...pending.map((text) => `- PENDING: ${text}`),
  ];
  return {
    decisions: decisions.map(
      ({ atMs, decision, reason }) =>
        `- ${minuteOf(atMs)} — ${decision}${reason === undefined ? "" : ` — ${reason}`}`,
    ),
    progress: markers.length === 0 ? [NOTHING] : markers,
    discoveries: discoveries.map(({ atMs, discovery }) => `- ${minuteOf(atMs)} — ${discovery}`),
    next: nextStart.length === 0 ? [NOTHING] : nextStart.map((text) => `- ${text}`),
  };
}

/** The lines of the last such part, without what a script appended behind them. */
function lastOf(lines: readonly string[], part: Part): readonly string[] {
  const own: string[][] = [];
  let isIn = false;
  for (const line of lines) {
    if (/^ {0,3}#{1,6}\s/.test(line)) {
      isIn = sectionOf(line) === part;
      if (isIn) own.push([]);
    } else if (isIn && line.trim() !== "" && isOurs(line)) {
      own.at(-1)?.push(line);
    }
  }
  return own.at(-1) ?? [];
}

/** Not a checkpoint, which may stand in any part. */
function isOurs(line: string): boolean {
  return !/^- \[?\d{4}-\d\d-\d\d[T ]/.test(line);
}
