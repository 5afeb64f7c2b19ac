import { join } from "node:path";
import { derivedNoteId, type NoteId, type SessionId } from "../base/id.ts";
import { PROPOSALS_OPEN_MAX } from "../base/limits.ts";
import { replace } from "../disk/disk.ts";
import { chosenProposals } from "../distill/choose.ts";
import type { Proposal } from "../distill/facts.ts";
import type { ReadEvent } from "../session/event.ts";
import { isDocumentEvent, tellsText } from "../session/known-document.ts";
import type { Author } from "../session/note.ts";
import type { Session } from "../session/session.ts";
import { titleOf } from "../session/slug.ts";
import { fileMarks } from "../workspace/drift.ts";
import type { App } from "./app.ts";
import { type ConversationState, mayBeInTurn } from "./conversation.ts";
import type { Here } from "./here.ts";
import { type Draft, record } from "./session-log.ts";
import { publishSession } from "./statusline.ts";
import { conversationsIn, saveSummary } from "./summary.ts";
import type { SyncedDocument } from "./sync-document.ts";
import { readEdits, syncFiles } from "./sync-files.ts";

const LEFTOFF: Author = { kind: "leftoff" };

/** What a session's work tree looked like when it was last worked on: what differs later is drift. Derived. */
export interface Mark {
  readonly version: 1;
  readonly atMs: number;
  readonly commit: string | undefined;
  readonly gitBranch: string | undefined;
  readonly files: { readonly [path: string]: { readonly mtimeMs: number; readonly sizeBytes: number } };
}

/**
 * Brings everything derived from a session up to date after a turn: proposals out of what was said, the document and the memory, the
 * summary, and the mark that drift is measured from.
 */
export function settle(app: App, here: Here, before: Session): SyncedDocument {
  const synced = syncFiles(app, here, propose(app, retitled(app, before)));
  saveSummary(app, synced.session);
  return synced;
}

/**
 * The same for what was read without a turn's end. A document that there is waits while a turn may be open, or words of an
 * agent's wait for theirs: it is written once a turn at most, because an agent that has read it gets each change of it
 * into its next prompt. The next turn's end writes it, or a command of the person's that changes the session.
 */
export function settleCaughtUp(app: App, here: Here, before: Session): SyncedDocument {
  const nowMs = app.clock.nowMs();
  const waits =
    before.document !== undefined &&
    (conversationsIn(app, before).some((state) => mayBeInTurn(state, nowMs)) ||
      agentsWordsWait(app, before.id));
  if (!waits) return settle(app, here, before);
  const synced = readEdits(app, here, propose(app, retitled(app, before)).id);
  saveSummary(app, synced.session);
  return synced;
}

/** Whether an agent noted something since the document was written last. */
function agentsWordsWait(app: App, id: SessionId): boolean {
  const { events } = app.store.journal.read(id);
  // Behind a person's events one about the document says what they left in the file: then nobody wrote into it.
  const written = events.findLastIndex(
    (event, at) => isDocumentEvent(event) && lastBefore(events, at)?.by.kind !== "person",
  );
  return events.slice(written + 1).some(({ type, by }) => by.kind === "agent" && type.startsWith("note."));
}

/** The event that stands before those that tell what a document holds. */
function lastBefore(events: readonly ReadEvent[], at: number): ReadEvent | undefined {
  const before = events[at - 1];
  return before !== undefined && isDocumentEvent(before) && !tellsText(before)
    ? lastBefore(events, at - 1)
    : before;
}

/** A session is titled by its first prompt until its agent finds a better title; a title that anybody chose stays. */
function retitled(app: App, session: Session): Session {
  const [first] = conversationsIn(app, session);
  const title = first?.facts.title?.trim();
  const prompt = first?.facts.turns[0]?.prompt;
  if (!title || first?.facts.turnCount !== first?.facts.turns.length || prompt === undefined) return session;
  if (session.title !== titleOf(prompt, "") || title === session.title) return session;
  return record(app, session, [
    { body: { type: "session.renamed", data: { title: titleOf(title, title) } }, by: LEFTOFF },
  ]);
}

/** Remembers how the work tree stands now, at the end of a turn of this session. */
export function markWorkTree(app: App, here: Here, session: Session): void {
  const files = conversationsIn(app, session).flatMap(({ facts }) => facts.files);
  const changed = files.filter(({ ops }) => ops.some((op) => op !== "read")).map(({ path }) => path);
  const mark: Mark = {
    version: 1,
    atMs: app.clock.nowMs(),
    commit: here.head.commit,
    gitBranch: here.head.gitBranch,
    files: fileMarks(here.root, [...new Set(changed)]),
  };
  app.store.state.put(`marks/${session.id}`, mark);
  const { commit, gitBranch } = here.head;
  if (session.head !== undefined && session.head.commit === commit && session.head.gitBranch === gitBranch)
    return;
  const data = {
    ...(commit === undefined ? {} : { commit }),
    ...(gitBranch === undefined ? {} : { gitBranch }),
  };
  record(app, session, [{ body: { type: "head.seen", data }, by: LEFTOFF }]);
}

/** The agent's shell finds the session's name in TASK_ID: SessionStart put a line into its environment that reads this file. */
export function publishTaskId(app: App, session: Session, conversation: string): void {
  replace(join(app.home, "state", "task-id", conversation), Buffer.from(`${session.slug}\n`), {
    durability: "cached",
  });
  publishSession(app, session, conversation);
}

/**
 * Guesses become notes once: by their key, newest first, never more than PROPOSALS_OPEN_MAX open, and not what stands
 * already. A guessed next step that its conversation no longer has (the todo was ticked, another list came) is withdrawn.
 */
export function propose(app: App, session: Session): Session {
  const own = conversationsIn(app, session);
  const guesses = standingGuesses(own);
  const withdrawn = withdrawals(session, own, guesses);
  const notes = [...session.notes.values()];
  const room =
    PROPOSALS_OPEN_MAX + withdrawn.length - notes.filter(({ state }) => state === "proposed").length;
  const said = new Set(notes.map(({ kind, text }) => `${kind} ${normalised(text)}`));
  const news = guesses.filter(
    ({ key, kind, text }) =>
      !session.notes.has(derivedNoteId(key)) && !said.has(`${kind} ${normalised(text)}`),
  );
  const drafts = chosenProposals(news, room).map((guess) => proposalDraft(session, guess));
  const all = [...withdrawn, ...drafts];
  return all.length > 0 ? record(app, session, all) : session;
}

/** What is next is what the latest conversation says is next; everything else stays true. */
function standingGuesses(own: readonly ConversationState[]): readonly Proposal[] {
  const latestAtMs = Math.max(...own.map(({ facts }) => facts.lastAtMs ?? 0));
  return own.flatMap(({ facts }) =>
    facts.proposals.filter(({ kind }) => kind !== "next" || (facts.lastAtMs ?? 0) === latestAtMs),
  );
}

function proposalDraft(session: Session, { key, kind, text, fields, evidence }: Proposal): Draft {
  const note = derivedNoteId(key);
  const body = { type: "note.proposed", data: { note, kind, text, fields, evidence } } as const;
  return { body, by: LEFTOFF, key: `proposed ${session.id} ${note}` };
}

function withdrawals(
  session: Session,
  own: readonly ConversationState[],
  guesses: readonly Proposal[],
): readonly Draft[] {
  const standing = new Set<NoteId>(guesses.map(({ key }) => derivedNoteId(key)));
  const read = new Set(own.map(({ conversation }) => conversation));
  return [...session.notes.values()]
    .filter(
      ({ kind, state, evidence }) =>
        kind === "next" && state === "proposed" && evidence !== undefined && read.has(evidence.conversation),
    )
    .filter(({ id }) => !standing.has(id))
    .map(({ id }) => ({ body: { type: "note.dropped", data: { note: id } }, by: LEFTOFF }));
}

function normalised(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim().toLowerCase();
}
