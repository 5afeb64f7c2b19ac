import { type Rotated, rotateDocument } from "../app/rotate-document.ts";
import { counted } from "../base/count.ts";
import type { Note } from "../session/note.ts";
import { type Door, type Run, show, textOption } from "./door.ts";
import { sessionJson } from "./session-json.ts";

/** Notes of each list that a dry run names. */
const SHOWN_MAX = 8;

export const run: Run = async (door, given) => {
  const dryRun = given.options.dryRun === true;
  const named = given.args.length > 0 ? given.args.join(" ") : undefined;
  const rotated = await rotateDocument(door.app, { session: textOption(given, "session") ?? named, dryRun });
  show(door, json(rotated, dryRun), () => textOf(door, rotated, dryRun));
};

function json(rotated: Rotated, dryRun: boolean) {
  const { session, document, part, closed, carried, linesBefore, linesAfter, stillLong, redacted } = rotated;
  const told = ({ id, kind, text, state }: Note) => ({ id, kind, text, state });
  return {
    schema: "leftoff.rotation/1",
    dryRun,
    session: sessionJson(session),
    document,
    part: part ?? null,
    closed: closed.map(told),
    carried: carried.map(told),
    linesBefore,
    linesAfter: linesAfter ?? null,
    stillLong,
    redacted,
  };
}

function textOf(door: Door, rotated: Rotated, dryRun: boolean): string {
  const { style } = door;
  const { session, part, closed, carried, linesBefore, linesAfter, redacted } = rotated;
  if (part === undefined) return `Nothing in the document of ${session.slug} is over: everything goes on.`;
  return [
    ...(dryRun
      ? [
          style.bold(`Would be closed (${closed.length})`),
          ...shown(closed),
          style.bold(`Would go on (${carried.length})`),
          ...shown(carried),
          "",
        ]
      : [
          `${counted(closed.length, "note")} closed, ${carried.length} carried on; ${linesBefore} lines became ${linesAfter}.`,
        ]),
    `  older part  ${dryRun ? "would be written to " : ""}${part}`,
    ...(redacted === 0 ? [] : [style.yellow(`  ${counted(redacted, "secret")} left out of it.`)]),
    ...(rotated.stillLong
      ? [
          style.yellow(
            "  It is still long: what is left is open, or your own words, which nobody else moves.",
          ),
        ]
      : []),
    ...(dryRun ? [] : [style.dim("`leftoff undo` brings it back.")]),
  ].join("\n");
}

function shown(notes: readonly Note[]): readonly string[] {
  const lines = notes.slice(0, SHOWN_MAX).map(({ kind, text }) => `  ${kind}: ${shortened(text)}`);
  return notes.length > SHOWN_MAX ? [...lines, `  and ${notes.length - SHOWN_MAX} more`] : lines;
}

function shortened(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 59).trimEnd()}…`;
}
