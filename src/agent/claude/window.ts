import type { AgentPlace } from "../agent.ts";

/** What every Claude model takes. */
const STANDARD_TOKENS = 200_000;
const LONG_TOKENS = 1_000_000;

/**
 * Models that the catalogues of 2.1.197 and 2.1.329 give a window of a million tokens to without being asked for it
 * (`native_1m`). Older models have it where their name ends with `[1m]`; transcripts write their names without it.
 */
const LONG_MODELS = /^claude-(?:opus-4-[78]|(?:opus|sonnet|fable|mythos)-5|haiku-5-5)(?:$|-)/;

/**
 * Tokens that fit into a model's context in Claude Code. `CLAUDE_CODE_DISABLE_1M_CONTEXT` takes the long window away and
 * `CLAUDE_CODE_AUTO_COMPACT_WINDOW` is what the client compacts at; read in the client's code, both versions.
 */
export function contextWindowTokens(model: string, env: AgentPlace["env"]): number {
  const isLong =
    !isSet(env.CLAUDE_CODE_DISABLE_1M_CONTEXT) && (/\[1m\]$/i.test(model) || LONG_MODELS.test(model));
  const window = isLong ? LONG_TOKENS : STANDARD_TOKENS;
  const wanted = Number(env.CLAUDE_CODE_AUTO_COMPACT_WINDOW);
  return Number.isInteger(wanted) && wanted > 0 ? Math.min(window, wanted) : window;
}

/** As the client reads switches in its environment. */
function isSet(value: string | undefined): boolean {
  return ["1", "true", "yes", "on"].includes((value ?? "").trim().toLowerCase());
}
