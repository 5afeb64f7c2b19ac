import type { AgentSetup, McpListing } from "../agent/agent.ts";
import { AppError } from "../base/error.ts";
import type { NoteId } from "../base/id.ts";
import { BRIEF_TOKENS_MAX, PROPOSALS_OPEN_MAX, START_TOKENS_MAX } from "../base/limits.ts";
import { estimateTokens } from "../recall/tokens.ts";
import type { App } from "./app.ts";
import { guessesIn, noticeText } from "./context-watch.ts";
import { showBrief } from "./show-brief.ts";

/** Tokens by our estimator, at or above a real tokenizer's count. */
export interface Cost {
  readonly tokens: number;
  /** With a brief that fills its budget, and as many guesses as may be open. */
  readonly tokensMax: number;
}

/** What leftoff, installed as the plugin, adds to a conversation. */
export interface Overhead {
  /** Slug of the session whose brief it is; undefined where there is none yet. */
  readonly session: string | undefined;
  readonly brief: Cost;
  readonly instructions: Cost;
  readonly skill: Cost;
  readonly commands: Cost;
  /** Tools that are always shown, the others, and what names the others where the model looks for tools. */
  readonly tools: Cost;
  readonly otherTools: Cost;
  readonly otherNames: Cost;
  /** At the start of a conversation: with all tools shown, and with tools that are looked for. */
  readonly start: Cost;
  readonly startWithSearch: Cost;
  /** What {@link start} is promised to stay within. */
  readonly limitTokens: number;
  /** Later, once in a context: the line that asks to record what is only there. */
  readonly notice: Cost;
}

/** @throws AppError `session_not_found`, `session_ambiguous`. */
export async function overheadHere(
  app: App,
  { setup, listing }: { readonly setup: AgentSetup; readonly listing: McpListing },
  input: { readonly session?: string | undefined },
): Promise<Overhead> {
  const text = setup.pluginText(listing);
  const known = await knownHere(app, input);
  const head = estimateTokens(text.briefHead);
  const brief =
    known === undefined
      ? { tokens: 0, tokensMax: head + BRIEF_TOKENS_MAX }
      : { tokens: estimateTokens(text.briefHead + known.brief), tokensMax: head + BRIEF_TOKENS_MAX };
  const parts = {
    brief,
    instructions: fixed(text.instructions),
    skill: fixed(text.skill),
    commands: fixed(""),
    tools: fixed(text.tools),
    otherTools: fixed(text.otherTools),
    otherNames: fixed(text.otherNames),
  };
  const { otherTools, otherNames, ...always } = parts;
  return {
    session: known?.slug,
    ...parts,
    start: sum([...Object.values(always), otherTools]),
    startWithSearch: sum([...Object.values(always), otherNames]),
    limitTokens: START_TOKENS_MAX,
    notice: {
      tokens: estimateTokens(noticeText(PERCENT, known?.guesses ?? [], true)),
      tokensMax: estimateTokens(noticeText(PERCENT, MANY_GUESSES, true)),
    },
  };
}

const PERCENT = 99;
const MANY_GUESSES = Array.from({ length: PROPOSALS_OPEN_MAX }, () => "not_0f1e2d" as NoteId);

async function knownHere(
  app: App,
  input: { readonly session?: string | undefined },
): Promise<
  { readonly slug: string; readonly brief: string; readonly guesses: readonly NoteId[] } | undefined
> {
  try {
    const { brief, session } = await showBrief(app, input);
    return { slug: session.slug, brief: brief.text, guesses: guessesIn(session) };
  } catch (error) {
    if (error instanceof AppError && error.code === "no_current_session") return undefined;
    throw error;
  }
}

function fixed(text: string): Cost {
  const tokens = estimateTokens(text);
  return { tokens, tokensMax: tokens };
}

function sum(costs: readonly Cost[]): Cost {
  return {
    tokens: costs.reduce((total, { tokens }) => total + tokens, 0),
    tokensMax: costs.reduce((total, { tokensMax }) => total + tokensMax, 0),
  };
}
