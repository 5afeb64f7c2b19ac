import { dirname, join } from "node:path";
import { assert } from "../../base/error.ts";
import { isConversationId } from "../../base/id.ts";
import { ARCHIVE_LOCK_MS } from "../../base/limits.ts";
import type { JsonObject } from "../../base/parse.ts";
import { append, sync, truncate } from "../../disk/disk.ts";
import { failpoint } from "../../disk/failpoint.ts";
import { removeLeftovers } from "../../disk/leftovers.ts";
import { isHeld, withLock } from "../../disk/lock.ts";
import { namesIn, type OpenFile, withFile } from "../../disk/read.ts";
import type { Archive, ArchiveAppend, ArchiveBatch, ArchiveFile, Damage, SourcePosition } from "../store.ts";
import {
  type ArchiveEnd,
  type ArchiveFiles,
  atOneMoment,
  endIn,
  endOf,
  type FileEnd,
  isLoose,
  loosePaths,
} from "./archive-end.ts";
import {
  addEntries,
  entriesBack,
  entriesFrom,
  type IndexEntry,
  type PlacedMember,
  writeEntries,
} from "./archive-index.ts";
import type { Span } from "./archive-parts.ts";
import { type ArchivePaths, archivePaths, conversationFolder, filesOf } from "./archive-paths.ts";
import { packBatch } from "./batch.ts";
import { isStored, type Member, openMember, placeOf } from "./member.ts";
import { walkMembers } from "./members.ts";
import { isSafeName } from "./name.ts";

/** Folders that were made for a records file: of the conversation, of the agent, of all; and home, which has the name of that. */
const FOLDERS_ABOVE = 4;
const NOTHING = Buffer.alloc(0);

/**
 * The archive as files of gzip members (docs/formats/archive.md) in a folder that may not be there yet.
 *
 * @param mayTakeLong is called before somebody else's append is waited for.
 */
export function openArchive(folder: string, mayTakeLong = () => {}): Archive {
  const pathsOf = (file: ArchiveFile): ArchivePaths => archivePaths(folder, file);
  /** Whether an append of this process left a file loose: for the end of a turn, which asks for that each time, without a look at files. */
  let leftLoose = false;
  const forEach: Archive["forEach"] = (file, onRecords) => readAll(pathsOf(file), onRecords);
  return {
    append: (file, batch) => {
      assert(batch.ends.length === batch.records.length, "a batch says of each record where it ended");
      const paths = pathsOf(file);
      return withLock(paths.lock, { ms: ARCHIVE_LOCK_MS, begins: mayTakeLong }, () => {
        const { appended, ...end } = appendBatch(paths, batch);
        leftLoose ||= isLoose(end, { isOver: false });
        return appended;
      });
    },
    // The index is made again from the records, and a file that has any has a durable name.
    sync: (file) => sync(pathsOf(file).records, 0),
    isLoose: (agent, conversation, how) =>
      how.isOver ? loosePaths(folder, { agent, conversation }, how).length > 0 : leftLoose,
    tidy: (agent, conversation) => void removeLeftovers(conversationFolder(folder, agent, conversation)),
    read: (file) => {
      const records: JsonObject[] = [];
      const damage = forEach(file, (some) => {
        for (const record of some) records.push(record);
      });
      return { records, damage };
    },
    forEach,
    newestFirst: (file, onRecords) => atOneMoment(pathsOf(file), (files) => readBack(files, onRecords)),
    position: (file) => positionOf(endOf(pathsOf(file)).last),
    files: (agent, conversation) => filesOf(folder, agent, conversation),
    conversations: (agent) => {
      assert(isSafeName(agent), `${JSON.stringify(agent)} is an agent's name`);
      return namesIn(join(folder, agent)).filter(isConversationId);
    },
  };
}

/** Cuts off what was not finished, then writes what is new: members first, synced, their index after. */
function appendBatch(
  paths: ArchivePaths,
  batch: ArchiveBatch,
): FileEnd & { readonly appended: ArchiveAppend } {
  removeLeftovers(dirname(paths.records));
  const end = endOf(paths);
  const damage = cutTo(paths.records, end);
  const members = packBatch(batch, positionOf(end.last));
  if (members.length > 0) {
    if (end.sizeBytes === 0) {
      append(paths.records, NOTHING, "cached");
      sync(paths.records, FOLDERS_ABOVE);
    }
    // Not synced: what a power cut takes is in the agent's transcript, and position() says that it is not kept.
    append(paths.records, Buffer.concat(members.map((member) => member.bytes)), "cached");
    failpoint("archive.after-append");
  }
  let to = end.endByte;
  const places = members.map(({ head, bytes }): PlacedMember => {
    const from = to;
    to += bytes.length;
    return { ...head, from, to, isStored: isStored(bytes) };
  });
  const entries = [...end.unindexed, ...entriesFrom(end.last, places)];
  if (end.isIndexUsable) addEntries(paths.index, entries);
  else writeEntries(paths.index, entries);
  failpoint("archive.after-index");
  const added = members.reduce((sum, { head }) => sum + head.records, 0);
  return { last: entries.at(-1) ?? end.last, sizeBytes: to, appended: { added, damage } };
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
  const onMember = ({ head, records }: Member) => {
    const losses = head.losses ?? [];
    if (records.length > 0 || losses.length > 0) onRecords(records, losses);
  };
  return withFile(paths.records, (file) => {
    const whole: Damage[] = [];
    for (let from = 0; ; ) {
      const { damage, endByte, sizeBytes } = walkMembers(file, from, { onMember });
      whole.push(...damage.filter(({ fromByte }) => fromByte < endByte));
      // What stands after the last whole member while somebody appends is being written, not damaged; by now it may be whole.
      if (isHeld(paths.lock)) return whole;
      if (file.sizeBytes() === sizeBytes)
        return [...whole, ...damage.filter(({ fromByte }) => fromByte >= endByte)];
      from = endByte;
    }
  });
}

/** Members from the last one on, by the index; where that lacks some, they are found by a walk. */
function readBack(files: ArchiveFiles, onRecords: Parameters<Archive["newestFirst"]>[1]): void {
  const { records, index } = files;
  const { unindexed, isIndexUsable } = endIn(files);
  const visit = ({ from, to }: Span): "stop" | undefined => {
    const member = openMember(records.part(from, to).bytes);
    return member === undefined || member.records.length === 0 ? undefined : onRecords(member.records);
  };
  if (unindexed.toReversed().some((entry) => visit(entry) === "stop") || !isIndexUsable) return;
  let below = unindexed[0]?.from;
  const stopped = entriesBack(index, (entry) => {
    // An append has told the index meanwhile of what it lacked.
    if (below !== undefined && entry.from >= below) return undefined;
    const missed = below === undefined ? [] : membersIn(records, { from: entry.to, to: below });
    below = entry.from;
    return [...missed.toReversed(), entry].some((place) => visit(place) === "stop") ? "stop" : undefined;
  });
  if (stopped || below === undefined) return;
  for (const place of membersIn(records, { from: 0, to: below }).toReversed())
    if (visit(place) === "stop") return;
}

/** What an index that lost a line does not know of. */
function membersIn(records: OpenFile, { from, to }: Span): readonly Span[] {
  if (from >= to) return [];
  const found: Span[] = [];
  walkMembers(records, from, {
    onMember: (_, place) => {
      if (place.to <= to) found.push(place);
    },
  });
  return found;
}
