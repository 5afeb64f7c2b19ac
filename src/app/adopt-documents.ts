import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { sha256 } from "../base/digest.ts";
import { newNoteId, type SessionId } from "../base/id.ts";
import { ADOPTED_OPEN_MS, DOCUMENT_BYTES_MAX, DOCUMENTS_ADOPTED_MAX } from "../base/limits.ts";
import { replace } from "../disk/disk.ts";
import { tryLock } from "../disk/lock.ts";
import { namesIn, readIfThere } from "../disk/read.ts";
import { saySame } from "../distill/choose.ts";
import { nameParts, type PlacedDocument, placedDocument } from "../document/placed.ts";
import { readDocument } from "../document/read.ts";
import { isOpen } from "../session/life-cycle.ts";
import type { Author, Note } from "../session/note.ts";
import type { Session } from "../session/session.ts";
import type { App } from "./app.ts";
import { currentAt, startSession } from "./bind.ts";
import { documentFolderOf, type Here } from "./here.ts";
import { marksOf } from "./printed-brief.ts";
import { type Draft, loadSession, record } from "./session-log.ts";
import { type SessionSummary, saveSummary, summaries } from "./summary.ts";
import { documentKnown, syncDocument } from "./sync-document.ts";

const PERSON: Author = { kind: "person" };
const LEFTOFF: Author = { kind: "leftoff" };

/**
 * Makes sessions of documents that a person put into the folder: each is named by its file, and files of several days
 * with one description are one session, whose document is the newest. A document that was only renamed stays with its
 * session. Work of long ago, and whatever comes while other work is open, is set aside as paused: history is no to-do list.
 * What is set aside is not what goes on: the session that was worked on stays the current one, and of several documents
 * with nothing open before them it is the newest that is not finished.
 *
 * @param own the summaries of this work tree, where they were read a moment ago.
 * @returns the sessions that came about or got something new, newest first.
 */
export function adoptDocuments(app: App, here: Here, own?: readonly SessionSummary[]): readonly SessionId[] {
  const unknown = unknownFiles(app, here, own);
  if (unknown.length === 0) return [];
  const lock = tryLock(join(app.home, "state", "locks", `adopt-${here.workTree}`));
  if (lock === undefined) return [];
  try {
    // Somebody may have taken them in while we waited to look.
    const files = unknownFiles(app, here).toReversed().slice(0, DOCUMENTS_ADOPTED_MAX);
    const before = currentHere(app, here);
    const adopted = [...new Set(files.flatMap((path) => adopt(app, here, path) ?? []))];
    keepCurrent(app, here, { before, adopted });
    return adopted;
  } finally {
    lock.release();
  }
}

/** All of them came in at one moment, the newest first: which was worked on last is said by the days in their names. */
function keepCurrent(
  app: App,
  here: Here,
  { before, adopted }: { readonly before: Session | undefined; readonly adopted: readonly SessionId[] },
): void {
  const now = currentHere(app, here);
  if (now === undefined || !adopted.includes(now.id)) return;
  const wasOpen = before !== undefined && isOpen(before.phase) && before.phase !== "paused";
  const newest = adopted.map((id) => loadSession(app, id)).find(({ phase }) => isOpen(phase));
  const goesOn = wasOpen && now.phase === "paused" ? before : newest;
  if (goesOn === undefined || goesOn.id === now.id) return;
  const { gitBranch } = here.head;
  const data = gitBranch === undefined ? {} : { gitBranch };
  saveSummary(app, record(app, goesOn, [{ body: { type: "session.chosen", data }, by: LEFTOFF }]));
}

/** What a person would go on with here, without a conversation of their own. */
function currentHere(app: App, here: Here): Session | undefined {
  const { gitBranch } = here.head;
  const current = currentAt(app, here, { conversation: undefined, gitBranch, atMs: app.clock.nowMs() });
  return current.kind === "none" ? undefined : loadSession(app, current.id);
}

/** Documents that belong to no session, by the day in their names. One read folder where there is none. */
function unknownFiles(app: App, here: Here, sessions?: readonly SessionSummary[]): readonly string[] {
  const folder = documentFolderOf(app, here);
  const names = namesIn(folder).filter((name) => name.endsWith(".tmp") && !name.startsWith("."));
  if (names.length === 0) return [];
  const own = sessions ?? summaries(app, here.workTree);
  const known = new Set(own.flatMap(({ slug, document }) => [`${slug}.tmp`, basename(document ?? "")]));
  const unknown = names.filter((name) => !known.has(name)).map((name) => join(folder, name));
  if (unknown.length === 0) return [];
  const passed = passedFiles(app, here);
  return unknown.filter((path) => !isPassed(app, here, { path, passed: passed[basename(path)] }));
}

/** A file as it was when it was looked at: inode, size and time, and a digest of what it held. */
interface PassedFile {
  readonly mark: string;
  readonly hash: string;
}

type PassedFiles = { readonly [name: string]: PassedFile };

/** Files that were looked at and belong to a session already, or are no documents. */
function passedFiles(app: App, here: Here): PassedFiles {
  return (app.store.state.get(passedKey(here)) ?? {}) as PassedFiles;
}

function passedKey({ workTree }: Here): string {
  return `worktrees/${workTree}/passed-documents`;
}

/** A file that nobody touched is not read; one that was written once more with the same text (git does that) is what it was. */
function isPassed(
  app: App,
  here: Here,
  { path, passed }: { readonly path: string; readonly passed: PassedFile | undefined },
): boolean {
  if (passed === undefined) return false;
  if (passed.mark === markOf(path)) return true;
  if (passed.hash !== hashOf(path)) return false;
  pass(app, here, path);
  return true;
}

function pass(app: App, here: Here, path: string): void {
  const file: PassedFile = { mark: markOf(path), hash: hashOf(path) };
  app.store.state.put(passedKey(here), { ...passedFiles(app, here), [basename(path)]: file });
}

function markOf(path: string): string {
  return marksOf([path])[path] ?? "";
}

function hashOf(path: string): string {
  return sha256(textAt(path) ?? "");
}

function adopt(app: App, here: Here, path: string): SessionId | undefined {
  const text = textAt(path);
  const stem = basename(path, ".tmp");
  const placed = text === undefined ? undefined : placedDocument(text, stem);
  if (text === undefined || placed === undefined) {
    pass(app, here, path);
    return undefined;
  }
  const own = summaries(app, here.workTree);
  const renamed = own.find((one) => isRenamed(app, one, { text, placed }));
  if (renamed !== undefined) return joinSession(app, here, { id: renamed.id, path });
  const sameWork = own.find((one) => isSameWork(app, one, placed));
  if (sameWork === undefined) return begin(app, here, { path, text, placed });
  const isNewer = stem > basename(sameWork.document ?? sameWork.slug, ".tmp");
  if (!isNewer) return takeNotes(app, here, { id: sameWork.id, path, placed });
  const old = sameWork.document;
  const joined = joinSession(app, here, { id: sameWork.id, path });
  if (old !== undefined && existsSync(old)) pass(app, here, old);
  return joined;
}

/** Its document is gone, and this is that document word for word, or one of the same title. */
function isRenamed(
  app: App,
  { id, document, phase, title }: SessionSummary,
  { text, placed }: { readonly text: string; readonly placed: PlacedDocument },
): boolean {
  if (document === undefined || !isOpen(phase) || existsSync(document)) return false;
  const { textHash } = loadSession(app, id).document ?? {};
  return textHash === sha256(app.redactor.text(text)) || title === app.redactor.text(placed.title);
}

/** Files of other days with the same description and title continue each other. */
function isSameWork(
  app: App,
  { slug, document, title, phase }: SessionSummary,
  placed: PlacedDocument,
): boolean {
  const name = nameParts(basename(document ?? slug, ".tmp"));
  const sameName = name.description === placed.description && name.date !== placed.date;
  return sameName && phase !== "archived" && title === app.redactor.text(placed.title);
}

/** From now on this file is the session's document. What was learned before, and is not said again, stays known. */
function joinSession(app: App, here: Here, { id, path }: { id: SessionId; path: string }): SessionId {
  const before = loadSession(app, id);
  const items = before.document?.items ?? [];
  record(app, before, documentKnown(app, before, { path, textHash: before.document?.textHash ?? "", items }));
  const { session } = syncDocument(app, here, id);
  const lost = [...before.notes.values()].flatMap((note) => broughtBack(app, session, note));
  if (lost.length > 0) record(app, session, lost);
  saveSummary(app, lost.length > 0 ? syncDocument(app, here, id).session : session);
  return id;
}

/** A note that the newer document does not have, or whose place something like it took there. */
function broughtBack(
  app: App,
  session: Session,
  { id, kind, text, fields, state, by }: Note,
): readonly Draft[] {
  const now = session.notes.get(id);
  if (!LASTING.has(kind) || state !== "open" || now === undefined) return [];
  if (now.state === "dropped") return [{ body: { type: "note.reopened", data: { note: id } }, by: LEFTOFF }];
  if (now.text === text) return [];
  const note = newNoteId(app.clock.nowMs());
  return [{ body: { type: "note.added", data: { note, kind, text, fields } }, by }];
}

interface Placed {
  readonly path: string;
  readonly text: string;
  readonly placed: PlacedDocument;
}

function begin(app: App, here: Here, { path, text, placed }: Placed): SessionId {
  const { title, date, description } = placed;
  const atMs = date === undefined ? app.clock.nowMs() : noonOf(date);
  const isOld = app.clock.nowMs() - atMs > ADOPTED_OPEN_MS;
  const othersOpen = summaries(app, here.workTree).some(({ phase }) => isOpen(phase) && phase !== "paused");
  if (placed.text !== text) replace(path, Buffer.from(placed.text), {});
  const written: Draft = {
    body: { type: "document.written", data: { path, textHash: "", items: [] } },
    by: LEFTOFF,
  };
  const { id } = startSession(app, here, {
    title,
    description,
    gitBranch: undefined,
    by: PERSON,
    carryFrom: undefined,
    atMs,
    beginsWith: [written],
  });
  const { session } = syncDocument(app, here, id);
  const aside = session.phase === "new" && !session.blocked && (isOld || othersOpen);
  const paused: Draft = { body: { type: "session.paused", data: {} }, by: LEFTOFF };
  saveSummary(app, aside ? record(app, session, [paused]) : session);
  return id;
}

/** An older document of the same work: what it says and the session does not becomes notes; the file stays as it is. */
function takeNotes(
  app: App,
  here: Here,
  { id, path, placed }: { readonly id: SessionId; readonly path: string; readonly placed: PlacedDocument },
): SessionId {
  const session = loadSession(app, id);
  const drafts = notesOf(app, session, placed);
  pass(app, here, path);
  if (drafts.length === 0) return id;
  record(app, session, drafts);
  saveSummary(app, syncDocument(app, here, id).session);
  return id;
}

/** What was left to do then is not what is left to do now: only what was learned is taken over. */
function notesOf(app: App, session: Session, { text }: PlacedDocument): readonly Draft[] {
  const known = [...session.notes.values()];
  return readDocument(app.redactor.text(text))
    .sections.flatMap(({ items }) => items)
    .filter(({ kind }) => LASTING.has(kind))
    .filter((item) => !known.some((note) => note.kind === item.kind && saySame(note.text, item.text)))
    .map(({ kind, text: said, fields }) => ({
      body: { type: "note.added", data: { note: newNoteId(app.clock.nowMs()), kind, text: said, fields } },
      by: PERSON,
    }));
}

const LASTING: ReadonlySet<string> = new Set(
  "finding worked failed decision risk learning command solution metric".split(" "),
);

/** The middle of a local day, so that no time zone makes another day of it. */
function noonOf(date: string): number {
  const [year = 0, month = 1, day = 1] = date.split("-").map(Number);
  return new Date(year, month - 1, day, 12).getTime();
}

function textAt(path: string): string | undefined {
  try {
    const bytes = readIfThere(path);
    if (bytes === undefined || bytes.length > DOCUMENT_BYTES_MAX) return undefined;
    const text = bytes.toString("utf8");
    return Buffer.from(text).equals(bytes) ? text : undefined;
  } catch {
    return undefined;
  }
}
