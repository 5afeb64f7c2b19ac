import { existsSync, realpathSync } from "node:fs";
import { join, sep } from "node:path";
import { sha256 } from "../base/digest.ts";
import { AppError } from "../base/error.ts";
import { derivedNoteId } from "../base/id.ts";
import { MEMORY_BYTES_MAX, MEMORY_LINES_PER_EVENT_MAX, NOTE_TEXT_CHARS_MAX } from "../base/limits.ts";
import { append } from "../disk/disk.ts";
import { withLock } from "../disk/lock.ts";
import { namesIn, readPartIfThere } from "../disk/read.ts";
import { memoryOf, type SessionMemory } from "../memory/memory.ts";
import { type MemoryItem, readMemory } from "../memory/read.ts";
import { renderMemory, renderNews } from "../memory/render.ts";
import { applied } from "../redact/cut.ts";
import type { EventBody } from "../session/event.ts";
import type { Author } from "../session/note.ts";
import type { Session } from "../session/session.ts";
import { localDate } from "../session/slug.ts";
import type { App } from "./app.ts";
import { displayPath, type Here } from "./here.ts";
import { type Draft, loadSession, record } from "./session-log.ts";

/** A session after its memory files were read or written. */
export interface SyncedMemory {
  readonly session: Session;
  /** Why one could not be, in words for a person. */
  readonly trouble: string | undefined;
}

const PERSON: Author = { kind: "person" };
const LEFTOFF: Author = { kind: "leftoff" };
/** `session_memory.md`, and one of a day: `session_memory_20260125.md`. */
const FILE_NAME = /^session_memory(?:_\d{8})?\.md$/;
const WRITE_WAIT_MS = 1_000;

/** The task whose folder a session's memory lies in: the one it was initialised with, else its slug, as TASK_ID has it. */
export function taskOf(session: Session): string {
  return session.memory?.task ?? session.slug;
}

export function memoryFolder(here: Here, task: string): string {
  return join(here.root, "working", task);
}

/** The memory files of a session, by name: of its task, and those that the seed's script makes under its slug. */
export function memoryFiles(here: Here, session: Session): readonly string[] {
  return foldersOf(here, session).flatMap((folder) =>
    namesThere(folder)
      .filter((name) => FILE_NAME.test(name))
      .map((name) => join(folder, name)),
  );
}

/** Files and folders whose change can mean that a session has more to tell. */
export function memorySources(here: Here, session: Session): readonly string[] {
  return [...foldersOf(here, session), ...memoryFiles(here, session)];
}

/** What a session's memory says now. */
export function sessionMemory(session: Session): SessionMemory {
  return memoryOf([...session.notes.values()], taskOf(session));
}

/** The file that is written today. */
export function memoryPath(app: App, here: Here, session: Session): string {
  const day = localDate(app.clock.nowMs()).replaceAll("-", "");
  const name = session.memory?.dated === true ? `session_memory_${day}.md` : "session_memory.md";
  return join(memoryFolder(here, taskOf(session)), name);
}

/**
 * Takes in what people and scripts appended to a session's memory files. Each line counts once: it is known again by what
 * it says and by how many equal lines stand before it, so that two processes that read it at once write the same events.
 */
export function readMemoryFiles(app: App, here: Here, before: Session): SyncedMemory {
  let session = before;
  let trouble: string | undefined;
  for (const path of memoryFiles(here, session)) {
    const file = readFile(app, path);
    if (file.kind === "unreadable") trouble = `${displayPath(here, path)} ${file.why}`;
    if (file.kind !== "text") continue;
    if (file.keys.every((key) => isKnown(session, key))) continue;
    // What we wrote ourselves is in the journal before it is in the file: read that again before calling a line somebody's.
    session = takenIn(app, loadSession(app, session.id), file);
  }
  return { session, trouble };
}

/**
 * Appends what the memory says and its file does not: to the end, in one write, so that nothing that a script appends at
 * the same moment is lost. Writes only into a folder that `leftoff memory init` made and that is still there.
 */
export function writeMemoryFile(app: App, here: Here, session: Session): SyncedMemory {
  if (session.memory === undefined || !existsSync(memoryFolder(here, taskOf(session)))) {
    return { session, trouble: undefined };
  }
  try {
    const lock = join(app.home, "state", "locks", `memory-${session.id}`);
    return withLock(lock, WRITE_WAIT_MS, () => appended(app, here, session));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { session, trouble: `The session memory was not written: ${error.message}` };
  }
}

function appended(app: App, here: Here, session: Session): SyncedMemory {
  const path = memoryPath(app, here, session);
  if (leadsOut(here, path)) {
    return { session, trouble: `${displayPath(here, path)} leads out of the work tree; it is not written.` };
  }
  const file = readFile(app, path);
  if (file.kind === "unreadable") return { session, trouble: `${displayPath(here, path)} ${file.why}` };
  const memory = sessionMemory(session);
  const news = file.kind === "none" ? renderMemory(memory) : renderNews(memory, file.lines.join("\n"));
  if (news === "") return { session, trouble: undefined };
  const text = app.redactor.text(news);
  // Only our own: what a script appended since this file was last taken in is still to be read.
  const there = file.kind === "none" ? [] : file.originals;
  const ours = keysOf([...there, ...text.split("\n")]).slice(there.length);
  const after = record(app, session, knownDrafts(session, ours));
  append(path, Buffer.from(file.kind === "none" || file.isEnded ? text : `\n${text}`), "durable");
  return { session: after, trouble: undefined };
}

type MemoryText =
  | { readonly kind: "none" }
  | { readonly kind: "unreadable"; readonly why: string }
  | {
      readonly kind: "text";
      /** Redacted, line by line as they stand in the file. */
      readonly lines: readonly string[];
      readonly originals: readonly string[];
      readonly keys: readonly string[];
      /** The last line has its line feed. */
      readonly isEnded: boolean;
    };

function readFile(app: App, path: string): MemoryText {
  try {
    const part = readPartIfThere(path, 0, MEMORY_BYTES_MAX);
    if (part === undefined) return { kind: "none" };
    if (part.sizeBytes > MEMORY_BYTES_MAX) return { kind: "unreadable", why: "is too large to be read." };
    const text = part.bytes.toString("utf8");
    const originals = text.split(/\r?\n/);
    return {
      kind: "text",
      lines: redactedLines(app, text),
      originals,
      keys: keysOf(originals),
      isEnded: text === "" || text.endsWith("\n"),
    };
  } catch (error) {
    return {
      kind: "unreadable",
      why: `can't be read (${error instanceof Error ? error.message : "unknown"}).`,
    };
  }
}

/** A secret of several lines becomes one mark and as many line ends, so that each line keeps its place. */
function redactedLines(app: App, text: string): readonly string[] {
  const cuts = app.redactor.cuts(text).map((cut) => ({
    ...cut,
    mark: cut.mark + "\n".repeat(text.slice(cut.from, cut.to).split("\n").length - 1),
  }));
  return applied(text, cuts).split(/\r?\n/);
}

/** For each line a digest of it and which of its equals it is, "" for a blank one. A digest of 64 bits gives no secret back. */
function keysOf(lines: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  return lines.map((line) => {
    if (line.trim() === "") return "";
    const digest = sha256(line.trim()).slice(0, 16);
    const nth = (counts.get(digest) ?? 0) + 1;
    counts.set(digest, nth);
    return `${digest}.${nth}`;
  });
}

function takenIn(app: App, session: Session, file: Extract<MemoryText, { kind: "text" }>): Session {
  const items = readMemory(file.lines, (index) => isKnown(session, file.keys[index] ?? ""));
  const drafts = items.map((item) => noteDraft(app, session, item, file.keys[item.from] ?? ""));
  return record(app, session, [...drafts, ...knownDrafts(session, file.keys)]);
}

function noteDraft(app: App, session: Session, item: MemoryItem, key: string): Draft {
  const { kind, text, why, status, saidAtMs } = item;
  const source = `memory ${session.id} ${key}`;
  const fields = { ...(why === undefined ? {} : { why }), ...(status === undefined ? {} : { status }) };
  const said = saidAtMs !== undefined && saidAtMs > 0 && saidAtMs <= app.clock.nowMs() ? { saidAtMs } : {};
  const data = {
    note: derivedNoteId(sha256(source)),
    kind,
    text: text.slice(0, NOTE_TEXT_CHARS_MAX),
    fields,
    ...said,
  };
  return { body: { type: "note.added", data }, by: PERSON, key: source };
}

function knownDrafts(session: Session, keys: readonly string[]): readonly Draft[] {
  const news = [...new Set(keys)].filter((key) => !isKnown(session, key));
  const drafts: Draft[] = [];
  for (let from = 0; from < news.length; from += MEMORY_LINES_PER_EVENT_MAX) {
    const lines = news.slice(from, from + MEMORY_LINES_PER_EVENT_MAX);
    const body: EventBody = { type: "memory.known", data: { lines } };
    drafts.push({ body, by: LEFTOFF });
  }
  return drafts;
}

function isKnown({ memoryLines }: Session, key: string): boolean {
  return key === "" || memoryLines.has(key);
}

function foldersOf(here: Here, session: Session): readonly string[] {
  const tasks = new Set([taskOf(session), session.slug].filter((task) => task !== ""));
  return [...tasks].map((task) => memoryFolder(here, task));
}

function namesThere(folder: string): readonly string[] {
  try {
    return namesIn(folder);
  } catch {
    // A folder that is not ours to read holds nothing for us.
    return [];
  }
}

/** A folder that a link leads elsewhere is not this work tree's. */
export function leadsOut(here: Here, path: string): boolean {
  let folder = join(path, "..");
  while (!existsSync(folder) && folder !== here.root && folder !== sep) folder = join(folder, "..");
  const real = realpathSync(folder);
  return real !== here.root && !real.startsWith(`${here.root}${sep}`);
}
