import { NoteInput } from "../app/note.input.ts";
import { addNote } from "../app/note.ts";
import { parseInput } from "../base/parse.ts";
import { NOTE_FIELDS, type NoteField } from "../session/note.ts";
import { type Given, type Run, show, textOption } from "./door.ts";

/** Options that are called otherwise than their field: how somebody would say it. `outcome` is a decision's result. */
const OPTION_OF: { readonly [Field in NoteField]?: readonly string[] } = {
  result: ["result", "outcome"],
  waiting: ["waitingOn"],
  superseded: ["supersededBy"],
};

export const run: Run = async (door, given) => {
  const [kind, ...words] = given.args;
  const fields = Object.fromEntries(
    NOTE_FIELDS.map((field) => [field, fieldIn(given, field)]).filter(([, value]) => value !== undefined),
  );
  const input = parseInput(NoteInput, {
    kind,
    text: words.join(" "),
    session: textOption(given, "session"),
    fields: {
      ...fields,
      ...(given.options.project === true ? { scope: "project" } : {}),
      ...(given.options.pin === true ? { pinned: "yes" } : {}),
    },
  });
  const noted = await addNote(door.app, input);
  show(door, { schema: "leftoff.note/1", ...noted }, () =>
    [
      `Noted in ${noted.slug} (${noted.kind} ${noted.note.slice(-6)}).`,
      ...(noted.trouble === undefined ? [] : [door.style.yellow(noted.trouble)]),
    ].join("\n"),
  );
};

function fieldIn(given: Given, field: NoteField): string | undefined {
  return (OPTION_OF[field] ?? [field])
    .map((name) => textOption(given, name))
    .find((said) => said !== undefined);
}
