import { statSync } from "node:fs";
import type { ConversationId, SessionId } from "../base/id.ts";
import { BRIEF_CHARS_MAX, BRIEF_TOKENS_MAX } from "../base/limits.ts";
import { asObject } from "../base/parse.ts";
import type { Brief, BriefMaterial } from "../recall/brief.ts";
import { headline } from "../recall/headline.ts";
import { packBrief } from "../recall/pack.ts";
import { validUntilMs } from "../recall/valid-until.ts";
import type { Session } from "../session/session.ts";
import type { JournalPosition } from "../store/store.ts";
import type { App } from "./app.ts";
import { briefMaterial } from "./brief-material.ts";
import { loadConversation } from "./conversation.ts";
import type { Here } from "./here.ts";
import { currentSession } from "./resolve-session.ts";

export const BRIEF_LIMITS = { tokensMax: BRIEF_TOKENS_MAX, charsMax: BRIEF_CHARS_MAX };

/** A brief made at the end of a turn, for the conversation that starts next; printed as it is while nothing has changed. Derived. */
export interface PreparedBrief {
  readonly version: 1;
  readonly session: SessionId;
  readonly brief: Brief;
  /** The one line that the person sees; undefined when there is nothing to say. */
  readonly headline: string | undefined;
  readonly seen: Seen;
  readonly validUntilMs: number;
}

/** What a brief was made from: if any of it is different now, the brief is made again. */
interface Seen {
  readonly journal: JournalPosition;
  readonly commit: string | undefined;
  readonly gitBranch: string | undefined;
  /** Size and time of the document, and of each transcript of the session, by path. */
  readonly files: { readonly [path: string]: string };
}

/** Makes the brief of this place and keeps it for the next conversation; undefined where there is no session. */
export async function prepareBrief(app: App, here: Here): Promise<PreparedBrief | undefined> {
  const session = currentSession(app, here);
  if (session === undefined) return undefined;
  const prepared = await makeBrief(app, here, session);
  app.store.state.put(briefKey(here), prepared);
  return prepared;
}

/** The brief of a session as it is now. `unreadBytes` of transcripts could not be read in time. */
export async function makeBrief(
  app: App,
  here: Here,
  session: Session,
  unreadBytes = 0,
): Promise<PreparedBrief> {
  const seen = seenNow(app, here, session);
  const material: BriefMaterial = await briefMaterial(app, here, session, unreadBytes);
  return {
    version: 1,
    session: session.id,
    brief: packBrief(material, BRIEF_LIMITS),
    headline: headline(material),
    seen,
    validUntilMs: validUntilMs(material),
  };
}

/** The prepared brief of this place if it still says what a new one would say. */
export function freshBrief(app: App, here: Here): PreparedBrief | undefined {
  const value = asObject(app.store.state.get(briefKey(here)));
  if (value?.version !== 1) return undefined;
  const prepared = value as unknown as PreparedBrief;
  if (app.clock.nowMs() >= prepared.validUntilMs || !isUnchanged(app, here, prepared)) return undefined;
  return currentSession(app, here)?.id === prepared.session ? prepared : undefined;
}

function isUnchanged(app: App, here: Here, { session, seen }: PreparedBrief): boolean {
  const { commit, gitBranch } = here.head;
  if (seen.commit !== commit || seen.gitBranch !== gitBranch) return false;
  if (Object.entries(seen.files).some(([path, mark]) => fileMark(path) !== mark)) return false;
  return app.store.journal.read(session, seen.journal).events.length === 0;
}

function seenNow(app: App, here: Here, session: Session): Seen {
  const paths = [
    session.document?.path,
    ...transcriptPaths(
      app,
      session.conversations.map(({ id }) => id),
    ),
  ];
  const files = paths.filter((path) => path !== undefined).map((path) => [path, fileMark(path)] as const);
  return {
    journal: app.store.journal.read(session.id).position,
    commit: here.head.commit,
    gitBranch: here.head.gitBranch,
    files: Object.fromEntries(files),
  };
}

function transcriptPaths(
  app: App,
  conversations: readonly ConversationId[],
): readonly (string | undefined)[] {
  return conversations.map((id) => loadConversation(app, id)?.transcriptPath);
}

/** Enough to see that a file is another one now; "" for one that is not there. */
function fileMark(path: string): string {
  try {
    const { ino, size, mtimeMs } = statSync(path);
    return `${ino} ${size} ${mtimeMs}`;
  } catch {
    return "";
  }
}

function briefKey(here: Here): string {
  return `worktrees/${here.workTree}/brief`;
}
