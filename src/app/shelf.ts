import { existsSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { CONTEXT_FILES_MAX } from "../base/limits.ts";
import { filesBelow, readIfThere } from "../disk/read.ts";
import { sealOf } from "../publish/seal.ts";
import type { Session } from "../session/session.ts";
import type { App } from "./app.ts";
import { documentFolderOf, type Here } from "./here.ts";

/** Where finished work lies: summaries for everybody, and the documents themselves, byte for byte, for their owner. */

/** `.claude/context` beside `.claude/sessions`; where documents lie below LEFTOFF_HOME, `context` in their folder. */
export function contextFolderOf(app: App, here: Here): string {
  const folder = documentFolderOf(app, here);
  return folder.startsWith(`${app.home}/`) ? join(folder, "context") : join(dirname(folder), "context");
}

/** `context/2026-01/2026-01-25-feature-auth.md`: by the day in the session's name, so that it is found again by it alone. */
export function summaryPath(app: App, here: Here, { slug }: Session): string {
  const month = /^\d{4}-\d{2}(?=-)/.exec(slug)?.[0] ?? "undated";
  return join(contextFolderOf(app, here), month, `${fileNameOf(slug)}.md`);
}

/** Where the document of an archived session is kept. A person's own words, secrets too: it stays theirs alone (0700). */
export function keptFolder(app: App, { id, workTree }: Session): string {
  return join(app.home, "documents", fileNameOf(workTree), "archived", id);
}

/** A name out of a journal, which may be another machine's, as one of a file: it never leaves its folder. */
export function fileNameOf(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a file's name must not hold them.
  const safe = name.replace(/[/\\\u0000-\u001f\u007f]/g, "-").replace(/^\.+/, "-");
  return safe === "" ? "session" : safe;
}

/** Where a document went that is not at its place any more. */
export type Whereabouts =
  /** Our own move that was cut off, or the reverse of one. */
  | { readonly kind: "kept"; readonly path: string }
  /** A person moved it to `context/`, which is to archive it. */
  | { readonly kind: "moved"; readonly path: string };

/** Undefined where nobody knows: it was deleted, or lies where we do not look. */
export function whereaboutsOf(
  app: App,
  here: Here,
  { session, path }: { readonly session: Session; readonly path: string },
): Whereabouts | undefined {
  const [kept] = filesBelow(keptFolder(app, session));
  if (kept !== undefined) return { kind: "kept", path: kept };
  if (session.workTree !== here.workTree) return undefined;
  const moved = filesBelow(contextFolderOf(app, here))
    .slice(-CONTEXT_FILES_MAX)
    .find((file) => isSameName(file, path) && !isOurs(file, session));
  return moved === undefined ? undefined : { kind: "moved", path: moved };
}

/** The summary that we wrote of a session, where one lies there. */
export function summaryThere(app: App, here: Here, session: Session): string | undefined {
  const path = summaryPath(app, here, session);
  return existsSync(path) && isOurs(path, session) ? path : undefined;
}

function isOurs(file: string, { id }: Session): boolean {
  return sealOf(readIfThere(file)?.toString("utf8") ?? "")?.session === id;
}

/** `2026-01-25-feature-auth.md` was `2026-01-25-feature-auth.tmp`. */
function isSameName(file: string, document: string): boolean {
  const extension = extname(file).toLowerCase();
  const isText =
    extension === ".md" || extension === ".tmp" || extension === ".markdown" || extension === ".txt";
  return isText && stem(file) === stem(document);
}

function stem(path: string): string {
  return basename(path, extname(path));
}
