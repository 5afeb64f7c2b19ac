import type { ConversationId, SessionId, WorkTreeId } from "../base/id.ts";
import { asObject } from "../base/parse.ts";
import type { SessionCandidate } from "../session/current.ts";
import type { Phase } from "../session/life-cycle.ts";
import { type Session, type SessionStatus, statusOf } from "../session/session.ts";
import type { App } from "./app.ts";
import { type ConversationState, isWorking, loadConversation } from "./conversation.ts";
import { rebuildConversation } from "./read-conversation.ts";
import { loadSession } from "./session-log.ts";

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
  readonly document: string | undefined;
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
    document: session.document?.path,
  };
}

export function saveSummary(app: App, session: Session): SessionSummary {
  const summary = summarise(session, conversationsIn(app, session), app.clock.nowMs());
  const key = `${summariesKey(summary.workTree)}/${session.id}`;
  // An unchanged summary is not written: a printed brief depends on this folder.
  const same = JSON.stringify(app.store.state.get(key)) === JSON.stringify(summary);
  if (!same) app.store.state.put(key, summary);
  return summary;
}

/** The conversations of a session that were read, in the order they joined. */
export function conversationsIn(app: App, session: Session): readonly ConversationState[] {
  return session.conversations
    .map(({ id }) => loadConversation(app, id))
    .filter((state) => state !== undefined);
}

/** Sessions of one work tree, or of all; newest activity first. Rebuilt from the journals if `state/` was deleted. */
export function summaries(app: App, workTree?: WorkTreeId): readonly SessionSummary[] {
  rebuildIfLost(app);
  const trees = workTree === undefined ? app.workspaces.read().trees.map(({ id }) => id) : [workTree];
  return trees
    .flatMap((tree) => app.store.state.list(summariesKey(tree)))
    .map((key) => asObject(app.store.state.get(key)))
    .filter((value) => value?.version === 1)
    .map((value) => value as unknown as SessionSummary)
    .sort((a, b) => b.updatedAtMs - a.updatedAtMs || (a.id < b.id ? 1 : -1));
}

/** The folder of a work tree's summaries: it changes whenever one of them does. */
export function summariesPath(app: App, workTree: WorkTreeId): string {
  return app.store.state.path(summariesKey(workTree)).folder;
}

function summariesKey(workTree: WorkTreeId): string {
  return `worktrees/${workTree}/sessions`;
}

/** The journal is the truth: a missing mark means that `state/` is new, and everything in it is made again. */
function rebuildIfLost(app: App): void {
  if (app.store.state.get("summaries") !== undefined) return;
  for (const id of app.store.journal.sessions()) {
    const session = loadSession(app, id);
    if (session.slug === "") continue;
    for (const { id: conversation } of session.conversations)
      if (loadConversation(app, conversation) === undefined) rebuildConversation(app, session, conversation);
    saveSummary(app, session);
  }
  app.store.state.put("summaries", { version: 1 });
}
