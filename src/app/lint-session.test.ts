import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type AppBox, makeAppBox } from "../../test/app-box.ts";
import { TEMPLATES } from "../document/templates.ts";
import { documentToEdit, renameSession, takeInEdits } from "./edit-session.ts";
import { lintHere } from "./lint-session.ts";
import { newSession } from "./new-session.ts";
import { addNote } from "./note.ts";

let box: AppBox;
beforeEach(() => {
  box = makeAppBox();
});
afterEach(() => box.dispose());

test("lint finds what is missing, and fix does only what is safe", async () => {
  await newSession(box.app, { title: "Login" });
  await addNote(box.app, { kind: "next", text: "Passkeys", fields: { horizon: "future" } });
  await addNote(box.app, { kind: "next", text: "Rotate tokens" });
  const before = await lintHere(box.app, { fix: false });
  expect(before.findings.map(({ rule }) => rule)).toEqual(["priority", "priority"]);
  const after = await lintHere(box.app, { fix: true });
  expect(after.fixed).toHaveLength(1);
  const left = await lintHere(box.app, { fix: true });
  expect(left.findings.map(({ message }) => message)).toEqual(['"Rotate tokens" has no priority.']);
});

test("a session that just began from a template of ours leaves nothing to find", async () => {
  for (const { name: template } of TEMPLATES) {
    const { id } = await newSession(box.app, { title: `Work of a kind: ${template}`, template });
    expect((await lintHere(box.app, { session: id, fix: false })).findings).toEqual([]);
  }
});

test("neither does one from a template of one's own, however general its steps are", async () => {
  const steps = "# Template: Chore\n\n## Doing Phase\n- [ ] Fix things\n- [ ] Look at #12\n";
  box.initialise();
  box.write(join(box.project, ".claude", "templates", "chore.md"), steps);
  const { document = "" } = await newSession(box.app, { title: "Chores of May", template: "chore" });
  expect((await lintHere(box.app, { fix: false })).findings).toEqual([]);
  box.write(document, box.read(document).replace("Fix things", "Fix stuff"));
  const { findings } = await lintHere(box.app, { fix: false });
  expect(findings.map(({ rule }) => rule)).toEqual(["vague", "priority"]);
});

test("what was changed in an editor is taken in and counted; a title can be changed without one", async () => {
  await newSession(box.app, { title: "Login" });
  await addNote(box.app, { kind: "finding", text: "Express" });
  const document = await documentToEdit(box.app, { session: undefined });
  box.write(document.path, box.read(document.path).replace("- Express", "- Express 5\n- React"));
  expect((await takeInEdits(box.app, document)).changed).toBe(2);
  await renameSession(box.app, { session: undefined, title: "Login with tokens" });
  expect(box.read(document.path)).toContain("# Session State: Login with tokens");
});
