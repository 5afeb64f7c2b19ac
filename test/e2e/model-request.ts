import type { IncomingHttpHeaders } from "node:http";

/** One request that reached the model. */
export interface ModelRequest {
  readonly atMs: number;
  readonly kind: RequestKind;
  /** The conversation, as the client names it in its header. */
  readonly conversation: string | undefined;
  readonly model: string;
  readonly streams: boolean;
  /** What the person last said, reminders taken out. After a failed turn it begins with the prompt of that turn. */
  readonly prompt: string;
  readonly body: RequestBody;
  readonly sizeTokens: number;
}

/** turn: the conversation itself or a subagent; title: a name for it; summary: a compaction; count: tokens; aside: anything else. */
export type RequestKind = "turn" | "title" | "summary" | "count" | "aside";

export interface RequestBody {
  readonly model?: string;
  readonly stream?: boolean;
  readonly system?: Content;
  readonly messages?: readonly RequestMessage[];
  readonly tools?: readonly unknown[];
}

export interface RequestMessage {
  readonly role: "user" | "assistant" | "system";
  readonly content: Content;
}

type Content = string | readonly ContentBlock[];

interface ContentBlock {
  readonly type: string;
  readonly text?: string;
  readonly content?: Content;
}

export function readRequest(url: string, headers: IncomingHttpHeaders, bodyText: string): ModelRequest {
  const body = JSON.parse(bodyText) as RequestBody;
  const conversation = headers["x-claude-code-session-id"];
  const prompt = promptOf(body.messages ?? []);
  return {
    atMs: Date.now(),
    kind: kindOf(url, body, prompt),
    conversation: typeof conversation === "string" ? conversation : undefined,
    model: body.model ?? "unknown",
    streams: body.stream === true,
    prompt,
    body,
    sizeTokens: Math.ceil(bodyText.length / 4),
  };
}

/** All text of a request that the model reads, in its order: the system prompt, then every message with its tool results. */
export function requestText(request: ModelRequest): string {
  const messages = request.body.messages ?? [];
  return [request.body.system ?? "", ...messages.map((message) => message.content)]
    .flatMap(textsOf)
    .join("\n");
}

/**
 * What hooks and the client put beside the conversation: system messages in it, and reminders in the person's. Nothing that
 * person, agent or tools said, nor a summary of that.
 */
export function injectedText(request: ModelRequest): string {
  return (request.body.messages ?? [])
    .flatMap(({ role, content }) => textsOf(content).filter((text) => role === "system" || isReminder(text)))
    .join("\n");
}

function isReminder(text: string): boolean {
  return text.startsWith("<system-reminder>");
}

function textsOf(content: Content): readonly string[] {
  if (typeof content === "string") return [content];
  return content.flatMap((block) => [
    ...(block.text === undefined ? [] : [block.text]),
    ...(block.content === undefined ? [] : textsOf(block.content)),
  ]);
}

/** Marks of the two requests that are not the conversation itself, as 2.1.197 words them. */
const SUMMARY_MARK = "create a detailed summary";
const TITLE_MARK = /\btitle\b/i;

function kindOf(url: string, body: RequestBody, prompt: string): RequestKind {
  if (url.includes("/count_tokens")) return "count";
  if (prompt.includes(SUMMARY_MARK)) return "summary";
  if ((body.tools?.length ?? 0) > 0) return "turn";
  return TITLE_MARK.test(textsOf(body.system ?? "").join("\n")) ? "title" : "aside";
}

function promptOf(messages: readonly RequestMessage[]): string {
  for (const message of [...messages].reverse()) {
    if (message.role !== "user") continue;
    const said = spokenIn(message.content);
    if (said !== "") return said;
  }
  return "";
}

/** Texts directly in the message: what stands inside tool results and reminders was not said by a person. */
function spokenIn(content: Content): string {
  const texts = typeof content === "string" ? [content] : content.map((block) => block.text ?? "");
  return texts.filter((text) => text !== "" && !isReminder(text)).join("\n");
}
