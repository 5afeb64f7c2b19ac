import type { Readable, Writable } from "node:stream";
import type { JSONRPCMessage, Transport } from "@modelcontextprotocol/server";
import { MCP_MESSAGE_BYTES_MAX } from "../base/limits.ts";
import { asObject, type JsonObject, parseJson } from "../base/parse.ts";

export interface Streams {
  readonly input: Readable;
  readonly output: Writable;
}

/** JSON-RPC 2.0, 5.1: what is answered before a method is looked for. */
export const PARSE_ERROR = -32700;
export const INVALID_REQUEST = -32600;
export const INVALID_PARAMS = -32602;

/** A transport, and when the client has gone. */
export interface StdioTransport extends Transport {
  /** Resolves when the input has ended or the output can no longer be written. */
  readonly gone: Promise<void>;
}

/**
 * One JSON-RPC message a line. The SDK's own transport passes over what is no message; here every line is answered, as
 * JSON-RPC asks (docs/formats/mcp.md has the table), and no line can fill the memory.
 */
export function openStdio({ input, output }: Streams): StdioTransport {
  const inWork = new Set<string | number>();
  let leave: () => void = () => undefined;
  const gone = new Promise<void>((resolve) => {
    leave = resolve;
  });
  const write = (message: object): Promise<void> =>
    new Promise((resolve) => {
      // Who can't be written to has gone: that is told once, by `gone`.
      output.write(`${JSON.stringify(message)}\n`, () => resolve());
    });
  const refuse = ({ id, code, message }: Refusal) =>
    void write({ jsonrpc: "2.0", id, error: { code, message } });
  const take = (line: Buffer) => {
    if (line.length === 0 || (line.length === 1 && line[0] === CARRIAGE_RETURN)) return;
    const judged = judge(parseJson(line.toString("utf8")), inWork);
    if (judged.kind === "refused") return refuse(judged);
    if (judged.ends !== undefined) inWork.delete(judged.ends);
    if (judged.begins !== undefined) inWork.add(judged.begins);
    transport.onmessage?.(judged.message);
  };
  const lines = splitLines(take, () =>
    refuse({
      id: null,
      code: INVALID_REQUEST,
      message: `A message has at most ${MCP_MESSAGE_BYTES_MAX} bytes.`,
    }),
  );
  const transport: StdioTransport = {
    gone,
    start: async () => {
      input.on("data", lines);
      for (const event of ["end", "close", "error"]) input.on(event, leave);
      for (const event of ["close", "error"]) output.on(event, leave);
      if (input.readableEnded || input.destroyed) leave();
    },
    send: (message) => {
      if ("id" in message && message.id !== undefined && !("method" in message)) inWork.delete(message.id);
      return write(message);
    },
    close: async () => {
      input.off("data", lines);
      input.pause();
      leave();
      transport.onclose?.();
    },
  };
  return transport;
}

interface Refusal {
  readonly id: string | number | null;
  readonly code: number;
  readonly message: string;
}

type Judged =
  | ({ readonly kind: "refused" } & Refusal)
  | {
      readonly kind: "taken";
      readonly message: JSONRPCMessage;
      /** The request that it begins, or that it takes back. */
      readonly begins?: string | number;
      readonly ends?: string | number;
    };

const CARRIAGE_RETURN = 0x0d;
const LINE_FEED = 0x0a;

/** Whether a line's value is a message of JSON-RPC 2.0 that can be worked on. */
function judge(value: unknown, inWork: ReadonlySet<string | number>): Judged {
  if (value === undefined) return refused(null, PARSE_ERROR, "This line is no JSON.");
  const message = asObject(value);
  if (message === undefined)
    return refused(null, INVALID_REQUEST, "A message is one object; batches are not taken.");
  const id = idOf(message);
  if (message.jsonrpc !== "2.0")
    return refused(id ?? null, INVALID_REQUEST, 'A message says "jsonrpc": "2.0".');
  if (message.id !== undefined && id === undefined)
    return refused(null, INVALID_REQUEST, "An id is a text or a whole number.");
  if (typeof message.method === "string")
    return id === undefined ? told(message) : asked(message, id, inWork);
  if (message.method === undefined && id !== undefined && isResponse(message)) return taken(message);
  return refused(id ?? null, INVALID_REQUEST, "A message has a method.");
}

/** A request. */
function asked(message: JsonObject, id: string | number, inWork: ReadonlySet<string | number>): Judged {
  // Under its own id the answer would be taken for that of the request that has it already.
  if (inWork.has(id)) return refused(null, INVALID_REQUEST, `The id ${JSON.stringify(id)} is in use.`);
  if (message.params !== undefined && asObject(message.params) === undefined)
    return refused(id, INVALID_PARAMS, "Params are an object.");
  return { ...taken(message), begins: id };
}

/** A notification: whatever is wrong with it, nobody waits for an answer. */
function told({ params, ...message }: JsonObject): Judged {
  const given = asObject(params) ?? {};
  const id = message.method === "notifications/cancelled" ? given.requestId : undefined;
  const ends = typeof id === "string" || typeof id === "number" ? { ends: id } : {};
  return { ...taken({ ...message, params: given }), ...ends };
}

function refused(id: string | number | null, code: number, message: string): Judged {
  return { kind: "refused", id, code, message };
}

function taken(message: JsonObject): Extract<Judged, { kind: "taken" }> {
  return { kind: "taken", message: message as JSONRPCMessage };
}

function idOf({ id }: JsonObject): string | number | undefined {
  return typeof id === "string" || Number.isSafeInteger(id) ? (id as string | number) : undefined;
}

function isResponse({ result, error }: JsonObject): boolean {
  return asObject(result) !== undefined || asObject(error) !== undefined;
}

/** Hands over whole lines. One that is too long is told at its end, and passed over. */
function splitLines(onLine: (line: Buffer) => void, onTooLong: () => void): (chunk: Buffer) => void {
  let parts: Buffer[] = [];
  let sizeBytes = 0;
  return (chunk) => {
    let from = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, from)) {
      const isTooLong = sizeBytes + end - from > MCP_MESSAGE_BYTES_MAX;
      const line = isTooLong ? undefined : Buffer.concat([...parts, chunk.subarray(from, end)]);
      parts = [];
      sizeBytes = 0;
      from = end + 1;
      if (line === undefined) onTooLong();
      else onLine(line);
    }
    sizeBytes += chunk.length - from;
    if (sizeBytes > MCP_MESSAGE_BYTES_MAX) parts = [];
    else parts.push(chunk.subarray(from));
  };
}
