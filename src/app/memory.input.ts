import { z } from "zod";
import { NOTE_TEXT_CHARS_MAX } from "../base/limits.ts";
import { SessionReference } from "./session.input.ts";

const words = z
  .string()
  .max(NOTE_TEXT_CHARS_MAX, `A part of a checkpoint has at most ${NOTE_TEXT_CHARS_MAX} characters.`)
  .optional();

const PARTS = {
  session: SessionReference,
  /** Lines, each with a label (`COMPLETED: files 1-50`) or without. */
  note: words,
  completed: words,
  in_progress: words,
  pending: words,
  decision: words,
  why: words,
  discovery: words,
  next: words,
};

/** What a checkpoint of the session memory says: any of its parts, all written at once. */
export const CheckpointInput = z
  .strictObject(PARTS)
  .refine(
    ({ session: _session, why: _why, ...parts }) => Object.values(parts).some((part) => part?.trim()),
    "A checkpoint needs a note, or one of completed, in_progress, pending, decision, discovery and next.",
  );
export type CheckpointInput = z.infer<typeof CheckpointInput>;

export const MEMORY_ACTIONS = ["checkpoint", "show"] as const;

/** The same as one call of an agent's tool: what it says, or (`show`, or without anything) the memory as it is. */
export const MemoryInput = z.strictObject({ action: z.enum(MEMORY_ACTIONS).optional(), ...PARTS });
export type MemoryInput = z.infer<typeof MemoryInput>;
