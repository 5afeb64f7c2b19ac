import type { ItemHead } from "../agent/agent.ts";
import {
  COMMANDS_KEPT_MAX,
  FACTS_KEPT_MAX,
  FILES_KEPT_MAX,
  NAMES_KEPT_MAX,
  TURNS_KEPT_MAX,
} from "../base/limits.ts";
import type { Carry } from "./carry.ts";
import type { CommandFact, ConversationFacts, FileFact, FileOp, Turn } from "./facts.ts";
import { type Did, withMoment } from "./stretch.ts";

/**
 * Facts being continued: the same fields, open for change. A transcript has a hundred thousand items; copying bounded
 * lists for each of them would cost more than reading it.
 */
export interface Draft extends Mutable<Omit<ConversationFacts, "files" | "tools" | "carry">> {
  files: Map<string, FileFact>;
  tools: Map<string, number>;
  carry: Mutable<Carry>;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export function openDraft(facts: ConversationFacts): Draft {
  return {
    ...facts,
    files: new Map(facts.files.map((file) => [file.path, file])),
    tools: new Map(Object.entries(facts.tools)),
    carry: { ...facts.carry },
  };
}

export function closeDraft(draft: Draft): ConversationFacts {
  return {
    ...draft,
    files: [...draft.files.values()],
    tools: Object.fromEntries(draft.tools),
    carry: { ...draft.carry },
  };
}

/** A list with one more at its end and, beyond `max`, without its oldest. */
export function withNewest<T>(list: readonly T[], item: T, max: number = FACTS_KEPT_MAX): readonly T[] {
  return list.length < max ? [...list, item] : [...list.slice(list.length - max + 1), item];
}

/** Something was done at a moment; where its record has no time, when the one before it was. */
export function did(draft: Draft, atMs: number | undefined, what: Partial<Did>): void {
  const at = atMs ?? draft.lastAtMs;
  if (draft.stretches === undefined || at === undefined) return;
  draft.stretches = withMoment(draft.stretches, at, what);
}

/** When and on which git branch things happen, by every item. */
export function noteHead(draft: Draft, { atMs, gitBranch, subagent }: ItemHead): void {
  draft.carry.seq += 1;
  if (atMs !== undefined) {
    draft.startedAtMs = Math.min(draft.startedAtMs ?? atMs, atMs);
    draft.lastAtMs = Math.max(draft.lastAtMs ?? atMs, atMs);
    did(draft, atMs, {});
  }
  // Claude Code writes HEAD where no git branch is checked out.
  if (gitBranch === undefined || gitBranch === "" || gitBranch === "HEAD" || subagent !== undefined) return;
  if (draft.gitBranches.at(-1) === gitBranch) return;
  draft.gitBranches = withNewest(
    draft.gitBranches.filter((known) => known !== gitBranch),
    gitBranch,
    NAMES_KEPT_MAX,
  );
}

export function lastTurn(draft: Draft): Turn | undefined {
  return draft.turns.at(-1);
}

export function addTurn(draft: Draft, turn: Turn): void {
  draft.turns = withNewest(draft.turns, turn, TURNS_KEPT_MAX);
  draft.turnCount += 1;
}

export function changeLastTurn(draft: Draft, change: Partial<Turn>): void {
  const turn = lastTurn(draft);
  if (turn !== undefined) draft.turns = draft.turns.with(-1, { ...turn, ...change });
}

export function addCommand(draft: Draft, command: CommandFact): void {
  draft.commands = withNewest(draft.commands, command, COMMANDS_KEPT_MAX);
}

export function touchFile(
  draft: Draft,
  path: string,
  { op, atMs }: { op: FileOp; atMs: number | undefined },
): void {
  const known = draft.files.get(path);
  const ops = known?.ops ?? [];
  // Out and in again: a map keeps the order of insertion, which is the order of last use here.
  draft.files.delete(path);
  draft.files.set(path, {
    path,
    ops: ops.includes(op) ? ops : [...ops, op],
    lastAtMs: atMs ?? known?.lastAtMs,
  });
  const [oldest] = draft.files.keys();
  if (draft.files.size > FILES_KEPT_MAX && oldest !== undefined) draft.files.delete(oldest);
}

export function countTool(draft: Draft, name: string): void {
  if (draft.tools.has(name) || draft.tools.size < NAMES_KEPT_MAX)
    draft.tools.set(name, (draft.tools.get(name) ?? 0) + 1);
}
