import { z } from "zod";
import { parseDuration } from "../base/duration.ts";
import { SessionReference } from "./session.input.ts";

export const SHOWN_PARTS = ["notes", "files", "commands", "conversations", "document", "summary"] as const;

/** A part, and of the layered summary how far it goes back: `summary 2h`, `summary last 2 hours`. */
export interface ShownPart {
  readonly name: (typeof SHOWN_PARTS)[number];
  /** Undefined: all of it. */
  readonly lastMs: number | undefined;
}

/** Undefined for what is no part. */
export function partOf(text: string): ShownPart | undefined {
  const name = SHOWN_PARTS.find((part) => part === text.trim());
  if (name !== undefined) return { name, lastMs: undefined };
  const time = /^summary\s+(?:last\s+)?(.+)$/.exec(text.trim())?.[1];
  const lastMs = time === undefined ? undefined : parseDuration(time);
  return lastMs === undefined ? undefined : { name: "summary", lastMs };
}

/** Which session to show, and which part of it where not all of it. */
export const ShowSessionInput = z.strictObject({
  session: SessionReference,
  part: z
    .string()
    .max(40)
    .refine((text) => partOf(text) !== undefined, {
      error: `A part is one of: ${SHOWN_PARTS.join(", ")}; \`summary 2h\` is of the last 2 hours.`,
    })
    .optional(),
});
export type ShowSessionInput = z.infer<typeof ShowSessionInput>;
