import { z } from "zod";
import { TITLE_CHARS_MAX } from "../base/limits.ts";

/** How every door names a session that is not the current one. */
export const SessionReference = z.string().min(1).optional();

export const SESSION_ACTIONS = [
  "status",
  "list",
  "new",
  "switch",
  "pause",
  "block",
  "complete",
  "cancel",
  "reopen",
] as const;

/** What can be asked of a session or done to it as a whole. */
export const SessionInput = z.strictObject({
  action: z.enum(SESSION_ACTIONS),
  session: SessionReference,
  title: z.string().max(TITLE_CHARS_MAX).optional(),
  /** With `new`: what its document begins with. */
  template: z.string().max(TITLE_CHARS_MAX).optional(),
  reason: z
    .string()
    .max(TITLE_CHARS_MAX * 4)
    .optional(),
});
export type SessionInput = z.infer<typeof SessionInput>;
