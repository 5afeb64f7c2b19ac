import { existsSync } from "node:fs";
import type { App } from "./app.ts";
import type { Here } from "./here.ts";
import { saveSummary, summaries } from "./summary.ts";
import { readDocumentEdits } from "./sync-document.ts";

/**
 * Sees which documents of this work tree a person moved to `context/` or back since anybody looked: a `stat` for each
 * session, and more only for those whose document is not where it lay.
 *
 * @param own the summaries of this work tree.
 * @returns whether there was one.
 */
export function noticeMoves(app: App, here: Here, own = summaries(app, here.workTree)): boolean {
  const away = own.filter(({ document }) => document !== undefined && !existsSync(document));
  for (const { id } of away) saveSummary(app, readDocumentEdits(app, here, id).session);
  return away.length > 0;
}
