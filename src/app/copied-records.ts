import type { ConversationId } from "../base/id.ts";
import type { JsonObject } from "../base/parse.ts";
import type { App } from "./app.ts";
import { type ConversationState, loadConversation } from "./conversation.ts";
import { hasPendingCalls } from "./pending-call.ts";

/** Whether a record is another conversation's, and counted there. */
export type IsCopy = (record: JsonObject) => boolean;
export const noCopy: IsCopy = () => false;

/** The conversation that the last of these records was copied from, by the agent's own words. */
export function parentToldIn(
  app: App,
  state: ConversationState,
  records: readonly JsonObject[],
): ConversationId | undefined {
  const origin = records
    .map((record) => foreignOrigin(app, state, record))
    .findLast((id) => id !== undefined);
  return origin !== undefined && isCounted(app, state, origin) ? origin : undefined;
}

/** Tells records that the agent says it copied, from a conversation that counts them. */
export function toldCopies(app: App, state: ConversationState): IsCopy {
  // Each conversation is looked up once, however many records of it there are.
  const counted = new Map<ConversationId, boolean>();
  return (record) => {
    const origin = foreignOrigin(app, state, record);
    if (origin === undefined || origin === state.forkOf) return origin !== undefined;
    const isKnown = counted.get(origin) ?? isCounted(app, state, origin);
    counted.set(origin, isKnown);
    return isKnown;
  };
}

function foreignOrigin(
  app: App,
  { conversation }: ConversationState,
  record: JsonObject,
): ConversationId | undefined {
  const origin = app.agent.originOf(record);
  return origin === conversation ? undefined : origin;
}

/**
 * Somebody has read a conversation, or is about to: its calls wait. Of one that nobody knows, the copies are all there is;
 * and one that was read after its copy counts as the copy of that.
 */
function isCounted(app: App, state: ConversationState, origin: ConversationId): boolean {
  const known = loadConversation(app, origin);
  return known === undefined ? hasPendingCalls(app, origin) : known.forkOf !== state.conversation;
}
