import { DRIFT_GIT_MS, DRIFT_GIT_UNHURRIED_MS } from "../base/limits.ts";
import { saySame } from "../distill/choose.ts";
import type { BriefMaterial, BriefSource, BriefTurn, Drift } from "../recall/brief.ts";
import { isOpen } from "../session/life-cycle.ts";
import type { Note } from "../session/note.ts";
import { type Session, statusOf } from "../session/session.ts";
import { readDrift } from "../workspace/drift.ts";
import { readHead } from "../workspace/head.ts";
import type { App } from "./app.ts";
import { briefSources } from "./brief-sources.ts";
import type { ConversationState } from "./conversation.ts";
import { displayPath, type Here } from "./here.ts";
import { isNotedByTool } from "./note-tool.ts";
import { waitingCalls } from "./pending-call.ts";
import { projectNotesIn, workTreesOf } from "./project-notes.ts";
import { markOf, staleFilesOf } from "./stale.ts";
import { conversationsIn, summaries } from "./summary.ts";
import { documentPath } from "./sync-document.ts";
import { turnsOf } from "./turns.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
/** Turns and other sessions offered to the packer, newest first: more than any budget holds. */
const TURNS_MAX = 30;
const OTHER_SESSIONS_MAX = 5;

/** What is known of the moment in which a brief is made. */
export interface BriefMoment {
  /** Of transcripts, which could not be read in time. */
  readonly unreadBytes?: number;
  /** On the monotonic clock, where somebody waits; it has DRIFT_GIT_MS in any case. */
  readonly gitUntilMs?: number;
  /** What was gathered just now from outside the session; otherwise {@link briefSources} are asked. */
  readonly sources?: readonly BriefSource[];
}

/** Gathers what a brief can say. Runs git only if HEAD moved since the session's last turn, and never for longer than `moment` allows. */
export async function briefMaterial(
  app: App,
  here: Here,
  session: Session,
  moment: BriefMoment = {},
): Promise<BriefMaterial> {
  const own = conversationsIn(app, session);
  const drift = await driftOf(app, here, session, moment);
  const notes = [...session.notes.values()].filter(isTold);
  const stale = staleFilesOf(app, here, session, notes, drift?.files);
  const nowMs = app.clock.nowMs();
  const turns = briefTurns(app, here, session);
  const sessions = summaries(app, workTreesOf(app, here));
  const ofProject = projectNotesIn(sessions, session).map(({ note }) => ({ note, staleFiles: [] }));
  return {
    nowMs,
    session: {
      id: session.id,
      slug: session.slug,
      title: session.title,
      day: dayOf(session, own, nowMs),
      status: statusOf(session),
      statusReason: session.reason,
      gitBranch: here.head.gitBranch,
      fromGitBranch: otherGitBranch(session, here.head.gitBranch),
      handedBy: session.handedBy,
      document: displayPath(here, documentPath(app, here, session)),
    },
    notes: [
      ...notes
        .filter((note) => !isSaid(note, turns))
        .map((note) => ({ note, staleFiles: stale.get(note.id) ?? [] })),
      ...ofProject,
    ],
    turns,
    drift,
    otherSessions: sessions
      .filter(({ id, workTree, phase }) => id !== session.id && workTree === here.workTree && isOpen(phase))
      .slice(0, OTHER_SESSIONS_MAX)
      .map(({ slug, title, updatedAtMs }) => ({ slug, title, lastAtMs: updatedAtMs })),
    sources: moment.sources ?? (await briefSources(app, here, session)),
    unreadBytes: moment.unreadBytes ?? 0,
    byTool: isNotedByTool(app, here),
  };
}

/**
 * What changed in the repository since the session's last turn; undefined if nothing did. Authors, subjects and paths are
 * anybody's words: redacted like everything else.
 */
export async function driftOf(
  app: App,
  here: Here,
  session: Session,
  { gitUntilMs }: BriefMoment = {},
): Promise<Drift | undefined> {
  const mark = markOf(app, session);
  if (mark === undefined) return undefined;
  const leftMs = gitUntilMs === undefined ? DRIFT_GIT_UNHURRIED_MS : gitUntilMs - app.clock.monotonicMs();
  const drift = await readDrift({
    location: here.location,
    sinceCommit: mark.commit,
    sinceGitBranch: ownNameOf(app, here, mark.gitBranch),
    marks: mark.files,
    clock: app.clock,
    timeoutMs: Math.max(DRIFT_GIT_MS, leftMs),
  });
  if (drift === undefined) return undefined;
  const shown = { ...drift, files: [...new Set(drift.files.map((path) => displayPath(here, path)))] };
  return app.redactor.value(shown) as Drift;
}

/** The git branch that a mark names redacted, where it is the one that is checked out: the same name is no change. */
function ownNameOf(app: App, here: Here, name: string | undefined): string | undefined {
  if (!name?.includes("[REDACTED:")) return name;
  const { gitBranch } = readHead(here.location);
  return gitBranch !== undefined && app.redactor.text(gitBranch) === name ? gitBranch : name;
}

function briefTurns(app: App, here: Here, session: Session): readonly BriefTurn[] {
  return conversationsIn(app, session)
    .flatMap((state) => {
      // As in a journal: a clock that was set back does not move a turn before the one it followed.
      let atMs = 0;
      const turns = turnsOf(session, state, waitingCalls(app, state.conversation));
      // What the person took back is not where the work stands.
      const standing = turns.filter(({ rewound }) => rewound !== true);
      return standing.map((turn) => {
        atMs = Math.max(atMs, turn.startedAtMs ?? state.facts.startedAtMs ?? session.createdAtMs);
        return {
          conversation: state.conversation,
          prompt: turn.prompt,
          answer: turn.answer,
          atMs,
          outcome: turn.outcome,
          files: turn.files.map((path) => displayPath(here, path)),
        };
      });
    })
    .sort((a, b) => a.atMs - b.atMs)
    .slice(-TURNS_MAX);
}

/** What stands; and what was ticked off of work that is counted through, since that says where it goes on. */
function isTold({ kind, state }: Note): boolean {
  return state === "open" || state === "proposed" || (state === "done" && kind === "progress");
}

/** The prompt that a session is summed up by says nothing beside the turn it began. */
function isSaid({ kind, text }: Note, turns: readonly BriefTurn[]): boolean {
  const [only] = turns.length === 1 ? turns : [];
  return kind === "summary" && only !== undefined && saySame(only.prompt, text);
}

/** Which day of the work this is, by the calendar: what began yesterday evening is in its second day. */
function dayOf(session: Session, own: readonly ConversationState[], nowMs: number): number {
  const startedAtMs = Math.min(
    session.createdAtMs,
    ...own.map(({ facts }) => facts.startedAtMs ?? session.createdAtMs),
  );
  return Math.max(1, Math.round((midnight(nowMs) - midnight(startedAtMs)) / DAY_MS) + 1);
}

function midnight(atMs: number): number {
  return new Date(atMs).setHours(0, 0, 0, 0);
}

function otherGitBranch(session: Session, gitBranch: string | undefined): string | undefined {
  const last = session.gitBranches.at(-1);
  return gitBranch === undefined || last === undefined || session.gitBranches.includes(gitBranch)
    ? undefined
    : last;
}
