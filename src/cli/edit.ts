import { spawnSync } from "node:child_process";
import { documentToEdit, renameSession, takeInEdits } from "../app/edit-session.ts";
import { counted } from "../base/count.ts";
import { AppError } from "../base/error.ts";
import { type Run, show, textOption } from "./door.ts";
import { sessionJson } from "./session-json.ts";

export const run: Run = async (door, given) => {
  const session = given.args[0];
  const title = textOption(given, "title");
  if (title !== undefined) {
    const renamed = await renameSession(door.app, { session, title });
    show(
      door,
      { schema: "leftoff.session/1", session: sessionJson(renamed) } as { schema: string },
      () => `${renamed.slug} is called "${renamed.title}" now.`,
    );
    return;
  }
  const editor = editorOf(door.app.env);
  const document = await documentToEdit(door.app, { session });
  runEditor(editor, document.path);
  const { session: after, changed, trouble } = await takeInEdits(door.app, document);
  const answer = {
    schema: "leftoff.edit/1",
    session: after.id,
    document: document.path,
    changed,
    trouble: trouble ?? null,
  };
  show(door, answer, () =>
    [
      changed === 0 ? "Nothing changed." : `${counted(changed, "note")} of ${after.slug} changed.`,
      ...(trouble === undefined ? [] : [trouble]),
    ].join("\n"),
  );
};

/** From the person's own environment alone: a project never says what runs. */
function editorOf(env: { readonly [name: string]: string | undefined }): string {
  const editor = [env.VISUAL, env.EDITOR].find((name) => name !== undefined && name.trim() !== "");
  if (editor !== undefined) return editor;
  throw new AppError(
    "input_invalid",
    "Neither VISUAL nor EDITOR says which editor to open.",
    "For example: EDITOR=nano leftoff edit; `leftoff show --json` names the document.",
  );
}

/** As git does it: the shell splits `code --wait`, and the path is never part of what it reads. */
function runEditor(editor: string, path: string): void {
  const { error, status, signal } = spawnSync("/bin/sh", ["-c", `${editor} "$@"`, editor, path], {
    stdio: ["inherit", "inherit", "inherit"],
  });
  if (error === undefined && status === 0) return;
  throw new AppError(
    "input_invalid",
    `The editor (${editor}) ended with ${error?.message ?? signal ?? `exit code ${status}`}.`,
    "What was saved is taken in with the next turn or command.",
  );
}
