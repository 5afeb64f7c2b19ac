import { remove, replaceWith } from "../../disk/disk.ts";
import { failpoint } from "../../disk/failpoint.ts";
import { readPartIfThere } from "../../disk/read.ts";
import type { Damage } from "../store.ts";
import type { ArchivePaths } from "./archive.ts";
import { type IndexEntry, writeEntries } from "./archive-index.ts";
import type { PackedMember } from "./batch.ts";
import { walkMembers } from "./members.ts";

/** What an archive's file consists of, in its order. */
export interface ArchiveParts {
  readonly damage: readonly Damage[];
  readonly members: readonly IndexEntry[];
}

/** The whole members of an archive's file, and everything between them: more places than a reader reports. */
export function partsOf(path: string): ArchiveParts {
  const members: IndexEntry[] = [];
  const walk = walkMembers(path, 0, { onMember: ({ head }, place) => members.push({ ...head, ...place }) });
  const damage: Damage[] = [];
  let at = 0;
  for (const { from, to } of [...members, { from: walk.sizeBytes, to: walk.sizeBytes }]) {
    const reason = walk.damage.find(({ fromByte }) => fromByte === at)?.reason ?? "not a whole gzip member";
    if (from > at) damage.push({ path, line: undefined, fromByte: at, toByte: from, reason });
    at = to;
  }
  return { damage, members };
}

/** A member as it stands in the file, or one that is new. */
export type ArchivePart = IndexEntry | PackedMember;

/** Writes the file anew with these parts; none of them: it is gone. Whoever calls holds its lock. */
export function writeAnew({ records, index }: ArchivePaths, parts: readonly ArchivePart[]): void {
  // An index of the file as it was would lead astray; without one its members are found by walking.
  remove(index);
  failpoint("repair.before-replace");
  if (parts.length === 0) remove(records);
  else replaceWith(records, bytesOf(records, parts));
  writeEntries(index, entriesOf(parts));
}

function* bytesOf(path: string, parts: readonly ArchivePart[]): Generator<Buffer> {
  for (const part of parts)
    yield "bytes" in part
      ? part.bytes
      : (readPartIfThere(path, part.from, part.to)?.bytes ?? Buffer.alloc(0));
}

/** The parts as they stand one behind the other. */
function entriesOf(parts: readonly ArchivePart[]): readonly IndexEntry[] {
  let at = 0;
  return parts.map((part) => {
    const from = at;
    at += "bytes" in part ? part.bytes.length : part.to - part.from;
    return { ...("bytes" in part ? part.head : part), from, to: at };
  });
}
