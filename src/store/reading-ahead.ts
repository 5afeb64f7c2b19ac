import type { SessionId } from "../base/id.ts";
import type { JournalEvent } from "../session/event.ts";
import type { ArchiveBatch, ArchiveFile, SourcePosition, Store } from "./store.ts";

/**
 * A store as it will be when what is written through it has been written: for whoever answers first and stores then. Nothing of
 * it reaches the store behind it, and it lives as long as the answer takes.
 *
 * It knows of what was appended to an archive how far that goes, and not the records: who asks for those gets the kept ones.
 */
export function readingAhead(store: Store): Store {
  const values = new Map<string, unknown>();
  const events = new Map<SessionId, readonly JournalEvent[]>();
  const positions = new Map<string, SourcePosition>();
  const eventsOf = (session: SessionId) => events.get(session) ?? [];
  return {
    ...store,
    journal: {
      ...store.journal,
      append: (session, more) => void events.set(session, [...eventsOf(session), ...more]),
      read: (session, position) => {
        const read = store.journal.read(session, position);
        return { ...read, events: [...read.events, ...eventsOf(session)] };
      },
      latest: (session) => [...store.journal.latest(session), ...eventsOf(session)],
    },
    archive: {
      ...store.archive,
      append: (file: ArchiveFile, batch: ArchiveBatch) => {
        positions.set(keyOf(file), batch.position);
        return { added: batch.records.length, damage: [] };
      },
      position: (file) => positions.get(keyOf(file)) ?? store.archive.position(file),
      sync: () => {},
      tidy: () => {},
    },
    state: {
      ...store.state,
      get: (key) => (values.has(key) ? values.get(key) : store.state.get(key)),
      put: (key, value) => void values.set(key, value),
      remove: (key) => void values.set(key, undefined),
    },
  };
}

function keyOf({ agent, conversation, file }: ArchiveFile): string {
  return `${agent} ${conversation} ${file}`;
}
