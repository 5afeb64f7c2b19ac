import { AppError } from "../base/error.ts";
import { type ConversationId, isConversationId, isSessionId, type SessionId } from "../base/id.ts";
import type { Author } from "../session/note.ts";
import type { Session } from "../session/session.ts";
import { adoptDocuments } from "./adopt-documents.ts";
import type { App } from "./app.ts";
import { currentAt } from "./bind.ts";
import { loadConversation } from "./conversation.ts";
import { type Here, hereAt } from "./here.ts";
import { loadSession } from "./session-log.ts";
import { type SessionSummary, summaries } from "./summary.ts";

/** How many candidates an ambiguous name lists. */
const CANDIDATES_MAX = 5;

/**
 * The session that a command is about: the one named (by id, slug, or a part of a slug), else LEFTOFF_SESSION, else the
 * current one here.
 *
 * @throws AppError `session_not_found`, `session_ambiguous`, `no_current_session`.
 */
export function resolveSession(app: App, here: Here, reference: string | undefined): Session {
  noticePlaced(app, here);
  const named = reference ?? nonEmpty(app.env.LEFTOFF_SESSION);
  if (named !== undefined) return namedSession(app, here, named);
  const current = currentSession(app, here);
  if (current !== undefined) return current;
  throw new AppError(
    "no_current_session",
    `No session is open in ${here.root}.`,
    'Start one with `leftoff new "what you are doing"`, or just prompt your agent: its first prompt starts one.',
  );
}

/**
 * Takes in documents that a person put into the folder a moment ago, by a script of their own or by hand, for a person who
 * asks for them now. For an agent that waits until its turn ends, since it writes placeholders in them.
 *
 * @returns the sessions that came about or got something new.
 */
export function noticePlaced(app: App, here: Here, own?: readonly SessionSummary[]): readonly SessionId[] {
  const isPerson = app.caller === undefined && callingConversation(app) === undefined;
  return isPerson ? adoptDocuments(app, here, own) : [];
}

/**
 * The current session here, for the conversation we run in or for a person; the last one even if it lies idle.
 *
 * @param candidates the summaries of this work tree, where they were read a moment ago.
 */
export function currentSession(
  app: App,
  here: Here,
  candidates?: readonly SessionSummary[],
): Session | undefined {
  const conversation = callingConversation(app);
  const own = conversation === undefined ? undefined : loadConversation(app, conversation)?.session;
  if (own !== undefined) return loadSession(app, own);
  const { gitBranch } = here.head;
  const atMs = app.clock.nowMs();
  const current = currentAt(app, here, { conversation, gitBranch, atMs, candidates });
  if (current.kind === "session") return loadSession(app, current.id);
  return current.carryFrom === undefined ? undefined : loadSession(app, current.carryFrom);
}

/** The conversation whose agent calls, or runs this command in its shell; undefined in a person's terminal. */
export function callingConversation({ env, caller }: App): ConversationId | undefined {
  if (caller !== undefined) return caller.conversation;
  const id = env.CLAUDECODE === "1" ? (env.CLAUDE_CODE_SESSION_ID ?? "") : "";
  return isConversationId(id) ? id : undefined;
}

/** Where this command runs: the folder, or for an agent that went elsewhere in its shell, its conversation's work tree. */
export async function callingPlace(app: App): Promise<Here> {
  const conversation = callingConversation(app);
  const workTree = conversation === undefined ? undefined : loadConversation(app, conversation)?.workTree;
  const root = app.workspaces.read().trees.find(({ id }) => id === workTree)?.root;
  return hereAt(app, root ?? app.cwd);
}

/** Who calls: an agent, by a door of its own or from its shell, or a person. */
export function callingAuthor(app: App): Author {
  const conversation = callingConversation(app);
  if (app.caller !== undefined) {
    const { agent: name } = app.caller;
    return conversation === undefined ? { kind: "agent", name } : { kind: "agent", name, conversation };
  }
  return conversation === undefined
    ? { kind: "person" }
    : { kind: "agent", name: app.agent.name, conversation };
}

/**
 * The session that is named here, by id, slug, or a part of a slug.
 *
 * @throws AppError `session_not_found`, `session_ambiguous`.
 */
export function namedSession(app: App, here: Here, name: string): Session {
  if (isSessionId(name)) {
    const session = loadSession(app, name);
    if (session.slug !== "") return session;
    throw notFound(name);
  }
  for (const candidates of [summaries(app, here.workTree), summaries(app)]) {
    const found = match(candidates, name);
    if (found !== undefined) return loadSession(app, found.id);
  }
  throw notFound(name);
}

/** A whole slug, else the one slug (or id) that holds the name, as it is or with hyphens between its words; else the one title. */
function match(candidates: readonly SessionSummary[], name: string): SessionSummary | undefined {
  const exact = candidates.find(({ slug }) => slug === name);
  if (exact !== undefined) return exact;
  const wanted = name.toLowerCase().trim();
  const hyphened = wanted.replaceAll(/[^\p{L}\p{N}\p{M}]+/gu, "-");
  // What has no word in it names nothing: every slug has a hyphen.
  if (hyphened === "" || hyphened === "-") return undefined;
  const named = candidates.filter(
    ({ id, slug }) =>
      slug.toLowerCase().includes(wanted) || slug.toLowerCase().includes(hyphened) || id.startsWith(wanted),
  );
  const partial =
    named.length > 0 ? named : candidates.filter(({ title }) => title.toLowerCase().includes(wanted));
  if (partial.length <= 1) return partial[0];
  const some = partial.slice(0, CANDIDATES_MAX).map(({ slug }) => slug);
  throw new AppError(
    "session_ambiguous",
    `"${name}" could be ${partial.length} sessions: ${some.join(", ")}${partial.length > some.length ? ", …" : ""}.`,
    "Give more of the slug, or the id (`leftoff list --json` shows ids).",
  );
}

function notFound(name: string): AppError {
  return new AppError(
    "session_not_found",
    `There is no session "${name}".`,
    "`leftoff list --all` shows every session.",
  );
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text === "" ? undefined : text;
}
