import { counted } from "../base/count.ts";
import { nameOf } from "../session/slug.ts";
import type { BriefMaterial } from "./brief.ts";
import { cutToChars } from "./cut.ts";
import { notesInOrder } from "./note-order.ts";
import { plainLine } from "./plain.ts";

/** Two lines of a terminal: what a person reads at a glance. */
const HEADLINE_CHARS_MAX = 160;
const NAME_CHARS_MAX = 40;
const REASON_CHARS_MAX = 30;
const NEXT_CHARS_MAX = 60;

/**
 * The one line that the person sees when a conversation starts, at most 160 characters:
 * `leftoff: feature-auth, day 2 · next: rotate refresh tokens · 2 failed attempts · 3 files drifted`.
 * Undefined where there is nothing to say.
 */
export function headline(material: BriefMaterial): string | undefined {
  const { turns, drift } = material;
  const notes = notesInOrder(material).map(({ note }) => note);
  if (notes.length === 0 && turns.length === 0 && drift === undefined) return undefined;
  const next = notes.find(({ kind }) => kind === "next");
  const guess = next?.state === "proposed" ? " (unconfirmed)" : "";
  const failed = notes.filter(({ kind, state }) => kind === "failed" && state === "open").length;
  const parts = [
    beginningOf(material),
    next === undefined ? "" : `next${guess}: ${cutToChars(plainLine(next.text), NEXT_CHARS_MAX)}`,
    failed === 0 ? "" : counted(failed, "failed attempt"),
    drifted(material),
  ];
  return cutToChars(parts.filter((part) => part !== "").join(" · "), HEADLINE_CHARS_MAX);
}

function beginningOf({ session }: BriefMaterial): string {
  const name = plainLine(nameOf(session.slug));
  const status = session.status === "blocked" ? [`blocked${reasonOf(session.statusReason)}`] : [];
  return [`leftoff: ${cutToChars(name, NAME_CHARS_MAX)}, day ${session.day}`, ...status].join(" · ");
}

function reasonOf(reason: string | undefined): string {
  const said = plainLine(reason ?? "");
  return said === "" ? "" : `: ${cutToChars(said, REASON_CHARS_MAX)}`;
}

function drifted({ drift }: BriefMaterial): string {
  if (drift === undefined) return "";
  if (drift.files.length > 0) return `${counted(drift.files.length, "file")} drifted`;
  const commits = drift.commits.length + drift.commitsOmitted;
  return commits > 0 ? `${counted(commits, "commit")} since` : "";
}
