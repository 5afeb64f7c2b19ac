import type { SessionId } from "../base/id.ts";
import type { Session } from "../session/session.ts";
import type { App } from "./app.ts";
import { rememberTrouble } from "./document-trouble.ts";
import type { Here } from "./here.ts";
import { readMemoryFiles, writeMemoryFile } from "./session-memory.ts";
import { readDocumentEdits, type SyncedDocument, syncDocument } from "./sync-document.ts";

/** Takes in what people and scripts wrote into the files of a session, and writes nothing into them. */
export function readEdits(app: App, here: Here, id: SessionId): SyncedDocument {
  const read = readDocumentEdits(app, here, id);
  const memory = readMemoryFiles(app, here, read.session);
  const all = { ...read, session: memory.session, trouble: read.trouble ?? memory.trouble };
  rememberTrouble(app, all, "read");
  return all;
}

/** Takes in what was written into the files of a session, then brings them up to date: the state document, and its memory. */
export function syncFiles(app: App, here: Here, session: Session): SyncedDocument {
  const memory = readMemoryFiles(app, here, session);
  const synced = syncDocument(app, here, session.id);
  const written = writeMemoryFile(app, here, synced.session);
  const trouble = synced.trouble ?? memory.trouble ?? written.trouble;
  const all = { ...synced, session: written.session, trouble };
  rememberTrouble(app, all, "written");
  return all;
}
