import { dirname, join } from "node:path";
import { asObject, stringField } from "../base/parse.ts";
import { assertReplaceable, replace } from "../disk/disk.ts";
import { withLock } from "../disk/lock.ts";
import { writeSummaryFile } from "../publish/summary-file.ts";
import type { App } from "./app.ts";
import type { Here } from "./here.ts";
import { catchUpPlace } from "./ingest-history.ts";
import { type LayeredSummary, type SummaryInput, summaryOf } from "./layered-summary.ts";
import { pageRefused, readPage } from "./page-file.ts";
import { callingPlace } from "./resolve-session.ts";
import { contextFolderOf } from "./shelf.ts";

export interface SummaryWritten extends LayeredSummary {
  readonly path: string;
  /** The whole file. */
  readonly file: string;
  /** The file is another one now (with `dryRun`: would be). */
  readonly changed: boolean;
  /** How many lines of people's stood in our part, and stand below it now. */
  readonly kept: number;
}

const WAIT_MS = 2_000;

/**
 * Writes the summary to `session-summary.md` beside the sessions' folder; a person's own words in it are kept.
 *
 * @throws AppError `refused` for a file that is half merged, too large or no text; as {@link summaryOf}.
 */
export async function writeSummary(
  app: App,
  input: SummaryInput & { readonly dryRun: boolean },
): Promise<SummaryWritten> {
  const here = await callingPlace(app);
  await catchUpPlace(app, here);
  const summary = await summaryOf(app, here, input);
  const lock = join(app.home, "state", "locks", `summary-${here.workTree}`);
  return withLock(lock, WAIT_MS, () => write(app, here, { summary, dryRun: input.dryRun }));
}

function write(
  app: App,
  here: Here,
  { summary, dryRun }: { readonly summary: LayeredSummary; readonly dryRun: boolean },
): SummaryWritten {
  const path = join(dirname(contextFolderOf(app, here)), "session-summary.md");
  const before = readPage(path) ?? "";
  const key = `summary-files/${here.workTree}`;
  const written = stringField(asObject(app.store.state.get(key)), "text");
  const made = writeSummaryFile({ before, page: summary.text, written });
  if (made.kind === "broken") throw pageRefused(path, made.why);
  const changed = made.text !== before;
  if (!dryRun) {
    if (changed) {
      assertReplaceable(path);
      replace(path, Buffer.from(made.text));
    }
    app.store.state.put(key, { text: summary.text });
  }
  return { ...summary, path, file: made.text, changed, kept: made.kept.length };
}
