import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type AppBox, makeAppBox } from "../../test/app-box.ts";
import { newSession } from "./new-session.ts";
import { listNotes } from "./notes.ts";
import { listTemplates } from "./templates.ts";

let box: AppBox;
beforeEach(async () => {
  box = makeAppBox();
  await newSession(box.app, { title: "First" });
  box.initialise();
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
