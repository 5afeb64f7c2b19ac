import { resolve } from "node:path";
import { sha256 } from "../base/digest.ts";
import { AppError } from "../base/error.ts";
import { type ConversationId, derivedNoteId, derivedSessionId, type SessionId } from "../base/id.ts";
import { DOCUMENT_BYTES_MAX, NOTE_TEXT_CHARS_MAX } from "../base/limits.ts";
import { readIfThere } from "../disk/read.ts";
import { type HandedNote, type Handoff, readHandoff } from "../publish/read-handoff.ts";
import type { EventBody } from "../session/event.ts";
import type { Author } from "../session/note.ts";
import { emptySession, type Session } from "../session/session.ts";
import { localDate, makeSlug } from "../session/slug.ts";
import type { App } from "./app.ts";
import { chooseSession } from "./choose-session.ts";
import type { Here } from "./here.ts";
import { joinConversation } from "./join-conversation.ts";
import { refresh } from "./refresh.ts";
import { callingAuthor, callingPlace } from "./resolve-session.ts";
import { type Draft, loadSession, record } from "./session-log.ts";
import { type SessionSummary, saveSummary, summaries } from "./summary.ts";

export interface Resumed {
  readonly session: SessionSummary;
  /** Who handed it over; undefined for a session of one's own. */
  readonly from: string | undefined;
  /** Notes that were taken over now: a handoff taken up twice brings only what is new. */
  readonly notes: number;
  readonly kind: "started" | "brought up to date" | "own";
}

/** Guesses carry where they come from; these come from no conversation of ours. */
const HANDED = "handoff" as ConversationId;

/**
 * Goes on with what a colleague handed over: a session of one's own with their notes, each by their name. The same file
 * once more brings what is new in it; one's own handoff leads back to the session that it was written from.
 *
 * @throws AppError `input_invalid` for a file that is no handoff, `not_yet_available` for what is no file.
 */
export async function resumeFile(app: App, input: { readonly file: string }): Promise<Resumed> {
  const handoff = handoffAt(resolve(app.cwd, input.file), input.file);
  const here = await callingPlace(app);
  const own = handoff.session === undefined ? undefined : loadSession(app, handoff.session);
  if (own !== undefined && own.slug !== "") {
    const session = joinConversation(app, here, chooseSession(app, here, own));
    return {
      session: saveSummary(app, await refresh(app, here, session)),
      from: undefined,
      notes: 0,
      kind: "own",
    };
  }
  const id = sessionIdOf(here, handoff);
  const before = loadSession(app, id);
  const isNew = before.slug === "";
  const started = isNew ? [startOf(app, here, id, handoff)] : [];
  const drafts = handoff.notes.flatMap((note) => takenOver(before, handoff, note));
  const after = record(app, isNew ? emptySession(id) : before, [...started, ...drafts]);
  saveSummary(app, after);
  const session = await refresh(app, here, joinConversation(app, here, chooseSession(app, here, after)));
  return {
    session: saveSummary(app, session),
    from: handoff.from,
    notes: after.notes.size - before.notes.size,
    kind: isNew ? "started" : "brought up to date",
  };
}

function handoffAt(path: string, named: string): Handoff {
  const bytes = readIfThere(path);
  if (bytes === undefined) {
    throw new AppError(
      "not_yet_available",
      `There is no file ${path}: \`leftoff resume\` takes a handoff so far.`,
      `\`leftoff switch ${named}\` makes a session current; your agent's next conversation goes on with it.`,
    );
  }
  const handoff = bytes.length > DOCUMENT_BYTES_MAX ? undefined : readHandoff(bytes.toString("utf8"));
  if (handoff !== undefined) return handoff;
  throw new AppError(
    "input_invalid",
    `${path} is no handoff: it has no heading "# Handoff: …".`,
    "`leftoff handoff @you` writes one, where the work was done.",
  );
}

/** One handoff is one session of this work tree. A file that does not say which session it was is known by its title. */
function sessionIdOf(here: Here, { session, from, title }: Handoff): SessionId {
  return derivedSessionId(sha256(`handoff ${session ?? `${from} ${title}`} ${here.workTree}`));
}

function startOf(app: App, here: Here, id: SessionId, handoff: Handoff): Draft {
  const taken = new Set(summaries(app, here.workTree).map(({ slug }) => slug));
  const { gitBranch } = here.head;
  const data = {
    title: handoff.title,
    slug: makeSlug(localDate(app.clock.nowMs()), app.redactor.text(handoff.description), taken),
    workspace: here.workspace,
    workTree: here.workTree,
    ...(gitBranch === undefined ? {} : { gitBranch }),
    ...(handoff.session === undefined ? {} : { continues: handoff.session }),
    handedBy: handoff.from,
    ...(handoff.figures === undefined ? {} : { handedFigures: handoff.figures }),
  };
  return { body: { type: "session.started", data }, by: callingAuthor(app), key: `handed ${id}` };
}

/** What a note of theirs becomes here. One that we have already is only ticked off where they did that since. */
function takenOver(session: Session, handoff: Handoff, handed: HandedNote): readonly Draft[] {
  const { kind, fields, done, unconfirmed } = handed;
  const text = handed.text.slice(0, NOTE_TEXT_CHARS_MAX);
  const note = derivedNoteId(sha256(`handed ${handoff.session ?? handoff.title} ${kind} ${text}`));
  const by: Author = { kind: "person", name: handoff.from };
  const draft = (body: EventBody): Draft => ({ body, by });
  const ticked = done ? [draft({ type: "note.done", data: { note } })] : [];
  const before = session.notes.get(note);
  if (before !== undefined) return before.state === "open" ? ticked : [];
  const data = { note, kind, text, fields };
  if (!unconfirmed) return [draft({ type: "note.added", data }), ...ticked];
  const evidence = { conversation: HANDED, record: handoff.session ?? "" };
  return [draft({ type: "note.proposed", data: { ...data, evidence } })];
}
