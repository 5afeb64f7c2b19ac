import { z } from "zod";
import { SEARCH_CHARS_MAX, SEARCH_NOTES_MAX } from "../base/limits.ts";
import { NOTE_KINDS } from "../session/note.ts";

/** What is searched for, and where. */
export const SearchNotesInput = z.strictObject({
  query: z.string().trim().min(1, "What shall be searched for?").max(SEARCH_CHARS_MAX),
  all: z.boolean().optional().describe("every work tree; dropped notes too"),
  kind: z.enum(NOTE_KINDS).optional(),
  limit: z.number().int().min(1).max(SEARCH_NOTES_MAX).optional(),
});
export type SearchNotesInput = z.infer<typeof SearchNotesInput>;
