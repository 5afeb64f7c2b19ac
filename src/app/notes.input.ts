import { z } from "zod";
import { SessionReference } from "./session.input.ts";

const ids = z.array(
  z.string().min(4, "A note is named by its id, or at least the last four characters of it."),
);

/** Several changes to notes in one call, or which notes to list. */
export const NotesInput = z.strictObject({
  session: SessionReference,
  confirm: ids.optional(),
  done: ids.optional(),
  drop: ids.optional(),
  reopen: ids.optional(),
  edit: z.array(z.strictObject({ note: z.string(), text: z.string() })).optional(),
  /** Where nothing is changed: dropped ones are listed, too. */
  all: z.boolean().optional(),
});
export type NotesInput = z.infer<typeof NotesInput>;
