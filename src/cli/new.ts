import { newSession } from "../app/new-session.ts";
import { type Run, show } from "./door.ts";
import { sessionJson } from "./session-json.ts";

export const run: Run = async (door, { args }) => {
  const session = await newSession(door.app, { title: args.join(" ") });
  show(door, { schema: "leftoff.session/1", session: sessionJson(session) } as { schema: string }, () =>
    [
      `Started ${session.slug}; it is current here now.`,
      ...(session.document ? [session.document] : []),
    ].join("\n"),
  );
};
