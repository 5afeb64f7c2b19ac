import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Box } from "./box.ts";

const WRITTEN_TIMEOUT_MS = 90_000;
const LOOK_EVERY_MS = 5;

/**
 * Waits until the agent has words in a transcript of the work tree. It writes a moment after it shows them, and its own
 * commands go by what is written: `/branch` then finds "No messages to branch".
 *
 * @param words as they stand in JSON.
 */
export async function written(box: Box, words: string): Promise<void> {
  const deadlineMs = Date.now() + WRITTEN_TIMEOUT_MS;
  while (!transcriptsOf(box).includes(words)) {
    if (Date.now() > deadlineMs)
      throw new Error(`No transcript had "${words}" after ${WRITTEN_TIMEOUT_MS / 1000} s.`);
    await pause(LOOK_EVERY_MS);
  }
}

/** All transcripts of the work tree, one after the other. */
function transcriptsOf(box: Box): string {
  const folder = box.transcripts();
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names
    .filter((name) => name.endsWith(".jsonl"))
    .map((name) => box.read(join(folder, name)))
    .join("");
}
