import { afterEach, beforeEach, expect, test } from "vitest";
import { type AppBox, conversationRecords, makeAppBox } from "../../test/app-box.ts";
import type { ConversationId } from "../base/id.ts";
import { changePhase } from "./change-phase.ts";
import { ingestHookCall } from "./ingest.ts";
import { listSessions } from "./list-sessions.ts";
import { newSession } from "./new-session.ts";
import { addNote } from "./note.ts";
import { changeNotes, listNotes } from "./notes.ts";
import { showSession } from "./show-session.ts";
import { statusHere } from "./status.ts";
import { summaries } from "./summary.ts";
import { switchSession } from "./switch-session.ts";

const conversation = "aaaaaaaa-0000-4000-8000-000000000001" as ConversationId;
const promptId = "99999999-0000-4000-8000-000000000001";

let box: AppBox;
beforeEach(() => {
  box = makeAppBox();
});
afterEach(() => box.dispose());

async function prompted(prompt = "Add login"): Promise<void> {
  const records = conversationRecords(conversation, box.project, box.app.clock.nowMs());
  box.say(conversation, records.prompt(prompt, promptId), records.answer("Done."));
  await ingestHookCall(box.app, box.call("UserPromptSubmit", conversation, { prompt, promptId }));
  await ingestHookCall(box.app, box.call("Stop", conversation, { answer: "Done.", promptId }));
}

test("a note in a place without a session says how to start one", async () => {
  await expect(addNote(box.app, { kind: "next", text: "docs" })).rejects.toMatchObject({
    code: "no_current_session",
    hint: expect.stringContaining("leftoff new"),
  });
});

test("a new session is current at once, and switching goes back to the other", async () => {
  await newSession(box.app, { title: "Search" });
  box.pass(1000);
  await newSession(box.app, { title: "Login" });
  expect((await statusHere(box.app, {})).session?.slug).toBe("2026-01-25-login");
  box.pass(1000);
  await switchSession(box.app, { session: "search" });
  expect((await statusHere(box.app, {})).session?.slug).toBe("2026-01-25-search");
  await addNote(box.app, { kind: "next", text: "rank" });
  expect((await showSession(box.app, { session: "search" })).notes).toHaveLength(1);
});

test("an agent that switches takes its conversation along", async () => {
  await prompted();
  await newSession(box.app, { title: "Search" });
  await switchSession(box.inShell(conversation), { session: "search" });
  await addNote(box.inShell(conversation), { kind: "finding", text: "slow" });
  const search = await showSession(box.app, { session: "search" });
  expect([search.notes.length, search.conversations.map(({ id }) => id)]).toEqual([1, [conversation]]);
  expect((await showSession(box.app, { session: "login" })).conversations).toEqual([]);
});

test("an ambiguous name lists what it could be, and nothing is changed", async () => {
  await newSession(box.app, { title: "Login page" });
  await newSession(box.app, { title: "Login service" });
  await expect(showSession(box.app, { session: "login" })).rejects.toMatchObject({
    code: "session_ambiguous",
    message: expect.stringMatching(
      /2026-01-25-login-service, 2026-01-25-login-page|2026-01-25-login-page, 2026-01-25-login-service/,
    ),
  });
});

test("a blocked session says why, and its next prompt takes it up again", async () => {
  await prompted();
  expect(await changePhase(box.app, { change: "block", reason: "security review" })).toMatchObject({
    status: "blocked",
    phase: "paused",
    reason: "security review",
  });
  await prompted("Go on");
  expect(summaries(box.app)).toMatchObject([{ status: "in_progress", phase: "active" }]);
});

test("what the life cycle does not allow is refused with the phase in words, and reopen finds what was finished last", async () => {
  await newSession(box.app, { title: "Login" });
  await changePhase(box.app, { change: "complete" });
  await expect(changePhase(box.app, { change: "complete", session: "login" })).rejects.toMatchObject({
    code: "transition_refused",
    message: "2026-01-25-login is complete: it can't be changed by `complete`.",
  });
  expect((await listSessions(box.app, { all: false })).sessions).toEqual([]);
  expect(await changePhase(box.app, { change: "reopen" })).toMatchObject({
    slug: "2026-01-25-login",
    phase: "active",
  });
});

test("notes are settled several in one call by the end of their ids, all or none", async () => {
  await newSession(box.app, { title: "Login" });
  const a = await addNote(box.app, { kind: "next", text: "one" });
  const b = await addNote(box.app, { kind: "next", text: "two" });
  await expect(
    changeNotes(box.app, { change: "done", notes: [a.note.slice(-6), "nonsense"] }),
  ).rejects.toMatchObject({
    code: "note_not_found",
  });
  await changeNotes(box.app, { change: "done", notes: [a.note, b.note.slice(-6)] });
  const { notes } = await listNotes(box.app, { all: false });
  expect(notes.map(({ state }) => state)).toEqual(["done", "done"]);
});

test("a note by a person stands in the document at once; one by an agent when its turn ends", async () => {
  await prompted();
  const document = summaries(box.app)[0]!.document!;
  await addNote(box.app, { kind: "decision", text: "use cookies" });
  expect(box.read(document)).toContain("use cookies");
  await addNote(box.inShell(conversation), { kind: "failed", text: "localStorage", fields: { why: "XSS" } });
  expect(box.read(document)).not.toContain("localStorage");
  await ingestHookCall(box.app, box.call("Stop", conversation, { answer: "Done.", promptId }));
  expect(box.read(document)).toContain("localStorage");
});
