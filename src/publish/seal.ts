import { sha256 } from "../base/digest.ts";
import { isSessionId, type SessionId } from "../base/id.ts";

/**
 * The last line of every page that we write for others: whose it is, and by a digest of what stands above it, whether
 * anybody changed it since. A page that somebody changed is theirs: it is never overwritten and never removed.
 */
export interface Seal {
  readonly session: SessionId;
  readonly untouched: boolean;
}

/** `<!-- leftoff ses_… 0123456789abcdef -->`, alone on the last line. */
const SEAL = /(?:^|\n)<!-- leftoff (ses_[0-9a-f]{32}) ([0-9a-f]{16}) -->\s*$/;
/** No seal is longer; a page may be a megabyte. */
const SEAL_CHARS_MAX = 200;

/** @param body the page, ending in a line feed. */
export function sealed(body: string, session: SessionId): string {
  return `${body}\n<!-- leftoff ${session} ${digest(body)} -->\n`;
}

/** Undefined where the page has none: it was written by a person or by another program. */
export function sealOf(page: string): Seal | undefined {
  // git may have given every line another ending.
  const text = page.replaceAll("\r\n", "\n");
  const end = text.slice(-SEAL_CHARS_MAX);
  const found = SEAL.exec(end);
  const session = found?.[1] ?? "";
  if (found === null || !isSessionId(session)) return undefined;
  const body = text.slice(0, text.length - end.length + found.index);
  return { session, untouched: digest(body) === found[2] };
}

function digest(body: string): string {
  return sha256(body.trimEnd()).slice(0, 16);
}
