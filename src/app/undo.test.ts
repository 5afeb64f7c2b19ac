import { existsSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type AppBox, makeAppBox } from "../../test/app-box.ts";
import { archiveSession } from "./archive-session.ts";
import { changePhase } from "./change-phase.ts";
import { keepBoard } from "./keep-board.ts";
import { keepContext } from "./keep-context.ts";
import { newSession } from "./new-session.ts";
import { addNote } from "./note.ts";
import { changeNotes, listNotes, settleNotes } from "./notes.ts";
import { sessionEvents } from "./session-events.ts";
import { statusHere } from "./status.ts";
import { switchSession } from "./switch-session.ts";
import { undo } from "./undo.ts";

let box: AppBox;
beforeEach(() => {
  box = makeAppBox();
});
afterEach(() => box.dispose());

const later = <T>(done: Promise<T>): Promise<T> => {
  return done.finally(() => box.pass(1000));
};
const notes = async () =>
  (await listNotes(box.app, { all: true })).notes.map(
    ({ text, state, fields }) => `${text} ${state}${fields.why ?? ""}`,
  );
const took = async () => (await later(undo(box.app, { dryRun: false }))).changes.map(({ type }) => type);

test("changes of notes are taken back one command after the other, and the journal keeps everything", async () => {
  await later(newSession(box.app, { title: "Login" }));
  await later(newSession(box.app, { title: "Search" }));
  const { note } = await later(addNote(box.app, { kind: "next", text: "rank" }));
  const { note: other } = await later(addNote(box.app, { kind: "next", text: "cache" }));
  await later(changeNotes(box.app, { change: "edit", notes: [note], text: "rank by age" }));
  await later(changeNotes(box.app, { change: "done", notes: [note, other] }));
  expect(await notes()).toEqual(["rank by age done", "cache done"]);
  expect((await undo(box.app, { dryRun: true })).changes).toHaveLength(2);
  expect(await took()).toEqual(["note.done", "note.done"]);
  expect(await notes()).toEqual(["rank by age open", "cache open"]);
  expect(await took()).toEqual(["note.edited"]);
  expect(await notes()).toEqual(["rank open", "cache open"]);
  expect(await took()).toEqual(["note.added"]);
  expect(await took()).toEqual(["note.added"]);
  expect(await notes()).toEqual(["rank dropped", "cache dropped"]);
  const { events } = await sessionEvents(box.app, { session: "search" });
  expect(events.filter(({ type }) => type === "note.added")).toHaveLength(2);
});

test("a switch is taken back: the session before is current again", async () => {
  await later(newSession(box.app, { title: "Search" }));
  await later(newSession(box.app, { title: "Login" }));
  await later(switchSession(box.app, { session: "search" }));
  const { session } = await later(undo(box.app, { dryRun: false }));
  expect(session.slug).toBe("2026-01-25-login");
  expect((await statusHere(box.app, {})).session?.slug).toBe("2026-01-25-login");
});

test("an archive is taken back, once: then undo says what takes back the completion", async () => {
  await later(newSession(box.app, { title: "Search" }));
  await later(changePhase(box.app, { change: "complete" }));
  const { document, summary } = await later(archiveSession(box.app, { dryRun: false }));
  expect(await took()).toEqual(["session.archived"]);
  expect([existsSync(document ?? ""), existsSync(summary ?? "")]).toEqual([true, false]);
  await expect(undo(box.app, { dryRun: false })).rejects.toMatchObject({
    code: "refused",
    hint: expect.stringContaining("leftoff reopen"),
  });
});

test("the context page and the board follow what is taken back: a note, an archive, a switch", async () => {
  await later(newSession(box.app, { title: "Search" }));
  box.initialise();
  const { path: board } = await later(keepBoard(box.app, { person: "ada", dryRun: false }));
  const { path: page } = await later(keepContext(box.app, { dryRun: false }));
  const before = [box.read(board), box.read(page)];
  await later(addNote(box.app, { kind: "next", text: "Rank by age" }));
  expect(box.read(page)).toContain("Rank by age");
  await took();
  expect([box.read(board), box.read(page)]).toEqual(before);
  await later(changePhase(box.app, { change: "complete" }));
  const complete = [box.read(board), box.read(page)];
  await later(archiveSession(box.app, { dryRun: false }));
  await took();
  expect([box.read(board), box.read(page)]).toEqual(complete);
  await later(newSession(box.app, { title: "Mail" }));
  await later(newSession(box.app, { title: "Login" }));
  const login = box.read(page);
  await later(switchSession(box.app, { session: "mail" }));
  expect(box.read(page)).not.toBe(login);
  await took();
  expect(box.read(page)).toBe(login);
});

test("many changes of one command are taken back by as few reads and writes of the journal as two are", async () => {
  await later(newSession(box.app, { title: "Search" }));
  const ids: string[] = [];
  for (let n = 0; n < 24; n += 1)
    ids.push((await later(addNote(box.app, { kind: "next", text: `part ${n}` }))).note);
  const { journal } = box.app.store;
  const calls = { read: 0, append: 0 };
  const counted: typeof journal = {
    ...journal,
    read: (...input) => {
      calls.read += 1;
      return journal.read(...input);
    },
    append: (...input) => {
      calls.append += 1;
      journal.append(...input);
    },
  };
  const app = { ...box.app, store: { ...box.app.store, journal: counted } };
  const takingBack = async (some: readonly string[]) => {
    await later(changeNotes(box.app, { change: "done", notes: some }));
    Object.assign(calls, { read: 0, append: 0 });
    const { changes } = await later(undo(app, { dryRun: false }));
    expect(changes).toHaveLength(some.length);
    return { ...calls };
  };

  expect(await takingBack(ids.slice(0, 2))).toEqual(await takingBack(ids));
  expect(await notes()).toEqual(ids.map((_, n) => `part ${n} open`));
});

test("changes of one note by one command are taken back in their order", async () => {
  await later(newSession(box.app, { title: "Search" }));
  const { note } = await later(addNote(box.app, { kind: "next", text: "rank" }));
  const { note: other } = await later(addNote(box.app, { kind: "next", text: "cache" }));
  const changes = [
    { change: "edit", notes: [note], text: "rank by age" },
    { change: "done", notes: [other, note] },
    { change: "drop", notes: [note] },
  ] as const;
  await later(settleNotes(box.app, { changes }));
  expect(await notes()).toEqual(["rank by age dropped", "cache done"]);
  expect(await took()).toEqual(["note.dropped", "note.done", "note.done", "note.edited"]);
  expect(await notes()).toEqual(["rank open", "cache open"]);
});

test("what others did is not taken back, and where nothing is, that is said", async () => {
  await later(newSession(box.app, { title: "Search" }));
  await expect(undo(box.app, { dryRun: false })).rejects.toMatchObject({ code: "refused" });
  await later(addNote(box.app, { kind: "next", text: "rank" }));
  const agent = { ...box.app, caller: { agent: "codex", conversation: undefined } };
  await later(addNote(agent, { kind: "next", text: "by the agent" }));
  expect(await took()).toEqual(["note.added"]);
  expect(await notes()).toEqual(["rank dropped", "by the agent open"]);
});
