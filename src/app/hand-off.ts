import { join } from "node:path";
import { AppError } from "../base/error.ts";
import { replace } from "../disk/disk.ts";
import { readIfThere } from "../disk/read.ts";
import { type HandoffView, handoffPage } from "../publish/handoff.ts";
import { sealOf } from "../publish/seal.ts";
import { type Session, statusOf } from "../session/session.ts";
import { localDate } from "../session/slug.ts";
import type { App } from "./app.ts";
import { placeOf } from "./archive-session.ts";
import { commandsOf, figureLinesOf, filesOf } from "./document-view.ts";
import { displayPath, documentFolderOf, type Here } from "./here.ts";
import { givenHandle, personHandle } from "./person.ts";
import { callingPlace, resolveSession } from "./resolve-session.ts";
import { fileNameOf } from "./shelf.ts";
import { conversationsIn, type SessionSummary, saveSummary } from "./summary.ts";
import { readEdits } from "./sync-files.ts";

export interface HandedOff {
  readonly session: SessionSummary;
  readonly path: string;
  /** Relative to the work tree, as a colleague types it. */
  readonly shownPath: string;
  readonly from: string;
  readonly to: string | undefined;
  readonly text: string;
  /** How many secrets stand as `[REDACTED:…]` in it. */
  readonly redacted: number;
}

/**
 * Writes what a colleague needs to go on with a session: beside its document, redacted, to be committed. The same session
 * gives the same bytes.
 *
 * @param input.to whom it is for, `@bob` or `bob`.
 * @throws AppError `session_not_found`, `refused` where somebody changed the file that lies there.
 */
export async function handOff(
  app: App,
  input: {
    readonly to?: string | undefined;
    readonly session?: string | undefined;
    readonly dryRun: boolean;
  },
): Promise<HandedOff> {
  const place = await callingPlace(app);
  const found = resolveSession(app, place, input.session);
  const here = await placeOf(app, place, found);
  const { session } = readEdits(app, here, found.id);
  const path = join(documentFolderOf(app, here), `${fileNameOf(session.slug)}-handoff.md`);
  const from = await personHandle(app, here);
  const to = input.to === undefined ? undefined : givenHandle(app, input.to);
  const view = handoffView(app, here, session, { from, to, path: displayPath(here, path) });
  const text = handoffPage(app.redactor.value(view) as HandoffView);
  refuseWhereChanged(path);
  if (!input.dryRun) replace(path, Buffer.from(text), { mode: 0o644 });
  const redacted = text.split("[REDACTED:").length - 1;
  return { session: saveSummary(app, session), path, shownPath: view.path, from, to, text, redacted };
}

function refuseWhereChanged(path: string): void {
  const there = readIfThere(path);
  if (there === undefined || sealOf(there.toString("utf8"))?.untouched === true) return;
  throw new AppError(
    "refused",
    `${path} was changed by somebody since it was written.`,
    "Move it away or delete it, then do it again.",
  );
}

function handoffView(
  app: App,
  here: Here,
  session: Session,
  names: Pick<HandoffView, "from" | "to" | "path">,
): HandoffView {
  const own = conversationsIn(app, session);
  const lastAtMs = Math.max(
    session.createdAtMs,
    session.updatedAtMs,
    ...own.map(({ facts }) => facts.lastAtMs ?? 0),
  );
  return {
    ...names,
    session: session.id,
    slug: session.slug,
    title: session.title,
    date: localDate(lastAtMs),
    status: statusOf(session),
    statusReason: session.reason,
    gitBranch: session.head?.gitBranch ?? session.gitBranches.at(-1) ?? here.head.gitBranch,
    commit: session.head?.commit ?? here.head.commit,
    figures: own.length === 0 ? [] : figureLinesOf(session, own),
    notes: [...session.notes.values()].filter(({ state }) => state !== "dropped"),
    files: filesOf(here, own),
    commands: commandsOf(own),
  };
}
