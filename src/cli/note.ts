import { NoteInput } from "../app/note.input.ts";
import { addNote } from "../app/note.ts";
import { parseInput } from "../base/parse.ts";
import { type Run, show, textOption } from "./door.ts";

const FIELDS = [
  "why",
  "lesson",
  "result",
  "time",
  "file",
  "priority",
  "impact",
  "tradeoff",
  "approved",
  "horizon",
] as const;

export const run: Run = async (door, given) => {
  const [kind, ...words] = given.args;
  const fields = Object.fromEntries(
    FIELDS.map((name) => [name, textOption(given, name)]).filter(([, value]) => value !== undefined),
  );
  const input = parseInput(NoteInput, {
    kind,
    text: words.join(" "),
    session: textOption(given, "session"),
    fields,
  });
  const noted = await addNote(door.app, input);
  show(
    door,
    { schema: "leftoff.note/1", ...noted },
    () => `Noted in ${noted.slug} (${noted.kind} ${noted.note.slice(-6)}).`,
  );
};
