import { sha256 } from "../base/digest.ts";
import type { NoteId } from "../base/id.ts";
import { derivedNoteId } from "../base/id.ts";
import { SECTION_NAME_CHARS_MAX } from "../base/limits.ts";
import type { WrittenItem } from "../session/event.ts";
import { normalText } from "./item-text.ts";
import type { Bytes, ParsedDocument } from "./parsed.ts";
import type { DerivedKey } from "./sections.ts";
import { noteReader, type Place } from "./splice.ts";

/**
 * Lines that leftoff keeps (a file, a command, a metric) are nobody's notes, yet we must know them again as ours. They
 * stand among the written items under ids of their own: `not_`, sixteen zeros, sixteen digits of a SHA-256 over what
 * the line is about. No UUIDv7 and no digest in use begins with sixteen zeros.
 */
const DERIVED_ZEROS = "0".repeat(16);

export function derivedId(holds: "file" | "command" | DerivedKey, about: string): NoteId {
  return derivedNoteId(`${DERIVED_ZEROS}${sha256(`${holds}\0${about}`).slice(0, 16)}`);
}

export function isDerivedId(id: NoteId): boolean {
  return id.startsWith(`not_${DERIVED_ZEROS}`);
}

/** What a file or command item is about: the path in its first backticks, the command itself. */
export function aboutOf(holds: "file" | "command", text: string): string {
  const line = normalText(text);
  if (holds === "command") return line.startsWith("`") ? line.replace(/^`([^`]+)`.*$/, "$1") : line;
  return /^[^`]{0,8}`([^`]+)`/.exec(line)?.[1] ?? line.split(/ [-–—] |: /, 1)[0] ?? line;
}

/** Sixteen digits of the SHA-256 of an item's own bytes: equal bytes in equal sections are the same item. */
export function bytesHash(bytes: string): string {
  return sha256(bytes).slice(0, 16);
}

/** The same, worked out once for all texts that hold these bytes. */
export function hashOf(bytes: Bytes): string {
  bytes.hash ??= bytesHash(bytes.text);
  return bytes.hash;
}

/** Which item or line of a document is which note, in their order. */
export function writtenItems(
  { sections }: Pick<ParsedDocument, "sections">,
  places: readonly Place[],
): readonly WrittenItem[] {
  const noteAt = noteReader(places);
  const written: WrittenItem[] = [];
  for (const { heading, items, derived } of sections) {
    const section = sectionName(heading);
    for (const part of [items, derived]) {
      for (const { range, bytes } of part) {
        const note = noteAt(range.from);
        if (note !== undefined) written.push({ note, section, hash: hashOf(bytes) });
      }
    }
  }
  return written;
}

/** What {@link WrittenItem} calls a section: its heading, which can be as long as a person likes. */
export function sectionName(heading: string): string {
  return heading.slice(0, SECTION_NAME_CHARS_MAX);
}
