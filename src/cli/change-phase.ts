import { changePhase, type PhaseChange, type PhaseChanged } from "../app/change-phase.ts";
import { leftOpenWords } from "../app/final-update.ts";
import { type Given, type Run, show, textOption } from "./door.ts";
import { sessionJson } from "./session-json.ts";

export const pause: Run = run("pause");
export const block: Run = run("block");
export const complete: Run = run("complete");
export const cancel: Run = run("cancel");
export const reopen: Run = run("reopen");

function run(change: PhaseChange): Run {
  return async (door, given) => {
    const session = await changePhase(door.app, { change, ...wordsOf(change, given) });
    const leftOpen = session.leftOpen.flatMap(({ kind, notes }) =>
      notes.map(({ id, text }) => ({ id, kind, text })),
    );
    const document = {
      schema: "leftoff.session/1",
      session: sessionJson(session),
      ...(change === "complete" ? { leftOpen } : {}),
    };
    show(door, document, () => sentence(change, session));
  };
}

/** `reopen` takes a session where the others take a reason. */
function wordsOf(
  change: PhaseChange,
  given: Given,
): { session?: string | undefined; reason?: string | undefined } {
  const words = given.args.length > 0 ? given.args.join(" ") : undefined;
  const session = textOption(given, "session");
  if (change === "block") return { session, reason: blockReason(given, words) };
  return change === "reopen" ? { session: session ?? words } : { session, reason: words };
}

/** On whom and until when are part of the reason, as people say it: `security review by @carol (expected 2026-01-27)`. */
function blockReason(given: Given, words: string | undefined): string | undefined {
  const on = textOption(given, "on");
  const expected = textOption(given, "expected");
  const who = on === undefined ? "" : ` by ${on}`;
  const when = expected === undefined ? "" : ` (expected ${expected})`;
  return words === undefined ? undefined : `${words}${who}${when}`;
}

function sentence(change: PhaseChange, { slug, reason, leftOpen }: PhaseChanged): string {
  const why = reason === undefined || reason === "" ? "" : `: ${reason}`;
  const done = {
    pause: "paused",
    block: "blocked",
    complete: "completed",
    cancel: "cancelled",
    reopen: "open again",
  };
  const left = leftOpen.length === 0 ? [] : [`Still open in it: ${leftOpenWords(leftOpen)}.`];
  const next = change === "complete" ? ["`leftoff archive` shelves it."] : [];
  return [`${slug} is ${done[change]}${why}.`, ...left, ...next].join("\n");
}
