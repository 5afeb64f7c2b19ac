import { z } from "zod";
import { SEARCH_CHARS_MAX } from "../base/limits.ts";
import { NOTE_KINDS } from "../session/note.ts";

/** What is searched for, and where. */
export const SearchNotesInput = z.strictObject({
  query: z.string().trim().min(1, "What shall be searched for?").max(SEARCH_CHARS_MAX),
  all: z.boolean().optional().describe("every work tree"),
  kind: z.enum(NOTE_KINDS).optional(),
});
export type SearchNotesInput = z.infer<typeof SearchNotesInput>;
