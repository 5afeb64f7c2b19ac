import { ARCHIVE_LOCK_MS } from "../../base/limits.ts";
import { withLock } from "../../disk/lock.ts";
import type { ArchiveFilling, ArchiveGap } from "../store.ts";
import { gapsIn } from "./archive-gaps.ts";
import { type ArchivePart, partsOf, writeAnew } from "./archive-parts.ts";
import type { ArchivePaths } from "./archive-paths.ts";
import { type PackedMember, packBatch } from "./batch.ts";

/** Gathers, packed, what stood in gaps of an archive's file, and puts it there in one go. */
export function openFilling(paths: ArchivePaths): ArchiveFilling {
  const taken = new Map<string, PackedMember[]>();
  return {
    take: (gap, batch) => {
      const members = packBatch(batch, undefined);
      taken.set(keyOf(gap), [...(taken.get(keyOf(gap)) ?? []), ...members]);
    },
    end: () => withLock(paths.lock, ARCHIVE_LOCK_MS, () => fill(paths, taken)),
  };
}

/** Puts what was taken before the members that follow the gaps, where these are still there. */
function fill(paths: ArchivePaths, taken: ReadonlyMap<string, readonly PackedMember[]>): number {
  const { members, damage } = partsOf(paths.records);
  // Damaged since: what is no member would be lost here, and the next repair keeps it.
  if (damage.length > 0) return 0;
  const left = new Map(taken);
  const fillings = new Map<number, readonly PackedMember[]>();
  for (const { gap, index } of gapsIn(members)) {
    fillings.set(index, left.get(keyOf(gap)) ?? []);
    left.delete(keyOf(gap));
  }
  const parts = members.flatMap((member, index): readonly ArchivePart[] => [
    ...(fillings.get(index) ?? []),
    member,
  ]);
  if (parts.length === members.length) return 0;
  writeAnew(paths, parts);
  return [...fillings.values()].flat().reduce((sum, { head }) => sum + head.records, 0);
}

function keyOf({ from, toByte }: ArchiveGap): string {
  return `${from.inode} ${from.offset} ${toByte}`;
}
