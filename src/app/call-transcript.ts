import { statSync } from "node:fs";
import type { HookCall, TranscriptFile } from "../agent/agent.ts";
import { errnoOf } from "../base/error.ts";

/** What stands where a hook call, or what we know of a conversation, says that the transcript is. */
export type CallTranscript =
  /** Nothing yet, as in the first turn of a `-p` run. */
  | { readonly kind: "none" }
  | { readonly kind: "file"; readonly file: TranscriptFile }
  /** Something that will not become a transcript by waiting: a folder, a FIFO (opening it could wait for ever), a loop of links. */
  | { readonly kind: "unreadable"; readonly path: string; readonly why: string };

/** Never throws: the path comes from outside. */
export function transcriptOf({
  transcriptPath: path,
  conversation,
}: Pick<HookCall, "transcriptPath" | "conversation">): CallTranscript {
  if (path === undefined) return { kind: "none" };
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return { kind: "none" };
    if (!stat.isFile()) return { kind: "unreadable", path, why: "not a regular file" };
    const file = { path, conversation, name: "main", sizeBytes: stat.size, modifiedAtMs: stat.mtimeMs };
    return { kind: "file", file };
  } catch (error) {
    return { kind: "unreadable", path, why: errnoOf(error) ?? "unknown error" };
  }
}
