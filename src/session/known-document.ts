import type { EventId, MachineId } from "../base/id.ts";
import { DOCUMENT_UPDATES_MAX } from "../base/limits.ts";
import type { DocumentWritten, EventBody, JournalEvent, WrittenItem } from "./event.ts";
import { itemEdits, withItemEdits } from "./item-edits.ts";

/** What a journal says of a session's document at one of its events. */
export interface KnownDocument {
  readonly path: string;
  readonly textHash: string;
  /** Undefined where an event that they build on could not be read. */
  readonly items: readonly WrittenItem[] | undefined;
  readonly event: EventId;
  /** Updates since all items were written out. */
  readonly updates: number;
}

/** What a session knows of its document: now, and as each machine told it last. */
export interface DocumentKnowledge {
  readonly document: KnownDocument | undefined;
  /** What the next update of a machine is told against. */
  readonly documents: ReadonlyMap<MachineId, KnownDocument>;
}

export type DocumentEvent = Extract<JournalEvent, { type: `document.${string}` }>;

export function isDocumentEvent(event: { readonly type: string }): event is DocumentEvent {
  return event.type === "document.written" || event.type === "document.updated";
}

/** What is known after one more event about the document. An update whose base is not there gives path and hash, and no items. */
export function withDocument({ documents }: DocumentKnowledge, event: DocumentEvent): DocumentKnowledge {
  const document = documentOf(documents.get(event.machine), event);
  return { document, documents: new Map(documents).set(event.machine, document) };
}

function documentOf(before: KnownDocument | undefined, event: DocumentEvent): KnownDocument {
  if (before?.event === event.id) return before;
  const { path, textHash } = event.data;
  if (event.type === "document.written")
    return { path, textHash, items: event.data.items, event: event.id, updates: 0 };
  const base = before?.event === event.data.base ? before : undefined;
  const items = base?.items && withItemEdits(base.items, event.data.edits);
  return { path, textHash, items, event: event.id, updates: (before?.updates ?? 0) + 1 };
}

/**
 * The event that tells what a document holds: what differs from the event before, or everything, where there is nothing
 * of this machine's to build on, where DOCUMENT_UPDATES_MAX updates were told since, or where that is hardly longer.
 */
export function documentEvent(
  { document, documents }: DocumentKnowledge,
  machine: MachineId,
  written: DocumentWritten,
): EventBody {
  const whole: EventBody = { type: "document.written", data: written };
  if (document?.items === undefined || documents.get(machine)?.event !== document.event) return whole;
  if (document.updates >= DOCUMENT_UPDATES_MAX) return whole;
  const edits = itemEdits(document.items, written.items);
  const told = edits.reduce((sum, { items }) => sum + 1 + items.length, 0);
  if (told * 2 > written.items.length) return whole;
  const { path, textHash } = written;
  return { type: "document.updated", data: { path, textHash, base: document.event, edits } };
}
