import { newSession } from "../app/new-session.ts";
import { listTemplates } from "../app/templates.ts";
import { counted } from "../base/count.ts";
import { type Door, type Run, show, textOption } from "./door.ts";
import { sessionJson } from "./session-json.ts";
import { shownPath } from "./shown-path.ts";
import { tableIn } from "./table.ts";

export const run: Run = async (door, given) => {
  if (given.options.templates === true) return listed(door);
  const session = await newSession(door.app, {
    title: given.args.join(" "),
    template: textOption(given, "template"),
  });
  show(door, { schema: "leftoff.session/1", session: sessionJson(session) } as { schema: string }, () =>
    [
      `Started ${session.slug}; it is current here now.`,
      ...(session.document ? [door.style.dim(shownPath(door.app, session.document))] : []),
    ].join("\n"),
  );
};

async function listed(door: Door): Promise<void> {
  const templates = await listTemplates(door.app);
  const document = {
    schema: "leftoff.templates/1",
    templates: templates.map((one) => ({ ...one, path: one.path ?? null })),
  };
  show(door, document as { schema: string }, () =>
    tableIn(
      door,
      ["template", "for", "", ""],
      templates.map(({ name, summary, steps, path }) => [
        door.style.bold(name),
        summary,
        counted(steps, "step"),
        path === undefined ? "" : door.style.dim(shownPath(door.app, path)),
      ]),
    ),
  );
}
