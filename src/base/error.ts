/**
 * Every failure a caller can act on, with its exit code. One table, so that a script can rely on the codes:
 * 0 ok · 1 failure · 2 usage · 3 not found · 4 busy · 5 damaged · 6 permission · 7 disk full · 8 version ·
 * 9 refused for safety · 10 no store · 70 a bug of ours · 130 interrupted.
 */
export const ERRORS = {
  not_yet_available: { exit: 1 },
  try_failed: { exit: 1 },
  input_invalid: { exit: 2 },
  command_unknown: { exit: 2 },
  session_not_found: { exit: 3 },
  note_not_found: { exit: 3 },
  agent_not_found: { exit: 3 },
  session_ambiguous: { exit: 3 },
  no_current_session: { exit: 3 },
  transition_refused: { exit: 9 },
  store_busy: { exit: 4 },
  file_damaged: { exit: 5 },
  settings_unreadable: { exit: 5 },
  permission_denied: { exit: 6 },
  disk_full: { exit: 7 },
  version_unsupported: { exit: 8 },
  refused: { exit: 9 },
  not_initialised: { exit: 10 },
} as const;

export type ErrorCode = keyof typeof ERRORS;

/** The exit code of a broken invariant: a bug of ours, never the user's fault (BSD `EX_SOFTWARE`). */
export const EXIT_BUG = 70;

/**
 * An expected failure. `message` says what happened, with the values; `hint` says what to do next. Both are shown as
 * they are by every door, so they are written for the person or the agent who reads them.
 *
 * A broken invariant is not an AppError: use {@link assert}, which ends the operation.
 */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: ErrorCode;
  readonly hint: string;

  constructor(code: ErrorCode, message: string, hint: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.hint = hint;
  }

  toJSON(): { code: ErrorCode; message: string; hint: string } {
    return { code: this.code, message: this.message, hint: this.hint };
  }
}

/** Throws if `condition` is false: the program, not its input, is wrong. */
export function assert(condition: boolean, invariant: string): asserts condition {
  if (!condition) throw new Error(`Invariant broken: ${invariant}`);
}

/** Makes the compiler prove that a switch is exhaustive. */
export function assertNever(value: never): never {
  throw new Error(`Unhandled case: ${JSON.stringify(value)}`);
}

/** The `code` of a Node system error (`ENOENT`, `ENOSPC`, …), or undefined for anything else. */
export function errnoOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
