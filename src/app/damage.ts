import type { Session } from "../session/session.ts";
import type { Damage } from "../store/store.ts";
import type { App } from "./app.ts";
import { type ConversationState, isDamaged, loadConversation } from "./conversation.ts";
import { agentPlace, type Here } from "./here.ts";
import { conversationsIn } from "./summary.ts";

/**
 * What could not be read, a line each: of the session's journal and conversations, and of every other conversation of
 * this place that the agent still has (one that is nothing but garbage is in no session). Each loss once.
 */
export async function damageHere(
  app: App,
  here: Here,
  session: Session | undefined,
): Promise<readonly string[]> {
  const journal = session === undefined ? [] : app.store.journal.damage(session.id);
  const states = new Map<string, ConversationState>();
  for (const state of session === undefined ? [] : conversationsIn(app, session))
    states.set(state.conversation, state);
  const place = agentPlace(app, here);
  for (const { conversation } of await app.agent.transcripts(place, (file) => isDamaged(app, file))) {
    const state = loadConversation(app, conversation);
    if (state !== undefined) states.set(conversation, state);
  }
  const losses = [...states.values()].flatMap(({ damage }) => damage);
  return [...new Set([...app.workspaces.read().warnings, ...[...journal, ...losses].map(lineOf)])];
}

/** A place as compilers say it, so that editors jump there. */
export function placeOf({ path, line, fromByte, toByte }: Damage): string {
  const where = line === undefined ? "" : `:${line}`;
  return `${path}${where}: ${toByte - fromByte} bytes from byte ${fromByte}`;
}

function lineOf({ path, line, fromByte, toByte, reason }: Damage): string {
  if (fromByte === toByte) return `${path}: ${reason}`;
  return `${path}${line === undefined ? ` at byte ${fromByte}` : `:${line}`}: ${toByte - fromByte} bytes lost (${reason})`;
}
