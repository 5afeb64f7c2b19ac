import { DOCUMENT_BYTES_MAX } from "../base/limits.ts";
import { readIfThere } from "../disk/read.ts";
import { writeDocument } from "../document/write.ts";
import type { App } from "./app.ts";
import { documentView } from "./document-view.ts";
import { callingPlace, resolveSession } from "./resolve-session.ts";
import { documentPath } from "./sync-document.ts";
import { readEdits } from "./sync-files.ts";

/**
 * The state document of a session as it stands, with secrets redacted; where none (or one too large) lies there, as it
 * would be written. Writes nothing into it.
 *
 * @throws AppError `session_not_found`, `session_ambiguous`, `no_current_session`.
 */
export async function showDocument(
  app: App,
  input: { readonly session?: string | undefined },
): Promise<{ readonly slug: string; readonly text: string }> {
  const here = await callingPlace(app);
  const { session } = readEdits(app, here, resolveSession(app, here, input.session).id);
  const bytes = readIfThere(documentPath(app, here, session));
  const text =
    bytes === undefined || bytes.length > DOCUMENT_BYTES_MAX
      ? writeDocument(undefined, documentView(app, here, session)).text
      : bytes.toString("utf8");
  return { slug: session.slug, text: app.redactor.text(text) };
}
