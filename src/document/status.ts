import type { DocumentStatus } from "./document.ts";
import { normalText } from "./item-text.ts";

export interface StatusWord {
  readonly status: DocumentStatus;
  /** What follows the word: "Blocked on the security review". */
  readonly reason: string | undefined;
}

/** More than this in a status line is a story. */
const REASON_CHARS_MAX = 400;

/** How people say where the work stands; published in docs/formats/document.md. The longest that fits counts. */
export const STATUS_ALIASES: { readonly [Status in DocumentStatus]: readonly string[] } = {
  in_progress: [
    "in progress",
    "in-progress",
    "in_progress",
    "inprogress",
    "active",
    "ongoing",
    "on going",
    "working",
    "working on it",
    "wip",
    "started",
    "resumed",
    "reopened",
    "open",
    "진행 중",
    "진행중",
  ],
  completed: [
    "completed",
    "complete",
    "done",
    "finished",
    "closed",
    "resolved",
    "shipped",
    "merged",
    "cancelled",
    "canceled",
    "완료",
    "완료됨",
  ],
  blocked: [
    "blocked",
    "blocked on",
    "blocked by",
    "blocking on",
    "waiting",
    "waiting on",
    "waiting for",
    "stuck",
    "stuck on",
    "on hold",
    "차단됨",
    "막힘",
    "보류",
  ],
};

/** The longest first. */
function wordsOfStatuses(): readonly (readonly [string, DocumentStatus])[] {
  return Object.entries(STATUS_ALIASES)
    .flatMap(([status, words]) => words.map((word) => [word, status as DocumentStatus] as const))
    .sort(([a], [b]) => b.length - a.length);
}

/** Signs that say nothing the word does not say. */
const decoration = () => /^(?:[\s*_~✓]|\p{Extended_Pictographic}|\uFE0F)+/u;
const decorationEnd = () => /(?:[\s*_~✓]|\p{Extended_Pictographic}|\uFE0F)+$/u;

/** Reads the value of the `**Status**` line; undefined where it says none of ours, or is the template's own choice of three. */
export function readStatus(value: string): StatusWord | undefined {
  // As we write it, which needs none of the expressions below: they know all alphabets, and V8 takes its time to make them.
  if (isStatus(value)) return { status: value, reason: undefined };
  const text = normalText(value)
    .replace(decoration(), "")
    .replace(/[*_]+$/, "");
  if (text.includes("|")) return undefined;
  const lower = text.toLowerCase();
  for (const [word, status] of wordsOfStatuses()) {
    if (!lower.startsWith(word)) continue;
    const rest = text.slice(word.length);
    if (rest !== "" && /^[\p{L}\p{N}_]/u.test(rest)) continue;
    return { status, reason: reasonIn(rest) };
  }
  return undefined;
}

function isStatus(value: string): value is DocumentStatus {
  return Object.hasOwn(STATUS_ALIASES, value);
}

export function writeStatus({ status, reason }: StatusWord): string {
  const words = normalText(reason ?? "").replaceAll("|", "/");
  return words === "" ? status : `${status} (${words})`;
}

/** ` (why)`, `: why`, ` - why` or simply ` why`; undefined where nothing but signs follows. */
function reasonIn(rest: string): string | undefined {
  const text = rest
    .slice(0, REASON_CHARS_MAX)
    .replace(decorationEnd(), "")
    .replace(decoration(), "")
    .replace(/^[:,;–—-]+(?=\s)/, "")
    .trim();
  const inner = text.startsWith("(") && text.endsWith(")") ? text.slice(1, -1).trim() : text;
  return /[\p{L}\p{N}]/u.test(inner) ? inner : undefined;
}
