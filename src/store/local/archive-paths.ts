import { join, relative, sep } from "node:path";
import { assert } from "../../base/error.ts";
import { isConversationId } from "../../base/id.ts";
import { namesIn } from "../../disk/read.ts";
import type { ArchiveFile } from "../store.ts";
import { isSafeName } from "./name.ts";

/** How the name of a records file ends; beside it stand its index and, while somebody appends, its lock. */
export const ARCHIVE_ENDING = ".jsonl.gz";

export interface ArchivePaths {
  readonly records: string;
  readonly index: string;
  readonly lock: string;
}

/** Where a file of a conversation lies in the archive in `folder`. */
export function archivePaths(folder: string, { agent, conversation, file }: ArchiveFile): ArchivePaths {
  assert(isSafeName(file), `${JSON.stringify(file)} is the name of a transcript file`);
  return pathsBeside(join(conversationFolder(folder, agent, conversation), `${file}${ARCHIVE_ENDING}`));
}

/** What a records file below `folder` is of; undefined where none of ours lies there. */
export function archiveFileAt(folder: string, records: string): ArchiveFile | undefined {
  const [agent = "", conversation = "", name = "", ...rest] = relative(folder, records).split(sep);
  const file = name.slice(0, -ARCHIVE_ENDING.length);
  if (rest.length > 0 || !isConversationId(conversation)) return undefined;
  return isSafeName(agent) && isSafeName(file) ? { agent, conversation, file } : undefined;
}

/** What belongs to a records file. */
export function pathsBeside(records: string): ArchivePaths {
  const path = records.slice(0, -ARCHIVE_ENDING.length);
  return { records, index: `${path}.index.jsonl`, lock: `${path}.lock` };
}

/** Where the files of a conversation lie. */
export function conversationFolder(folder: string, agent: string, conversation: string): string {
  assert(isSafeName(agent), `${JSON.stringify(agent)} is an agent's name`);
  assert(isConversationId(conversation), `${JSON.stringify(conversation)} is a conversation id`);
  return join(folder, agent, conversation);
}

/** The names of a conversation's files, sorted. */
export function filesOf(folder: string, agent: string, conversation: string): readonly string[] {
  return namesIn(conversationFolder(folder, agent, conversation))
    .filter((name) => name.endsWith(ARCHIVE_ENDING))
    .map((name) => name.slice(0, -ARCHIVE_ENDING.length))
    .filter(isSafeName)
    .sort();
}
