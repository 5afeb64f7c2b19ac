import { AppError } from "../base/error.ts";
import { DOCUMENT_BYTES_MAX } from "../base/limits.ts";
import { readIfThere } from "../disk/read.ts";
import type { App } from "./app.ts";

// Pages that people and leftoff write together: the board, the context page, the summary file.

/**
 * The text of a page; undefined where there is none.
 *
 * @throws AppError `refused`: writing back what did not decode, or was not read whole, would change somebody's bytes.
 */
export function readPage(path: string): string | undefined {
  const bytes = readIfThere(path);
  if (bytes === undefined) return undefined;
  if (bytes.length > DOCUMENT_BYTES_MAX) throw pageRefused(path, "it is too large for one");
  const text = bytes.toString("utf8");
  if (!Buffer.from(text).equals(bytes)) throw pageRefused(path, "it is not UTF-8 text");
  return text;
}

export function pageRefused(path: string, why: string): AppError {
  return new AppError("refused", `${path} is not written: ${why}.`, "Settle that by hand, then do it again.");
}

/** Numbers of the lines, counted from 1, in which a secret could be. */
export function suspiciousLines(app: App, text: string): readonly number[] {
  return [...new Set(app.redactor.cuts(text).map(({ from }) => text.slice(0, from).split("\n").length))];
}
