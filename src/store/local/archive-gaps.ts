import type { ArchiveGap, SourcePosition } from "../store.ts";
import { type MemberHead, placeOf } from "./member.ts";

/** A gap, and before which of the members it is. */
export interface PlacedGap {
  readonly gap: ArchiveGap;
  readonly index: number;
}

/**
 * Where members of one source do not adjoin: a member that stood there is gone. A member that begins before the end of the one
 * before it begins another reading of the source, which is from its first byte on.
 */
export function gapsIn(members: readonly MemberHead[]): readonly PlacedGap[] {
  return members.flatMap((member, index) => {
    const before = members[index - 1];
    const from =
      before !== undefined && isSameReading(before, member)
        ? placeOf(before)
        : { inode: member.inode, sizeBytes: member.sizeBytes, offset: 0 };
    if (member.fromByte <= from.offset) return [];
    return [
      { gap: { from, toByte: member.fromByte, knownBy: knownBy(member, members.slice(index + 1)) }, index },
    ];
  });
}

function isSameReading(before: MemberHead, member: MemberHead): boolean {
  return before.inode === member.inode && member.fromByte >= before.offset;
}

/** The next place from a member on that its source can be known by; the last one of this reading where none has a digest. */
function knownBy(first: MemberHead, others: readonly MemberHead[]): SourcePosition {
  let place = first;
  for (const member of others) {
    if (place.tail !== undefined || !isSameReading(place, member)) break;
    place = member;
  }
  return placeOf(place);
}
