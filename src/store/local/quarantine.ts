import { isUtf8 } from "node:buffer";
import { numberField, stringField } from "../../base/parse.ts";
import { append } from "../../disk/disk.ts";
import { readIfThere, readPartIfThere } from "../../disk/read.ts";
import type { Damage } from "../store.ts";
import { readRecordLines } from "./lines.ts";
import { sealRecord } from "./record.ts";

/** Bytes of one entry: a place that is larger has several, so that neither memory nor a line grows with it. */
const ENTRY_BYTES_MAX = 1024 * 1024;

/** The file beside a damaged one that has its damaged bytes (docs/formats/damaged.md). */
export function quarantinePath(path: string): string {
  return `${path}.damaged`;
}

/** A place that is already kept: of a repair that was killed before it took the bytes out. */
interface Kept {
  readonly fromByte: number;
  readonly bytes: Buffer;
}

/**
 * Copies damaged bytes of a file to the one beside it, each place once however often it is tried, and returns when they
 * are on disk.
 */
export function quarantine(path: string, places: readonly Damage[], atMs: number): void {
  const target = quarantinePath(path);
  const kept = keptIn(target);
  for (const place of places) {
    for (let from = place.fromByte; from < place.toByte; from += ENTRY_BYTES_MAX) {
      const to = Math.min(place.toByte, from + ENTRY_BYTES_MAX);
      const bytes = readPartIfThere(path, from, to)?.bytes ?? Buffer.alloc(0);
      if (bytes.length === 0 || kept.some((entry) => holds(entry, from, bytes))) continue;
      const { line, reason } = place;
      const head = { leftoff: "damaged/1", atMs, line, fromByte: from, toByte: from + bytes.length, reason };
      append(target, Buffer.from(`\n${sealRecord({ ...head, ...contentOf(bytes) })}\n`), "durable");
    }
  }
}

/** Text where it is some, so that a person can read and search it. */
function contentOf(bytes: Buffer): { readonly text: string } | { readonly base64: string } {
  return isUtf8(bytes) ? { text: bytes.toString("utf8") } : { base64: bytes.toString("base64") };
}

function keptIn(path: string): readonly Kept[] {
  const bytes = readIfThere(path);
  if (bytes === undefined) return [];
  const accept = (object: Parameters<typeof stringField>[0]): Kept | undefined => {
    const fromByte = numberField(object, "fromByte");
    const text = stringField(object, "text");
    const base64 = stringField(object, "base64");
    const content = text === undefined ? Buffer.from(base64 ?? "", "base64") : Buffer.from(text);
    return fromByte === undefined ? undefined : { fromByte, bytes: content };
  };
  return readRecordLines(bytes, { path, fromByte: 0, accept }).items;
}

function holds(entry: Kept, fromByte: number, bytes: Buffer): boolean {
  const at = fromByte - entry.fromByte;
  return at >= 0 && entry.bytes.subarray(at, at + bytes.length).equals(bytes);
}
