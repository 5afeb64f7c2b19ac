import { AppError } from "../base/error.ts";
import { TITLE_CHARS_MAX } from "../base/limits.ts";
import type { Session } from "../session/session.ts";
import type { App } from "./app.ts";
import { refresh } from "./refresh.ts";
import { callingAuthor, callingPlace, resolveSession } from "./resolve-session.ts";
import { record } from "./session-log.ts";
import { type SessionSummary, saveSummary } from "./summary.ts";
import { syncFiles } from "./sync-files.ts";

export interface DocumentToEdit {
  readonly session: Session;
  readonly path: string;
}

/** The document of a session, up to date and ready to be opened. @throws AppError as {@link resolveSession}. */
export async function documentToEdit(
  app: App,
  input: { readonly session: string | undefined },
): Promise<DocumentToEdit> {
  const here = await callingPlace(app);
  const { session, path } = syncFiles(app, here, resolveSession(app, here, input.session));
  return { session, path };
}

export interface Edited {
  readonly session: Session;
  /** How many notes the edit added, changed or dropped. */
  readonly changed: number;
  readonly trouble: string | undefined;
}

/** Takes in what was changed in the editor. */
export async function takeInEdits(app: App, { session: before }: DocumentToEdit): Promise<Edited> {
  const here = await callingPlace(app);
  const { session: read, trouble } = syncFiles(app, here, before);
  const session = await refresh(app, here, read);
  const ids = new Set([...before.notes.keys(), ...session.notes.keys()]);
  const changed = [...ids].filter(
    (id) => JSON.stringify(before.notes.get(id)) !== JSON.stringify(session.notes.get(id)),
  ).length;
  return { session, changed, trouble };
}

/** Gives a session another title. @throws AppError `input_invalid`, and as {@link resolveSession}. */
export async function renameSession(
  app: App,
  input: { readonly session: string | undefined; readonly title: string },
): Promise<SessionSummary> {
  const title = input.title.replaceAll(/\s+/g, " ").trim();
  if (title === "" || title.length > TITLE_CHARS_MAX)
    throw new AppError(
      "input_invalid",
      `A title has 1 to ${TITLE_CHARS_MAX} characters; this one has ${title.length}.`,
      'For example: leftoff edit --title "Refresh token rotation"',
    );
  const here = await callingPlace(app);
  const before = resolveSession(app, here, input.session);
  const renamed = record(app, before, [
    { body: { type: "session.renamed", data: { title } }, by: callingAuthor(app) },
  ]);
  return saveSummary(app, await refresh(app, here, renamed));
}
