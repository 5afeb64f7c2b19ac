import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { AppError } from "../base/error.ts";
import type { SessionId } from "../base/id.ts";
import { SUMMARY_COPIES_MAX } from "../base/limits.ts";
import { move, replace } from "../disk/disk.ts";
import { removeLeftovers } from "../disk/leftovers.ts";
import { readIfThere } from "../disk/read.ts";
import type { ArchiveView } from "../publish/archive-summary.ts";
import { archiveSummary } from "../publish/archive-summary.ts";
import type { SessionArchived } from "../session/event.ts";
import { nextPhase } from "../session/life-cycle.ts";
import type { Session } from "../session/session.ts";
import { localDate } from "../session/slug.ts";
import type { App } from "./app.ts";
import { commandsOf, figureLinesOf, filesOf } from "./document-view.ts";
import { followPages } from "./follow-pages.ts";
import { displayPath, type Here, hereAt } from "./here.ts";
import { noticeMoves } from "./notice-moves.ts";
import { prepareBrief } from "./prepare-brief.ts";
import { callingAuthor, callingPlace, currentSession, resolveSession } from "./resolve-session.ts";
import { freeSealedPath, removeUntouched, textAt } from "./sealed-page.ts";
import { type Draft, loadSession, record } from "./session-log.ts";
import { keptFolder, summaryPath } from "./shelf.ts";
import { conversationsIn, type SessionSummary, saveSummary, summaries } from "./summary.ts";
import { documentPath, holdingDocument } from "./sync-document.ts";
import { syncFiles } from "./sync-files.ts";

export interface Archived {
  readonly session: SessionSummary;
  /** Where the summary lies, or would; undefined for a document that a person moved there themselves. */
  readonly summary: string | undefined;
  readonly text: string;
  /** Where the document lay, and where its bytes lie now; undefined where there was none. */
  readonly document: string | undefined;
  readonly kept: string | undefined;
  /** How many secrets stand as `[REDACTED:…]` in the summary. */
  readonly redacted: number;
  /** It was archived before: nothing was done. */
  readonly already: boolean;
}

export interface ArchiveInput {
  readonly session?: string | undefined;
  readonly dryRun: boolean;
}

/**
 * Shelves a finished session: its summary goes to `context/`, for everybody; its document goes below LEFTOFF_HOME, byte
 * for byte. In this order, so that a process that is killed between two of these leaves what the next one finishes: the
 * summary, the document, the event.
 *
 * @throws AppError `transition_refused` for one that is not finished, `refused` where its document can't be read.
 */
export async function archiveSession(app: App, input: ArchiveInput): Promise<Archived> {
  const place = await callingPlace(app);
  noticeMoves(app, place);
  const found = finishedSession(app, place, input.session, "archive");
  const here = await placeOf(app, place, found);
  if (found.phase === "archived") return shelvedBefore(app, here, found);
  if (input.dryRun) return planned(app, here, found);
  const { session, trouble } = syncFiles(app, here, found);
  if (trouble !== undefined) throw unreadable(session, trouble);
  const result = holdingDocument(app, session.id, () => shelve(app, here, loadSession(app, session.id)));
  await followPages(app, here, loadSession(app, session.id));
  await prepareBrief(app, here);
  return result;
}

/**
 * Brings an archived session back as it was when it was shelved: its document with the same bytes at its old place. The
 * summary goes, unless somebody changed it. It stays finished: `reopen` takes the work up again.
 *
 * @throws AppError `transition_refused` for one that is not archived, `refused` where another file stands at that place.
 */
export async function unarchiveSession(app: App, input: ArchiveInput): Promise<Archived> {
  const place = await callingPlace(app);
  noticeMoves(app, place);
  const found = finishedSession(app, place, input.session, "unarchive");
  const here = await placeOf(app, place, found);
  const before = shelvedBefore(app, here, found);
  if (input.dryRun) return before;
  const session = holdingDocument(app, found.id, () => broughtBack(app, here, loadSession(app, found.id)));
  const summary = saveSummary(app, session);
  await followPages(app, here, session);
  await prepareBrief(app, here);
  return { ...before, session: summary, kept: undefined, already: false };
}

/** The same, for who holds the session already: its document is back, and so is the phase it had. */
export function broughtBack(app: App, here: Here, session: Session, key?: string): Session {
  const { shelved } = session;
  if (shelved === undefined) return session;
  const { summary, kept } = shelved;
  // A summary that somebody changed is theirs.
  if (summary !== undefined) removeUntouched(summary);
  const path = oldPlace(app, here, session);
  if (kept !== undefined && path !== undefined && existsSync(kept) && !move(kept, path)) {
    throw new AppError(
      "refused",
      `Another file stands at ${path}, where the document of ${session.slug} belongs.`,
      `Move it away, then do it again. The document itself lies at ${kept}.`,
    );
  }
  const draft: Draft = { body: { type: "session.unarchived", data: {} }, by: callingAuthor(app) };
  return record(app, session, [key === undefined ? draft : { ...draft, key }]);
}

/** In a work tree that was moved, the document goes to where documents lie now. */
function oldPlace(app: App, here: Here, session: Session): string | undefined {
  const path = session.shelved?.path;
  if (path === undefined) return undefined;
  return documentPath(app, here, { ...session, shelved: undefined, document: { path } });
}

function shelve(app: App, here: Here, session: Session): Archived {
  if (session.phase === "archived") return shelvedBefore(app, here, session);
  const plan = planned(app, here, session);
  // What a killed one was writing; nobody else comes by here.
  for (const path of [plan.summary, plan.kept]) if (path !== undefined) removeLeftovers(dirname(path));
  if (plan.summary !== undefined) replace(plan.summary, Buffer.from(plan.text), { mode: 0o644 });
  const { document, kept } = plan;
  if (document !== undefined && kept !== undefined && !move(document, kept)) {
    throw new AppError("refused", `Another file stands at ${kept}.`, "Move it away, then do it again.");
  }
  const data: SessionArchived = {
    ...(document === undefined || kept === undefined ? {} : { path: document, kept }),
    ...(plan.summary === undefined ? {} : { summary: plan.summary }),
  };
  const draft: Draft = { body: { type: "session.archived", data }, by: callingAuthor(app) };
  return { ...plan, session: saveSummary(app, record(app, session, [draft])) };
}

/** What would be done, without doing it. */
function planned(app: App, here: Here, session: Session): Archived {
  const text = archiveSummary(app.redactor.value(archiveView(app, here, session)) as ArchiveView);
  const document = documentPath(app, here, session);
  const isThere = existsSync(document);
  return {
    session: saveSummary(app, session),
    summary: freeSealedPath(summaryPath(app, here, session), session),
    text,
    document: isThere ? document : undefined,
    kept: isThere ? freeKeptPath(app, session, document) : undefined,
    redacted: text.split("[REDACTED:").length - 1,
    already: false,
  };
}

function shelvedBefore(app: App, here: Here, session: Session): Archived {
  const { summary, path, kept } = session.shelved ?? {};
  const text = summary === undefined ? "" : app.redactor.text(textAt(summary));
  return {
    session: saveSummary(app, session),
    summary,
    text,
    document: path === undefined ? undefined : (oldPlace(app, here, session) ?? path),
    kept,
    redacted: text.split("[REDACTED:").length - 1,
    already: true,
  };
}

/** A copy that a move left half-way holds the same bytes, and is finished; any other keeps its place. */
function freeKeptPath(app: App, session: Session, document: string): string {
  const folder = keptFolder(app, session);
  const own = readIfThere(document);
  for (let copy = 1; copy <= SUMMARY_COPIES_MAX; copy += 1) {
    const candidate = join(folder, copy === 1 ? "" : String(copy), basename(document));
    const there = readIfThere(candidate);
    if (there === undefined || own?.equals(there) === true) return candidate;
  }
  throw new AppError("refused", `${folder} holds too many documents.`, "Move some of them away.");
}

function archiveView(app: App, here: Here, session: Session): ArchiveView {
  const own = conversationsIn(app, session);
  const commits = new Map(own.flatMap(({ facts }) => facts.commits).map((commit) => [commit.hash, commit]));
  const fixes = own.flatMap(({ facts }) => facts.fixes);
  return {
    session: session.id,
    slug: session.slug,
    title: session.title,
    createdDate: localDate(session.createdAtMs),
    finishedDate: localDate(session.finishedAtMs || session.updatedAtMs),
    cancelledBecause: session.phase === "cancelled" ? (session.reason ?? "") : undefined,
    gitBranches: session.gitBranches,
    figures: own.length === 0 ? [] : figureLinesOf(session, own),
    notes: [...session.notes.values()].filter(({ state }) => state !== "dropped"),
    files: filesOf(here, own),
    commands: commandsOf(own),
    commits: [...commits.values()].map(({ hash, subject }) => ({ hash, subject })),
    fixes: fixes.map(({ command, error, files }) => ({
      command,
      error,
      files: files.map((path) => displayPath(here, path)),
    })),
  };
}

/** The one named, else the one that was finished (or shelved) last here. */
function finishedSession(
  app: App,
  here: Here,
  reference: string | undefined,
  trigger: "archive" | "unarchive",
): Session {
  if (reference !== undefined || (app.env.LEFTOFF_SESSION ?? "") !== "") {
    const named = resolveSession(app, here, reference);
    const isDone = trigger === "archive" && named.phase === "archived";
    if (isDone || nextPhase(named.phase, trigger) !== undefined) return named;
    throw wrongPhase(named, trigger);
  }
  const current = currentSession(app, here);
  if (current !== undefined && nextPhase(current.phase, trigger) !== undefined) return current;
  const last = lastOf(app, here, trigger);
  if (last !== undefined) return loadSession(app, last);
  if (current !== undefined) throw wrongPhase(current, trigger);
  throw new AppError(
    "no_current_session",
    trigger === "archive" ? "No finished session is left here." : "No session is archived here.",
    "`leftoff list --all` shows every session.",
  );
}

function lastOf(app: App, here: Here, trigger: "archive" | "unarchive"): SessionId | undefined {
  return summaries(app, here.workTree).find(({ phase }) => nextPhase(phase, trigger) !== undefined)?.id;
}

function wrongPhase({ slug, phase }: Session, trigger: "archive" | "unarchive"): AppError {
  return new AppError(
    "transition_refused",
    `${slug} is ${phase}: ${trigger === "archive" ? "only finished work is archived" : "it is not archived"}.`,
    trigger === "archive"
      ? "`leftoff complete` finishes it, `leftoff cancel` gives it up."
      : "`leftoff list --all` shows every session.",
  );
}

function unreadable({ slug }: Session, trouble: string): AppError {
  return new AppError(
    "refused",
    `The document of ${slug} stays where it is: ${trouble}`,
    "Settle that in the document, then archive it.",
  );
}

/** A session of another work tree is shelved there. */
export async function placeOf(app: App, here: Here, { workTree }: Session): Promise<Here> {
  if (workTree === here.workTree) return here;
  const root = app.workspaces.read().trees.find(({ id }) => id === workTree)?.root;
  return root === undefined ? here : hereAt(app, root);
}
