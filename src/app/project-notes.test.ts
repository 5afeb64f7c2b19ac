import { afterEach, beforeEach, expect, test } from "vitest";
import { type AppBox, makeAppBox } from "../../test/app-box.ts";
import { openTerminal } from "../../test/terminal.ts";
import type { NoteId } from "../base/id.ts";
import { PINS_MAX } from "../base/limits.ts";
import { changePhase } from "./change-phase.ts";
import { newSession } from "./new-session.ts";
import { addNote } from "./note.ts";
import { changeNotes, listNotes } from "./notes.ts";
import { showBrief } from "./show-brief.ts";
import { showDocument } from "./show-document.ts";
import { undo } from "./undo.ts";

let box: AppBox;
beforeEach(() => {
  box = makeAppBox();
});
afterEach(() => box.dispose());

const brief = async () => (await showBrief(box.app, {})).brief.text;
const PROJECT = { scope: "project" } as const;

/** A session that is over, and another one. @returns the note of the first. */
async function learned(): Promise<NoteId> {
  await newSession(box.app, { title: "Migration", template: undefined });
  const { note } = await addNote(box.app, {
    kind: "decision",
    text: "Migrations run on a copy first",
    fields: PROJECT,
  });
  await addNote(box.app, { kind: "learning", text: "The dump takes nine minutes" });
  await addNote(box.app, { kind: "finding", text: "The pool holds four connections" });
  await changePhase(box.app, { change: "complete" });
  box.pass(60_000);
  await newSession(box.app, { title: "Token rotation", template: undefined });
  return note;
}

test("what belongs to the project, and what was learned, is in the brief of every session", async () => {
  await learned();

  const text = await brief();
  expect(text).toContain("## Learned in this project\n");
  expect(text).toContain("- decision: Migrations run on a copy first [person, 25 Jan,");
  expect(text).toContain("- learning: The dump takes nine minutes [person,");
  expect(text).not.toContain("four connections");
});

test("a note of the project is listed, edited, dropped and brought back from any session", async () => {
  const note = await learned();
  const listed = await listNotes(box.app, { all: false });
  expect(listed.notes).toEqual([]);
  expect(listed.project.map(({ note: { text }, slug }) => [text, slug])).toEqual([
    ["Migrations run on a copy first", "2026-01-25-migration"],
    ["The dump takes nine minutes", "2026-01-25-migration"],
  ]);

  await changeNotes(box.app, {
    change: "edit",
    notes: [note.slice(-6)],
    text: "Migrations run on two copies",
  });
  expect(await brief()).toContain("Migrations run on two copies");
  box.pass(60_000);
  const dropped = await changeNotes(box.app, { change: "drop", notes: [note] });
  expect(dropped.project.map(({ note: { state } }) => state)).toEqual(["dropped"]);
  expect(await brief()).not.toContain("two copies");

  await undo(box.app, { dryRun: false });
  expect(await brief()).toContain("Migrations run on two copies");
});

test("a note is given to the project, and taken back into its session", async () => {
  await newSession(box.app, { title: "One", template: undefined });
  const { note } = await addNote(box.app, { kind: "finding", text: "The pool holds four connections" });
  await changeNotes(box.app, { change: "project", notes: [note] });
  expect((await showDocument(box.app, {})).text).toContain(
    "- The pool holds four connections\n  - **Scope**: project\n",
  );
  box.pass(60_000);
  await newSession(box.app, { title: "Two", template: undefined });
  expect(await brief()).toContain("four connections");

  await changeNotes(box.app, { change: "session", notes: [note] });
  expect(await brief()).not.toContain("four connections");
});

test("what a person pins in the document is pinned", async () => {
  const { session } = await newSession(box.app, { title: "One", template: undefined }).then((made) => ({
    session: made,
  }));
  await addNote(box.app, { kind: "finding", text: "The pool holds four connections" });
  const path = session.document ?? "";
  box.write(path, box.read(path).replace("four connections\n", "four connections\n  - **Pinned**: yes\n"));

  const { brief: made } = await showBrief(box.app, {});
  expect(made.items.map(({ why }) => why)).toContain("pinned: finding");
});

test("pinned notes are in every brief, however much there is, and one too many is refused", async () => {
  await newSession(box.app, { title: "One", template: undefined });
  const long = "a longer sentence about the pool that takes its room ".repeat(8);
  for (let at = 1; at <= PINS_MAX; at += 1)
    await addNote(box.app, {
      kind: "risk",
      text: `Pin ${at}: ${long}`,
      fields: { pinned: "yes", why: long, impact: long },
    });
  for (let at = 1; at <= 30; at += 1) {
    await addNote(box.app, { kind: "next", text: `Step ${at}: ${long}`, fields: { priority: "high" } });
    await addNote(box.app, { kind: "failed", text: `Attempt ${at}: ${long}`, fields: { why: long } });
  }

  const text = await brief();
  for (let at = 1; at <= PINS_MAX; at += 1) expect(text).toContain(`risk: Pin ${at}: a longer`);
  await expect(
    addNote(box.app, { kind: "risk", text: "x", fields: { pinned: "yes" } }),
  ).rejects.toMatchObject({
    code: "refused",
  });
});

test("tags and a link are put on a note, and notes are listed by a tag", async () => {
  const terminal = openTerminal();
  await terminal.run("new", "One");
  await terminal.run("note", "finding", "The pool holds four connections", "--tags", "pool");
  await terminal.run("note", "finding", "Another", "--project", "--pin");
  const notes = async (...argv: readonly string[]) =>
    (await terminal.json("notes", ...argv)).notes as readonly { readonly id: string }[];
  const id = (await notes())[0]?.id.slice(-6) ?? "";

  await terminal.run("notes", "tag", id, "#database", "slow,");
  await terminal.run("notes", "untag", id, "pool");
  await terminal.run("notes", "link", id, "https://example.org/issues/7");
  expect(await notes("--tag", "database")).toMatchObject([
    { tags: ["database", "slow"], link: "https://example.org/issues/7" },
  ]);
  expect(await notes("--tag", "pool")).toEqual([]);
  expect((await terminal.run("notes")).out.split("\n")).toEqual([
    "Findings",
    `  · ${id}  The pool holds four connections #database · #slow https://example.org/issues/7`,
    expect.stringMatching(/^ {2}· \w{6} {2}Another pinned · of the project$/),
  ]);
  terminal.dispose();
});
