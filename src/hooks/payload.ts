import { read } from "node:fs";
import { HOOK_PAYLOAD_BYTES_MAX } from "../base/limits.ts";

const LINE_FEED = 0x0a;
/** A payload is a few hundred bytes, but for long prompts and answers. */
const CHUNK_BYTES = 64 * 1024;

/**
 * The payload on standard input: one line of JSON. Reading ends with the line even if whoever writes never closes the
 * pipe, and at HOOK_PAYLOAD_BYTES_MAX in any case.
 */
export async function readPayload(): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for (;;) {
    const chunk = await readChunk();
    if (chunk.length === 0) break;
    chunks.push(chunk);
    sizeBytes += chunk.length;
    if (chunk.at(-1) === LINE_FEED || sizeBytes >= HOOK_PAYLOAD_BYTES_MAX) break;
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Asynchronous, so that the deadline's timer can fire while nobody writes. */
function readChunk(): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  return new Promise((settle, fail) => {
    read(0, buffer, 0, buffer.length, null, (error, bytes) => {
      if (error !== null && error.code !== "EOF") fail(error);
      else settle(buffer.subarray(0, error === null ? bytes : 0));
    });
  });
}
