import { sha256 } from "../base/digest.ts";
import type { SessionId } from "../base/id.ts";
import { DOCUMENT_BASES_CHARS_MAX, DOCUMENT_BASES_MAX, DOCUMENT_BASES_MIN } from "../base/limits.ts";
import type { WrittenDocument } from "../document/document.ts";
import { putByWrite } from "../document/origin.ts";
import { writeDocument } from "../document/write.ts";
import { isDerivedId } from "../document/written.ts";
import type { ReadEvent, WrittenItem } from "../session/event.ts";
import { type DocumentEvent, isDocumentEvent, tellsText } from "../session/known-document.ts";
import { emptySession, evolve, evolveAll, type Session } from "../session/session.ts";
import type { App } from "./app.ts";
import { documentView } from "./document-view.ts";
import type { Here } from "./here.ts";

/** What the journal knows of a text that nobody touched since we wrote it. */
export function asWritten(session: Session, text: string): WrittenDocument | undefined {
  const { document } = session;
  const items = document?.textHash === sha256(text) ? document.items : undefined;
  return items?.every((item) => isKnown(session, item)) ? { text, items } : undefined;
}

/**
 * Whether the journal has the note of an item. It may not: somebody was killed before it was written, or its record was
 * damaged. Then the line in the file is the person's once more, and becomes a note again; one that were taken for ours would be taken out.
 */
function isKnown({ notes }: Session, { note }: WrittenItem): boolean {
  return isDerivedId(note) || notes.has(note);
}

function withKnown(session: Session, texts: readonly WrittenDocument[]): readonly WrittenDocument[] {
  return texts.map((text) => ({ ...text, items: text.items.filter((item) => isKnown(session, item)) }));
}

/**
 * Texts we wrote, newest last. Where they were lost, what we would have written then stands in, made from the journal up to
 * each of those moments: a note of later is not in the file, and nobody deleted it.
 *
 * @param file what they are to be compared with: of long texts fewer are kept.
 */
export function knownTexts(app: App, here: Here, session: Session, file: string): readonly WrittenDocument[] {
  return withKnown(session, textsOf(app, here, { session, file }));
}

function textsOf(
  app: App,
  here: Here,
  { session, file }: { readonly session: Session; readonly file: string },
): readonly WrittenDocument[] {
  const texts = writtenTexts(app, session.id);
  const wanted = basesOf(texts.at(-1)?.text ?? file);
  if (texts.length >= wanted || session.document === undefined) return texts;
  const { events } = app.store.journal.read(session.id);
  const writes = events.filter((event): event is DocumentEvent => isDocumentEvent(event) && tellsText(event));
  const lost = writes.slice(-wanted).slice(0, texts.length === 0 ? undefined : -texts.length);
  if (lost.length === 0) return texts;
  const made = textsThen(app, here, { session, events, lost });
  const keys = textKeys(app, session.id);
  const first = texts.length === 0 ? nextNumber(keys) : numberOf(keys.at(-texts.length));
  // The newest first: whoever is killed in between leaves the newest texts without a gap.
  for (const [at, text] of [...made].reverse().entries())
    app.store.state.put(textKey(session.id, first - 1 - at), text);
  return [...made, ...texts];
}

/** How many texts as long as this one are kept. */
function basesOf({ length }: string): number {
  const fit = Math.floor(DOCUMENT_BASES_CHARS_MAX / Math.max(1, length));
  return Math.max(DOCUMENT_BASES_MIN, Math.min(DOCUMENT_BASES_MAX, fit));
}

interface LostTexts {
  readonly session: Session;
  readonly events: readonly ReadEvent[];
  /** Events about the document. */
  readonly lost: readonly DocumentEvent[];
}

function textsThen(app: App, here: Here, { session, events, lost }: LostTexts): readonly WrittenDocument[] {
  const wanted = new Set<ReadEvent>(lost);
  const texts: WrittenDocument[] = [];
  let before: Session["document"];
  evolveAll(emptySession(session.id), events, (event, sofar) => {
    if (!isDocumentEvent(event) || !tellsText(event)) return;
    const then = evolve(sofar, event);
    if (wanted.has(event)) texts.push(textThen(app, here, { then, before }));
    before = then.document;
  });
  return texts;
}

function textThen(
  app: App,
  here: Here,
  { then, before }: { readonly then: Session; readonly before: Session["document"] },
): WrittenDocument {
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
  const headings = real && [...new Set(real.map(({ section }) => section))];
  return {
    text,
    items: items.filter(({ note }) => held?.has(note) ?? true),
    put,
    ...(headings && { headings }),
  };
}

function ourLinesPut(
  real: readonly WrittenItem[] | undefined,
  before: readonly WrittenItem[] | undefined,
): ReturnType<typeof putByWrite> {
  if (real === undefined || before === undefined) return [];
  const ours = real.filter(({ note }) => isDerivedId(note));
  return putByWrite(ours, before);
}

/** What is damaged hides what came before it: texts that are missing are the oldest, and are made again. */
function writtenTexts(app: App, session: SessionId): readonly WrittenDocument[] {
  const texts = textKeys(app, session).map((key) => app.store.state.get(key) as WrittenDocument | undefined);
  return texts.slice(texts.lastIndexOf(undefined) + 1).filter((text) => text !== undefined);
}

/**
 * Keeps a text as one that the file held, for later comparisons. Each is a value of its own: most turns only add one, and
 * need none of the others.
 */
export function keepText(app: App, session: SessionId, written: WrittenDocument): void {
  const keys = textKeys(app, session);
  app.store.state.put(textKey(session, nextNumber(keys)), written);
  for (const key of keys.slice(0, 1 - basesOf(written.text))) app.store.state.remove(key);
}

function nextNumber(keys: readonly string[]): number {
  const last = keys.at(-1);
  return last === undefined ? FIRST_NUMBER : numberOf(last) + 1;
}

/** Oldest first. */
function textKeys(app: App, session: SessionId): readonly string[] {
  return app.store.state.list(`documents/${session}`).filter((key) => numberOf(key) > 0);
}

/** Padded, so that the order of names is that of numbers. */
function textKey(session: SessionId, number: number): string {
  return `documents/${session}/${String(number).padStart(NUMBER_DIGITS, "0")}`;
}

/** Below it is room for texts that are made again, above it for one every second for three years. */
const FIRST_NUMBER = 1_000_000;
const NUMBER_DIGITS = 8;

function numberOf(key: string | undefined): number {
  const name = key?.slice(key.lastIndexOf("/") + 1) ?? "";
  return /^\d{8}$/.test(name) ? Number(name) : 0;
}
