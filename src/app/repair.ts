import type { ConversationId } from "../base/id.ts";
import { REPAIR_STATE_MS } from "../base/limits.ts";
import { waitForLock } from "../disk/lock.ts";
import type { Repair, Repaired } from "../store/store.ts";
import type { App } from "./app.ts";
import { type ConversationState, loadConversation, saveConversation } from "./conversation.ts";
import { conversationLockPath } from "./ingest.ts";
import { rebuilt } from "./read-conversation.ts";
import { type Refilled, refillArchive } from "./refill.ts";
import { loadSession } from "./session-log.ts";
import { saveSummary } from "./summary.ts";

export type { Repair } from "../store/store.ts";

export interface RepairedRecords {
  readonly repaired: readonly Repaired[];
  /** What the agent still had of what was lost. None in a dry run. */
  readonly refilled: readonly Refilled[];
}

/**
 * Takes damaged bytes out of what leftoff remembers into files beside, and forgets what state says of them. What an archive
 * lacks then is read again where the agent still has it. Transcripts of agents are never touched.
 */
export async function repairRecords(
  app: App,
  repair: Repair,
  input: { readonly dryRun: boolean },
): Promise<RepairedRecords> {
  const { repaired, gaps } = repair.takeOut(input);
  if (input.dryRun) return { repaired, refilled: [] };
  forgetDamage(app, new Set(repaired.map(({ path }) => path)));
  const refilled: Refilled[] = [];
  for (const found of gaps) {
    const done = await refillArchive(app, repair, found);
    if (done === undefined) continue;
    refilled.push(done);
    changeState(app, done.file.conversation, (state) => rebuilt(app, state));
    const session = loadConversation(app, done.file.conversation)?.session;
    if (session !== undefined) saveSummary(app, loadSession(app, session));
  }
  return { repaired, refilled };
}

/** What an archive had lost is remembered with its conversation, and would be told for ever. */
function forgetDamage(app: App, paths: ReadonlySet<string>): void {
  for (const id of app.store.archive.conversations(app.agent.name)) {
    const isTold = loadConversation(app, id)?.damage.some(({ path }) => paths.has(path)) ?? false;
    if (isTold)
      changeState(app, id, (state) => ({
        ...state,
        damage: state.damage.filter(({ path }) => !paths.has(path)),
      }));
  }
}

/** Whoever is at work on a conversation would write its own state over ours: then it is left to the next repair. */
function changeState(
  app: App,
  id: ConversationId,
  change: (state: ConversationState) => ConversationState,
): void {
  const lock = waitForLock(conversationLockPath(app, id), REPAIR_STATE_MS);
  const state = lock === undefined ? undefined : loadConversation(app, id);
  if (state !== undefined) saveConversation(app, change(state));
  lock?.release();
}
