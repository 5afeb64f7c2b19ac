import { read } from "node:fs";
import { HOOK_PAYLOAD_BYTES_MAX, HOOK_PAYLOAD_WAIT_MS } from "../base/limits.ts";

const LINE_FEED = 0x0a;
/** A payload is a few hundred bytes, but for long prompts and answers. */
const CHUNK_BYTES = 64 * 1024;

export interface Payload {
  readonly text: string;
  /** Whoever writes never finished: a read still waits in a thread of ours, and process.exit() would wait for it. */
  readonly isReading: boolean;
}

/**
 * The payload on standard input: one line of JSON. Reading ends with the line even if whoever writes never closes the
 * pipe; at HOOK_PAYLOAD_BYTES_MAX; and HOOK_PAYLOAD_WAIT_MS after it began, with what came until then.
 */
export async function readPayload(): Promise<Payload> {
  const chunks: Buffer[] = [];
  const timeUp = afterMs(HOOK_PAYLOAD_WAIT_MS);
  let sizeBytes = 0;
  let isReading = false;
  for (;;) {
    const chunk = await Promise.race([readChunk(), timeUp]);
    isReading = chunk === undefined;
    if (chunk === undefined || chunk.length === 0) break;
    chunks.push(chunk);
    sizeBytes += chunk.length;
    if (chunk.at(-1) === LINE_FEED || sizeBytes >= HOOK_PAYLOAD_BYTES_MAX) break;
  }
  return { text: Buffer.concat(chunks).toString("utf8"), isReading };
}

/** Asynchronous, so that the timers can fire while nobody writes. */
function readChunk(): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  return new Promise((settle, fail) => {
    read(0, buffer, 0, buffer.length, null, (error, bytes) => {
      if (error !== null && error.code !== "EOF") fail(error);
      else settle(buffer.subarray(0, error === null ? bytes : 0));
    });
  });
}

function afterMs(durationMs: number): Promise<undefined> {
  return new Promise((settle) => {
    setTimeout(() => settle(undefined), durationMs).unref();
  });
}
