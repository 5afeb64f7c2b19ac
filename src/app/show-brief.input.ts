import { z } from "zod";
import { SessionReference } from "./session.input.ts";

/** Whose brief. */
export const ShowBriefInput = z.strictObject({ session: SessionReference });
