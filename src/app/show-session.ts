import { type Approach, approachesOf } from "../distill/approaches.ts";
import { type Figures, figuresOf } from "../distill/figures.ts";
import type { Note } from "../session/note.ts";
import type { App } from "./app.ts";
import type { ConversationState } from "./conversation.ts";
import { displayPath, type Here } from "./here.ts";
import { callingPlace, resolveSession } from "./resolve-session.ts";
import { staleFilesOf } from "./stale.ts";
import { conversationsIn, type SessionSummary, saveSummary } from "./summary.ts";
import { readEdits } from "./sync-files.ts";
import type { ToolTotals } from "./totals.ts";
import { addUsage, toolTotals, type UsageTotals } from "./totals.ts";

/** Everything known of one session. */
export interface SessionShown {
  readonly session: SessionSummary;
  readonly notes: readonly (Note & { readonly stale: readonly string[] })[];
  readonly files: readonly { readonly path: string; readonly ops: readonly string[] }[];
  readonly commands: readonly {
    readonly command: string;
    readonly exitCode: number | undefined;
    readonly atMs: number | undefined;
  }[];
  readonly conversations: readonly ShownConversation[];
  readonly figures: Figures;
  /** What was tried, with the time it took, in the order it was settled. */
  readonly approaches: readonly Approach[];
  readonly usage: UsageTotals;
  readonly tools: ToolTotals;
  /** Named values of the session; the command that sets them is not built yet, so there are none. */
  readonly variables: { readonly [name: string]: string };
  readonly documentTrouble: string | undefined;
}

export interface ShownConversation {
  readonly id: string;
  readonly agent: string;
  readonly turns: number;
  readonly startedAtMs: number | undefined;
  readonly lastAtMs: number | undefined;
}

/**
 * One session whole: its notes with what a person just changed in the document, and what its conversations did.
 *
 * @throws AppError `session_not_found`, `session_ambiguous`, `no_current_session`.
 */
export async function showSession(
  app: App,
  input: { readonly session?: string | undefined },
): Promise<SessionShown> {
  const here = await callingPlace(app);
  const { session, trouble } = readEdits(app, here, resolveSession(app, here, input.session).id);
  const own = conversationsIn(app, session);
  const notes = [...session.notes.values()];
  const stale = staleFilesOf(app, here, session, notes);
  return {
    session: saveSummary(app, session),
    notes: notes.map((note) => ({ ...note, stale: stale.get(note.id) ?? [] })),
    files: mergedFiles(here, own),
    commands: own
      .flatMap(({ facts }) => facts.commands)
      // What subagents ran stands where it happened, whichever file was read first.
      .sort((a, b) => (a.atMs ?? 0) - (b.atMs ?? 0))
      .map(({ command, exitCode, atMs }) => ({ command, exitCode, atMs })),
    conversations: own.map(({ conversation, agent, facts }) => ({
      id: conversation,
      agent,
      turns: facts.turnCount,
      startedAtMs: facts.startedAtMs,
      lastAtMs: facts.lastAtMs,
    })),
    figures: figuresOf(
      own.map(({ facts }) => facts),
      session,
    ),
    approaches: approachesOf(
      own.map(({ facts }) => facts),
      notes,
    ),
    usage: own.reduce((sum, { facts }) => addUsage(sum, facts.usage), addUsage(undefined, undefined)),
    tools: toolTotals(own.map(({ facts }) => facts.tools)),
    variables: {},
    documentTrouble: trouble,
  };
}

function mergedFiles(here: Here, own: readonly ConversationState[]): SessionShown["files"] {
  const byPath = new Map<string, Set<string>>();
  for (const { path, ops } of own.flatMap(({ facts }) => facts.files)) {
    const shown = displayPath(here, path);
    byPath.set(shown, new Set([...(byPath.get(shown) ?? []), ...ops]));
  }
  return [...byPath].map(([path, ops]) => ({ path, ops: [...ops] }));
}
