import type { Usage } from "../agent/agent.ts";
import type { Draft } from "./draft.ts";
import type { ContextUse } from "./facts.ts";

/** How leftoff's word about a filling context begins: by it a transcript tells that the agent has heard it. */
export const CONTEXT_NOTICE_START = "leftoff: this conversation's context is";

/** What the model was given and gave back last is what its next request starts from. */
export function takeContext(draft: Draft, model: string, usage: Usage): void {
  const { inputTokens, cacheReadTokens, cacheWriteTokens, outputTokens } = usage;
  const tokens = inputTokens + cacheReadTokens + cacheWriteTokens + outputTokens;
  draft.context = { tokens, model, noticed: draft.context?.noticed === true };
}

/** Whether the agent was told of its context by a hook of ours. */
export function takeInjected(draft: Draft, text: string): void {
  const { context } = draft;
  if (context !== undefined && text.startsWith(CONTEXT_NOTICE_START))
    draft.context = { ...context, noticed: true } satisfies ContextUse;
}
