import type { SessionId } from "../base/id.ts";
import { asObject, stringField } from "../base/parse.ts";
import type { App } from "./app.ts";
import type { SyncedDocument } from "./sync-document.ts";

/** Where it is kept: a string while the file itself still shows it, else `{ past }`. */
export function troubleKey(session: SessionId): string {
  return `trouble/${session}`;
}

/** What stood in the way of a session's document, in words for a person; undefined when all is well or settled. */
export function documentTrouble(app: App, session: SessionId): string | undefined {
  const stored = app.store.state.get(troubleKey(session));
  return typeof stored === "string" ? stored : stringField(asObject(stored), "past");
}

/**
 * Remembers what a look at the document found. Deletions that were withheld can't be seen in the file any more, once it was
 * written: they stay said until the person changes the document again and all of that is taken in.
 */
export function rememberTrouble(app: App, { session, trouble, withheld, untouched }: SyncedDocument): void {
  const key = troubleKey(session.id);
  const stored = app.store.state.get(key) ?? null;
  const isPast = asObject(stored) !== undefined;
  if (trouble !== undefined) {
    if (stored !== trouble) app.store.state.put(key, withheld === undefined ? trouble : { past: trouble });
  } else if (stored !== null && !(isPast && untouched !== false)) {
    app.store.state.put(key, null);
  }
}

/** Once a person was told, and asked for it to be put right. */
export function forgetTrouble(app: App, session: SessionId): void {
  app.store.state.put(troubleKey(session), null);
}
