import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type AppBox, makeAppBox } from "../../test/app-box.ts";
import { newSession } from "./new-session.ts";
import { addNote } from "./note.ts";
import { listNotes } from "./notes.ts";
import { statusHere } from "./status.ts";
import { listTemplates } from "./templates.ts";
import { undo } from "./undo.ts";

let box: AppBox;
beforeEach(async () => {
  box = makeAppBox();
  await newSession(box.app, { title: "First" });
  box.initialise();
  box.pass(1_000);
});
afterEach(() => box.dispose());

test("a session that begins from a template has its steps as notes, in their order, and a later note beside them", async () => {
  const session = await newSession(box.app, { title: "Orders lost at midnight", template: "bug" });
  const { notes } = await listNotes(box.app, { session: session.slug, all: false });
  expect(notes.map(({ kind }) => kind)).toEqual(Array(notes.length).fill("next"));
  expect(notes[0]?.text).toBe("See it fail once, and note how");
  const text = box.read(session.document ?? "");
  expect(text).toContain("# Session State: Orders lost at midnight");
  expect(text).toContain("**Reproduction Phase**:\n- [ ] See it fail once");
});

test("one's own template counts before ours, is found by its heading, and is listed", async () => {
  box.write(
    join(box.project, ".claude", "templates", "bug.md"),
    "# Template: Production bug\n\n## Phase one\n- [ ] Page somebody\n",
  );
  const session = await newSession(box.app, { title: "Down again", template: "production bug" });
  const { notes } = await listNotes(box.app, { session: session.slug, all: false });
  expect(notes.map(({ text }) => text)).toEqual(["Page somebody"]);
  const names = (await listTemplates(box.app)).map(({ name, path }) => [name, path !== undefined]);
  expect(names).toEqual([
    ["bug", true],
    ["feature", false],
    ["refactor", false],
    ["migration", false],
    ["research", false],
  ]);
  await expect(newSession(box.app, { title: "X", template: "poem" })).rejects.toMatchObject({
    code: "input_invalid",
  });
});

test("a step that somebody notes, or says in their own words, comes before those of the template", async () => {
  const { id, document = "" } = await newSession(box.app, { title: "Login", template: "feature" });
  const [first, second] = (await statusHere(box.app, {})).next;
  await addNote(box.app, { kind: "next", text: "Ring the customer" });
  box.write(document, box.read(document).replace(second?.text ?? "?", "Bring zod up to date"));
  const { next } = await statusHere(box.app, { session: id });
  expect(next.slice(0, 3).map(({ text }) => text)).toEqual([
    "Bring zod up to date",
    "Ring the customer",
    first?.text,
  ]);
});

test("undo takes back what somebody noted, and not the steps of the template", async () => {
  const { id } = await newSession(box.app, { title: "Login", template: "bug" });
  const { next: steps } = await statusHere(box.app, {});
  box.pass(1_000);
  await addNote(box.app, { kind: "next", text: "Ring the customer" });
  await undo(box.app, { dryRun: false });
  expect((await statusHere(box.app, { session: id })).next.map(({ text }) => text)).toEqual(
    steps.map(({ text }) => text),
  );
  const { changes } = await undo(box.app, { dryRun: true });
  expect(changes.map(({ type }) => type)).toEqual(["session.chosen"]);
});
