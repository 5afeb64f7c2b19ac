import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { sha256 } from "../base/digest.ts";
import { AppError } from "../base/error.ts";
import { newEventId, type SessionId } from "../base/id.ts";
import { DOCUMENT_BYTES_MAX, DOCUMENT_LONG_BYTES } from "../base/limits.ts";
import { assertReplaceable, move, replace } from "../disk/disk.ts";
import { withLock } from "../disk/lock.ts";
import { readIfThere } from "../disk/read.ts";
import { chooseBase, compareDocument } from "../document/compare.ts";
import type { WrittenDocument } from "../document/document.ts";
import { knownDocument, untouchedPlaces } from "../document/known.ts";
import { putByWrite } from "../document/origin.ts";
import { parseDocument } from "../document/read.ts";
import { splice } from "../document/splice.ts";
import { type CurrentDocument, type WriteResult, writeDocument } from "../document/write.ts";
import { applied, type Cut, placeInOriginal } from "../redact/cut.ts";
import type { DocumentWritten, EventBody } from "../session/event.ts";
import { documentEvents } from "../session/known-document.ts";
import { isOpen } from "../session/life-cycle.ts";
import type { Author } from "../session/note.ts";
import type { Session } from "../session/session.ts";
import type { App } from "./app.ts";
import { editsAsEvents } from "./document-edits.ts";
import { documentView } from "./document-view.ts";
import { documentFolderOf, type Here } from "./here.ts";
import { type Draft, loadSession, record } from "./session-log.ts";
import { summaryThere, whereaboutsOf } from "./shelf.ts";
import { asWritten, keepText, knownTexts } from "./written-texts.ts";

/** A session after its document was read, and what stood in the way. */
export interface SyncedDocument {
  readonly session: Session;
  readonly path: string;
  /** Why it was not (fully) taken in or not written, in words for a person; undefined when all is well. */
  readonly trouble: string | undefined;
  /** Why deletions in it were not believed: part of `trouble`. */
  readonly withheld?: string | undefined;
  /** False where somebody else than leftoff changed the file since it was last read or written. */
  readonly untouched?: boolean;
  /** Whether `trouble` is that the file could not be written, which nobody sees in it. */
  readonly unwritten?: boolean;
}

interface TakenIn extends SyncedDocument {
  /** What the file holds, redacted, and which place in that is which note; undefined where there is no file. */
  readonly current: (RedactedText & CurrentDocument) | undefined;
  /** What of it is which note, as the journal has it. */
  readonly items: WrittenDocument["items"];
  /** Not a text that may be written into: half merged, a folder, too large, not readable. */
  readonly untouchable: boolean;
}

/**
 * A person's secret stays in their file and nowhere else: everything is compared, kept and decided on the redacted text,
 * and only the edits are carried over to the file's own bytes (docs/decisions/0008).
 */
interface RedactedText {
  readonly text: string;
  readonly original: string;
  readonly cuts: readonly Cut[];
}

/** Two ingests of one session meet here: each reads the journal under the lock, so that neither writes what it missed. */
const DOCUMENT_WAIT_MS = 1_000;

const PERSON: Author = { kind: "person" };
const LEFTOFF: Author = { kind: "leftoff" };

type Placed = Pick<Session, "slug" | "workTree" | "shelved"> & {
  readonly document: { readonly path: string } | undefined;
};

/** Where the document lies, or will: where we last knew it, or in the same place of a work tree that was moved. */
export function documentPath(app: App, here: Here, session: Placed): string {
  if (session.shelved?.kept !== undefined) return session.shelved.kept;
  const path = session.document?.path;
  const folder = documentFolderOf(app, here);
  if (path === undefined) return join(folder, `${session.slug}.tmp`);
  const isElsewhere = session.workTree === here.workTree && !path.startsWith(`${here.root}/`);
  return isElsewhere && !existsSync(path) ? join(folder, basename(path)) : path;
}

/** Takes in what a person did to the document since we wrote it, and writes nothing into it: what hooks that answer do. */
export function readDocumentEdits(app: App, here: Here, id: SessionId): SyncedDocument {
  const session = loadSession(app, id);
  const path = documentPath(app, here, session);
  if (isAway(session, path))
    return holdingDocument(app, id, () => foundAgain(app, here, loadSession(app, id)));
  if (session.phase === "archived") return { session, path, trouble: undefined };
  const file = readText(app, path);
  // Most of the time nobody has touched it, and a start must not wait for a comparison that finds nothing. What we know, byte for byte,
  // was redacted when we wrote it; what we know but for a secret is a text in which a person wrote one.
  const untouched =
    file.kind === "text" &&
    (asWritten(session, file.text) ?? asWritten(session, redacted(app, file.text).text));
  const refused = file.kind === "text" ? notWritten(() => assertReplaceable(path)) : undefined;
  if (untouched) return { session, path, trouble: refused };
  const taken = holdingDocument(app, id, () => takeIn(app, here, { session: loadSession(app, id) }));
  return { ...taken, trouble: taken.trouble ?? refused };
}

/**
 * Takes in a person's edits, then brings the document up to date by splicing. Bytes that a person wrote stay; a document
 * that is half merged, or that is none, is left alone and reported.
 */
export function syncDocument(app: App, here: Here, id: SessionId): SyncedDocument {
  return holdingDocument(app, id, () => syncHeld(app, here, loadSession(app, id)));
}

/** Takes in a document that was just made from a template: what stands in it, nobody has said yet. */
export function beginDocument(app: App, here: Here, id: SessionId): SyncedDocument {
  return holdingDocument(app, id, () => {
    const { session } = takeIn(app, here, { session: loadSession(app, id), by: LEFTOFF });
    return syncHeld(app, here, session);
  });
}

/** Runs what reads or moves the document of a session, while nobody else does. Not re-entrant. @throws AppError `store_busy`. */
export function holdingDocument<T>(app: App, session: SessionId, run: () => T): T {
  const lock = join(app.home, "state", "locks", `document-${session}`);
  return withLock(lock, { ms: DOCUMENT_WAIT_MS, begins: () => app.mayTakeLong() }, run);
}

/** The document of an archived session is not written any more: it is as it was when it was shelved. */
export function syncHeld(app: App, here: Here, then: Session): SyncedDocument {
  const found = isAway(then, documentPath(app, here, then)) ? foundAgain(app, here, then) : undefined;
  if (found?.session.phase === "archived") return found;
  const before = found?.session ?? then;
  if (before.phase === "archived")
    return { session: before, path: documentPath(app, here, before), trouble: undefined };
  const taken = takeIn(app, here, { session: before });
  const { session, path, current, untouchable } = taken;
  if (untouchable) return taken;
  const written = writeDocument(current, documentView(app, here, session));
  if (written.refused !== undefined)
    return { ...taken, trouble: `${path} is not brought up to date: ${written.refused}.` };
  if (written.text !== current?.text) {
    const now = readText(app, path);
    if (now.kind === "text" ? now.text !== current?.original : current !== undefined) {
      return { ...taken, trouble: `${path} was saved at this very moment; the next turn writes it.` };
    }
    const refused = replaced(path, fileText(written, current));
    if (refused !== undefined) return { ...taken, trouble: refused, unwritten: true };
  } else if (session.document?.path === path) {
    return taken;
  }
  const put = putByWrite(written.items, taken.items);
  keepText(app, session.id, { text: written.text, items: written.items, put });
  const { text, items } = written;
  return {
    ...taken,
    session: record(app, session, documentKnown(app, session, { path, textHash: sha256(text), items })),
  };
}

/** @returns why it could not be: the notes are in the journal, and the file's turn comes when it can be written again. */
function replaced(path: string, text: string): string | undefined {
  return notWritten(() => {
    // A rename would take no notice of a file that its owner made read-only.
    assertReplaceable(path);
    replace(path, Buffer.from(text), {});
  });
}

function notWritten(write: () => void): string | undefined {
  try {
    write();
    return undefined;
  } catch (error) {
    if (error instanceof AppError) return `${error.message} It is read, and not brought up to date.`;
    throw error;
  }
}

function redacted(app: App, original: string): RedactedText {
  const cuts = app.redactor.cuts(original);
  return { text: applied(original, cuts), original, cuts };
}

/** The file's own bytes with the same edits: a mark that no edit touches stands for what the person wrote there. */
function fileText({ text, edits }: WriteResult, current: RedactedText | undefined): string {
  if (current === undefined || edits === undefined) return text;
  const { original, cuts } = current;
  const own = edits.map((edit) => {
    const from = placeInOriginal(cuts, edit.from, false);
    const to = edit.to === edit.from ? from : placeInOriginal(cuts, edit.to, true);
    return { ...edit, from, to: Math.max(from, to) };
  });
  return splice(original, own, []).text;
}

/** The document is not where it lay: deleted, or a person or a move that was cut off gave it another place. */
function isAway(session: Session, path: string): boolean {
  const known = session.phase === "archived" ? session.shelved?.kept : session.document?.path;
  return known !== undefined && !existsSync(path);
}

/**
 * A document that a person moved to `context/` is archived, with what they wrote into it before; one that they moved back
 * is not any more. Our own moves that were cut off are finished the same way.
 */
function foundAgain(app: App, here: Here, session: Session): SyncedDocument {
  const path = documentPath(app, here, session);
  const shelved = session.shelved?.path;
  if (session.phase === "archived") {
    const back = shelved !== undefined && existsSync(shelved);
    const after = back
      ? record(app, session, [{ body: { type: "session.unarchived", data: {} }, by: PERSON }])
      : session;
    return { session: after, path: back ? shelved : path, trouble: undefined };
  }
  const found = whereaboutsOf(app, here, { session, path });
  if (found === undefined) return { session, path, trouble: undefined };
  if (found.kind === "kept" && isOpen(session.phase)) {
    move(found.path, path);
    return { session, path, trouble: undefined };
  }
  const before = found.kind === "moved" ? takeIn(app, here, { session, path: found.path }).session : session;
  const done: Draft[] = isOpen(before.phase)
    ? [{ body: { type: "session.completed", data: {} }, by: PERSON }]
    : [];
  const summary = found.kind === "kept" ? summaryThere(app, here, session) : undefined;
  const data = { path, kept: found.path, ...(summary === undefined ? {} : { summary }) };
  const body: EventBody = { type: "session.archived", data };
  return {
    session: record(app, before, [...done, { body, by: PERSON }]),
    path: found.path,
    trouble: undefined,
  };
}

interface ToTakeIn {
  readonly session: Session;
  /** Where the document lies, if not where it should. */
  readonly path?: string;
  /** Whose words are new in it. */
  readonly by?: Author;
}

function takeIn(app: App, here: Here, given: ToTakeIn): TakenIn {
  const { session, path = documentPath(app, here, given.session), by = PERSON } = given;
  const file = readText(app, path);
  if (file.kind === "none")
    return { session, path, trouble: undefined, current: undefined, items: [], untouchable: false };
  if (file.kind === "unreadable") {
    return {
      session,
      path,
      trouble: `${path} ${file.why}`,
      current: undefined,
      items: [],
      untouchable: true,
    };
  }
  const asLeft = takenAsLeft(session, path, file.text);
  if (asLeft !== undefined) return asLeft;
  const shown = redacted(app, file.text);
  const { text } = shown;
  const parsed = parseDocument(text);
  const untouched = asWritten(session, text);
  const base = untouched ?? chooseBase(knownTexts(app, here, session, text), parsed);
  const comparison = compareDocument(base, parsed);
  const { drafts, places } = editsAsEvents(session, { text, by }, comparison.changes);
  const aligned = [...comparison.aligned, ...places];
  const known = untouched ?? knownDocument(parsed, aligned);
  const after = drafts.length > 0 ? takenIn(app, session, { path, drafts, known }) : session;
  return {
    session: after,
    path,
    trouble: comparison.withheld,
    withheld: comparison.conflicted ? undefined : comparison.withheld,
    untouched: untouched !== undefined,
    current: { ...shown, parsed, aligned },
    items: known.items,
    untouchable: comparison.conflicted,
  };
}

/**
 * Of a file that is byte for byte what we know there is nothing to take in: that is how most turns find it. Its text was redacted
 * when it became known.
 */
function takenAsLeft(session: Session, path: string, text: string): TakenIn | undefined {
  const items = asWritten(session, text)?.items;
  if (items === undefined) return undefined;
  const parsed = parseDocument(text);
  const aligned = untouchedPlaces(parsed, items);
  if (aligned === undefined) return undefined;
  return {
    session,
    path,
    trouble: undefined,
    untouched: true,
    current: { text, original: text, cuts: [], parsed, aligned },
    items,
    untouchable: false,
  };
}

/** Edits become events together with what the file holds now: without that they would be found in it once more. */
function takenIn(
  app: App,
  session: Session,
  { path, drafts, known }: { path: string; drafts: readonly Draft[]; known: WrittenDocument },
): Session {
  keepText(app, session.id, { ...known, put: [] });
  const { text, items } = known;
  return record(app, session, [
    ...drafts,
    ...documentKnown(app, session, { path, textHash: sha256(text), items }),
  ]);
}

/** What the document holds, as the next event or events of the session's journal. */
export function documentKnown(
  app: App,
  session: Session,
  { path, textHash, items }: DocumentWritten,
): readonly Draft[] {
  const teller = { machine: app.store.machine(), newId: () => newEventId(app.clock.nowMs()) };
  const told = documentEvents(session, teller, { path, textHash, items });
  return told.map((event) => ({ ...event, by: LEFTOFF }));
}

const TOO_LONG = `up to ${DOCUMENT_BYTES_MAX} are read as a state document. Move what is done into a file of its own.`;

type FileText =
  | { readonly kind: "none" }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "unreadable"; readonly why: string };

function readText(app: App, path: string): FileText {
  try {
    const bytes = readIfThere(path);
    if (bytes === undefined) return { kind: "none" };
    if (bytes.length > DOCUMENT_BYTES_MAX)
      return { kind: "unreadable", why: `has ${bytes.length} bytes: ${TOO_LONG}` };
    if (bytes.length > DOCUMENT_LONG_BYTES) app.mayTakeLong();
    const text = bytes.toString("utf8");
    // Writing back what did not decode would change a person's bytes.
    return Buffer.from(text).equals(bytes)
      ? { kind: "text", text }
      : { kind: "unreadable", why: "is not UTF-8 text." };
  } catch {
    return { kind: "unreadable", why: "can't be read." };
  }
}
