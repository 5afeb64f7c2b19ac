import type { TranscriptFile } from "../agent/agent.ts";
import type { ConversationId } from "../base/id.ts";
import { LAYER_DETAILED_MS } from "../base/limits.ts";
import type { Turn } from "../distill/facts.ts";
import type { Moment, TurnMoment } from "../publish/moment.ts";
import { layersOf, type SummaryView, summaryPage } from "../publish/summary-page.ts";
import { LAYER_NAMES, type LayerName } from "../recall/layers.ts";
import { notesInOrder } from "../recall/note-order.ts";
import { isOpen } from "../session/life-cycle.ts";
import type { Note } from "../session/note.ts";
import { type Session, statusOf } from "../session/session.ts";
import type { App } from "./app.ts";
import { type ConversationState, unreadBytes } from "./conversation.ts";
import { agentPlace, displayPath, type Here } from "./here.ts";
import { catchUpPlace } from "./ingest-history.ts";
import { callingConversation, callingPlace, resolveSession } from "./resolve-session.ts";
import { conversationsIn, type SessionSummary, saveSummary, summaries } from "./summary.ts";
import { readEdits } from "./sync-files.ts";
import { turnsBack } from "./turns-back.ts";

/** A session told in layers by age: docs/formats/summary.md. */
export interface LayeredSummary {
  readonly session: SessionSummary;
  readonly nowMs: number;
  readonly sinceMs: number | undefined;
  /** Newest layer first. */
  readonly layers: readonly { readonly layer: LayerName; readonly turns: number; readonly notes: number }[];
  /** Turns that are in none of them: older than `sinceMs`, or than all that is kept of turns. */
  readonly earlierTurns: number;
  /** Of its conversations, what nobody has read yet and may belong to this time. */
  readonly unreadBytes: number;
  /** How many secrets stand as `[REDACTED:…]` in it. */
  readonly redacted: number;
  readonly text: string;
}

export interface SummaryInput {
  readonly session?: string | undefined;
  /** Only what happened in so long; undefined: all of it. */
  readonly lastMs?: number | undefined;
}

/** Other and finished sessions offered: more than the page tells. */
const SESSIONS_MAX = 20;

/**
 * What was done in a session, in layers by age. What conversations said is read as far back as is told in detail (or was
 * asked for); what is older comes from notes and facts that are kept anyway.
 *
 * @throws AppError `no_current_session`, `session_not_found`, `session_ambiguous`.
 */
export async function layeredSummary(app: App, input: SummaryInput): Promise<LayeredSummary> {
  const here = await callingPlace(app);
  await catchUpPlace(app, here);
  return summaryOf(app, here, input);
}

export async function summaryOf(app: App, here: Here, input: SummaryInput): Promise<LayeredSummary> {
  const { session } = readEdits(app, here, resolveSession(app, here, input.session).id);
  // Redacted before anything is cut: of half a secret nobody can tell what it is.
  const view = app.redactor.value(await viewOf(app, here, { session, lastMs: input.lastMs })) as SummaryView;
  const text = app.redactor.text(summaryPage(view));
  const layers = layersOf(view);
  const told = LAYER_NAMES.map((layer) => ({
    layer,
    turns: layers[layer].filter(isTurn).length,
    notes: layers[layer].filter(({ type }) => type === "note").length,
  }));
  const toldTurns = told.reduce((sum, { turns }) => sum + turns, 0);
  return {
    session: saveSummary(app, session),
    nowMs: view.nowMs,
    sinceMs: view.sinceMs,
    layers: told,
    earlierTurns: view.earlier.turns + view.moments.filter(isTurn).length - toldTurns,
    unreadBytes: view.unreadBytes,
    redacted: text.split("[REDACTED:").length - 1,
    text,
  };
}

function isTurn({ type }: Moment): boolean {
  return type === "turn";
}

async function viewOf(
  app: App,
  here: Here,
  { session, lastMs }: { readonly session: Session; readonly lastMs: number | undefined },
): Promise<SummaryView> {
  const nowMs = app.clock.nowMs();
  const sinceMs = lastMs === undefined ? undefined : nowMs - lastMs;
  const own = conversationsIn(app, session);
  const behind = await behindIn(app, here, own);
  const read = own.map((state) => {
    const file = behind.find(({ conversation }) => conversation === state.conversation);
    const wanted = { state, sinceMs: sinceMs ?? nowMs - LAYER_DETAILED_MS, behind: file };
    return { state, file, ...turnsBack(app, session, wanted) };
  });
  const turns = read.flatMap(({ state, turns: some }) =>
    turnMoments(app, here, { session, state, turns: some }),
  );
  const sessions = summaries(app, here.workTree).filter(({ id }) => id !== session.id);
  const isTold = (atMs: number) => sinceMs === undefined || atMs >= sinceMs;
  return {
    slug: session.slug,
    title: session.title,
    status: session.reason === undefined ? statusOf(session) : `${statusOf(session)}: ${session.reason}`,
    gitBranch: session.gitBranches.at(-1),
    isFinished: !isOpen(session.phase),
    nowMs,
    sinceMs,
    moments: [...turns, ...noteMoments(session, own), ...own.flatMap((state) => factMoments(here, state))],
    earlier: {
      turns: read.reduce((sum, { earlier }) => sum + earlier, 0),
      sinceMs: Math.min(
        session.createdAtMs,
        ...own.map(({ facts }) => facts.startedAtMs ?? session.createdAtMs),
      ),
    },
    last: turns.reduce<TurnMoment | undefined>(
      (newest, turn) => (newest === undefined || turn.atMs >= newest.atMs ? turn : newest),
      undefined,
    ),
    open: openInOrder(session),
    finished: sessions
      .filter(({ phase, finishedAtMs, updatedAtMs }) => !isOpen(phase) && isTold(finishedAtMs || updatedAtMs))
      .slice(0, SESSIONS_MAX)
      .map(finishedSession),
    others:
      sinceMs === undefined
        ? []
        : sessions
            .filter(({ phase, updatedAtMs }) => isOpen(phase) && isTold(updatedAtMs))
            .slice(0, SESSIONS_MAX)
            .map(({ slug, title, updatedAtMs }) => ({ slug, title, lastAtMs: updatedAtMs })),
    unreadBytes: read
      .filter(({ hasGap }) => hasGap || sinceMs === undefined)
      .reduce((sum, { file }) => sum + (file === undefined ? 0 : unreadBytes(app, file)), 0),
  };
}

/** As the brief orders them: what is due first comes first. */
function openInOrder({ notes }: Session): readonly Note[] {
  const open = [...notes.values()].filter((note) => note.state === "open" && isOfState(note));
  return notesInOrder({ notes: open.map((note) => ({ note, staleFiles: [] })) }).map(({ note }) => note);
}

/** Where the work stands: told above all layers, whenever it was noted. */
function isOfState({ kind }: Note): boolean {
  return kind === "next" || kind === "blocker" || kind === "issue";
}

function turnMoments(
  app: App,
  here: Here,
  {
    session,
    state,
    turns,
  }: { readonly session: Session; readonly state: ConversationState; readonly turns: readonly Turn[] },
): readonly TurnMoment[] {
  const { facts, conversation } = state;
  const made = new Set(facts.files.filter(({ ops }) => ops.includes("created")).map(({ path }) => path));
  const seen = new Set<string>();
  // As in a journal: a clock that was set back does not move a turn before the one it followed.
  let latestMs = 0;
  const standing = turns.filter((turn) => turn.rewound !== true && !isAsking(app, conversation, turn));
  return standing.map((turn) => {
    const startedAtMs = Math.max(latestMs, turn.startedAtMs ?? facts.startedAtMs ?? session.createdAtMs);
    latestMs = Math.max(startedAtMs, turn.endedAtMs ?? startedAtMs);
    const files = turn.files.map((path) => {
      const isFirst = !seen.has(path);
      seen.add(path);
      const what = isFirst && made.has(path) ? ("created" as const) : ("modified" as const);
      return { path: displayPath(here, path), what };
    });
    const { prompt, answer, outcome, commandsFailed } = turn;
    return { type: "turn", atMs: latestMs, startedAtMs, prompt, answer, outcome, commandsFailed, files };
  });
}

/** The turn in which an agent asks for this is not what it asks about. */
function isAsking(app: App, conversation: string, { outcome }: Turn): boolean {
  return outcome === "open" && callingConversation(app) === conversation;
}

/** When it was noted, or when it was ticked off. */
function noteMoments({ notes }: Session, own: readonly ConversationState[]): readonly Moment[] {
  const endsMs = new Map(own.map(({ conversation, facts }) => [conversation, facts.lastAtMs]));
  return [...notes.values()]
    .filter((note) => note.state !== "dropped" && !isToldElsewhere(note))
    .map((note) => {
      const { state, by, evidence } = note;
      if (state === "done") return { type: "note", atMs: note.changedAtMs, note };
      // A guess out of an old conversation, which was read just now, is not from now.
      const endMs = by.kind === "leftoff" ? endsMs.get(evidence?.conversation ?? NONE) : undefined;
      return { type: "note", atMs: Math.min(note.atMs, endMs ?? note.atMs), note };
    });
}

const NONE = "" as ConversationId;

/** An open step stands above all layers, and the prompt that a session began with in its turn. */
function isToldElsewhere({ kind, state, by }: Note): boolean {
  return (kind === "next" && state === "open") || (kind === "summary" && by.kind === "leftoff");
}

function factMoments(here: Here, { facts }: ConversationState): readonly Moment[] {
  const { fixes, answers, commits } = facts;
  return [
    ...fixes.flatMap(({ atMs, command, error, files }) =>
      atMs === undefined
        ? []
        : [
            {
              type: "fix" as const,
              atMs,
              command,
              error,
              files: files.map((path) => displayPath(here, path)),
            },
          ],
    ),
    ...answers.flatMap(({ atMs, question, answer }) =>
      atMs === undefined ? [] : [{ type: "choice" as const, atMs, question, answer }],
    ),
    ...commits.flatMap(({ atMs, hash, subject }) =>
      atMs === undefined ? [] : [{ type: "commit" as const, atMs, hash, subject }],
    ),
  ];
}

function finishedSession({ slug, title, phase, finishedAtMs, updatedAtMs }: SessionSummary) {
  const how = phase === "archived" || phase === "cancelled" ? phase : ("completed" as const);
  return { slug, title, how, atMs: finishedAtMs || updatedAtMs };
}

/** Transcripts of these conversations that hold what nobody has read yet: more than a command reads on its way. */
function behindIn(
  app: App,
  here: Here,
  own: readonly ConversationState[],
): Promise<readonly TranscriptFile[]> {
  const ids = new Set(own.map(({ conversation }) => conversation));
  const isBehind = (file: TranscriptFile) => ids.has(file.conversation) && unreadBytes(app, file) > 0;
  return app.agent.transcripts(agentPlace(app, here), isBehind);
}
