import type { Session } from "../session/session.ts";
import type { App } from "./app.ts";
import { catchUpPlace } from "./ingest-history.ts";
import { type MadeBrief, makeBrief } from "./prepare-brief.ts";
import { callingPlace, resolveSession } from "./resolve-session.ts";
import { readEdits } from "./sync-files.ts";

/**
 * The brief exactly as a conversation that starts now would get it.
 *
 * @throws AppError `no_current_session`, `session_not_found`, `session_ambiguous`.
 */
export async function showBrief(
  app: App,
  input: { readonly session?: string | undefined },
): Promise<MadeBrief & { readonly session: Session }> {
  const here = await callingPlace(app);
  await catchUpPlace(app, here);
  const { session } = readEdits(app, here, resolveSession(app, here, input.session).id);
  return { ...(await makeBrief(app, here, session)), session };
}
