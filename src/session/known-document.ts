import type { EventId, MachineId } from "../base/id.ts";
import {
  DOCUMENT_EVENT_CHARS_MAX,
  DOCUMENT_UPDATED_SHARE_MAX,
  DOCUMENT_UPDATES_MAX,
} from "../base/limits.ts";
import type { DocumentWritten, EventBody, ItemsEdit, JournalEvent, WrittenItem } from "./event.ts";
import { itemEdits, withItemEdits } from "./item-edits.ts";

/** What a journal says of a session's document at one of its events. */
export interface KnownDocument {
  readonly path: string;
  readonly textHash: string;
  /** Undefined where an event that they build on could not be read. */
  readonly items: readonly WrittenItem[] | undefined;
  readonly event: EventId;
  /** Updates since all items were written out, and how many places they name. */
  readonly updates: number;
  readonly named: number;
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
    return { path, textHash, items: event.data.items, event: event.id, updates: 0, named: 0 };
  const base = before?.event === event.data.base ? before : undefined;
  const items = base?.items && withItemEdits(base.items, event.data.edits);
  const { updates, named } = before ?? { updates: 0, named: 0 };
  // The rest of a list that was too long for one event is no update.
  if (base !== undefined && !isTold(base)) return { path, textHash, items, event: event.id, updates, named };
  const namedNow = named + placesIn(event.data.edits);
  return { path, textHash, items, event: event.id, updates: updates + 1, named: namedNow };
}

/** False for an event whose list goes on with the next: no text has these items. */
export function tellsText({ data }: DocumentEvent): boolean {
  return isTold(data);
}

function isTold({ textHash }: { readonly textHash: string }): boolean {
  return textHash !== "";
}

/** An event about to be written whose id others build on. */
export interface DocumentTold {
  readonly id: EventId;
  readonly body: EventBody;
}

/** Whose events they are, and the ids that they get. */
export interface DocumentTeller {
  readonly machine: MachineId;
  readonly newId: () => EventId;
}

/**
 * The events that tell what a document holds: what differs from the event before, or everything, where there is nothing
 * of this machine's to build on, where enough updates were told since (DOCUMENT_UPDATES_MAX, DOCUMENT_UPDATED_SHARE_MAX), or
 * where that is hardly longer. A list that is too long for one event begins in one without a hash of a text, and goes on in
 * those behind it.
 */
export function documentEvents(
  knowledge: DocumentKnowledge,
  { machine, newId }: DocumentTeller,
  written: DocumentWritten,
): readonly DocumentTold[] {
  const update = updateOf(knowledge, machine, written);
  if (update !== undefined) return [{ id: newId(), body: update }];
  const parts = partsOf(written.items);
  const told: DocumentTold[] = [];
  let at = 0;
  for (const [nth, items] of parts.entries()) {
    const base = told.at(-1)?.id;
    const { path } = written;
    const textHash = nth === parts.length - 1 ? written.textHash : "";
    const body: EventBody =
      base === undefined
        ? { type: "document.written", data: { path, textHash, items } }
        : { type: "document.updated", data: { path, textHash, base, edits: [{ at, remove: 0, items }] } };
    told.push({ id: newId(), body });
    at += items.length;
  }
  return told;
}

function updateOf(
  { document, documents }: DocumentKnowledge,
  machine: MachineId,
  written: DocumentWritten,
): EventBody | undefined {
  if (document?.items === undefined || documents.get(machine)?.event !== document.event) return undefined;
  if (document.updates >= DOCUMENT_UPDATES_MAX) return undefined;
  const edits = itemEdits(document.items, written.items);
  const named = placesIn(edits);
  if (document.named + named > DOCUMENT_UPDATED_SHARE_MAX * written.items.length) return undefined;
  if (named * 2 > written.items.length || charsIn(edits) > DOCUMENT_EVENT_CHARS_MAX) return undefined;
  const { path, textHash } = written;
  return { type: "document.updated", data: { path, textHash, base: document.event, edits } };
}

function placesIn(edits: readonly ItemsEdit[]): number {
  return edits.reduce((sum, { items }) => sum + 1 + items.length, 0);
}

/** At least one, each as long as an event can be; the last may be empty where there are no items. */
function partsOf(items: readonly WrittenItem[]): readonly (readonly WrittenItem[])[] {
  const parts: WrittenItem[][] = [[]];
  let chars = 0;
  for (const item of items) {
    chars += charsIn(item);
    if (chars > DOCUMENT_EVENT_CHARS_MAX) {
      parts.push([]);
      chars = charsIn(item);
    }
    parts.at(-1)?.push(item);
  }
  return parts;
}

function charsIn(value: WrittenItem | readonly ItemsEdit[]): number {
  return JSON.stringify(value).length + 1;
}
