import { type Status, statusHere } from "../app/status.ts";
import { ago } from "./ago.ts";
import { type Door, type Run, show, textOption } from "./door.ts";
import { phaseWord } from "./list.ts";
import { sessionJson } from "./session-json.ts";

const NEXT_MAX = 5;

export const run: Run = async (door, given) => {
  const status = await statusHere(door.app, { session: textOption(given, "session") });
  show(door, json(status), () => textOf(door, status));
};

function json({ session, next, failed, unconfirmed, drift, interrupted, otherOpen, trouble, here }: Status) {
  return {
    schema: "leftoff.status/1",
    root: here.root,
    gitBranch: here.head.gitBranch ?? null,
    session: session === undefined ? null : sessionJson(session),
    next: next.map(({ id, text }) => ({ id, text })),
    failed,
    unconfirmed,
    drift: drift ?? null,
    interrupted,
    otherOpen,
    trouble,
  };
}

function textOf(door: Door, status: Status): string {
  const { session, here } = status;
  const { bold, dim, yellow, red } = door.style;
  if (session === undefined) {
    return [
      `No session in ${here.root} yet.`,
      dim('Your agent\'s first prompt starts one; or: leftoff new "what you are doing"'),
      ...status.trouble.map((line) => red(line)),
    ].join("\n");
  }
  const nowMs = door.app.clock.nowMs();
  const reason = session.reason ? `: ${session.reason}` : "";
  return [
    `${bold(session.slug)}  ${phaseWord(door, session)}${reason}  ${dim(`${here.head.gitBranch ?? "no git branch"}, active ${ago(session.updatedAtMs, nowMs)}`)}`,
    session.title,
    ...nextLines(status, door),
    ...status.interrupted.map(
      ({ prompt, atMs }) => `${yellow("interrupted")} ${ago(atMs, nowMs)}: ${oneLine(prompt)}`,
    ),
    ...driftLines(status, door),
    ...counts(status, door),
    ...(session.document ? [dim(session.document)] : []),
    ...status.trouble.map((line) => red(line)),
  ].join("\n");
}

function nextLines({ next }: Status, { style }: Door): readonly string[] {
  if (next.length === 0) return [style.dim("no next step noted")];
  const rest =
    next.length > NEXT_MAX ? [style.dim(`  and ${next.length - NEXT_MAX} more: leftoff notes`)] : [];
  return [...next.slice(0, NEXT_MAX).map(({ text }) => `${style.cyan("next")} ${oneLine(text)}`), ...rest];
}

function driftLines({ drift }: Status, { style }: Door): readonly string[] {
  if (drift === undefined) return [];
  const commits = drift.commits.map(
    ({ hash, author, subject }) =>
      `${style.yellow("since")} ${hash.slice(0, 7)} ${author}: ${oneLine(subject)}`,
  );
  const files =
    drift.files.length === 0
      ? []
      : [style.dim(`${drift.files.length} files changed since: ${drift.files.slice(0, 5).join(", ")}`)];
  return [...commits.slice(0, NEXT_MAX), ...files];
}

function counts({ failed, unconfirmed, otherOpen }: Status, { style }: Door): readonly string[] {
  const parts = [
    failed > 0 ? `${failed} failed ${failed === 1 ? "attempt" : "attempts"}` : "",
    unconfirmed > 0 ? `${unconfirmed} unconfirmed: leftoff notes` : "",
    otherOpen > 0 ? `${otherOpen} other open: leftoff list` : "",
  ].filter((part) => part !== "");
  return parts.length === 0 ? [] : [style.dim(parts.join(" · "))];
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length <= 100 ? line : `${line.slice(0, 99)}…`;
}
