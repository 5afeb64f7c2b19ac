import { type ConversationId, isWorkTreeId, type SessionId, type WorkTreeId } from "../base/id.ts";
import { asObject } from "../base/parse.ts";
import { type Figures, figuresOf } from "../distill/figures.ts";
import type { SessionCandidate } from "../session/current.ts";
import type { HandedFigures } from "../session/event.ts";
import { lastingNotes } from "../session/lasting-notes.ts";
import type { Phase } from "../session/life-cycle.ts";
import type { Note } from "../session/note.ts";
import { type Session, type SessionStatus, statusOf } from "../session/session.ts";
import type { App } from "./app.ts";
import { type ConversationState, isWorking, loadConversation } from "./conversation.ts";
import { rebuildConversation } from "./read-conversation.ts";
import { loadSession } from "./session-log.ts";
import { publishStatusline } from "./statusline.ts";

/** One line per session, kept in `state/` so that `list` and hooks read no journal. Derived. */
export interface SessionSummary extends SessionCandidate {
  readonly version: 1;
  readonly id: SessionId;
  readonly slug: string;
  readonly title: string;
  readonly status: SessionStatus;
  readonly phase: Phase;
  readonly reason: string | undefined;
  readonly workspace: string;
  readonly workTree: WorkTreeId;
  readonly gitBranches: readonly string[];
  readonly conversations: readonly ConversationId[];
  readonly createdAtMs: number;
  /** Last activity: something a person or an agent noted or changed, or a turn of one of its conversations. */
  readonly updatedAtMs: number;
  /** When it was completed or cancelled; 0 before that, undefined where an older version wrote this. */
  readonly finishedAtMs?: number;
  readonly document: string | undefined;
  /** What it took and what came of it. Undefined where an older version wrote this. */
  readonly figures?: Figures;
  /** What of it outlives it, for the briefs of other sessions. Undefined where an older version wrote this. */
  readonly lasting?: readonly Note[];
  /** Whose work it goes on with, and what that had taken them. */
  readonly handed?: { readonly by: string; readonly figures: HandedFigures | undefined };
}

export function summarise(
  session: Session,
  own: readonly ConversationState[],
  nowMs: number,
): SessionSummary {
  const starts = own.map(({ facts }) => facts.startedAtMs ?? session.createdAtMs);
  const ends = own.map(({ facts }) => facts.lastAtMs ?? 0);
  const activeAtMs = Math.max(session.updatedAtMs, ...ends);
  const working = session.phase === "active" && own.some((state) => isWorking(state, nowMs));
  return {
    version: 1,
    id: session.id,
    slug: session.slug,
    title: session.title,
    status: statusOf(session),
    phase: working ? "working" : session.phase,
    reason: session.reason,
    workspace: session.workspace,
    workTree: session.workTree as WorkTreeId,
    gitBranches: session.gitBranches,
    conversations: session.conversations.map(({ id }) => id),
    createdAtMs: Math.min(session.createdAtMs, ...starts),
    updatedAtMs: activeAtMs > 0 ? activeAtMs : session.createdAtMs,
    finishedAtMs: session.finishedAtMs,
    chosenAtMs: session.chosenAtMs,
    chosenOn: session.chosenOn,
    document: session.shelved?.kept ?? session.document?.path,
    figures: figuresOf(
      own.map(({ facts }) => facts),
      session,
    ),
    lasting: lastingNotes(session.notes.values()),
    ...(session.handedBy === undefined
      ? {}
      : { handed: { by: session.handedBy, figures: session.handedFigures } }),
  };
}

export function saveSummary(app: App, session: Session): SessionSummary {
  const summary = summarise(session, conversationsIn(app, session), app.clock.nowMs());
  const key = `${summariesKey(summary.workTree)}/${session.id}`;
  // An unchanged summary is not written: a printed brief depends on this folder.
  const same = JSON.stringify(app.store.state.get(key)) === JSON.stringify(summary);
  if (!same) app.store.state.put(key, summary);
  publishStatusline(app, session);
  return summary;
}

/** The conversations of a session in the order they joined. What was lost of them is made again from the archive. */
export function conversationsIn(app: App, session: Session): readonly ConversationState[] {
  return session.conversations.map(
    ({ id }) => loadConversation(app, id) ?? rebuildConversation(app, session, id),
  );
}

/** Sessions of one work tree, of some, or of all; newest activity first. What is lost is made again from the journals. */
export function summaries(app: App, of?: WorkTreeId | readonly WorkTreeId[]): readonly SessionSummary[] {
  const wanted = of === undefined ? undefined : new Set<string>(typeof of === "string" ? [of] : of);
  return Object.entries(sessionIndex(app))
    .filter(([, tree]) => wanted === undefined || wanted.has(tree))
    .flatMap(([id, tree]) => summaryOf(app, id as SessionId, tree as WorkTreeId) ?? [])
    .sort((a, b) => b.updatedAtMs - a.updatedAtMs || (a.id < b.id ? 1 : -1));
}

/** The folder of a work tree's summaries: it changes whenever one of them does. */
export function summariesPath(app: App, workTree: WorkTreeId): string {
  return app.store.state.path(summariesKey(workTree)).folder;
}

function summariesKey(workTree: WorkTreeId): string {
  return `worktrees/${workTree}/sessions`;
}

function summaryOf(app: App, id: SessionId, workTree: WorkTreeId): SessionSummary | undefined {
  const value = asObject(app.store.state.get(`${summariesKey(workTree)}/${id}`));
  if (value?.version === 1) return value as unknown as SessionSummary;
  const session = loadSession(app, id);
  return session.workTree === workTree ? saveSummary(app, session) : undefined;
}

/** Session id → id of its work tree. */
type SessionIndex = { readonly [session: string]: string };

/** Every session that has a journal: the journal is the truth, and an index that lacks one of them is made whole. */
function sessionIndex(app: App): SessionIndex {
  const known = (asObject(app.store.state.get(INDEX_KEY)) ?? {}) as SessionIndex;
  const missing = app.store.journal.sessions().filter((id) => !Object.hasOwn(known, id));
  // In the order they began: a fork is told from its parent by what was read of that before.
  const found = missing
    .map((id) => loadSession(app, id))
    .filter(({ slug, workTree }) => slug !== "" && isWorkTreeId(workTree))
    .sort((a, b) => a.createdAtMs - b.createdAtMs);
  if (found.length === 0) return known;
  for (const session of found) conversationsIn(app, session);
  const index = { ...known, ...Object.fromEntries(found.map(({ id, workTree }) => [id, workTree])) };
  app.store.state.put(INDEX_KEY, index);
  return index;
}

const INDEX_KEY = "sessions";
