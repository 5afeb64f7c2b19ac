import type { ConversationId } from "../../base/id.ts";
import {
  ARCHIVE_LEFT_STORED_BYTES,
  ARCHIVE_LEFT_STORED_SHARE,
  ARCHIVE_STORED_BYTES_MAX,
  ARCHIVE_STORED_SHARE_MAX,
} from "../../base/limits.ts";
import { type OpenFile, withFile } from "../../disk/read.ts";
import type { PackingHow } from "../store.ts";
import { entriesFrom, type IndexEntry, lastEntryOf, type PlacedMember } from "./archive-index.ts";
import { type ArchivePaths, archivePaths, filesOf } from "./archive-paths.ts";
import { walkMembers } from "./members.ts";

/** The files of an archive, held open. */
export interface ArchiveFiles {
  readonly records: OpenFile;
  readonly index: OpenFile;
}

/**
 * The records and the index of them: both are replaced when an archive is packed or repaired, the index gone before the
 * records change. So an index opened after the records is theirs, where these are still in place then.
 */
export function atOneMoment<T>(paths: ArchivePaths, use: (files: ArchiveFiles) => T): T {
  for (;;) {
    const found = withFile(paths.records, (records) =>
      withFile(paths.index, (index) =>
        records.isInPlace() ? { value: use({ records, index }) } : undefined,
      ),
    );
    if (found !== undefined) return found.value;
  }
}

/** How a records file ends. */
export interface FileEnd {
  readonly sizeBytes: number;
  /** The last whole member. */
  readonly last: IndexEntry | undefined;
}

/** Where a records file ends, as far as it can be used. */
export interface ArchiveEnd extends FileEnd {
  readonly endByte: number;
  /** Whether the index is that of this file, but for `unindexed`, which it lacks. */
  readonly isIndexUsable: boolean;
  readonly unindexed: readonly IndexEntry[];
}

export function endOf(paths: ArchivePaths): ArchiveEnd {
  return atOneMoment(paths, endIn);
}

export function endIn({ records, index }: ArchiveFiles): ArchiveEnd {
  const entry = lastEntryOf(index);
  // Asked for after the index, which an append writes last.
  const sizeBytes = records.sizeBytes();
  // One that ends behind the file is of another: then the index is made again.
  const last = entry !== undefined && entry.to <= sizeBytes ? entry : undefined;
  const isIndexUsable = last !== undefined;
  if (last?.to === sizeBytes) return { endByte: sizeBytes, sizeBytes, last, isIndexUsable, unindexed: [] };
  const found: PlacedMember[] = [];
  const walk = walkMembers(records, last?.to ?? 0, {
    onMember: ({ head, isStored }, place) => found.push({ ...head, ...place, isStored }),
  });
  const unindexed = entriesFrom(last, found);
  return {
    ...{ endByte: walk.endByte, sizeBytes: walk.sizeBytes, isIndexUsable, unindexed },
    last: unindexed.at(-1) ?? last,
  };
}

/** Those files of a conversation of which enough is stored for packing to pay; of one that goes on only its own transcript is looked at. */
export function loosePaths(
  folder: string,
  { agent, conversation }: { readonly agent: string; readonly conversation: ConversationId },
  how: PackingHow,
): readonly ArchivePaths[] {
  const files = how.isOver ? filesOf(folder, agent, conversation) : ["main"];
  return files
    .map((file) => archivePaths(folder, { agent, conversation, file }))
    .filter((paths) => isLoose(endOf(paths), how));
}

export function isLoose({ last, sizeBytes }: FileEnd, { isOver }: PackingHow): boolean {
  const bytes = isOver ? ARCHIVE_LEFT_STORED_BYTES : ARCHIVE_STORED_BYTES_MAX;
  const share = isOver ? ARCHIVE_LEFT_STORED_SHARE : ARCHIVE_STORED_SHARE_MAX;
  return last !== undefined && last.stored > Math.max(bytes, share * sizeBytes);
}
