import type { RecordBatch, RecordWindow } from "../agent/agent.ts";
import { RECORD_WINDOW_OVERLAP_BYTES } from "../base/limits.ts";
import type { JsonObject } from "../base/parse.ts";
import type { Redactor } from "../redact/redact.ts";

/** Takes the place of what cannot be told from a secret because a window ends in it. */
const BORDER_MARK = "[REDACTED:window-border]";
/** No value of a type that an agent writes: such records say nothing to anybody but who reads the archive. */
const WINDOW_TYPE = "leftoff-window";

/** A window of a record that is too long to be read, as the archive keeps it: its header as a record, its text redacted. */
export function windowRecords(
  redactor: Redactor,
  window: RecordWindow,
  { fromByte }: Pick<RecordBatch, "fromByte">,
): readonly JsonObject[] {
  const header = window.header === undefined ? [] : [redactor.value(window.header) as JsonObject];
  return [...header, { type: WINDOW_TYPE, fromByte, text: redactedWindow(redactor, window) }];
}

/**
 * The window's text without secrets, also without those that lie across its borders: where redacting both sides of a
 * border together gives something else than redacting each, the text next to the border goes.
 */
export function redactedWindow(redactor: Redactor, { before, text, after }: RecordWindow): string {
  const near = RECORD_WINDOW_OVERLAP_BYTES;
  const cutsLeft = isCut(redactor, before.slice(-near), text.slice(0, near));
  const cutsRight = isCut(redactor, text.slice(-near), after.slice(0, near));
  const from = cutsLeft ? Math.min(near, text.length) : 0;
  const to = cutsRight ? Math.max(from, text.length - near) : text.length;
  return `${from > 0 ? BORDER_MARK : ""}${redactor.text(text.slice(from, to))}${to < text.length ? BORDER_MARK : ""}`;
}

function isCut(redactor: Redactor, left: string, right: string): boolean {
  if (left === "" || right === "") return false;
  return redactor.text(left + right) !== redactor.text(left) + redactor.text(right);
}
