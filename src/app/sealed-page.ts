import { existsSync } from "node:fs";
import { AppError } from "../base/error.ts";
import { SUMMARY_COPIES_MAX } from "../base/limits.ts";
import { remove } from "../disk/disk.ts";
import { readIfThere } from "../disk/read.ts";
import { sealOf } from "../publish/seal.ts";
import type { Session } from "../session/session.ts";

// Pages that leftoff writes once and seals: an archived session's summary, an older part of a document.

/**
 * Where a sealed page of a session may go: to `path`, or to the first of `…-2.md`, `…-3.md` that is free. A page of the
 * same session that nobody changed is replaced (a killed process left it, or it was written before); what anybody else wrote
 * stays.
 *
 * @param path ends with `.md`.
 * @param isNeeded whether a page of ours has to stay all the same.
 * @throws AppError `refused` where all names are taken.
 */
export function freeSealedPath(
  path: string,
  session: Session,
  isNeeded: (candidate: string) => boolean = () => false,
): string {
  for (let copy = 1; copy <= SUMMARY_COPIES_MAX; copy += 1) {
    const candidate = copy === 1 ? path : path.replace(/\.md$/, `-${copy}.md`);
    if (!existsSync(candidate)) return candidate;
    const seal = sealOf(textAt(candidate));
    if (seal?.session === session.id && seal.untouched && !isNeeded(candidate)) return candidate;
  }
  throw new AppError("refused", `${path} and its neighbours are taken.`, "Move some of them away.");
}

/** Takes a sealed page away again, unless somebody changed it: then it is theirs. */
export function removeUntouched(path: string): void {
  if (sealOf(textAt(path))?.untouched === true) remove(path);
}

/** A file's text, "" where there is none. */
export function textAt(path: string): string {
  return readIfThere(path)?.toString("utf8") ?? "";
}
