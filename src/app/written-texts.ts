import type { SessionId } from "../base/id.ts";
import { DOCUMENT_BASES_MAX } from "../base/limits.ts";
import { asArray } from "../base/parse.ts";
import type { WrittenDocument } from "../document/document.ts";
import { putByWrite } from "../document/origin.ts";
import { writeDocument } from "../document/write.ts";
import { isDerivedId } from "../document/written.ts";
import type { ReadEvent, WrittenItem } from "../session/event.ts";
import { isDocumentEvent } from "../session/known-document.ts";
import { emptySession, evolve, type Session } from "../session/session.ts";
import type { App } from "./app.ts";
import { documentView } from "./document-view.ts";
import type { Here } from "./here.ts";
import { sha256 } from "./session-log.ts";

/** What the journal knows of a text that nobody touched since we wrote it. */
export function asWritten({ document }: Session, text: string): WrittenDocument | undefined {
  const items = document?.textHash === sha256(text) ? document.items : undefined;
  return items && { text, items };
}

/**
 * Texts we wrote, newest last. Where they were lost, what we would have written then stands in, made from the journal up to
 * each of those moments: a note of later is not in the file, and nobody deleted it.
 */
export function knownTexts(app: App, here: Here, session: Session): readonly WrittenDocument[] {
  const texts = writtenTexts(app, session.id);
  if (texts.length >= DOCUMENT_BASES_MAX || session.document === undefined) return texts;
  const { events } = app.store.journal.read(session.id);
  const writes = events.flatMap((event, at) => (isDocumentEvent(event) ? [at] : []));
  const lost = writes.slice(-DOCUMENT_BASES_MAX).slice(0, texts.length === 0 ? undefined : -texts.length);
  if (lost.length === 0) return texts;
  const all = [...textsThen(app, here, { session, events, lost }), ...texts];
  app.store.state.put(textsKey(session.id), all);
  return all;
}

interface LostTexts {
  readonly session: Session;
  readonly events: readonly ReadEvent[];
  /** Of events about the document, by index. */
  readonly lost: readonly number[];
}

function textsThen(app: App, here: Here, { session, events, lost }: LostTexts): readonly WrittenDocument[] {
  const wanted = new Set(lost);
  const texts: WrittenDocument[] = [];
  let then = emptySession(session.id);
  for (const [at, event] of events.entries()) {
    const before = then.document;
    then = evolve(then, event);
    if (!wanted.has(at)) continue;
    const real = then.document?.items;
    const held = real && new Set(real.map(({ note }) => note));
    const view = documentView(app, here, then);
    // Where the journal lost what the text held, it held what there was to write.
    const notes = view.notes.filter(({ id }) => held?.has(id) ?? true);
    const { text, items } = writeDocument(undefined, { ...view, notes });
    // Nobody kept who put what into the file. Lines that leftoff keeps, and notes that no person made, were put by us.
    const known = new Set(before === undefined ? [] : before.items?.map(({ note }) => note));
    const isPut = ({ note }: WrittenItem): boolean =>
      !known.has(note) && (then.notes.get(note)?.by.kind ?? "person") !== "person";
    const put = [
      ...ourLinesPut(real, before === undefined ? [] : before.items),
      ...items.filter(isPut).map(({ hash }) => hash),
    ];
    texts.push({ text, items: items.filter(({ note }) => held?.has(note) ?? true), put });
  }
  return texts;
}

function ourLinesPut(
  real: readonly WrittenItem[] | undefined,
  before: readonly WrittenItem[] | undefined,
): ReturnType<typeof putByWrite> {
  if (real === undefined || before === undefined) return [];
  const ours = real.filter(({ note }) => isDerivedId(note));
  return putByWrite(ours, before);
}

function writtenTexts(app: App, session: SessionId): readonly WrittenDocument[] {
  return (asArray(app.store.state.get(textsKey(session))) ?? []) as readonly WrittenDocument[];
}

/** Keeps a text as one that the file held, for later comparisons. */
export function keepText(app: App, session: SessionId, written: WrittenDocument): void {
  app.store.state.put(textsKey(session), [...writtenTexts(app, session), written].slice(-DOCUMENT_BASES_MAX));
}

function textsKey(session: SessionId): string {
  return `documents/${session}`;
}
