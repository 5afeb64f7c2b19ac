import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type AppBox, conversationRecords, makeAppBox } from "../../test/app-box.ts";
import type { ConversationId } from "../base/id.ts";
import { archiveSession } from "./archive-session.ts";
import { changePhase } from "./change-phase.ts";
import { ingestHookCall } from "./ingest.ts";
import { keepBoard } from "./keep-board.ts";
import { listSessions } from "./list-sessions.ts";
import { newSession } from "./new-session.ts";
import { switchSession } from "./switch-session.ts";

let box: AppBox;
beforeEach(async () => {
  box = makeAppBox();
  await listSessions(box.app, { all: false });
  box.initialise();
});
afterEach(() => box.dispose());

const path = () => join(box.project, ".claude", "SESSIONS.md");
const keep = (dryRun = false) => keepBoard(box.app, { person: "ada", dryRun });
const DAY_MS = 24 * 60 * 60 * 1000;

test("the board has what is open, finished lately and blocked, and follows it; archived work is finished work", async () => {
  await newSession(box.app, { title: "Payments" });
  await newSession(box.app, { title: "Login" });
  await changePhase(box.app, { change: "complete", session: "login" });
  await newSession(box.app, { title: "Mail" });
  await changePhase(box.app, {
    change: "block",
    reason: "a key by @carol (expected 2026-01-27)",
    session: "mail",
  });
  expect((await keep(true)).changed).toBe(true);
  expect(existsSync(path())).toBe(false);
  await keep();
  const text = box.read(path());
  expect(text.split("\n").filter((line) => line.startsWith("- "))).toEqual([
    "- @ada: 2026-01-25-payments (Payments)",
    "- @ada: 2026-01-25-login (Login) ✓",
    "- @ada: 2026-01-25-mail blocked on a key by @carol (expected 2026-01-27)",
  ]);
  await archiveSession(box.app, { session: "login", dryRun: false });
  expect((await keep()).changed).toBe(false);
  box.pass(15 * DAY_MS);
  await keep();
  expect(box.read(path()).match(/@ada: \S+/g)).toEqual(["@ada: 2026-01-25-mail"]);
});

test("no secret comes onto the board, and one that somebody wrote there is told with its line", async () => {
  await newSession(box.app, { title: "Key ghp_0123456789abcdefghijABCDEFGHIJ012345" });
  const { redacted } = await keep();
  expect([redacted, box.read(path()).includes("ghp_")]).toEqual([1, false]);
  box.write(path(), `${box.read(path())}- @bob: see ghp_0123456789abcdefghijABCDEFGHIJ012345\n`);
  const lines = box.read(path()).split("\n");
  expect((await keep()).suspicious).toEqual([lines.findIndex((line) => line.includes("ghp_")) + 1]);
});

test("a board that is half merged is refused and stays as it is", async () => {
  await newSession(box.app, { title: "Payments" });
  box.write(path(), "## Active Sessions\n<<<<<<< HEAD\n");
  await expect(keep()).rejects.toMatchObject({ code: "refused" });
  expect(box.read(path())).toBe("## Active Sessions\n<<<<<<< HEAD\n");
});

test("once a person has a line on it, the board follows their sessions: started, paused, completed, archived", async () => {
  await newSession(box.app, { title: "Payments" });
  expect(existsSync(path())).toBe(false);
  await keep();
  const lines = () =>
    box
      .read(path())
      .split("\n")
      .filter((line) => line.startsWith("- "));
  // What was chosen last is current: not two in one millisecond.
  box.pass(1000);
  await newSession(box.app, { title: "Login" });
  await changePhase(box.app, { change: "pause", session: "payments" });
  expect(lines()).toEqual([
    "- @ada: 2026-01-25-login (Login)",
    "- @ada: 2026-01-25-payments (Payments; paused)",
  ]);
  const CONVERSATION = "5f7cfb2e-8f0c-4c7e-9d5a-3a7d4d1c0b11" as ConversationId;
  const say = conversationRecords(CONVERSATION, box.project, box.app.clock.nowMs());
  const promptId = "11111111-0000-4000-8000-000000000001";
  box.pass(1000);
  await switchSession(box.app, { session: "payments" });
  box.say(CONVERSATION, say.prompt("Go on", promptId), say.answer("Done."));
  await ingestHookCall(box.app, box.call("UserPromptSubmit", CONVERSATION, { promptId, prompt: "Go on" }));
  await ingestHookCall(box.app, box.call("Stop", CONVERSATION, { promptId, answer: "Done." }));
  await changePhase(box.app, { change: "complete", session: "login" });
  await archiveSession(box.app, { session: "login", dryRun: false });
  expect(lines()).toEqual(["- @ada: 2026-01-25-payments (Payments)", "- @ada: 2026-01-25-login (Login) ✓"]);
});

test("nobody comes onto a board that others made without having asked for it", async () => {
  const theirs = "# Sessions\n\n## Active Sessions\n- @bob: 2026-01-24-mail (Mail)\n";
  box.write(path(), theirs);
  await newSession(box.app, { title: "Payments" });
  expect(box.read(path())).toBe(theirs);
  await keep();
  for (const key of box.app.store.state.list("boards")) box.app.store.state.remove(key);
  const before = box.read(path());
  await keepBoard({ ...box.app, env: { ...box.app.env, LEFTOFF_PERSON: "ada" } }, { dryRun: true });
  await newSession({ ...box.app, env: { ...box.app.env, LEFTOFF_PERSON: "ada" } }, { title: "Login" });
  expect(box.read(path())).toBe(
    before.replace("- @ada: 2026-01-25-payments", "- @ada: 2026-01-25-login (Login)\n$&"),
  );
});
