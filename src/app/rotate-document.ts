import { dirname, join } from "node:path";
import { AppError } from "../base/error.ts";
import { LINT_LINES_MAX } from "../base/limits.ts";
import { replace } from "../disk/disk.ts";
import { olderPartPage } from "../publish/older-part.ts";
import type { Note } from "../session/note.ts";
import { notesThatAreOver } from "../session/rotation.ts";
import type { Session } from "../session/session.ts";
import { localDate } from "../session/slug.ts";
import type { App } from "./app.ts";
import { placeOf } from "./archive-session.ts";
import { displayPath, type Here } from "./here.ts";
import { refresh } from "./refresh.ts";
import { callingAuthor, callingPlace } from "./resolve-session.ts";
import { freeSealedPath, removeUntouched, textAt } from "./sealed-page.ts";
import { record } from "./session-log.ts";
import { sessionToWrite } from "./session-to-write.ts";
import { fileNameOf, summaryPath } from "./shelf.ts";
import { type SessionSummary, saveSummary } from "./summary.ts";
import { documentPath } from "./sync-document.ts";
import { syncFiles } from "./sync-files.ts";

export interface Rotated {
  readonly session: SessionSummary;
  readonly document: string;
  /** Where the older part lies, or would; undefined where nothing is over. */
  readonly part: string | undefined;
  /** What was put away, and what goes on. */
  readonly closed: readonly Note[];
  readonly carried: readonly Note[];
  readonly linesBefore: number;
  /** Undefined for a dry run. */
  readonly linesAfter: number | undefined;
  /** The document is still longer than anybody reads: what is left is open, or a person's own words. */
  readonly stillLong: boolean;
  /** How many secrets stand as `[REDACTED:…]` in the part. */
  readonly redacted: number;
}

/**
 * Closes what is over of a long document into a dated older part, a page in `context/` that can be read and searched; the
 * document goes on with what is open. Nothing is forgotten: the notes stay notes, so that briefs still have the failed
 * attempts. In this order, so that a process that is killed between two of these leaves what the next one finishes: the
 * page, the event, the document.
 *
 * @throws AppError `transition_refused` for an archived session, `refused` where its document can't be read.
 */
export async function rotateDocument(
  app: App,
  input: { readonly session?: string | undefined; readonly dryRun: boolean },
): Promise<Rotated> {
  const place = await callingPlace(app);
  const found = await sessionToWrite(app, place, input.session);
  if (found.phase === "archived")
    throw new AppError(
      "transition_refused",
      `${found.slug} is archived: its document is not written any more.`,
      "`leftoff reopen` takes the work up again.",
    );
  const here = await placeOf(app, place, found);
  const { session: before, trouble } = syncFiles(app, here, found);
  if (trouble !== undefined)
    throw new AppError(
      "refused",
      `The document of ${found.slug} can't be closed: ${trouble}`,
      "Settle that by hand, then do it again.",
    );
  const plan = planOf(app, here, before);
  if (plan.part === undefined || input.dryRun) return plan;
  replace(plan.part, Buffer.from(plan.text), { mode: 0o644 });
  const notes = plan.closed.map(({ id }) => id);
  const session = await refresh(
    app,
    here,
    record(app, before, [
      { body: { type: "session.rotated", data: { path: plan.part, notes } }, by: callingAuthor(app) },
    ]),
  );
  const linesAfter = linesIn(textAt(plan.document));
  return {
    ...plan,
    session: saveSummary(app, session),
    linesAfter,
    stillLong: linesAfter > LINT_LINES_MAX,
  };
}

/** Takes a rotation back: its page goes, unless somebody changed it, and what it held is in the document again. */
export function unrotated(
  app: App,
  session: Session,
  { path, key }: { readonly path: string; readonly key: string },
): Session {
  removeUntouched(path);
  return record(app, session, [
    { body: { type: "session.unrotated", data: { path } }, by: callingAuthor(app), key },
  ]);
}

function planOf(app: App, here: Here, session: Session): Rotated & { readonly text: string } {
  const document = documentPath(app, here, session);
  const text = app.redactor.text(textAt(document));
  const closed = notesThatAreOver(session);
  const over = new Set(closed.map(({ id }) => id));
  const carried = [...session.notes.values()].filter(
    ({ id, state }) => state !== "dropped" && !over.has(id) && !session.putAway.has(id),
  );
  const page = olderPartPage({
    session: session.id,
    text,
    closedDate: localDate(app.clock.nowMs()),
    goesOnIn: displayPath(here, document),
  });
  return {
    session: saveSummary(app, session),
    document,
    part: closed.length === 0 || text === "" ? undefined : freePartPath(app, here, session),
    closed,
    carried,
    linesBefore: linesIn(text),
    linesAfter: undefined,
    stillLong: false,
    redacted: page.split("[REDACTED:").length - 1,
    text: page,
  };
}

/** `context/2026-01/2026-01-25-feature-auth-until-2026-01-27.md`; what a killed process left there is replaced. */
function freePartPath(app: App, here: Here, session: Session): string {
  const folder = dirname(summaryPath(app, here, session));
  const name = `${fileNameOf(session.slug)}-until-${localDate(app.clock.nowMs())}`;
  return freeSealedPath(join(folder, `${name}.md`), session, (candidate) =>
    session.parts.some(({ path }) => path === candidate),
  );
}

function linesIn(text: string): number {
  return text === "" ? 0 : text.trimEnd().split("\n").length;
}
