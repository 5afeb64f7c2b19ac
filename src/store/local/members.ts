import { DAMAGE_REPORTS_MAX } from "../../base/limits.ts";
import type { OpenFile } from "../../disk/read.ts";
import type { Damage } from "../store.ts";
import { FRAME_BYTES, type Member, memberSizeAt, nextMemberIn, openMember } from "./member.ts";

/** How a walk over an archive's members ended. */
export interface Walk {
  /** The byte after the last member that is there in its whole length; what follows is the beginning of one, or garbage. */
  readonly endByte: number;
  readonly sizeBytes: number;
  readonly damage: readonly Damage[];
}

export interface WalkVisitor {
  /** A whole member and where it stands, in file order. */
  readonly onMember: (member: Member, place: { readonly from: number; readonly to: number }) => void;
}

/** How much is read at once: dozens of members, far below what a hook may use. */
const WINDOW_BYTES = 1024 * 1024;

/** Visits the members of a file from `fromByte` on, in memory bounded by the largest one. */
export function walkMembers(file: OpenFile, fromByte: number, { onMember }: WalkVisitor): Walk {
  const { path } = file;
  const read = windowOf(file);
  const damage: Damage[] = [];
  let endByte = fromByte;
  for (let at = fromByte; ; ) {
    const found = memberAt(read, at);
    if (found.kind === "end") return { endByte, sizeBytes: found.fileBytes, damage };
    if (found.kind === "member") {
      onMember(found.member, { from: at, to: found.to });
      at = found.to;
      endByte = at;
      continue;
    }
    const next = nextMember(read, at + 1);
    // What stands before another member, or has its whole length, stays: only a beginning of a member is ever cut off.
    endByte = Math.max(endByte, next ?? 0, found.completeTo ?? 0);
    const toByte = next ?? found.fileBytes;
    const reason =
      found.completeTo === undefined ? "not a whole gzip member" : "a gzip member that does not verify";
    if (damage.length < DAMAGE_REPORTS_MAX)
      damage.push({ path, line: undefined, fromByte: at, toByte, reason });
    at = toByte;
  }
}

type Found =
  | { readonly kind: "end"; readonly fileBytes: number }
  | { readonly kind: "member"; readonly member: Member; readonly to: number }
  /** `completeTo`: where a damaged member ends whose bytes are all there. */
  | { readonly kind: "damage"; readonly completeTo: number | undefined; readonly fileBytes: number };

function memberAt(read: ReadWindow, at: number): Found {
  const { bytes, fileBytes } = read(at, FRAME_BYTES);
  if (at >= fileBytes) return { kind: "end", fileBytes };
  const sizeBytes = memberSizeAt(bytes, 0);
  if (sizeBytes === undefined || at + sizeBytes > fileBytes)
    return { kind: "damage", completeTo: undefined, fileBytes };
  const to = at + sizeBytes;
  const member = openMember(read(at, sizeBytes).bytes);
  return member === undefined
    ? { kind: "damage", completeTo: to, fileBytes }
    : { kind: "member", member, to };
}

interface FileWindow {
  /** As many of the bytes asked for as the file has. */
  readonly bytes: Buffer;
  readonly fileBytes: number;
}
type ReadWindow = (fromByte: number, sizeBytes: number) => FileWindow;

/** Reads ranges of a file through one buffer, so that a walk costs one read per megabyte. */
/**
 * Of the file as long as it is now, whatever is appended meanwhile: what was half there would else look damaged, and be whole by
 * the time somebody asks whether it is still being written.
 */
function windowOf(file: OpenFile): ReadWindow {
  const fileBytes = file.sizeBytes();
  let from = 0;
  let window: Buffer = Buffer.alloc(0);
  return (fromByte, sizeBytes) => {
    const isInside = fromByte >= from && fromByte + sizeBytes <= from + window.length;
    if (!isInside) {
      window = file.part(fromByte, Math.min(fileBytes, fromByte + Math.max(sizeBytes, WINDOW_BYTES))).bytes;
      from = fromByte;
    }
    return { bytes: window.subarray(fromByte - from, fromByte - from + sizeBytes), fileBytes };
  };
}

/** The first place from `fromByte` on where a member begins, by its magic bytes. */
function nextMember(read: ReadWindow, fromByte: number): number | undefined {
  for (let at = fromByte; ; at += WINDOW_BYTES - FRAME_BYTES) {
    const { bytes, fileBytes } = read(at, WINDOW_BYTES);
    const found = nextMemberIn(bytes, 0);
    if (found !== undefined) return at + found;
    if (at + bytes.length >= fileBytes) return undefined;
  }
}
