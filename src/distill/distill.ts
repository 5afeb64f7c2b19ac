import type { AgentName, TranscriptItem, Usage } from "../agent/agent.ts";
import type { ConversationId } from "../base/id.ts";
import { REPLIES_OPEN_MAX, TITLE_CHARS_MAX } from "../base/limits.ts";
import { takeCall, takeResult } from "./call.ts";
import { emptyCarry } from "./carry.ts";
import { takeContext, takeInjected } from "./context.ts";
import { closeDraft, type Draft, noteHead, openDraft, withNewest } from "./draft.ts";
import type { ConversationFacts } from "./facts.ts";
import { nextProposals } from "./next.ts";
import { withNext, withoutNext } from "./proposal.ts";
import { brief } from "./prose.ts";
import { takeAnswer, takeInterruption, takePrompt, takeWake } from "./turn.ts";

/** The facts of a conversation of which nothing was read yet. */
export function emptyFacts(conversation: ConversationId, agent: AgentName): ConversationFacts {
  return {
    version: 1,
    conversation,
    agent,
    startedAtMs: undefined,
    lastAtMs: undefined,
    title: undefined,
    gitBranches: [],
    turnCount: 0,
    turns: [],
    files: [],
    commands: [],
    todos: [],
    commits: [],
    fixes: [],
    undone: [],
    refusals: [],
    answers: [],
    tools: {},
    usage: { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, replies: 0 },
    compactions: 0,
    context: undefined,
    stretches: [],
    proposals: [],
    carry: emptyCarry,
  };
}

/**
 * Continues facts with further items, oldest first. Pure and total, without a model: `distill(distill(f, a), b)` equals
 * `distill(f, [...a, ...b])`. Items are to be given once: a record copied into a fork is left out by who reads it.
 *
 * What subagents do counts as work (files, commands, tools, usage), and never as the person's or the agent's own words.
 */
export function distill(facts: ConversationFacts, items: readonly TranscriptItem[]): ConversationFacts {
  const draft = openDraft(withoutNext(facts));
  for (const item of items) takeItem(draft, item);
  return withNext(closeDraft(draft), nextProposals(draft));
}

function takeItem(draft: Draft, item: TranscriptItem): void {
  noteHead(draft, item);
  switch (item.type) {
    case "tool_call":
      takeCall(draft, item);
      return;
    case "tool_result":
      takeResult(draft, item);
      return;
    case "usage":
      takeUsage(draft, item.messageId, item.usage);
      // A subagent has a context of its own.
      if (item.subagent === undefined) takeContext(draft, item.model, item.usage);
      return;
    default:
      if (item.subagent === undefined) takeWords(draft, item);
  }
}

function takeWords(draft: Draft, item: TranscriptItem): void {
  switch (item.type) {
    case "prompt":
      takePrompt(draft, item);
      return;
    case "answer":
      takeAnswer(draft, item);
      return;
    case "interruption":
      takeInterruption(draft, item);
      return;
    case "wake":
      takeWake(draft);
      return;
    case "compaction":
      draft.compactions += 1;
      draft.context = undefined;
      return;
    case "injected":
      takeInjected(draft, item.text);
      return;
    case "title":
      if (draft.carry.titleByPerson && !item.byPerson) return;
      draft.title = brief(item.text, TITLE_CHARS_MAX);
      draft.carry.titleByPerson = item.byPerson;
      return;
    default:
      return;
  }
}

/** Every block of a reply repeats its usage, and the last may have more of it: the highest figure of each counts, once. */
function takeUsage(draft: Draft, messageId: string, usage: Usage): void {
  const { replies } = draft.carry;
  const known = replies.findLast((reply) => reply.messageId === messageId);
  const before = known?.usage ?? NO_USAGE;
  if (known !== undefined && USAGE_KEYS.every((key) => usage[key] <= before[key])) return;
  const now = each((key) => Math.max(before[key], usage[key]));
  const total = each((key) => draft.usage[key] + now[key] - before[key]);
  draft.usage = { ...total, replies: draft.usage.replies + (known === undefined ? 1 : 0) };
  const others = known === undefined ? replies : replies.filter((reply) => reply !== known);
  draft.carry.replies = withNewest(others, { messageId, usage: now }, REPLIES_OPEN_MAX);
}

const NO_USAGE: Usage = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };

const USAGE_KEYS = ["inputTokens", "outputTokens", "cacheReadTokens", "cacheWriteTokens"] as const;

function each(value: (key: keyof Usage) => number): Usage {
  return {
    inputTokens: value("inputTokens"),
    outputTokens: value("outputTokens"),
    cacheReadTokens: value("cacheReadTokens"),
    cacheWriteTokens: value("cacheWriteTokens"),
  };
}
