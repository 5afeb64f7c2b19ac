import { join } from "node:path";
import type { HookCall, TranscriptFile } from "../agent/agent.ts";
import type { ConversationId, SessionId } from "../base/id.ts";
import {
  BRIEF_CHARS_MAX,
  BRIEF_DELTA_TOKENS_MAX,
  READ_LONG_BYTES,
  SESSION_START_GIT_MS,
  SESSION_START_INGEST_MS,
  SESSION_START_WAIT_MS,
} from "../base/limits.ts";
import { isHeld, waitUntilFree } from "../disk/lock.ts";
import { namesIn } from "../disk/read.ts";
import type { Brief, BriefMaterial } from "../recall/brief.ts";
import { briefDelta } from "../recall/delta.ts";
import { headline } from "../recall/headline.ts";
import type { Note } from "../session/note.ts";
import type { Session } from "../session/session.ts";
import { readingAhead } from "../store/reading-ahead.ts";
import type { App } from "./app.ts";
import { briefMaterial } from "./brief-material.ts";
import { catchUpAll } from "./catch-up.ts";
import { loadConversation, unreadBytes } from "./conversation.ts";
import { agentPlace, type Here, recogniseHere } from "./here.ts";
import { deliveredKeys, type HookAnswer, isResumed, rememberDelivered } from "./hook-answer.ts";
import { noteHookFailure } from "./hook-failure.ts";
import { catchUpPending, conversationLockPath } from "./ingest.ts";
import { lineageOf } from "./lineage.ts";
import { conversationsWithPendingCalls } from "./pending-call.ts";
import { makeBrief, prepareBrief, toldKeys } from "./prepare-brief.ts";
import { currentSession } from "./resolve-session.ts";
import { loadSession } from "./session-log.ts";
import { propose } from "./settle.ts";
import { readEdits } from "./sync-files.ts";

/** What a start is told, and what is left to be done when that was said. */
export interface StartAnswer extends HookAnswer {
  /** Nobody waits for it any more. Killed in it, nothing is lost: the next one does it. */
  readonly afterwards?: () => Promise<void>;
}

const NOTHING: StartAnswer = { context: undefined, line: undefined };
/** A conversation that wrote nothing for this long before we looked has been read, or was left on purpose. */
const UNSEEN_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * What a new conversation starts with, where no printed brief is true any more (see hooks/front.ts): what is missing is
 * read now, within SESSION_START_INGEST_MS, and the brief is made. Where that can be done without writing, it is stored
 * afterwards: the archive, the state and their files take as long as the reading.
 *
 * startup, clear, compact: the whole brief. resume, fork: nothing, or what is new since the copy that the transcript
 * already holds (deltas pile up there).
 */
export async function answerSessionStart(app: App, call: HookCall): Promise<StartAnswer> {
  const gitUntilMs = app.clock.monotonicMs() + SESSION_START_GIT_MS;
  const here = recogniseHere(app, call.cwd ?? app.cwd);
  waitForIngests(app);
  const unread = await unreadTranscripts(app, here);
  if (!canReadAhead(app, unread)) {
    const left = await readWhatIsMissing(app, here, { call, unread });
    return answerFrom(app, here, { call, left, gitUntilMs });
  }
  const ahead = { ...app, store: readingAhead(app.store) };
  const left = await readWhatIsMissing(ahead, here, { call, unread });
  const answer = await answerFrom(ahead, here, { call, left, gitUntilMs });
  return { ...answer, afterwards: () => storeWhatWasRead(app, here, { call, unread, answer }) };
}

/**
 * Whether what is missing can be told before it is stored: a little, of conversations whose session is known, and no call that waits
 * for its transcript. Everything else makes files (a session, its document) or takes long, so that it is done once.
 */
function canReadAhead(app: App, unread: readonly TranscriptFile[]): boolean {
  const bytes = unread.reduce((sum, file) => sum + unreadBytes(app, file), 0);
  return (
    unread.length > 0 &&
    bytes <= READ_LONG_BYTES &&
    conversationsWithPendingCalls(app).length === 0 &&
    unread.every(
      ({ conversation }) =>
        loadConversation(app, conversation)?.session !== undefined &&
        !isHeld(conversationLockPath(app, conversation)),
    )
  );
}

interface Missing {
  readonly call: HookCall;
  readonly unread: readonly TranscriptFile[];
}

/** What the answer was made from, and the brief of the next start: its sources are others now. */
async function storeWhatWasRead(
  app: App,
  here: Here,
  { call, unread, answer }: Missing & { readonly answer: StartAnswer },
): Promise<void> {
  await answer.afterwards?.();
  await readWhatIsMissing(app, here, { call, unread });
  const current = currentSession(app, here);
  if (current !== undefined) editsTakenIn(app, here, current.id);
  await prepareBrief(app, here);
}

async function answerFrom(
  app: App,
  here: Here,
  { call, left, gitUntilMs }: { readonly call: HookCall; readonly left: number; readonly gitUntilMs: number },
): Promise<StartAnswer> {
  const current = currentSession(app, here);
  if (current === undefined) return NOTHING;
  const session = editsTakenIn(app, here, current.id);
  if (isResumed(call)) return answerResume(app, here, { call, session, gitUntilMs });
  const { brief, headline: line } = await makeBrief(app, here, session, { unreadBytes: left, gitUntilMs });
  return delivered(app, call, brief, line);
}

/** @returns bytes that are still unread: too many for the time, or nothing can be written (a full disk), which is written down. */
async function readWhatIsMissing(app: App, here: Here, { call, unread }: Missing): Promise<number> {
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
): Promise<StartAnswer> {
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

function delivered(app: App, call: HookCall, brief: Brief, line: string | undefined): StartAnswer {
  return {
    context: brief.text === "" ? undefined : brief.text,
    line,
    afterwards: async () => rememberDelivered(app.home, call, toldKeys(brief)),
  };
}
