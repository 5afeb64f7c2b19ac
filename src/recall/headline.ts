import type { BriefMaterial } from "./brief.ts";
import { cutToChars } from "./cut.ts";
import { noteLines } from "./note-lines.ts";
import { plainLine } from "./plain.ts";

/** A line of a terminal and a half: what the person reads at a glance. */
const CHARS_MAX = 160;
const NEXT_CHARS_MAX = 70;

/**
 * The one line that the person sees when a conversation starts, at most 160 characters:
 * `leftoff: feature-auth, day 2 · next: rotate refresh tokens · 2 failed attempts · 3 files drifted`.
 * Undefined where there is nothing to say.
 */
export function headline(material: BriefMaterial): string | undefined {
  const { session, notes, turns, drift } = material;
  const open = notes.filter(({ note }) => note.state === "open");
  const next = noteLines(material).candidates.find(({ section }) => section === "next");
  const note = notes.find((each) => each.note.id === next?.source)?.note;
  const failed = open.filter((each) => each.note.kind === "failed").length;
  const files = drift?.files.length ?? 0;
  if (notes.length === 0 && turns.length === 0 && drift === undefined) return undefined;
  const step = note === undefined ? "" : cutToChars(plainLine(note.text), NEXT_CHARS_MAX);
  const parts = [
    `leftoff: ${cutToChars(plainLine(session.slug.replace(/^\d{4}-\d{2}-\d{2}-/, "")), 50)}, day ${session.day}`,
    session.status === "blocked"
      ? `blocked${session.statusReason === undefined ? "" : `: ${cutToChars(plainLine(session.statusReason), 40)}`}`
      : "",
    step === "" ? "" : `next${note?.state === "proposed" ? " (unconfirmed)" : ""}: ${step}`,
    failed === 0 ? "" : counted(failed, "failed attempt"),
    files === 0 ? "" : `${counted(files, "file")} drifted`,
  ];
  return cutToChars(parts.filter((part) => part !== "").join(" · "), CHARS_MAX);
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
