import type { NoteId } from "../base/id.ts";

/** A change of a text: [from, to) becomes `text`. Edits of one text do not overlap. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  /** What stands where in the new text, as offsets into `text`. */
  readonly places?: readonly Place[];
}

export interface Place {
  readonly note: NoteId;
  readonly at: number;
}

export interface Spliced {
  readonly text: string;
  /** What stands where in the new text: every given place of the old one, and every place of an edit. */
  readonly places: readonly Place[];
}

/** The note that stands at an offset. Asked in the order of the text. */
export type NoteReader = (at: number) => NoteId | undefined;

/** Places and what stands there are both in the order of the text: read side by side, they need no map. */
export function noteReader(places: readonly Place[]): NoteReader {
  const ordered = [...places].sort(byOffset);
  let next = 0;
  return (at) => {
    while ((ordered[next]?.at ?? at) < at) next += 1;
    const place = ordered[next];
    return place?.at === at ? place.note : undefined;
  };
}

function byOffset(a: Place, b: Place): number {
  return a.at - b.at;
}

/**
 * Applies edits; every byte outside them stays. Edits at the same offset keep the order they are given in.
 *
 * @param kept places of the old text that no edit touches, by offset in the old text.
 */
export function splice(text: string, edits: readonly Edit[], kept: readonly Place[]): Spliced {
  const ordered = edits
    .map((edit, nth) => ({ edit, nth }))
    .sort((a, b) => a.edit.from - b.edit.from || a.edit.to - b.edit.to || a.nth - b.nth);
  const waiting = [...kept].sort(byOffset);
  const parts: string[] = [];
  const places: Place[] = [];
  let read = 0;
  let shift = 0;
  let next = 0;
  const movePlaces = (before: number): void => {
    for (; next < waiting.length; next += 1) {
      const place = waiting[next];
      if (place === undefined || place.at >= before) return;
      places.push(shift === 0 ? place : { note: place.note, at: place.at + shift });
    }
  };
  for (const { edit } of ordered) {
    if (edit.from < read) continue;
    // What begins where a replacement begins stays there; what begins where something is put in moves on.
    movePlaces(edit.to > edit.from ? edit.from + 1 : edit.from);
    parts.push(text.slice(read, edit.from), edit.text);
    const base = edit.from + shift;
    for (const { note, at } of edit.places ?? []) places.push({ note, at: base + at });
    shift += edit.text.length - (edit.to - edit.from);
    read = edit.to;
  }
  movePlaces(Number.POSITIVE_INFINITY);
  parts.push(text.slice(read));
  return { text: parts.join(""), places };
}
