import type { ReadEvent } from "../session/event.ts";
import type { Session } from "../session/session.ts";
import type { Damage } from "../store/store.ts";
import type { App } from "./app.ts";
import { callingPlace, resolveSession } from "./resolve-session.ts";

/** Every event of a session in journal order, and what of its journal could not be read. */
export async function sessionEvents(
  app: App,
  input: { readonly session?: string | undefined },
): Promise<{
  readonly session: Session;
  readonly events: readonly ReadEvent[];
  readonly damage: readonly Damage[];
}> {
  const here = await callingPlace(app);
  const session = resolveSession(app, here, input.session);
  const { events, damage } = app.store.journal.read(session.id);
  return { session, events, damage };
}
