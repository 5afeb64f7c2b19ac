import { type Archived, archiveSession, unarchiveSession } from "../app/archive-session.ts";
import { counted } from "../base/count.ts";
import { type Door, fitted, type Given, type Run, show, showExact, textOption } from "./door.ts";
import { sessionJson } from "./session-json.ts";
import { shownPath } from "./shown-path.ts";

export const archive: Run = async (door, given) => {
  const input = inputOf(given);
  const done = await archiveSession(door.app, input);
  showExact(door, json(done, input.dryRun), () => archivedText(door, done, input.dryRun));
};

export const unarchive: Run = async (door, given) => {
  const input = inputOf(given);
  const done = await unarchiveSession(door.app, input);
  show(door, json(done, input.dryRun), () => unarchivedText(done, input.dryRun));
};

function inputOf(given: Given) {
  const named = given.args.length > 0 ? given.args.join(" ") : undefined;
  return { session: textOption(given, "session") ?? named, dryRun: given.options.dryRun === true };
}

function json({ session, summary, document, kept, redacted, already, text }: Archived, dryRun: boolean) {
  return {
    schema: "leftoff.archive/1",
    dryRun,
    already,
    session: sessionJson(session),
    summary: summary ?? null,
    document: document ?? null,
    kept: kept ?? null,
    redacted,
    text,
  };
}

function archivedText(door: Door, done: Archived, dryRun: boolean): string {
  const { session, summary, document, kept, redacted, already, text } = done;
  if (already) return `${session.slug} is archived already${summary === undefined ? "" : `: ${summary}`}.`;
  const would = dryRun ? "would be " : "";
  return [
    // The page as it would stand in the file, and then what is said about it.
    ...(dryRun ? [text.trimEnd(), ""] : []),
    ...[
      `${session.slug} ${dryRun ? "would be" : "is"} archived.`,
      ...(summary === undefined ? [] : [`  summary   ${would}written to ${shownPath(door.app, summary)}`]),
      ...(document === undefined || kept === undefined
        ? []
        : [`  document  ${would}kept at ${shownPath(door.app, kept)}`]),
      ...(redacted === 0
        ? []
        : [door.style.yellow(`  ${counted(redacted, "secret")} left out of the summary.`)]),
      ...(dryRun ? [] : [door.style.dim("`leftoff unarchive` brings it back, byte for byte.")]),
    ].map((line) => fitted(door, line)),
  ].join("\n");
}

function unarchivedText({ session, document }: Archived, dryRun: boolean): string {
  return [
    `${session.slug} ${dryRun ? "would be" : "is"} back${dryRun ? "" : ` and ${session.phase}`}.`,
    ...(document === undefined ? [] : [`  document  ${document}`]),
    ...(dryRun ? [] : ["`leftoff reopen` takes the work up again."]),
  ].join("\n");
}
