import type { FoundNote, NotesFound } from "../app/search-notes.ts";
import type { SessionShown } from "../app/show-session.ts";
import type { Status } from "../app/status.ts";
import type { SessionSummary } from "../app/summary.ts";
import { counted } from "../base/count.ts";
import { plainLine } from "../recall/plain.ts";
import { dayOf } from "../recall/when.ts";
import { type Author, NOTE_FIELDS, NOTE_KINDS, type Note } from "../session/note.ts";

/** How notes and sessions are told to a model: lines as a brief has them, each note with its id. */

export function noteLine(note: Note, nowMs: number, from?: string): string {
  const fields = NOTE_FIELDS.flatMap((field) => {
    const said = plainLine(note.fields[field] ?? "");
    return said === "" ? [] : [`${field}: ${said}`];
  });
  const words = [plainLine(note.text), ...fields].join("; ");
  const cite = [authorOf(note.by), dayOf(note.changedAtMs, nowMs), ...(from === undefined ? [] : [from])];
  return `- ${STATE_MARK[note.state]}${note.kind}: ${words} [${cite.join(", ")}, ${note.id.slice(-6)}]`;
}

const STATE_MARK = { proposed: "(unconfirmed) ", open: "", done: "(done) ", dropped: "(dropped) " } as const;

function authorOf(by: Author): string {
  if (by.kind === "leftoff") return "leftoff";
  return [by.kind, plainLine(by.name ?? "")].filter((part) => part !== "").join(" ");
}

/** Notes by kind, in the order of the document's sections. */
export function noteLines(notes: readonly Note[], nowMs: number): readonly string[] {
  return NOTE_KINDS.flatMap((kind) =>
    notes.filter((note) => note.kind === kind).map((note) => noteLine(note, nowMs)),
  );
}

export function foundText(
  { found, omitted, sections, sessionsSearched, sessionsOmitted, pages }: NotesFound,
  nowMs: number,
): string {
  const notes = found.map(({ note, session }: FoundNote) => noteLine(note, nowMs, session.slug));
  const own = sections.map(
    ({ slug, heading, text }) => `- ${plainLine(heading)}: ${plainLine(text)} [${slug}]`,
  );
  const places = pages.map(
    ({ path, line, text }) => `- page: ${plainLine(text)} [${plainLine(path)}:${line}]`,
  );
  const lines = [...notes, ...own, ...places];
  const looked = `${counted(sessionsSearched, "session")} searched${sessionsOmitted > 0 ? `, ${sessionsOmitted} older ones not` : ""}`;
  if (lines.length === 0) return `No note has these words (${looked}).`;
  return [...lines, `${omitted > 0 ? `${omitted} more fit; ask more closely. ` : ""}${looked}.`].join("\n");
}

export function sessionLine({ slug, title, status, phase, reason, gitBranches }: SessionSummary): string {
  const why = reason === undefined || reason === "" ? "" : ` (${plainLine(reason)})`;
  const gitBranch = gitBranches.at(-1);
  const state = status === "blocked" ? "blocked" : phase;
  return `${slug}: "${plainLine(title)}", ${state}${why}${gitBranch === undefined ? "" : `, git branch ${plainLine(gitBranch)}`}`;
}

export function statusText(status: Status, nowMs: number): string {
  const { session, next, failed, unconfirmed, interrupted, otherOpen, trouble, drift } = status;
  if (session === undefined)
    return ["No session here yet; the first prompt starts one, or action new.", ...trouble].join("\n");
  const changed = drift === undefined ? 0 : drift.files.length;
  return [
    sessionLine(session),
    ...next.map((note) => noteLine(note, nowMs)),
    ...interrupted.map(({ prompt }) => `- interrupted: ${plainLine(prompt)}`),
    `${counted(failed, "failed attempt")}, ${unconfirmed} unconfirmed, ${counted(changed, "file")} changed since, ${counted(otherOpen, "other open session")}`,
    ...trouble,
  ].join("\n");
}

const COMMANDS_MAX = 20;
const FILES_MAX = 40;

/** A session, or a part of it: a part is whole where the whole session shows the newest only. */
export function shownText(
  shown: SessionShown,
  part: "notes" | "files" | "commands" | "conversations" | undefined,
  nowMs: number,
): string {
  const isWanted = (name: string) => part === undefined || part === name;
  const max = (count: number) => (part === undefined ? count : Number.POSITIVE_INFINITY);
  return [
    sessionLine(shown.session),
    ...(shown.documentTrouble === undefined ? [] : [plainLine(shown.documentTrouble)]),
    ...(isWanted("notes")
      ? noteLines(
          shown.notes.filter(({ state }) => state !== "dropped"),
          nowMs,
        )
      : []),
    ...(isWanted("files") ? fileLines(shown, max(FILES_MAX)) : []),
    ...(isWanted("commands") ? commandLines(shown, max(COMMANDS_MAX)) : []),
    ...(isWanted("conversations") ? conversationLines(shown, nowMs) : []),
  ].join("\n");
}

function fileLines({ files }: SessionShown, max: number): readonly string[] {
  const changed = files.filter(({ ops }) => ops.some((op) => op !== "read"));
  const lines = changed.slice(-max).map(({ path, ops }) => `- ${plainLine(path)} (${ops.join(", ")})`);
  return section("Files", lines, changed.length - lines.length);
}

function commandLines({ commands }: SessionShown, max: number): readonly string[] {
  const lines = commands
    .slice(-max)
    .map(({ command, exitCode }) => `- ${plainLine(command)} (exit code ${exitCode ?? "unknown"})`);
  return section("Commands", lines, commands.length - lines.length);
}

function conversationLines({ conversations }: SessionShown, nowMs: number): readonly string[] {
  const lines = conversations.map(({ id, agent, turns, lastAtMs }) => {
    const last = lastAtMs === undefined ? "" : `, last ${dayOf(lastAtMs, nowMs)}`;
    return `- ${agent} ${id}: ${counted(turns, "prompt")}${last}`;
  });
  return section("Conversations", lines, 0);
}

function section(name: string, lines: readonly string[], before: number): readonly string[] {
  if (lines.length === 0) return [];
  return [before > 0 ? `## ${name} (${before} before these)` : `## ${name}`, ...lines];
}
