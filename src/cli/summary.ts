import { type LayeredSummary, layeredSummary } from "../app/layered-summary.ts";
import { type SummaryWritten, writeSummary } from "../app/write-summary.ts";
import { counted } from "../base/count.ts";
import { parseDuration } from "../base/duration.ts";
import { AppError } from "../base/error.ts";
import { type Door, type Given, type Run, show, showExact, textOption } from "./door.ts";
import { sessionJson } from "./session-json.ts";

export const run: Run = async (door, given) => {
  const session = given.args.length > 0 ? given.args.join(" ") : textOption(given, "session");
  const input = { session, lastMs: lastMs(given) };
  const dryRun = given.options.dryRun === true;
  if (given.options.write !== true && !dryRun) {
    const summary = await layeredSummary(door.app, input);
    show(door, document(summary), () => summary.text.trimEnd());
    return;
  }
  const written = await writeSummary(door.app, { ...input, dryRun });
  const { path, changed, kept } = written;
  const whole = { ...document(written), dryRun, path, changed, kept };
  if (dryRun) showExact(door, whole, () => written.file.trimEnd());
  else show(door, whole, () => textOf(door, written));
};

function document({ session, nowMs, sinceMs, layers, ...rest }: LayeredSummary) {
  const { earlierTurns, unreadBytes, redacted, text } = rest;
  return {
    schema: "leftoff.summary/1",
    session: sessionJson(session),
    madeAtMs: nowMs,
    sinceMs: sinceMs ?? null,
    layers,
    earlierTurns,
    unreadBytes,
    redacted,
    text,
  };
}

function textOf({ style }: Door, { path, changed, kept, redacted }: SummaryWritten): string {
  return [
    changed ? `${path} is written.` : `${path} is up to date.`,
    ...(kept === 0 ? [] : [style.dim(`${kept} of your own lines stand below it now.`)]),
    ...(redacted === 0 ? [] : [style.yellow(`${counted(redacted, "secret")} left out.`)]),
  ].join("\n");
}

function lastMs(given: Given): number | undefined {
  const last = textOption(given, "last");
  if (last === undefined) return undefined;
  const ms = parseDuration(last);
  if (ms !== undefined) return ms;
  throw new AppError(
    "input_invalid",
    `"${last}" is no duration.`,
    "For example: leftoff summary --last 2h, or 90m, 3d, 1w.",
  );
}
