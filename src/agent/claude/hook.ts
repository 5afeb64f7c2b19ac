import { isConversationId } from "../../base/id.ts";
import { asObject, type JsonObject, numberField, parseJson, stringField } from "../../base/parse.ts";
import type { HookCall, HookEvent } from "../agent.ts";
import { personText } from "./transcript.ts";

const EVENTS: readonly HookEvent[] = [
  "SessionStart",
  "UserPromptSubmit",
  "Stop",
  "StopFailure",
  "SubagentStop",
  "SessionEnd",
  "PreCompact",
];

/**
 * A Claude Code hook's payload in our words (docs/formats/hooks.md); undefined for what is none of ours: no conversation,
 * another event, or a SubagentStop without a kind of agent, which every compaction sends.
 *
 * A payload above some 200 KB arrives cut (the client stops writing when the hook has exited): what it still holds is
 * used, and its last string is as long as it came.
 */
export function hookOf(payload: string): HookCall | undefined {
  const fields = asObject(parseJson(payload)) ?? fieldsOfCut(payload);
  const conversation = stringField(fields, "session_id");
  const event = EVENTS.find((name) => name === stringField(fields, "hook_event_name"));
  if (conversation === undefined || !isConversationId(conversation) || event === undefined) return undefined;
  if (event === "SubagentStop" && !stringField(fields, "agent_type")) return undefined;
  const sinceAnswerS = numberField(fields, "seconds_since_last_response");
  const isTurnEnd = event === "Stop" || event === "StopFailure";
  return {
    event,
    conversation,
    transcriptPath: absolutePath(stringField(fields, "transcript_path")),
    cwd: absolutePath(stringField(fields, "cwd")),
    promptId: stringField(fields, "prompt_id"),
    prompt: event === "UserPromptSubmit" ? personText(stringField(fields, "prompt") ?? "") : undefined,
    answer: isTurnEnd ? stringField(fields, "last_assistant_message") : undefined,
    reason: reasonOf(event, fields),
    subagent: stringField(fields, "agent_id"),
    sinceAnswerMs: sinceAnswerS === undefined ? undefined : sinceAnswerS * 1000,
  };
}

function reasonOf(event: HookEvent, fields: JsonObject): string | undefined {
  switch (event) {
    case "SessionStart":
      return stringField(fields, "source");
    case "SessionEnd":
      return stringField(fields, "reason");
    case "PreCompact":
      return stringField(fields, "trigger");
    case "StopFailure":
      return stringField(fields, "error");
    default:
      return undefined;
  }
}

function absolutePath(path: string | undefined): string | undefined {
  return path?.startsWith("/") && !path.includes("\0") ? path : undefined;
}

const BLANKS = " \t\r\n";

/** The top-level strings of an object whose end is missing, the last one as far as it goes. */
function fieldsOfCut(payload: string): JsonObject {
  const fields: Record<string, string> = {};
  let at = skip(payload, 0, `${BLANKS}\uFEFF`);
  if (payload[at] !== "{") return fields;
  at = skip(payload, at + 1, BLANKS);
  while (payload[at] === '"') {
    const key = readString(payload, at);
    const colon = skip(payload, key.end, BLANKS);
    if (key.isCut || payload[colon] !== ":") break;
    const valueAt = skip(payload, colon + 1, BLANKS);
    if (payload[valueAt] === '"') {
      const value = readString(payload, valueAt);
      if (value.text !== undefined && key.text !== undefined) fields[key.text] = value.text;
      at = value.end;
    } else {
      at = endOfValue(payload, valueAt);
    }
    at = skip(payload, at, `${BLANKS},`);
  }
  return fields;
}

interface CutString {
  /** Undefined where it is no valid string. */
  readonly text: string | undefined;
  readonly end: number;
  readonly isCut: boolean;
}

function readString(payload: string, at: number): CutString {
  let end = at + 1;
  while (end < payload.length && payload[end] !== '"') end += payload[end] === "\\" ? 2 : 1;
  if (end < payload.length) return { text: decoded(payload.slice(at + 1, end)), end: end + 1, isCut: false };
  return { text: decoded(withoutTornEnd(payload.slice(at + 1))), end: payload.length, isCut: true };
}

function decoded(raw: string): string | undefined {
  const text = parseJson(`"${raw}"`);
  return typeof text === "string" ? text : undefined;
}

/** Half an escape, half a surrogate pair and half a UTF-8 character say nothing. */
function withoutTornEnd(raw: string): string {
  const lastSlash = raw.lastIndexOf("\\", raw.length - 1);
  let slashes = 0;
  while (lastSlash - slashes >= 0 && raw[lastSlash - slashes] === "\\") slashes++;
  const tail = raw.slice(lastSlash);
  const isOpen =
    lastSlash !== -1 && slashes % 2 === 1 && (tail.length < 2 || (tail[1] === "u" && tail.length < 6));
  const whole = isOpen ? raw.slice(0, lastSlash) : raw;
  return whole.replace(/(?:\\u[dD][89abAB][0-9a-fA-F]{2}|[\uD800-\uDBFF])$/, "").replace(/\uFFFD{1,3}$/, "");
}

/** The place after a number, a word, an array or an object; the end of the payload where it is cut. */
function endOfValue(payload: string, at: number): number {
  let depth = 0;
  for (let end = at; end < payload.length; ) {
    const char = payload[end] ?? "";
    if (char === '"') {
      end = readString(payload, end).end;
      continue;
    }
    if (depth === 0 && (char === "," || char === "}")) return end;
    if (char === "{" || char === "[") depth++;
    if (char === "}" || char === "]") depth--;
    end++;
  }
  return payload.length;
}

function skip(payload: string, from: number, chars: string): number {
  let at = from;
  while (at < payload.length && chars.includes(payload[at] ?? "")) at++;
  return at;
}
