import { z } from "zod";
import { SessionReference } from "./session.input.ts";

export const SHOWN_PARTS = ["notes", "files", "commands", "conversations", "document"] as const;

/** Which session to show, and which part of it where not all of it. */
export const ShowSessionInput = z.strictObject({
  session: SessionReference,
  part: z.enum(SHOWN_PARTS).optional(),
});
export type ShowSessionInput = z.infer<typeof ShowSessionInput>;
