import { SECRET_ROOM_CHARS, SECRETS_GAP_CHARS_MAX, SECRETS_IN_A_ROW_MAX } from "../base/limits.ts";
import type { Span } from "./trigger.ts";

/** How many secrets are told apart for which no room has been made since. */
export interface Crowd {
  count: number;
}

/** Secrets of a text in order and apart, of which those that are too many in a row have become one. */
export interface Row extends Crowd {
  readonly spans: Span[];
  /** Whether the last but one grows: the last one had no room. */
  grows: boolean;
}

export function newRow(): Row {
  return { spans: [], count: 0, grows: false };
}

/**
 * Adds a span that begins where the last one ends or behind it. Those for which there is no room become one, with what
 * stands between them; but the last of them stays apart, since it and the name before it decide how what follows is judged.
 */
export function addTo(row: Row, span: Span): void {
  const { spans } = row;
  const last = spans.at(-1);
  if (hasRoom(row, span.from - (last?.to ?? 0))) row.grows = false;
  else if (row.grows && last !== undefined) {
    spans.pop();
    spans[spans.length - 1] = { ...last, from: spans.at(-1)?.from ?? last.from };
  } else row.grows = true;
  spans.push(span);
}

/**
 * Whether one more can be told apart, `gap` characters behind the one before, and then counts it. Room is made by characters
 * without any secret, beyond those that every name takes.
 */
export function hasRoom(crowd: Crowd, gap: number, roomChars = SECRET_ROOM_CHARS): boolean {
  const quiet = Math.max(0, gap - SECRETS_GAP_CHARS_MAX);
  crowd.count = Math.max(0, crowd.count - quiet / roomChars);
  if (isFull(crowd)) return false;
  crowd.count += 1;
  return true;
}

/** Whether there is no room as long as none is made. */
export function isFull({ count }: Crowd): boolean {
  return count > SECRETS_IN_A_ROW_MAX - 1;
}
