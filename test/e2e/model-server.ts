import { randomUUID } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type ModelRequest, readRequest } from "./model-request.ts";

/**
 * A stand-in for the Anthropic Messages API on 127.0.0.1: answers from a script, streams as the real one does, and keeps
 * every request, so that a test can assert what reached the model. Wire: Anthropic's documented streaming events.
 */
export interface ModelServer {
  readonly url: string;
  /** Requests for a message, oldest first; titles and token counts included. */
  readonly requests: readonly ModelRequest[];
  /** Main-line requests that no rule answered. A scenario that leaves some is wrong. */
  readonly unanswered: readonly ModelRequest[];
  /** Puts rules before those that are there: the first that matches and has replies left answers. */
  play(...rules: readonly Rule[]): void;
  /** The first request since the server started that `wanted` accepts, now or within `timeoutMs`. */
  waitFor(wanted: (request: ModelRequest) => boolean, timeoutMs?: number): Promise<ModelRequest>;
  stop(): Promise<void>;
}

export interface Rule {
  readonly when: (request: ModelRequest) => boolean;
  /** Used up from the first to the last. */
  readonly replies: readonly Reply[];
}

export type Reply =
  | {
      readonly kind: "message";
      readonly blocks: readonly Block[];
      readonly usage?: Partial<Usage>;
      readonly pace?: Pace;
    }
  /** 401 makes the client wait for more than 30 s; it retries 400 once (2.1.197) or about five times (2.1.329). */
  | { readonly kind: "error"; readonly status: number; readonly type: string; readonly message: string }
  /** Streams the blocks and then nothing more, until the client goes away. */
  | { readonly kind: "hang"; readonly blocks: readonly Block[] };

export type Block =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "thinking"; readonly thinking: string }
  | { readonly type: "tool_use"; readonly name: string; readonly input: object };

export interface Usage {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_read_input_tokens: number;
  readonly cache_creation_input_tokens: number;
}

/** How slowly a reply comes: before its first byte, between two pieces of a text, and not before something has happened. */
export interface Pace {
  readonly firstMs: number;
  readonly pieceMs: number;
  readonly after?: Promise<unknown>;
}

/** A rule for the turn that the person's prompt containing `words` started. */
export function whenAsked(words: string, ...replies: readonly Reply[]): Rule {
  return { when: (request) => request.kind === "turn" && request.prompt.includes(words), replies };
}

/** A rule for the summary that a compaction asks for. */
export function whenCompacting(...replies: readonly Reply[]): Rule {
  return { when: (request) => request.kind === "summary", replies };
}

export function says(text: string): Reply {
  return { kind: "message", blocks: [{ type: "text", text }] };
}

export function slowly(pace: Pace, text: string): Reply {
  return { kind: "message", blocks: [{ type: "text", text }], pace };
}

/** A text that comes when the test lets it, however long what it waits for takes on this machine. */
export function heldBack(text: string): { readonly reply: Reply; release(): void } {
  let release = (): void => {};
  const after = new Promise<void>((resolve) => {
    release = resolve;
  });
  const pace = { firstMs: 0, pieceMs: 0, after };
  return { reply: { kind: "message", blocks: [{ type: "text", text }], pace }, release: () => release() };
}

/** Errors, as many as either version asks for before it gives up: 2.1.329 asks six times. */
export function refuses(status: number, message: string): readonly Reply[] {
  return Array.from({ length: 10 }, () => ({
    kind: "error",
    status,
    type: "invalid_request_error",
    message,
  }));
}

/** One tool call, after a sentence if there is one. */
export function calls(name: string, input: object, sentence?: string): Reply {
  return { kind: "message", blocks: callBlocks(name, input, sentence) };
}

export function runs(command: string, sentence?: string): Reply {
  return calls("Bash", { command, description: sentence ?? command.slice(0, 60) }, sentence);
}

export function hangs(...blocks: readonly Block[]): Reply {
  return { kind: "hang", blocks };
}

function callBlocks(name: string, input: object, sentence: string | undefined): readonly Block[] {
  const call: Block = { type: "tool_use", name, input };
  return sentence === undefined ? [call] : [{ type: "text", text: sentence }, call];
}

/** @param logFolder where every request is written as a file of its own, for a person to look at. */
export async function startModelServer(logFolder?: string): Promise<ModelServer> {
  const script = newScript();
  const sockets = new Set<Socket>();
  const http = createServer((request, response) => {
    // A client that was killed resets its connection; that is the scenario, not an error of ours.
    response.on("error", () => {});
    answerHttp(script, request, response, logFolder).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
  http.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    requests: script.requests,
    unanswered: script.unanswered,
    play: (...rules) => void script.rules.unshift(...rules.map((rule) => ({ rule, used: 0 }))),
    waitFor: (wanted, timeoutMs = 90_000) => waitForRequest(script, wanted, timeoutMs),
    stop: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

interface Script {
  readonly rules: { readonly rule: Rule; used: number }[];
  readonly requests: ModelRequest[];
  readonly unanswered: ModelRequest[];
  readonly listeners: Set<(request: ModelRequest) => void>;
}

function newScript(): Script {
  return { rules: [], requests: [], unanswered: [], listeners: new Set() };
}

function waitForRequest(
  script: Script,
  wanted: (request: ModelRequest) => boolean,
  timeoutMs: number,
): Promise<ModelRequest> {
  const early = script.requests.find(wanted);
  if (early !== undefined) return Promise.resolve(early);
  return new Promise((resolve, reject) => {
    const end = () => {
      script.listeners.delete(listener);
      clearTimeout(timer);
    };
    const listener = (request: ModelRequest) => {
      if (!wanted(request)) return;
      end();
      resolve(request);
    };
    const timer = setTimeout(() => {
      end();
      const seen = script.requests.map((request) => `  ${request.kind}: ${request.prompt.slice(0, 100)}`);
      reject(
        new Error(
          `The model was not asked what the test waits for in ${timeoutMs} ms. Seen:\n${seen.join("\n")}`,
        ),
      );
    }, timeoutMs);
    script.listeners.add(listener);
  });
}

async function answerHttp(
  script: Script,
  http: IncomingMessage,
  response: ServerResponse,
  logFolder: string | undefined,
): Promise<void> {
  if (http.method !== "POST" || !http.url?.startsWith("/v1/messages")) {
    response.writeHead(http.method === "HEAD" || http.method === "GET" ? 200 : 404).end();
    return;
  }
  const request = readRequest(http.url, http.headers, await bodyOf(http));
  script.requests.push(request);
  if (logFolder !== undefined) logRequest(logFolder, script.requests.length, request);
  for (const listener of [...script.listeners]) listener(request);
  if (request.kind === "count") {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ input_tokens: request.sizeTokens }));
    return;
  }
  await sendReply(response, request, chooseReply(script, request));
}

function chooseReply(script: Script, request: ModelRequest): Reply {
  for (const entry of script.rules) {
    const reply = entry.rule.replies[entry.used];
    if (reply === undefined || !entry.rule.when(request)) continue;
    entry.used += 1;
    return reply;
  }
  if (request.kind === "title") return says(JSON.stringify({ title: titleOf(request) }));
  if (request.kind === "summary")
    return says("<analysis>Read everything.</analysis>\n<summary>\nThe work goes on.\n</summary>");
  if (request.kind === "turn") script.unanswered.push(request);
  return says("The scenario has no answer for this.");
}

function titleOf(request: ModelRequest): string {
  return request.prompt
    .replace(/<[^>]*>/g, "")
    .trim()
    .split(/\s+/)
    .slice(0, 6)
    .join(" ");
}

async function bodyOf(http: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of http) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}

function logRequest(folder: string, number: number, request: ModelRequest): void {
  mkdirSync(folder, { recursive: true });
  const name = `${String(number).padStart(4, "0")}-${request.kind}.json`;
  writeFileSync(join(folder, name), JSON.stringify(request.body, null, 1));
}

async function sendReply(response: ServerResponse, request: ModelRequest, reply: Reply): Promise<void> {
  if (reply.kind === "error") {
    response.writeHead(reply.status, { "content-type": "application/json" });
    response.end(JSON.stringify({ type: "error", error: { type: reply.type, message: reply.message } }));
    return;
  }
  const pace = reply.kind === "message" ? reply.pace : undefined;
  if (pace !== undefined) await pause(pace.firstMs);
  await pace?.after;
  const usage = usageOf(request, reply);
  if (reply.kind === "message" && !request.streams) {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ ...messageHead(request, usage), ...wholeMessage(reply.blocks, usage) }));
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream", "request-id": `req_${randomUUID()}` });
  sendEvent(response, {
    type: "message_start",
    message: messageHead(request, { ...usage, output_tokens: 1 }),
  });
  for (const [index, block] of reply.blocks.entries())
    await sendBlock(response, { index, block, pieceMs: pace?.pieceMs ?? 0 });
  if (reply.kind === "hang") return;
  sendEvent(response, {
    type: "message_delta",
    delta: { stop_reason: stopReasonOf(reply.blocks), stop_sequence: null },
    usage: { output_tokens: usage.output_tokens },
  });
  sendEvent(response, { type: "message_stop" });
  response.end();
}

interface BlockToSend {
  readonly index: number;
  readonly block: Block;
  readonly pieceMs: number;
}

async function sendBlock(response: ServerResponse, { index, block, pieceMs }: BlockToSend): Promise<void> {
  const delta = (value: object) => sendEvent(response, { type: "content_block_delta", index, delta: value });
  sendEvent(response, { type: "content_block_start", index, content_block: emptyBlock(block) });
  switch (block.type) {
    case "text":
      for (const piece of piecesOf(block.text, pieceMs)) {
        delta({ type: "text_delta", text: piece });
        if (pieceMs > 0) await pause(pieceMs);
      }
      break;
    case "thinking":
      delta({ type: "thinking_delta", thinking: block.thinking });
      delta({ type: "signature_delta", signature: SIGNATURE });
      break;
    case "tool_use":
      delta({ type: "input_json_delta", partial_json: JSON.stringify(block.input) });
      break;
  }
  sendEvent(response, { type: "content_block_stop", index });
}

/** Whole for a fast reply, word by word for a slow one. */
function piecesOf(text: string, pieceMs: number): readonly string[] {
  return pieceMs === 0 ? [text] : (text.match(/\S+\s*/g) ?? [text]);
}

function sendEvent(
  response: ServerResponse,
  event: { readonly type: string; readonly [field: string]: unknown },
): void {
  response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
}

/** Not checked by the client; the API checks it when it is sent back, and we do not. */
const SIGNATURE = "c2NyaXB0ZWQ=";

function emptyBlock(block: Block): object {
  switch (block.type) {
    case "text":
      return { type: "text", text: "" };
    case "thinking":
      return { type: "thinking", thinking: "", signature: "" };
    case "tool_use":
      return { type: "tool_use", id: newId("toolu"), name: block.name, input: {} };
  }
}

function wholeMessage(blocks: readonly Block[], usage: Usage): object {
  const content = blocks.map((block) =>
    block.type === "tool_use" ? { id: newId("toolu"), ...block } : block,
  );
  return { content, stop_reason: stopReasonOf(blocks), usage };
}

function messageHead(request: ModelRequest, usage: Usage): object {
  return {
    id: newId("msg"),
    type: "message",
    role: "assistant",
    model: request.model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage,
  };
}

function stopReasonOf(blocks: readonly Block[]): string {
  return blocks.at(-1)?.type === "tool_use" ? "tool_use" : "end_turn";
}

/** Four characters a token: near enough for figures that look like real ones. */
function usageOf(request: ModelRequest, reply: Exclude<Reply, { kind: "error" }>): Usage {
  const told = reply.kind === "message" ? reply.usage : undefined;
  return {
    input_tokens: request.sizeTokens,
    output_tokens: Math.ceil(JSON.stringify(reply.blocks).length / 4),
    cache_read_input_tokens: 0,
    cache_creation_input_tokens: 0,
    ...told,
  };
}

function newId(prefix: "msg" | "toolu"): string {
  return `${prefix}_01${randomUUID().replaceAll("-", "").slice(0, 22)}`;
}
