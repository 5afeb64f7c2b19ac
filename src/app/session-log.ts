import { sha256 } from "../base/digest.ts";
import { derivedEventId, type EventId, newEventId, type SessionId } from "../base/id.ts";
import { EVENTS_PER_APPEND_MAX } from "../base/limits.ts";
import type { EventBody, JournalEvent, ReadEvent } from "../session/event.ts";
import type { Author } from "../session/note.ts";
import { evolveAll, replay, type Session } from "../session/session.ts";
import type { App } from "./app.ts";
import { recoveredSession } from "./recovered-session.ts";

/**
 * An event about to be written. `key` makes its id out of what it says, so that writing it twice is writing it once; `id`
 * is for one that others name.
 */
export interface Draft {
  readonly body: EventBody;
  readonly by: Author;
  readonly key?: string;
  readonly id?: EventId;
}

/** The session as its journal tells it; one without events if there is none. Damage is for `status`, not for here. */
export function loadSession(app: App, id: SessionId): Session {
  const events = app.store.journal.latest(id);
  const session = replayedOnce(id, events);
  return session.slug === "" && events.length > 0 ? recoveredSession(app, session) : session;
}

/** What a journal gave, by its first event. A store that remembers what it read gives the same events again, and new ones behind them. */
const replayed = new WeakMap<
  ReadEvent,
  { readonly events: readonly ReadEvent[]; readonly session: Session }
>();

/** A command and a hook ask for a session several times, and nothing or little was written in between. */
function replayedOnce(id: SessionId, events: readonly ReadEvent[]): Session {
  const [first] = events;
  if (first === undefined) return replay(id, events);
  const before = replayed.get(first);
  const goesOn = before?.session.id === id && before.events.every((event, at) => event === events[at]);
  const known = goesOn ? before.events.length : 0;
  if (goesOn && known === events.length) return before.session;
  const session = goesOn ? evolveAll(before.session, events.slice(known)) : replay(id, events);
  replayed.set(first, { events, session });
  return session;
}

/**
 * Writes events about a session, redacted, in one append for each EVENTS_PER_APPEND_MAX, and returns the session after
 * them. They are on disk when this returns.
 *
 * @throws AppError of the store; nothing of the failed append is acknowledged then.
 */
export function record(app: App, session: Session, drafts: readonly Draft[]): Session {
  const events = drafts.map((draft) => toEvent(app, draft));
  for (let from = 0; from < events.length; from += EVENTS_PER_APPEND_MAX) {
    app.store.journal.append(session.id, events.slice(from, from + EVENTS_PER_APPEND_MAX));
  }
  return evolveAll(session, events);
}

function toEvent(app: App, { body, by, key, id: given }: Draft): JournalEvent {
  const atMs = app.clock.nowMs();
  const id = given ?? (key === undefined ? newEventId(atMs) : derivedEventId(sha256(key)));
  const redacted = app.redactor.value(body) as EventBody;
  return { id, machine: app.store.machine(), atMs, by, ...redacted };
}
