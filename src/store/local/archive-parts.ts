import { remove, replaceWith } from "../../disk/disk.ts";
import { failpoint } from "../../disk/failpoint.ts";
import { type OpenFile, withFile } from "../../disk/read.ts";
import type { Damage } from "../store.ts";
import { entriesFrom, type PlacedMember, writeEntries } from "./archive-index.ts";
import type { ArchivePaths } from "./archive-paths.ts";
import type { PackedMember } from "./batch.ts";
import { isStored } from "./member.ts";
import { walkMembers } from "./members.ts";

/** What an archive's file consists of, in its order. */
export interface ArchiveParts {
  readonly damage: readonly Damage[];
  readonly members: readonly PlacedMember[];
}

/** The whole members of an archive's file, and everything between them: more places than a reader reports. */
export function partsOf(path: string): ArchiveParts {
  const members: PlacedMember[] = [];
  const walk = withFile(path, (file) =>
    walkMembers(file, 0, {
      onMember: ({ head, isStored }, place) => members.push({ ...head, ...place, isStored }),
    }),
  );
  const damage: Damage[] = [];
  let at = 0;
  for (const { from, to } of [...members, { from: walk.sizeBytes, to: walk.sizeBytes }]) {
    const reason = walk.damage.find(({ fromByte }) => fromByte === at)?.reason ?? "not a whole gzip member";
    if (from > at) damage.push({ path, line: undefined, fromByte: at, toByte: from, reason });
    at = to;
  }
  return { damage, members };
}

/** A member as it stands in the file, one that is new, or bytes of the file, whatever they are. */
export type ArchivePart = PlacedMember | PackedMember | Span;

/** Bytes of a records file. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Writes the file anew with these parts; none of them: it is gone. Whoever calls holds its lock. */
export function writeAnew({ records, index }: ArchivePaths, parts: readonly ArchivePart[]): void {
  // An index of the file as it was would lead astray; without one its members are found by walking, so it is gone as shortly as can be.
  const beforeRename = () => {
    remove(index);
    failpoint("archive.before-replace");
  };
  if (parts.length === 0) {
    beforeRename();
    remove(records);
  } else withFile(records, (file) => replaceWith(records, bytesOf(file, parts), { beforeRename }));
  writeEntries(index, entriesFrom(undefined, placed(parts)));
}

/** How much of the file is copied at once. */
const PIECE_BYTES = 1024 * 1024;

function* bytesOf(file: OpenFile, parts: readonly ArchivePart[]): Generator<Buffer> {
  let span: Span = { from: 0, to: 0 };
  for (const part of parts) {
    const adjoins = !("bytes" in part) && part.from === span.to;
    if (adjoins) {
      span = { from: span.from, to: part.to };
      continue;
    }
    yield* bytesIn(file, span);
    if ("bytes" in part) yield part.bytes;
    span = "bytes" in part ? { from: 0, to: 0 } : part;
  }
  yield* bytesIn(file, span);
}

function* bytesIn(file: OpenFile, { from, to }: Span): Generator<Buffer> {
  for (let at = from; at < to; at += PIECE_BYTES) yield file.part(at, Math.min(to, at + PIECE_BYTES)).bytes;
}

/** The members among the parts, as they stand one behind the other. */
function placed(parts: readonly ArchivePart[]): readonly PlacedMember[] {
  let at = 0;
  return parts.flatMap((part): readonly PlacedMember[] => {
    const from = at;
    at += "bytes" in part ? part.bytes.length : part.to - part.from;
    if ("bytes" in part) return [{ ...part.head, from, to: at, isStored: isStored(part.bytes) }];
    return "records" in part ? [{ ...part, from, to: at }] : [];
  });
}
