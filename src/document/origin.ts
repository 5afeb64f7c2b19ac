import type { NoteId } from "../base/id.ts";
import type { WrittenItem } from "../session/event.ts";
import type { Range, WrittenDocument } from "./document.ts";
import type { Bytes, ParsedDocument } from "./parsed.ts";
import { aboutOf, derivedId, hashOf, isDerivedId } from "./written.ts";

/**
 * The newest of our texts that the file must have been made from, as an index: it holds a line that leftoff put into that
 * text and that stood nowhere before. Whatever came later, an old copy may never have held. 0 where nothing proves more.
 *
 * @param bases oldest first.
 */
export function provenBase(bases: readonly WrittenDocument[], file: ParsedDocument): number {
  const newest = bases.length - 1;
  const ours = new Set(ourPlaces(file).map(({ bytes }) => hashOf(bytes)));
  // Lines that leftoff keeps are few and change with every turn: most of the time nothing else needs a look.
  if (isMadeFrom(bases, newest, ours)) return newest;
  const all = new Set([...ours, ...hashesOfItems(file)]);
  for (let at = newest; at > 0; at -= 1) {
    if (isMadeFrom(bases, at, all)) return at;
  }
  return 0;
}

/**
 * Notes that came after the proven text, and who put them into the document. A file without them may be older than they
 * are. What a person typed may be like another line of theirs that we never saw; what is like an item of ours was one.
 */
export type Unproven = ReadonlyMap<NoteId, "person" | "leftoff">;

export function unprovenNotes(bases: readonly WrittenDocument[], proven: number): Unproven {
  const sure = new Set(bases[proven]?.items.map(({ note }) => note));
  const unproven = new Map<NoteId, "person" | "leftoff">();
  for (const { items, put } of bases.slice(proven + 1)) {
    const ours = new Set(put);
    for (const { note, hash } of items) {
      if (!sure.has(note) && !unproven.has(note)) unproven.set(note, ours.has(hash) ? "leftoff" : "person");
    }
  }
  return unproven;
}

function isMadeFrom(bases: readonly WrittenDocument[], at: number, hashes: ReadonlySet<string>): boolean {
  const found = putInto(bases, at).filter((hash) => hashes.has(hash));
  if (found.length === 0) return false;
  const before = new Set(
    bases.slice(0, at).flatMap(({ items, put }) => [...items.map(({ hash }) => hash), ...(put ?? [])]),
  );
  return found.some((hash) => !before.has(hash));
}

/** Where nobody kept what a write put in: the lines that only leftoff writes. */
function putInto(bases: readonly WrittenDocument[], at: number): readonly string[] {
  const base = bases[at];
  return base?.put ?? putByWrite((base?.items ?? []).filter(isOurs), bases[at - 1]?.items ?? []);
}

function isOurs({ note }: WrittenItem): boolean {
  return isDerivedId(note);
}

/** Hashes of what stands in a text since leftoff wrote it, for {@link WrittenDocument}. */
export function putByWrite(
  written: readonly WrittenItem[],
  before: readonly WrittenItem[],
): readonly string[] {
  const known = new Set(before.map(({ hash }) => hash));
  return [...new Set(written.map(({ hash }) => hash))].filter((hash) => !known.has(hash));
}

interface OurPlace {
  readonly range: Range;
  readonly bytes: Bytes;
  readonly id: NoteId;
}

/** Lines of a file that could be such as leftoff keeps, with what they are about. */
export function ourPlaces(file: ParsedDocument): readonly OurPlace[] {
  return file.sections.flatMap(({ holds, items, derived }) => [
    ...(holds === "file" || holds === "command"
      ? items.map(({ range, bytes, text }) => ({ range, bytes, id: derivedId(holds, aboutOf(holds, text)) }))
      : []),
    ...derived.map(({ range, bytes, holds: of, key }) => ({ range, bytes, id: derivedId(of, key) })),
  ]);
}

function hashesOfItems(file: ParsedDocument): readonly string[] {
  return file.sections.flatMap(({ items }) => items.map(({ bytes }) => hashOf(bytes)));
}
