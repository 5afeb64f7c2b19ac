import { switchSession } from "../app/switch-session.ts";
import { type Run, show } from "./door.ts";
import { sessionJson } from "./session-json.ts";

export const run: Run = async (door, { args }) => {
  const session = await switchSession(door.app, { session: args.join(" ") });
  show(
    door,
    { schema: "leftoff.session/1", session: sessionJson(session) } as { schema: string },
    () => `Current is now ${session.slug} (${session.title}).`,
  );
};
