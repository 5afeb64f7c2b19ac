import type { CallToolResult } from "@modelcontextprotocol/server";
import { AppError, type ErrorCode } from "../base/error.ts";
import { MCP_ANSWER_CHARS_MAX } from "../base/limits.ts";

/** What a tool says, and which call says what does not fit. */
export interface Said {
  readonly text: string;
  readonly rest?: string;
}

export function answered({ text, rest }: Said): CallToolResult {
  return { content: [{ type: "text", text: capped(text, rest) }] };
}

/** A text of at most MCP_ANSWER_CHARS_MAX, cut at a line, that says what is missing and how to get it. */
export function capped(text: string, rest = "ask for a part of it"): string {
  if (text.length <= MCP_ANSWER_CHARS_MAX) return text;
  const room = MCP_ANSWER_CHARS_MAX - rest.length - NOTICE_CHARS;
  const lineEnd = text.lastIndexOf("\n", room);
  // One line longer than all that is cut within.
  const kept = text.slice(0, lineEnd > room / 2 ? lineEnd : room).replace(/[\uD800-\uDBFF]$/, "");
  return `${kept}\n… ${text.length - kept.length} more characters are not shown; ${rest}.`;
}

/** Room for the last line around `rest`. */
const NOTICE_CHARS = 80;

/** An expected failure as the model reads it: the code, what happened, what to do. Anything else is a bug of ours, told as one. */
export function failed(error: unknown): CallToolResult {
  const { code, message, hint } = error instanceof AppError ? error.toJSON() : bug(error);
  return { content: [{ type: "text", text: `${code}: ${message}\n${hint}` }], isError: true };
}

function bug(error: unknown): { code: ErrorCode | "internal_error"; message: string; hint: string } {
  const what = error instanceof Error ? error.message : String(error);
  return {
    code: "internal_error",
    message: `a bug of ours: ${what}`,
    hint: "What was recorded before is safe. The same from a shell (`leftoff`) may work, and says more.",
  };
}
