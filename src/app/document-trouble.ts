import type { SessionId } from "../base/id.ts";
import { asObject, stringField } from "../base/parse.ts";
import type { App } from "./app.ts";
import type { SyncedDocument } from "./sync-document.ts";

/** Where it is kept: a string while the file itself still shows it, else `{ past }`; `{ unwritten }` until a write succeeds. */
export function troubleKey(session: SessionId): string {
  return `trouble/${session}`;
}

/** What stood in the way of a session's document, in words for a person; undefined when all is well or settled. */
export function documentTrouble(app: App, session: SessionId): string | undefined {
  const stored = app.store.state.get(troubleKey(session));
  const fields = asObject(stored);
  return typeof stored === "string"
    ? stored
    : (stringField(fields, "past") ?? stringField(fields, "unwritten"));
}

/**
 * Remembers what a look at the document found. Deletions that were withheld can't be seen in the file any more, once it was
 * written: they stay said until the person changes the document again and all of that is taken in. That it could not be
 * written can't be seen either, and stays said until it was.
 *
 * @param how whether the document was also brought up to date, or only read.
 */
export function rememberTrouble(
  app: App,
  { session, trouble, withheld, untouched, unwritten }: SyncedDocument,
  how: "read" | "written",
): void {
  const key = troubleKey(session.id);
  const stored = app.store.state.get(key) ?? null;
  const fields = asObject(stored);
  if (trouble !== undefined) {
    const isSaid = unwritten === true ? stringField(fields, "unwritten") === trouble : stored === trouble;
    if (!isSaid) app.store.state.put(key, troubleToKeep(trouble, { withheld, unwritten }));
    return;
  }
  const isStill =
    stringField(fields, "past") !== undefined
      ? untouched !== false
      : stringField(fields, "unwritten") !== undefined && how === "read";
  if (stored !== null && !isStill) app.store.state.put(key, null);
}

function troubleToKeep(
  trouble: string,
  how: { withheld: string | undefined; unwritten: boolean | undefined },
) {
  if (how.unwritten === true) return { unwritten: trouble };
  return how.withheld === undefined ? trouble : { past: trouble };
}

/** Once a person was told, and asked for it to be put right. */
export function forgetTrouble(app: App, session: SessionId): void {
  app.store.state.put(troubleKey(session), null);
}
