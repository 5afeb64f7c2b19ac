import type { ConversationId, SessionId } from "../base/id.ts";
import { SESSION_IDLE_MS } from "../base/limits.ts";
import { isOpen, type Phase } from "./life-cycle.ts";

/** What must be known of a session to choose between several. */
export interface SessionCandidate {
  readonly id: SessionId;
  readonly phase: Phase;
  readonly updatedAtMs: number;
  /** When `leftoff switch` or `leftoff new` made it current, for conversations that start after it; 0 if never. */
  readonly chosenAtMs: number;
  /** The git branch that this was done on, where it is known. */
  readonly chosenOn?: string | undefined;
  readonly gitBranches: readonly string[];
  readonly conversations: readonly ConversationId[];
}

export interface CurrentQuestion {
  /** Sessions of this work tree. */
  readonly candidates: readonly SessionCandidate[];
  readonly conversation: ConversationId | undefined;
  readonly gitBranch: string | undefined;
  readonly defaultGitBranch: string | undefined;
  readonly nowMs: number;
}

export type Current =
  | { readonly kind: "session"; readonly id: SessionId; readonly because: CurrentReason }
  /** New work starts; `carryFrom` is the session whose open next steps go with it. */
  | { readonly kind: "none"; readonly carryFrom: SessionId | undefined };

export type CurrentReason = "own conversation" | "switched to" | "this git branch" | "another git branch";

/**
 * Which session a conversation (or a person in a terminal) is in. `--session` and LEFTOFF_SESSION come before this.
 *
 * 1. the conversation's own session, finished or not; 2. the one switched to, on the git branch where that was done and on
 * those without a session; 3. the most recently active open session of
 * this work tree that touched this git branch; 4. its most recent open one, from another git branch: a git branch made
 * in the middle of the work extends the session. What lay idle for SESSION_IDLE_MS on the default git branch is not
 * continued by itself: new work starts and carries its open next steps.
 */
export function chooseCurrent(question: CurrentQuestion): Current {
  const { candidates, conversation, gitBranch } = question;
  const own = candidates.find(
    ({ conversations }) => conversation !== undefined && conversations.includes(conversation),
  );
  if (own) return { kind: "session", id: own.id, because: "own conversation" };

  const open = candidates.filter(({ phase }) => isOpen(phase)).sort(newestFirst);
  // The last switch counts, also where it led to a session that is finished by now.
  const chosen = candidates.reduce<SessionCandidate | undefined>(laterChosen, undefined);
  const switched = open.find(({ id }) => id === chosen?.id);
  const here = open.find(({ gitBranches }) => gitBranch === undefined || gitBranches.includes(gitBranch));
  // On another git branch, one that has a session of its own, the person has moved on.
  const holds = switched?.chosenOn === undefined || switched.chosenOn === gitBranch || here === undefined;
  if (switched && holds && !laterElsewhere(open, switched)) {
    return { kind: "session", id: switched.id, because: "switched to" };
  }
  const latest = here ?? open[0];
  if (!latest) return { kind: "none", carryFrom: undefined };
  if (isStale(latest, question)) return { kind: "none", carryFrom: latest.id };
  return { kind: "session", id: latest.id, because: here ? "this git branch" : "another git branch" };
}

/** A switch holds until another session was worked on after it (by a conversation of its own, or a later switch). */
function laterElsewhere(open: readonly SessionCandidate[], switched: SessionCandidate): boolean {
  const { id, chosenAtMs, updatedAtMs } = switched;
  return open.some((other) => other.id !== id && other.updatedAtMs > Math.max(chosenAtMs, updatedAtMs));
}

function laterChosen(
  last: SessionCandidate | undefined,
  next: SessionCandidate,
): SessionCandidate | undefined {
  return next.chosenAtMs > (last?.chosenAtMs ?? 0) ? next : last;
}

/** Only the default git branch is a place where unrelated work begins; a feature's git branch says what it is about. */
function isStale(
  candidate: SessionCandidate,
  { gitBranch, defaultGitBranch, nowMs }: CurrentQuestion,
): boolean {
  const onDefault = gitBranch === undefined || gitBranch === defaultGitBranch;
  return onDefault && nowMs - candidate.updatedAtMs >= SESSION_IDLE_MS;
}

function newestFirst(a: SessionCandidate, b: SessionCandidate): number {
  return b.updatedAtMs - a.updatedAtMs || (a.id < b.id ? 1 : -1);
}
