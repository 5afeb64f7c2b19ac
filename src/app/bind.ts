import { type ConversationId, newNoteId, newSessionId, type SessionId } from "../base/id.ts";
import { type Current, chooseCurrent, type SessionCandidate } from "../session/current.ts";
import type { ConversationJoined } from "../session/event.ts";
import { isOpen } from "../session/life-cycle.ts";
import type { Author, Note } from "../session/note.ts";
import { emptySession, type Session } from "../session/session.ts";
import { describeWork, localDate, makeSlug, titleOf } from "../session/slug.ts";
import type { App } from "./app.ts";
import type { Here } from "./here.ts";
import { type Draft, loadSession, record } from "./session-log.ts";
import { saveSummary, summaries } from "./summary.ts";

const LEFTOFF: Author = { kind: "leftoff" };
/** Of a first prompt, as the summary of a new session: the rest is in the conversation. */
const SUMMARY_CHARS_MAX = 400;

/** What is known of a conversation at the moment it must belong to a session. */
export interface Newcomer {
  readonly conversation: ConversationId;
  readonly agent: string;
  readonly gitBranch: string | undefined;
  /** Its first prompt, redacted: names the session if a new one starts. */
  readonly prompt: string;
  /** What its agent calls it, where that is known already. */
  readonly title?: string | undefined;
  readonly atMs: number;
  /** Called when the journal has it in the session, before anything is derived: what was read of it is to be saved by then. */
  readonly onBound?: (session: SessionId) => void;
}

export interface Bound {
  readonly session: Session;
  /** It was in the session before: what its first prompt did to that was done then, whatever of `state/` was lost since. */
  readonly wasIn: boolean;
}

/**
 * Puts a conversation into the session it belongs to, starting one if none does. Done at its first prompt, never when it
 * starts: Claude Code 2.1.197 gives a fork the old conversation's id there (docs/formats/hooks.md).
 */
export function bind(app: App, here: Here, newcomer: Newcomer): Bound {
  const current = currentAt(app, here, newcomer);
  const joined: ConversationJoined = {
    conversation: newcomer.conversation,
    agent: newcomer.agent,
    ...(newcomer.gitBranch === undefined ? {} : { gitBranch: newcomer.gitBranch }),
  };
  const join: Draft = { body: { type: "conversation.joined", data: joined }, by: LEFTOFF };
  if (current.kind === "none") {
    const session = startSession(app, here, {
      title: titleOf(newcomer.title ?? newcomer.prompt, "Untitled work"),
      description: describeWork(newcomer.title ?? newcomer.prompt, newcomer.gitBranch, here.defaultGitBranch),
      gitBranch: newcomer.gitBranch,
      by: LEFTOFF,
      carryFrom: current.carryFrom,
      atMs: newcomer.atMs,
      beginsWith: [join, ...askedFor(app, newcomer)],
      onStarted: newcomer.onBound,
    });
    return { session, wasIn: false };
  }
  const session = loadSession(app, current.id);
  const wasIn = session.conversations.some(({ id }) => id === newcomer.conversation);
  return { session: wasIn ? session : record(app, session, [join]), wasIn };
}

/** What the work is about, in the person's own words: the prompt that it began with. */
function askedFor(app: App, { prompt }: Newcomer): readonly Draft[] {
  const words = prompt.replaceAll(/\s+/g, " ").trim();
  if (words === "") return [];
  const text =
    words.length <= SUMMARY_CHARS_MAX ? words : `${words.slice(0, SUMMARY_CHARS_MAX - 1).trimEnd()}…`;
  return [
    {
      body: { type: "note.added", data: { note: newNoteId(app.clock.nowMs()), kind: "summary", text } },
      by: LEFTOFF,
    },
  ];
}

/** A prompt takes up paused or blocked work again, and adds the git branch it was typed on. */
export function continueSession(app: App, session: Session, gitBranch: string | undefined): Session {
  const drafts: Draft[] = [];
  if (session.phase === "paused") drafts.push({ body: { type: "session.resumed", data: {} }, by: LEFTOFF });
  if (gitBranch !== undefined && isOpen(session.phase) && !session.gitBranches.includes(gitBranch)) {
    drafts.push({ body: { type: "git_branch.touched", data: { gitBranch } }, by: LEFTOFF });
  }
  return drafts.length > 0 ? record(app, session, drafts) : session;
}

export interface NewSession {
  readonly title: string;
  /** What the slug is made of. */
  readonly description: string;
  readonly gitBranch: string | undefined;
  readonly by: Author;
  /** A session whose open next steps go along. */
  readonly carryFrom: SessionId | undefined;
  /** When the work began: the day in its slug. Earlier than now when old conversations are read. */
  readonly atMs: number;
  /** What is written with the start, in one append: killed in between, there would be a session that nobody is in. */
  readonly beginsWith?: readonly Draft[];
  /** Called when the journal has it, before its summary is made. */
  readonly onStarted?: ((session: SessionId) => void) | undefined;
}

/** Starts a session in this work tree. */
export function startSession(app: App, here: Here, input: NewSession): Session {
  const nowMs = app.clock.nowMs();
  const taken = new Set(summaries(app, here.workTree).map(({ slug }) => slug));
  const slug = makeSlug(localDate(input.atMs), app.redactor.text(input.description), taken);
  const started: Draft = {
    body: {
      type: "session.started",
      data: {
        title: input.title,
        slug,
        workspace: here.workspace,
        workTree: here.workTree,
        ...(input.gitBranch === undefined ? {} : { gitBranch: input.gitBranch }),
      },
    },
    by: input.by,
  };
  const carried = input.carryFrom === undefined ? [] : openNextSteps(loadSession(app, input.carryFrom));
  const session = record(app, emptySession(newSessionId(nowMs)), [
    started,
    ...carried.map((note) => carry(note, nowMs)),
    ...(input.beginsWith ?? []),
  ]);
  input.onStarted?.(session.id);
  saveSummary(app, session);
  return session;
}

/**
 * Which session this place is in, with the reason, for a conversation or (without one) for a person.
 *
 * @param who.candidates the summaries of this work tree, where they were read a moment ago.
 */
export function currentAt(
  app: App,
  here: Here,
  who: {
    readonly conversation: ConversationId | undefined;
    readonly gitBranch: string | undefined;
    readonly atMs: number;
    readonly candidates?: readonly SessionCandidate[] | undefined;
  },
): Current {
  return chooseCurrent({
    candidates: who.candidates ?? summaries(app, here.workTree),
    conversation: who.conversation,
    gitBranch: who.gitBranch,
    defaultGitBranch: here.defaultGitBranch,
    nowMs: who.atMs,
  });
}

function openNextSteps(session: Session): readonly Note[] {
  return [...session.notes.values()].filter(({ kind, state }) => kind === "next" && state === "open");
}

function carry(note: Note, nowMs: number): Draft {
  const { kind, text, fields } = note;
  return { body: { type: "note.added", data: { note: newNoteId(nowMs), kind, text, fields } }, by: note.by };
}
