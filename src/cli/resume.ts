import { type Resumed, resumeFile } from "../app/resume-file.ts";
import { counted } from "../base/count.ts";
import { isOpen } from "../session/life-cycle.ts";
import { type Run, show } from "./door.ts";
import { sessionJson } from "./session-json.ts";

export const run: Run = async (door, { args }) => {
  const resumed = await resumeFile(door.app, { file: args.join(" ") });
  const { session, from, notes, kind } = resumed;
  const document = {
    schema: "leftoff.resumed/1",
    session: sessionJson(session),
    from: from ?? null,
    notes,
    kind,
  };
  show(door, document, () => textOf(resumed));
};

function textOf({ session, from, notes, kind }: Resumed): string {
  const { slug, document } = session;
  const where = document === undefined ? [] : [document];
  switch (kind) {
    case "own":
      return isOpen(session.phase)
        ? [`${slug} is your own session; it is current here now.`, ...where].join("\n")
        : `${slug} is your own session, and ${session.phase}: \`leftoff reopen ${slug}\` takes it up again.`;
    case "started":
      return [
        `Started ${slug} with ${counted(notes, "note")} by ${from}; it is current here now.`,
        ...where,
      ].join("\n");
    case "brought up to date":
      return [`${slug} has ${counted(notes, "new note")} by ${from}; it is current here now.`, ...where].join(
        "\n",
      );
  }
}
