import { z } from "zod";
import { NOTE_TEXT_CHARS_MAX } from "../base/limits.ts";
import { NOTE_KINDS } from "../session/note.ts";

const sentence = z
  .string()
  .max(NOTE_TEXT_CHARS_MAX, `A field holds at most ${NOTE_TEXT_CHARS_MAX} characters.`);

/** What `leftoff note` takes; the source of the checks of every door. */
export const NoteInput = z.strictObject({
  kind: z.enum(NOTE_KINDS, `A note is one of: ${NOTE_KINDS.join(", ")}.`),
  text: sentence.trim().min(1, "A note needs a text."),
  session: z.string().optional(),
  fields: z
    .strictObject({
      why: sentence,
      lesson: sentence,
      result: sentence,
      time: sentence,
      file: sentence,
      priority: sentence,
      impact: sentence,
      tradeoff: sentence,
      approved: sentence,
      horizon: z.enum(["immediate", "short-term", "future"]),
    })
    .partial()
    .optional(),
});
export type NoteInput = z.infer<typeof NoteInput>;
