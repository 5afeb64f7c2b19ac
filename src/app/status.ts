import { join } from "node:path";
import { asObject, numberField, parseJson, stringField } from "../base/parse.ts";
import { readIfThere } from "../disk/read.ts";
import type { Drift } from "../recall/brief.ts";
import { notesInOrder } from "../recall/note-order.ts";
import type { Note } from "../session/note.ts";
import type { Session } from "../session/session.ts";
import type { App } from "./app.ts";
import { driftOf } from "./brief-material.ts";
import { isWorking } from "./conversation.ts";
import { damageHere } from "./damage.ts";
import { documentTrouble } from "./document-trouble.ts";
import type { Here } from "./here.ts";
import { catchUpPlace } from "./ingest-history.ts";
import { waitingCalls } from "./pending-call.ts";
import { callingPlace, currentSession, namedSession } from "./resolve-session.ts";
import { sessionsHere } from "./sessions-here.ts";
import { conversationsIn, type SessionSummary, saveSummary } from "./summary.ts";
import { readEdits } from "./sync-files.ts";
import { turnsOf } from "./turns.ts";

export interface Status {
  readonly here: Here;
  /** Undefined where no session was ever started here. */
  readonly session: SessionSummary | undefined;
  /** As the brief orders them: what is due first comes first. */
  readonly next: readonly Note[];
  readonly failed: number;
  readonly unconfirmed: number;
  readonly drift: Drift | undefined;
  /** Turns that were cut short and not taken up again: the last of each conversation. */
  readonly interrupted: readonly {
    readonly conversation: string;
    readonly prompt: string;
    readonly atMs: number;
  }[];
  readonly otherOpen: number;
  readonly trouble: readonly string[];
}

/** Where you are, what is next, what was interrupted. Changes nothing but what is derived. */
export async function statusHere(
  app: App,
  input: { readonly session?: string | undefined },
): Promise<Status> {
  const here = await callingPlace(app);
  await catchUpPlace(app, here);
  const sessions = sessionsHere(app, here);
  const found =
    input.session === undefined
      ? currentSession(app, here, sessions)
      : namedSession(app, here, input.session);
  const troubles = hookTrouble(app);
  if (found === undefined) {
    return {
      here,
      session: undefined,
      next: [],
      failed: 0,
      unconfirmed: 0,
      drift: undefined,
      interrupted: [],
      otherOpen: 0,
      trouble: [...(await damageHere(app, here, undefined)), ...troubles],
    };
  }
  const read = readEdits(app, here, found.id);
  const { session } = read;
  const trouble = read.trouble ?? documentTrouble(app, session.id);
  const summary = saveSummary(app, session);
  const open = [...session.notes.values()].filter(({ state }) => state === "open");
  return {
    here,
    session: summary,
    next: notesInOrder({ notes: open.map((note) => ({ note, staleFiles: [] })) })
      .map(({ note }) => note)
      .filter(({ kind }) => kind === "next"),
    failed: open.filter(({ kind }) => kind === "failed").length,
    unconfirmed: [...session.notes.values()].filter(({ state }) => state === "proposed").length,
    drift: await driftOf(app, here, session),
    interrupted: interruptedTurns(app, session),
    otherOpen: sessions.filter(
      ({ id, phase }) => id !== session.id && (phase === "active" || phase === "working"),
    ).length,
    trouble: [
      ...(trouble === undefined ? [] : [trouble]),
      ...(await damageHere(app, here, session)),
      ...troubles,
    ],
  };
}

function interruptedTurns(app: App, session: Session): Status["interrupted"] {
  const nowMs = app.clock.nowMs();
  return conversationsIn(app, session).flatMap((state) => {
    const last = turnsOf(session, state, waitingCalls(app, state.conversation)).at(-1);
    const cut = last !== undefined && last.outcome !== "answered" && !isWorking(state, nowMs);
    return cut
      ? [{ conversation: state.conversation, prompt: last.prompt, atMs: last.startedAtMs ?? 0 }]
      : [];
  });
}

/** The last thing that went wrong in a hook, which itself says nothing. */
function hookTrouble(app: App): readonly string[] {
  const lines = (readIfThere(join(app.home, "state", "hook-failures.jsonl"))?.toString("utf8") ?? "")
    .trimEnd()
    .split("\n");
  const last = asObject(parseJson(lines.at(-1) ?? ""));
  const what = stringField(last, "what")?.split("\n")[0];
  const atMs = numberField(last, "atMs");
  if (what === undefined || atMs === undefined) return [];
  return [`A hook failed ${new Date(atMs).toISOString()} (${lines.length} in all): ${what}`];
}
