import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type AppBox, makeAppBox } from "../../test/app-box.ts";
import { archiveSession } from "./archive-session.ts";
import { changePhase } from "./change-phase.ts";
import { keepBoard } from "./keep-board.ts";
import { listSessions } from "./list-sessions.ts";
import { newSession } from "./new-session.ts";

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
