import { join } from "node:path";
import type { HookCall, TranscriptFile } from "../agent/agent.ts";
import type { ConversationId, SessionId } from "../base/id.ts";
import {
  BRIEF_CHARS_MAX,
  BRIEF_DELTA_TOKENS_MAX,
  SESSION_START_GIT_MS,
  SESSION_START_INGEST_MS,
  SESSION_START_WAIT_MS,
} from "../base/limits.ts";
import { waitUntilFree } from "../disk/lock.ts";
import { namesIn } from "../disk/read.ts";
import type { Brief, BriefMaterial } from "../recall/brief.ts";
import { briefDelta } from "../recall/delta.ts";
import { headline } from "../recall/headline.ts";
import type { Note } from "../session/note.ts";
import type { Session } from "../session/session.ts";
import type { App } from "./app.ts";
import { briefMaterial } from "./brief-material.ts";
import { catchUpAll } from "./catch-up.ts";
import { unreadBytes } from "./conversation.ts";
import { agentPlace, type Here, recogniseHere } from "./here.ts";
import { deliveredKeys, type HookAnswer, isResumed, rememberDelivered } from "./hook-answer.ts";
import { noteHookFailure } from "./hook-failure.ts";
import { catchUpPending } from "./ingest.ts";
import { lineageOf } from "./lineage.ts";
import { makeBrief, toldKeys } from "./prepare-brief.ts";
import { currentSession } from "./resolve-session.ts";
import { loadSession } from "./session-log.ts";
import { propose } from "./settle.ts";
import { readEdits } from "./sync-files.ts";

const NOTHING: HookAnswer = { context: undefined, line: undefined };
/** A conversation that wrote nothing for this long before we looked has been read, or was left on purpose. */
const UNSEEN_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * What a new conversation starts with, where no printed brief is true any more (see hooks/front.ts): what is missing is
 * read now, within SESSION_START_INGEST_MS, and the brief is made.
 *
 * startup, clear, compact: the whole brief. resume, fork: nothing, or what is new since the copy that the transcript
 * already holds (deltas pile up there).
 */
export async function answerSessionStart(app: App, call: HookCall): Promise<HookAnswer> {
  const gitUntilMs = app.clock.monotonicMs() + SESSION_START_GIT_MS;
  const here = recogniseHere(app, call.cwd ?? app.cwd);
  waitForIngests(app);
  const left = await readWhatIsMissing(app, here, call);
  const current = currentSession(app, here);
  if (current === undefined) return NOTHING;
  const session = editsTakenIn(app, here, current.id);
  if (isResumed(call)) return answerResume(app, here, { call, session, gitUntilMs });
  const { brief, headline: line } = await makeBrief(app, here, session, { unreadBytes: left, gitUntilMs });
  return delivered(app, call, brief, line);
}

/** @returns bytes that are still unread: too many for the time, or nothing can be written (a full disk), which is written down. */
async function readWhatIsMissing(app: App, here: Here, call: HookCall): Promise<number> {
  const unread = await unreadTranscripts(app, here);
  try {
    const deadlineMs = app.clock.monotonicMs() + SESSION_START_INGEST_MS;
    const { unreadBytes: left, sessions } = await catchUpAll(app, here, unread, { deadlineMs });
    const others = await catchUpPending(app, here, deadlineMs);
    // The document waits for the next turn's end: nobody reads it before this answer.
    for (const session of [...sessions, ...others]) propose(app, loadSession(app, session));
    return left;
  } catch (error) {
    noteHookFailure(app.home, call.event, error);
    return unread.reduce((sum, file) => sum + unreadBytes(app, file), 0);
  }
}

/** The state document as a person left it, where it can be read in time. */
function editsTakenIn(app: App, here: Here, id: SessionId): Session {
  try {
    return readEdits(app, here, id).session;
  } catch {
    // Somebody else is writing it: they take the edits in.
    return loadSession(app, id);
  }
}

/** An ingest that runs already will have read more than we could: it gets a moment. */
function waitForIngests(app: App): void {
  const endMs = app.clock.monotonicMs() + SESSION_START_WAIT_MS;
  const folder = join(app.home, "state", "locks");
  for (const name of namesIn(folder).filter((candidate) => candidate.startsWith("ingest-"))) {
    waitUntilFree(join(folder, name), Math.max(0, endMs - app.clock.monotonicMs()));
  }
}

/** Transcripts of this place that moved lately and that nobody has read to their end. */
async function unreadTranscripts(app: App, here: Here): Promise<readonly TranscriptFile[]> {
  const sinceMs = app.clock.nowMs() - UNSEEN_MS;
  return app.agent.transcripts(
    agentPlace(app, here),
    (file) => file.modifiedAtMs >= sinceMs && unreadBytes(app, file) > 0,
  );
}

interface Resumed {
  readonly call: HookCall;
  readonly session: Session;
  readonly gitUntilMs: number;
}

/** What is new to a conversation that goes on: not what it was given before, and not what it said itself. */
async function answerResume(
  app: App,
  here: Here,
  { call, session, gitUntilMs }: Resumed,
): Promise<HookAnswer> {
  const material = await briefMaterial(app, here, session, { gitUntilMs });
  const lineage = lineageOf(app, session, call);
  const others: BriefMaterial = {
    ...material,
    notes: material.notes.filter(({ note }) => !lineage.some((own) => isBy(note, own))),
    turns: material.turns.filter((turn) => !lineage.some((own) => own === turn.conversation)),
  };
  const limits = { tokensMax: BRIEF_DELTA_TOKENS_MAX, charsMax: BRIEF_CHARS_MAX };
  const told = lineage.flatMap((own) => deliveredKeys(app.home, own));
  const delta = briefDelta(others, told, limits);
  return delta === undefined ? NOTHING : delivered(app, call, delta, headline(material));
}

function isBy(note: Note, conversation: ConversationId): boolean {
  return (
    (note.by.kind === "agent" && note.by.conversation === conversation) ||
    note.evidence?.conversation === conversation
  );
}

function delivered(app: App, call: HookCall, brief: Brief, line: string | undefined): HookAnswer {
  rememberDelivered(app.home, call, toldKeys(brief));
  return { context: brief.text === "" ? undefined : brief.text, line };
}
