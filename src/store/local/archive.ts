import { dirname, join, relative, sep } from "node:path";
import { assert } from "../../base/error.ts";
import { isConversationId } from "../../base/id.ts";
import { ARCHIVE_LOCK_MS } from "../../base/limits.ts";
import type { JsonObject } from "../../base/parse.ts";
import { append, sync, truncate } from "../../disk/disk.ts";
import { failpoint } from "../../disk/failpoint.ts";
import { removeLeftovers } from "../../disk/leftovers.ts";
import { isHeld, withLock } from "../../disk/lock.ts";
import { namesIn, readPartIfThere } from "../../disk/read.ts";
import type { Archive, ArchiveAppend, ArchiveBatch, ArchiveFile, Damage, SourcePosition } from "../store.ts";
import { addEntries, entriesBack, type IndexEntry, lastEntryOf, writeEntries } from "./archive-index.ts";
import { packBatch } from "./batch.ts";
import { openMember, placeOf } from "./member.ts";
import { walkMembers } from "./members.ts";
import { isSafeName } from "./name.ts";

/** How the name of a records file ends; beside it stand its index and, while somebody appends, its lock. */
export const ARCHIVE_ENDING = ".jsonl.gz";

/** Folders that were made for a records file: of the conversation, of the agent, of all; and home, which has the name of that. */
const FOLDERS_ABOVE = 4;

/**
 * The archive as files of gzip members (docs/formats/archive.md) in a folder that may not be there yet.
 *
 * @param mayTakeLong is called before somebody else's append is waited for.
 */
export function openArchive(folder: string, mayTakeLong = () => {}): Archive {
  const pathsOf = (file: ArchiveFile): ArchivePaths => archivePaths(folder, file);
  const forEach: Archive["forEach"] = (file, onRecords) => readAll(pathsOf(file), onRecords);
  return {
    append: (file, batch) => {
      assert(batch.ends.length === batch.records.length, "a batch says of each record where it ended");
      const paths = pathsOf(file);
      return withLock(paths.lock, { ms: ARCHIVE_LOCK_MS, begins: mayTakeLong }, () =>
        appendBatch(paths, batch),
      );
    },
    // The index is made again from the records.
    sync: (file) => sync(pathsOf(file).records, FOLDERS_ABOVE),
    tidy: (agent, conversation) => void removeLeftovers(conversationFolder(folder, agent, conversation)),
    read: (file) => {
      const records: JsonObject[] = [];
      const damage = forEach(file, (some) => {
        for (const record of some) records.push(record);
      });
      return { records, damage };
    },
    forEach,
    newestFirst: (file, onRecords) => readBack(pathsOf(file), onRecords),
    position: (file) => endOf(pathsOf(file)).position,
    files: (agent, conversation) =>
      namesIn(conversationFolder(folder, agent, conversation))
        .filter((name) => name.endsWith(ARCHIVE_ENDING))
        .map((name) => name.slice(0, -ARCHIVE_ENDING.length))
        .filter(isSafeName)
        .sort(),
    conversations: (agent) => {
      assert(isSafeName(agent), `${JSON.stringify(agent)} is an agent's name`);
      return namesIn(join(folder, agent)).filter(isConversationId);
    },
  };
}

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

function conversationFolder(folder: string, agent: string, conversation: string): string {
  assert(isSafeName(agent), `${JSON.stringify(agent)} is an agent's name`);
  assert(isConversationId(conversation), `${JSON.stringify(conversation)} is a conversation id`);
  return join(folder, agent, conversation);
}

/** Cuts off what was not finished, then writes what is new: members first, synced, their index after. */
function appendBatch(paths: ArchivePaths, batch: ArchiveBatch): ArchiveAppend {
  removeLeftovers(dirname(paths.records));
  const end = endOf(paths);
  const damage = cutTo(paths.records, end);
  const members = packBatch(batch, end.position);
  if (members.length > 0) {
    // Not synced: what a power cut takes is in the agent's transcript, and position() says that it is not kept.
    append(paths.records, Buffer.concat(members.map((member) => member.bytes)), "cached");
    failpoint("archive.after-append");
  }
  let to = end.endByte;
  const entries = members.map(({ head, bytes }) => {
    const from = to;
    to += bytes.length;
    return { ...head, from, to };
  });
  if (end.isIndexUsable) addEntries(paths.index, [...end.unindexed, ...entries]);
  else writeEntries(paths.index, [...end.unindexed, ...entries]);
  failpoint("archive.after-index");
  return { added: members.reduce((sum, { head }) => sum + head.records, 0), damage };
}

/** Where a records file ends, as far as it can be used. */
interface ArchiveEnd {
  readonly endByte: number;
  readonly sizeBytes: number;
  readonly position: SourcePosition | undefined;
  /** Whether the index is that of this file, but for `unindexed`, which it lacks. */
  readonly isIndexUsable: boolean;
  readonly unindexed: readonly IndexEntry[];
}

function endOf({ records, index }: ArchivePaths): ArchiveEnd {
  const sizeBytes = readPartIfThere(records, 0, 0)?.sizeBytes ?? 0;
  const last = sizeBytes === 0 ? undefined : lastEntryOf(index, sizeBytes);
  const isIndexUsable = last !== undefined;
  if (last?.to === sizeBytes) {
    return { endByte: sizeBytes, sizeBytes, position: positionOf(last), isIndexUsable, unindexed: [] };
  }
  const unindexed: IndexEntry[] = [];
  const walk = walkMembers(records, last?.to ?? 0, {
    onMember: ({ head }, place) => unindexed.push({ ...head, ...place }),
  });
  const position = positionOf(unindexed.at(-1) ?? last);
  return { endByte: walk.endByte, sizeBytes: walk.sizeBytes, position, isIndexUsable, unindexed };
}

function positionOf(entry: IndexEntry | undefined): SourcePosition | undefined {
  if (entry === undefined) return undefined;
  return placeOf(entry);
}

function cutTo(path: string, { endByte, sizeBytes }: ArchiveEnd): readonly Damage[] {
  if (endByte >= sizeBytes) return [];
  failpoint("archive.before-cut");
  truncate(path, endByte);
  const reason = "a write that was not finished; cut off, its records are read again";
  return [{ path, line: undefined, fromByte: endByte, toByte: sizeBytes, reason }];
}

function readAll(paths: ArchivePaths, onRecords: Parameters<Archive["forEach"]>[1]): readonly Damage[] {
  const walk = walkMembers(paths.records, 0, {
    onMember: ({ head, records }) => {
      const losses = head.losses ?? [];
      if (records.length > 0 || losses.length > 0) onRecords(records, losses);
    },
  });
  // What stands after the last whole member while somebody appends is being written, not damaged.
  if (walk.endByte < walk.sizeBytes && isHeld(paths.lock)) {
    return walk.damage.filter((damage) => damage.fromByte < walk.endByte);
  }
  return walk.damage;
}

/** Members from the last one on, by the index; where that lacks some, they are found by a walk. */
function readBack(paths: ArchivePaths, onRecords: Parameters<Archive["newestFirst"]>[1]): void {
  const { unindexed, isIndexUsable } = endOf(paths);
  const visit = ({ from, to }: Span): "stop" | undefined => {
    const member = openMember(readPartIfThere(paths.records, from, to)?.bytes ?? Buffer.alloc(0));
    return member === undefined || member.records.length === 0 ? undefined : onRecords(member.records);
  };
  if (unindexed.toReversed().some((entry) => visit(entry) === "stop") || !isIndexUsable) return;
  let below = unindexed[0]?.from;
  const stopped = entriesBack(paths.index, (entry) => {
    const missed = below === undefined ? [] : membersIn(paths.records, { from: entry.to, to: below });
    below = entry.from;
    return [...missed.toReversed(), entry].some((place) => visit(place) === "stop") ? "stop" : undefined;
  });
  if (stopped || below === undefined) return;
  for (const place of membersIn(paths.records, { from: 0, to: below }).toReversed())
    if (visit(place) === "stop") return;
}

type Span = Pick<IndexEntry, "from" | "to">;

/** What an index that lost a line does not know of. */
function membersIn(records: string, { from, to }: Span): readonly Span[] {
  if (from >= to) return [];
  const found: Span[] = [];
  walkMembers(records, from, {
    onMember: (_, place) => {
      if (place.to <= to) found.push(place);
    },
  });
  return found;
}
