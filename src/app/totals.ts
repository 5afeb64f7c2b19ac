import type { ConversationFacts } from "../distill/facts.ts";

export type UsageTotals = ConversationFacts["usage"];
export type ToolTotals = { readonly [name: string]: number };

const NO_USAGE: UsageTotals = {
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  replies: 0,
};

/** Tokens of two lots of replies together; none where one is not there. */
export function addUsage(a: UsageTotals = NO_USAGE, b: UsageTotals = NO_USAGE): UsageTotals {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    cacheReadTokens: a.cacheReadTokens + b.cacheReadTokens,
    cacheWriteTokens: a.cacheWriteTokens + b.cacheWriteTokens,
    replies: a.replies + b.replies,
  };
}

/** Calls by tool name, over several conversations. */
export function toolTotals(lots: readonly ToolTotals[]): ToolTotals {
  const totals = new Map<string, number>();
  for (const [name, calls] of lots.flatMap((lot) => Object.entries(lot)))
    totals.set(name, (totals.get(name) ?? 0) + calls);
  return Object.fromEntries(totals);
}
