import { type Draft, insideStands, lineAt } from "./draft.ts";
import type { Entry } from "./entry.ts";
import { insertAtEnd, insertItems, type Rendered, renderAll } from "./insert-items.ts";
import { joinRendered } from "./insert-next.ts";
import type { ParsedSection } from "./parsed.ts";
import { isShellFence, showsTerminal } from "./read-commands.ts";
import { fitsFence, renderCommand } from "./render.ts";
import type { Fence } from "./scan.ts";

/** Puts commands into the section's last fence of shell commands, or into a new one; what can't stand there, into a list. */
export function insertCommands(draft: Draft, section: ParsedSection, entries: readonly Entry[]): void {
  const fenced = entries.filter(fitsFence);
  const listed = entries.filter((entry) => !fitsFence(entry));
  if (fenced.length > 0) {
    const fence = fenceOf(draft, section);
    if (fence) insertInFence(draft, fence, fenced);
    else insertAtEnd(draft, section, renderFence(draft, fenced));
  }
  if (listed.length > 0) insertItems(draft, section, listed);
}

export function renderNewCommands(draft: Draft, entries: readonly Entry[]): Rendered {
  const fenced = entries.filter(fitsFence);
  const listed = entries.filter((entry) => !fitsFence(entry));
  const parts = [
    ...(fenced.length > 0 ? [renderFence(draft, fenced)] : []),
    ...(listed.length > 0 ? [renderAll(draft, listed, { last: undefined, loose: false })] : []),
  ];
  return joinRendered(parts, draft.eol + draft.eol);
}

interface ClosedFence extends Fence {
  readonly close: number;
}

function fenceOf(draft: Draft, { bodyLine, endLine }: ParsedSection): ClosedFence | undefined {
  const { text, scan } = draft.document;
  for (let at = endLine - 1; at >= bodyLine; at -= 1) {
    const fence = scan.fences.get(at);
    const line = lineAt(draft, at);
    if (
      fence?.close === undefined ||
      line === undefined ||
      line.indent > 0 ||
      !"`~".includes(text[line.start] ?? " ")
    )
      continue;
    if (isShellFence(fence) && !showsTerminal(text, scan, fence)) return { ...fence, close: fence.close };
  }
  return undefined;
}

function insertInFence(draft: Draft, { open, close }: ClosedFence, entries: readonly Entry[]): void {
  const line = lineAt(draft, close);
  if (line === undefined) return;
  const { eol } = draft;
  const before = insideStands(draft, open, close) ? eol : "";
  const { text, places } = renderCommands(draft, entries);
  draft.edits.push({
    from: line.from,
    to: line.from,
    text: `${before}${text}${eol}`,
    places: places.map((place) => ({ note: place.note, at: place.at + before.length })),
  });
}

function renderFence(draft: Draft, entries: readonly Entry[]): Rendered {
  const { eol } = draft;
  return joinRendered(
    [{ text: "```bash", places: [] }, renderCommands(draft, entries), { text: "```", places: [] }],
    eol,
  );
}

function renderCommands({ eol }: Draft, entries: readonly Entry[]): Rendered {
  const parts = entries.map((entry) => ({
    text: renderCommand(entry).join(eol),
    places: [{ note: entry.id, at: 0 }],
  }));
  return joinRendered(parts, eol + eol);
}
