/**
 * Every failure a caller can act on, with its exit code. One table, so that a script can rely on the codes:
 * 0 ok · 1 failure · 2 usage · 3 not found · 4 busy · 5 damaged · 6 permission · 7 disk full · 8 version ·
 * 9 refused for safety · 10 no store · 70 a bug of ours · 130 interrupted.
 */
export const ERRORS = {
  /** The word is taken for something that is not built yet. */
  not_yet_available: { exit: 1 },
  /** `leftoff try` could not show anything: the package's examples are missing or say nothing. */
  try_failed: { exit: 1 },
  /** An argument or an option is not what the command takes. */
  input_invalid: { exit: 2 },
  /** There is no such command. */
  command_unknown: { exit: 2 },
  /** No session has this id or slug. */
  session_not_found: { exit: 3 },
  /** No note of the session has this id, or several end with what was given. */
  note_not_found: { exit: 3 },
  /** leftoff has no adapter for this agent. */
  agent_not_found: { exit: 3 },
  /** Several sessions fit what was given. */
  session_ambiguous: { exit: 3 },
  /** The command is about the current session, and none is open in this work tree. */
  no_current_session: { exit: 3 },
  /** The session's phase does not allow this change (life-cycle.ts has the table). */
  transition_refused: { exit: 9 },
  /** Another process holds what is needed, and did not let go in time. Doing it again can help. */
  store_busy: { exit: 4 },
  /** A file can't be read or written: the disk reports an error (EIO), or what lies there is not what was written. */
  file_damaged: { exit: 5 },
  /** A settings file of the agent is no JSON that we could splice; it was not touched. */
  settings_unreadable: { exit: 5 },
  /** The operating system does not let us read or write a file. */
  permission_denied: { exit: 6 },
  /** There is no room for what was to be written; nothing of it counts as kept. */
  disk_full: { exit: 7 },
  /** The Node that runs this is too old for it. */
  version_unsupported: { exit: 8 },
  /** It would have destroyed something that is still used, or something stands in its way. */
  refused: { exit: 9 },
  /** There is no place to work in: the folder is gone, or leftoff was never set up there. */
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
