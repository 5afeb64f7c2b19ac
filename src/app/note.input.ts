import { z } from "zod";
import { NOTE_TEXT_CHARS_MAX } from "../base/limits.ts";
import { HORIZONS, NOTE_FIELDS, NOTE_KINDS, type NoteField } from "../session/note.ts";

const sentence = z
  .string()
  .max(NOTE_TEXT_CHARS_MAX, `A field holds at most ${NOTE_TEXT_CHARS_MAX} characters.`);

const sentences = Object.fromEntries(NOTE_FIELDS.map((field) => [field, sentence])) as {
  readonly [Field in NoteField]: typeof sentence;
};

/** What `leftoff note` takes; the source of the checks of every door. */
export const NoteInput = z.strictObject({
  kind: z.enum(NOTE_KINDS, `A note is one of: ${NOTE_KINDS.join(", ")}.`),
  text: sentence.trim().min(1, "A note needs a text."),
  session: z.string().optional(),
  fields: z
    .strictObject({ ...sentences, horizon: z.enum(HORIZONS) })
    .partial()
    .optional(),
});
export type NoteInput = z.infer<typeof NoteInput>;
