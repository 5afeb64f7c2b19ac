import { undo } from "../app/undo.ts";
import { type Run, show } from "./door.ts";
import { sessionJson } from "./session-json.ts";

export const run: Run = async (door, { options }) => {
  const dryRun = options.dryRun === true;
  const { session, changes } = await undo(door.app, { dryRun });
  const document = {
    schema: "leftoff.undone/1",
    dryRun,
    session: sessionJson(session),
    changes: changes.map(({ type, atMs, text }) => ({ type, atMs, text: text ?? null })),
  };
  show(door, document as { schema: string }, () =>
    [
      ...changes.map(({ type, text }) => {
        const what = `${WORDS[type] ?? type}${text === undefined ? "" : `: ${text}`}`;
        return dryRun ? `Would take back: ${what}` : `Took back: ${what}`;
      }),
      `${session.slug} is ${dryRun ? "" : "now "}${session.phase}.`,
    ].join("\n"),
  );
};

const WORDS: { readonly [type: string]: string } = {
  "note.added": "a note added",
  "note.edited": "a note changed",
  "note.dropped": "a note dropped",
  "note.done": "a note ticked off",
  "note.reopened": "a note reopened",
  "session.archived": "an archive",
  "session.rotated": "a rotation",
  "session.chosen": "a switch",
};
