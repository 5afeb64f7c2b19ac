import { REPAIR_STATE_MS } from "../base/limits.ts";
import { waitForLock } from "../disk/lock.ts";
import type { Repair, Repaired } from "../store/store.ts";
import type { App } from "./app.ts";
import { loadConversation, saveConversation } from "./conversation.ts";
import { conversationLockPath } from "./ingest.ts";

export type { Repair } from "../store/store.ts";

/**
 * Takes damaged bytes out of what leftoff remembers into files beside, and forgets what state says of them. Transcripts
 * of agents are never touched.
 */
export function repairRecords(
  app: App,
  repair: Repair,
  input: { readonly dryRun: boolean },
): readonly Repaired[] {
  const repaired = repair(input);
  if (!input.dryRun) forgetDamage(app, new Set(repaired.map(({ path }) => path)));
  return repaired;
}

/** What an archive had lost is remembered with its conversation, and would be told for ever. */
function forgetDamage(app: App, paths: ReadonlySet<string>): void {
  for (const id of app.store.archive.conversations(app.agent.name)) {
    const isTold = loadConversation(app, id)?.damage.some(({ path }) => paths.has(path)) ?? false;
    // Whoever is at work on it would write its own state over ours: then the next repair forgets it.
    const lock = isTold ? waitForLock(conversationLockPath(app, id), REPAIR_STATE_MS) : undefined;
    const state = lock === undefined ? undefined : loadConversation(app, id);
    if (state !== undefined)
      saveConversation(app, { ...state, damage: state.damage.filter(({ path }) => !paths.has(path)) });
    lock?.release();
  }
}
