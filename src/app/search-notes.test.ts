import { afterEach, beforeEach, expect, test } from "vitest";
import { type AppBox, makeAppBox } from "../../test/app-box.ts";
import { newSession } from "./new-session.ts";
import { addNote } from "./note.ts";
import { changeNotes } from "./notes.ts";
import { searchNotes } from "./search-notes.ts";

let box: AppBox;
beforeEach(() => {
  box = makeAppBox();
});
afterEach(() => box.dispose());

const texts = async (query: string, over: object = {}) =>
  (await searchNotes(box.app, { query, ...over })).found.map(({ note }) => note.text);

test("notes of every session of the work tree are found, the best first and of equals the newest", async () => {
  await newSession(box.app, { title: "First work" });
  await addNote(box.app, { kind: "failed", text: "Redis lock around rotation" });
  box.pass(60_000);
  await newSession(box.app, { title: "Second work" });
  await addNote(box.app, { kind: "finding", text: "Redis keeps keys" });
  box.pass(60_000);
  await addNote(box.app, { kind: "decision", text: "Redis keeps sessions" });

  expect(await texts("redis lock")).toEqual([
    "Redis lock around rotation",
    "Redis keeps sessions",
    "Redis keeps keys",
  ]);
  expect(await texts("redis", { kind: "finding" })).toEqual(["Redis keeps keys"]);
});

test("words of fields are found", async () => {
  await newSession(box.app, { title: "Work" });
  await addNote(box.app, { kind: "failed", text: "A lock", fields: { why: "two services deadlock" } });
  expect(await texts("deadlock")).toEqual(["A lock"]);
});

test("a dropped note is found only where all are asked for", async () => {
  await newSession(box.app, { title: "Work" });
  const { note } = await addNote(box.app, { kind: "next", text: "Rotate the keys" });
  await changeNotes(box.app, { change: "drop", notes: [note] });
  expect(await texts("rotate")).toEqual([]);
  expect(await texts("rotate", { all: true })).toEqual(["Rotate the keys"]);
});

test("what does not fit the limit is counted", async () => {
  await newSession(box.app, { title: "Work" });
  for (let number = 0; number < 25; number += 1)
    await addNote(box.app, { kind: "finding", text: `Fact ${number}` });
  expect(await searchNotes(box.app, { query: "fact" })).toMatchObject({ omitted: 5, sessionsSearched: 1 });
});

test("words in a section of a person's own are found, with the line they stand in", async () => {
  await newSession(box.app, { title: "First" });
  box.initialise();
  const { slug, document } = await newSession(box.app, { title: "Second" });
  box.write(
    document ?? "",
    `${box.read(document ?? "")}\n## Parking lot\n- Tea for the team\n- The glossary lacks "shard"\n`,
  );
  expect((await searchNotes(box.app, { query: "shard glossary" })).sections).toMatchObject([
    { slug, heading: "Parking lot", text: '- The glossary lacks "shard"' },
  ]);
  expect((await searchNotes(box.app, { query: "shard", kind: "finding" })).sections).toEqual([]);
});
