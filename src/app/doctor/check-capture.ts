import { counted } from "../../base/count.ts";
import { NUDGE_UNREAD_MS, PENDING_CALL_OLD_MS } from "../../base/limits.ts";
import { type Check, each, finding, fine, note } from "./check.ts";
import type { CaptureFacts, Facts } from "./facts.ts";

/** A failure of last month says nothing about today. */
const FAILURE_RECENT_MS = 24 * 60 * 60 * 1000;

/** Whether what hooks tell becomes something that is remembered. */
export function checkCapture({ capture, nowMs, home }: Facts): readonly Check[] {
  const { pending, leftLocks, off } = capture;
  const switches = off.map((where) =>
    note(
      "capture",
      `Capture is switched off ${where}.`,
      "`leftoff on` switches it on again (`leftoff on --help`).",
    ),
  );
  if (home.kind !== "folder") return switches;
  const old = pending.filter(({ oldestAtMs, isHeld }) => !isHeld && nowMs - oldestAtMs > PENDING_CALL_OLD_MS);
  return [
    ...switches,
    ...nudgeChecks(capture, nowMs),
    ...each(old, fine("pending", "nothing waits"), ({ conversation, calls }) =>
      finding(
        "pending",
        `${counted(calls, "call")} of conversation ${conversation} wait, and nobody is at work on them.`,
        "`leftoff doctor --fix` works on them now; else the next hook does.",
        "ingest",
      ),
    ),
    ...each(leftLocks, fine("locks", "none left behind"), (path) =>
      finding(
        "locks",
        `${path} is the lock of a process that is dead.`,
        "`leftoff doctor --fix` removes it; else whoever needs it next takes it over.",
        "locks",
      ),
    ),
    failureCheck(capture, nowMs),
  ];
}

function nudgeChecks({ lastNudge, off }: CaptureFacts, nowMs: number): readonly Check[] {
  if (lastNudge === undefined) return [];
  const { conversation, atMs, isRead } = lastNudge;
  if (isRead || off.length > 0 || nowMs - atMs < NUDGE_UNREAD_MS) {
    return off.length > 0 ? [] : [fine("capture", `the last hook was heard ${new Date(atMs).toISOString()}`)];
  }
  return [
    finding(
      "capture",
      `A hook of conversation ${conversation} was heard ${new Date(atMs).toISOString()}, and nothing came of it.`,
      "`leftoff doctor --fix` reads it now; if it stays like this, the failures below say why.",
      "ingest",
    ),
  ];
}

function failureCheck({ failures: { count, last, path } }: CaptureFacts, nowMs: number): Check {
  if (last === undefined) return fine("failures", "no hook failed");
  const detail = `${counted(count, "hook run")} failed, the last one ${new Date(last.atMs).toISOString()}: ${last.what}`;
  return nowMs - last.atMs < FAILURE_RECENT_MS
    ? finding(
        "failures",
        detail,
        `\`leftoff doctor --fix\` reads what they left unread and clears the list; if it comes again, report it with ${path}.`,
        "failures",
      )
    : note("failures", detail, `${path} has them all; \`leftoff ingest\` reads what they left unread.`);
}
