import { z } from "zod";
import { NOTE_TEXT_CHARS_MAX } from "../base/limits.ts";
import { SessionReference } from "./session.input.ts";

const words = z
  .string()
  .max(NOTE_TEXT_CHARS_MAX, `A part of a checkpoint has at most ${NOTE_TEXT_CHARS_MAX} characters.`)
  .optional();

/** What a checkpoint of the session memory says: any of its parts, all written at once. */
export const CheckpointInput = z
  .strictObject({
    session: SessionReference,
    note: words,
    completed: words,
    in_progress: words,
    pending: words,
    decision: words,
    why: words,
    discovery: words,
    next: words,
  })
  .refine(
    ({ session: _session, why: _why, ...parts }) => Object.values(parts).some((part) => part?.trim()),
    "A checkpoint needs a note, or one of completed, in_progress, pending, decision, discovery and next.",
  );
export type CheckpointInput = z.infer<typeof CheckpointInput>;
