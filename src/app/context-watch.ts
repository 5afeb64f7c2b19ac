import { statSync } from "node:fs";
import { join } from "node:path";
import type { NoteId } from "../base/id.ts";
import { CONTEXT_NOTICE_DAYS_MAX, CONTEXT_NOTICE_PRINTING_MS } from "../base/limits.ts";
import { remove, replace } from "../disk/disk.ts";
import { namesIn } from "../disk/read.ts";
import { CONTEXT_NOTICE_START } from "../distill/context.ts";
import type { Session } from "../session/session.ts";
import type { App } from "./app.ts";
import { noticePath } from "./context-notice.ts";
import type { ConversationState } from "./conversation.ts";
import type { Here } from "./here.ts";
import { isNotedByTool } from "./note-tool.ts";
import { readSetting } from "./settings.ts";

/**
 * Looks how full a conversation's context is, at the end of a turn. From `context.warnAtPercent` on, the output of its next
 * `UserPromptSubmit` hook is left in `state/nudge/`, whole, so that a shell can print it: nobody waits for a Node start.
 * Once between two compactions; what a compaction or going back made untrue is removed.
 *
 * @returns the state, which remembers that the notice was prepared.
 */
export function watchContext(
  app: App,
  here: Here,
  { state, session }: { readonly state: ConversationState; readonly session: Session },
): ConversationState {
  const path = noticePath(app.home, state.conversation);
  const use = contextUse(app, state);
  const warnAt = readSetting(app.env, "context.warnAtPercent").value;
  const isDue = use !== undefined && warnAt > 0 && use.percent >= warnAt;
  if (!isDue) {
    remove(path);
    return state;
  }
  const { context, compactions } = state.facts;
  if (context?.noticed === true || state.noticeAfter === compactions) return state;
  const additionalContext = noticeText(use.percent, guessesIn(session), isNotedByTool(app, here));
  const output = { hookSpecificOutput: { hookEventName: "UserPromptSubmit", additionalContext } };
  replace(path, Buffer.from(`${JSON.stringify(output)}\n`), { durability: "cached" });
  return { ...state, noticeAfter: compactions };
}

/** How full a context is. */
export interface ContextFill {
  readonly tokens: number;
  readonly windowTokens: number;
  /** 0 to 100, rounded down. */
  readonly percent: number;
}

/** Undefined before the first reply, and between a compaction and the first one after it. */
export function contextUse(app: App, { facts }: ConversationState): ContextFill | undefined {
  const { context } = facts;
  if (context === undefined) return undefined;
  const { tokens, model } = context;
  const set = readSetting(app.env, "context.windowTokens").value;
  const byModel = app.agent.contextWindowTokens(model, app.env);
  // Who has more in its context than fits has a larger one than its name tells.
  const windowTokens = set > 0 ? set : tokens > byModel ? Math.max(byModel, LONG_WINDOW_TOKENS) : byModel;
  return { tokens, windowTokens, percent: Math.min(100, Math.floor((tokens / windowTokens) * 100)) };
}

/** The next larger window that coding agents offer. */
const LONG_WINDOW_TOKENS = 1_000_000;

/** Notices that nobody will print: of conversations long gone, and in the hands of a shell that was killed. */
export function removeLeftNotices(app: App): void {
  const folder = join(app.home, "state", "nudge");
  for (const name of namesIn(folder)) {
    const maxMs = name.endsWith(".json") ? CONTEXT_NOTICE_DAYS_MAX * DAY_MS : CONTEXT_NOTICE_PRINTING_MS;
    const path = join(folder, name);
    // Taking a notice renames it, which changes the time of its entry and not that of its content.
    const changedAtMs = statSync(path, { throwIfNoEntry: false })?.ctimeMs ?? Number.POSITIVE_INFINITY;
    if (Date.now() - changedAtMs > maxMs) remove(path);
  }
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Notes that nobody has confirmed yet. */
export function guessesIn(session: Session): readonly NoteId[] {
  return [...session.notes.values()].filter(({ state }) => state === "proposed").map(({ id }) => id);
}

/** One line, of our own words only: what the agent is asked for is in its context, and what is open is told by its id. */
export function noticeText(percent: number, guesses: readonly NoteId[], byTool: boolean): string {
  const ids = guesses.map((id) => id.slice(-6)).join(" ");
  const { record, settle } = byTool ? BY_TOOL : BY_COMMAND;
  return (
    `${CONTEXT_NOTICE_START} ${percent} % full and will be compacted. Besides what the person asks now, record what is only in it: ${record}` +
    `${guesses.length === 0 ? "" : ` Unconfirmed guesses ${settle}, of ${ids}.`} Said once; nothing to answer.`
  );
}

const BY_COMMAND = {
  record:
    '`leftoff note decision "WHAT" --why "REASON"`, `leftoff note failed "WHAT" --why "REASON"`, and the exact next action as `leftoff note next "WHAT"`.',
  settle:
    "(`leftoff notes` lists them): settle them in one call each, `leftoff notes confirm IDS` and `leftoff notes drop IDS`",
};
const BY_TOOL = {
  record:
    "with leftoff's tool `note`, decisions and failed attempts with their reason (kinds `decision` and `failed`), and the exact next action (`next`).",
  settle: "(leftoff's tool `notes` lists them): settle them in one call of it, `confirm` and `drop`",
};
