import { join } from "node:path";
import type { ConversationId } from "../base/id.ts";
import { remove } from "../disk/disk.ts";

/** Where the output of a conversation's next `UserPromptSubmit` hook waits, as bin/nudge names it, too (init/scripts.ts). */
export function noticePath(home: string, conversation: ConversationId): string {
  return join(home, "state", "nudge", `${conversation}.json`);
}

/** Takes back what was prepared for a context that is no more (a compaction). */
export function dropNotice(home: string, conversation: ConversationId): void {
  remove(noticePath(home, conversation));
}
