import type { Session } from "../session/session.ts";
import { nameOf } from "../session/slug.ts";
import { cutToChars } from "./cut.ts";
import { notesInOrder } from "./note-order.ts";
import { plainLine } from "./plain.ts";

const NAME_CHARS_MAX = 40;
const NEXT_CHARS_MAX = 60;

/** A session in one short line, for the person's status line: `feature-auth · next: rotate refresh tokens`. */
export function statusline({ slug, notes }: Session): string {
  const all = [...notes.values()].map((note) => ({ note, staleFiles: [] }));
  const next = notesInOrder({ notes: all }).find(({ note }) => note.kind === "next")?.note;
  const name = cutToChars(plainLine(nameOf(slug)), NAME_CHARS_MAX);
  if (next === undefined) return name;
  const guess = next.state === "proposed" ? " (unconfirmed)" : "";
  return `${name} · next${guess}: ${cutToChars(plainLine(next.text), NEXT_CHARS_MAX)}`;
}
