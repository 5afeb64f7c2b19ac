import type { ReadEvent } from "../../session/event.ts";

/** Events of one machine's file, in file order. */
export interface MachineEvents {
  readonly machine: string;
  readonly events: readonly ReadEvent[];
}

/**
 * All events of a session in journal order (docs/formats/journal.md, Order), each id once. The same result whatever order
 * the files are given in.
 */
export function inJournalOrder(files: readonly MachineEvents[]): readonly ReadEvent[] {
  const seen = new Set<string>();
  return merged(files).filter(({ id }) => {
    const before = seen.size;
    seen.add(id);
    return seen.size > before;
  });
}

function merged(files: readonly MachineEvents[]): readonly ReadEvent[] {
  const [first] = files;
  if (first === undefined || files.length === 1) return first?.events ?? [];
  const keyed = [...files].sort((a, b) => compare(a.machine, b.machine)).flatMap(withKeys);
  // The sort is stable: equal keys stay by machine, then by file order.
  keyed.sort((a, b) => a.keyMs - b.keyMs);
  return keyed.map(({ event }) => event);
}

interface KeyedEvent {
  readonly event: ReadEvent;
  /** The latest time its file had shown by then: a clock set back does not move an event before its elders. */
  readonly keyMs: number;
}

function withKeys({ events }: MachineEvents): readonly KeyedEvent[] {
  let keyMs = -Infinity;
  return events.map((event) => {
    keyMs = Math.max(keyMs, event.atMs);
    return { event, keyMs };
  });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
