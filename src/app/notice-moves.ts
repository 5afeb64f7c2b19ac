import { existsSync } from "node:fs";
import type { App } from "./app.ts";
import type { Here } from "./here.ts";
import { saveSummary, summaries } from "./summary.ts";
import { readDocumentEdits } from "./sync-document.ts";

/**
 * Sees which documents of this work tree a person moved to `context/` or back since anybody looked: a `stat` for each
 * session, and more only for those whose document is not where it lay.
 */
export function noticeMoves(app: App, here: Here): void {
  for (const { id, document } of summaries(app, here.workTree)) {
    if (document !== undefined && !existsSync(document))
      saveSummary(app, readDocumentEdits(app, here, id).session);
  }
}
