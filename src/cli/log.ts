import { sessionEvents } from "../app/session-events.ts";
import type { ReadEvent } from "../session/event.ts";
import type { Author } from "../session/note.ts";
import { localTime } from "./ago.ts";
import { type Door, type Run, show, textOption } from "./door.ts";

export const run: Run = async (door, given) => {
  const { session, events, damage } = await sessionEvents(door.app, {
    session: textOption(given, "session"),
  });
  show(door, { schema: "leftoff.log/1", session: session.id, events, damage } as { schema: string }, () =>
    [
      ...events.map((event) => lineOf(door, event)),
      ...damage.map(({ path, line, reason }) =>
        door.style.red(`${path}${line === undefined ? "" : `:${line}`}: ${reason}`),
      ),
    ].join("\n"),
  );
};

function lineOf({ style }: Door, event: ReadEvent): string {
  const type = event.type === "unknown" ? event.originalType : event.type;
  return `${style.dim(localTime(event.atMs))}  ${type.padEnd(20)} ${style.dim(who(event.by).padEnd(8))} ${detail(event)}`;
}

function who(by: Author): string {
  return by.kind === "agent" ? by.name : by.kind;
}

function detail({ data }: ReadEvent): string {
  const known = data as {
    text?: string;
    title?: string;
    reason?: string;
    conversation?: string;
    path?: string;
    note?: string;
    gitBranch?: string;
    added?: readonly string[];
    removed?: readonly string[];
  };
  const text =
    known.text ??
    known.title ??
    known.reason ??
    known.path ??
    known.conversation ??
    known.gitBranch ??
    known.note ??
    known.added?.[0] ??
    known.removed?.[0] ??
    "";
  const line = text.replaceAll(/\s+/g, " ");
  return line.length <= 100 ? line : `${line.slice(0, 99)}…`;
}
