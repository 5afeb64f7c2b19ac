import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type AppBox, conversationRecords, makeAppBox } from "../../test/app-box.ts";
import { beginFeatureAuth, FEATURE_AUTH } from "../../test/feature-auth.ts";
import type { ConversationId } from "../base/id.ts";
import { sealOf } from "../publish/seal.ts";
import { archiveSession, unarchiveSession } from "./archive-session.ts";
import { changePhase } from "./change-phase.ts";
import { ingestHookCall } from "./ingest.ts";
import { listSessions } from "./list-sessions.ts";
import { newSession } from "./new-session.ts";
import { addNote } from "./note.ts";
import { changeNotes, listNotes } from "./notes.ts";
import { searchNotes } from "./search-notes.ts";
import { sessionEvents } from "./session-events.ts";
import { summaries } from "./summary.ts";

const conversation = "aaaaaaaa-0000-4000-8000-000000000001" as ConversationId;

let box: AppBox;
beforeEach(async () => {
  box = makeAppBox();
  await listSessions(box.app, { all: false });
  box.initialise();
});
afterEach(() => box.dispose());

const document = (slug: string) => join(box.project, ".claude", "sessions", `${slug}.tmp`);
const context = (name: string) => join(box.project, ".claude", "context", "2026-01", name);

async function finished(): Promise<void> {
  await beginFeatureAuth(box);
  await addNote(box.app, { kind: "decision", text: "15 minute tokens", fields: { why: "comfort" } });
  await changePhase(box.app, { change: "complete", reason: "Logins survive a restart" });
}

async function types(): Promise<readonly string[]> {
  const { events } = await sessionEvents(box.app, { session: FEATURE_AUTH });
  return events.map(({ type }) => type).filter((type) => type.startsWith("session."));
}

test("complete says the outcome and what is left open, in the document, once", async () => {
  await finished();
  const text = box.read(document(FEATURE_AUTH));
  expect(text).toContain("Outcome: Logins survive a restart");
  expect(text).toContain("Left open: 1 next step (Rotate tokens)");
  expect(text).toContain("**Status**: completed");
  await changePhase(box.app, { change: "reopen" });
  expect(box.read(document(FEATURE_AUTH))).not.toContain("Left open");
  const { notes } = await listNotes(box.app, { all: false });
  await changeNotes(box.app, {
    change: "done",
    notes: notes.filter(({ kind }) => kind === "next").map(({ id }) => id),
  });
  const again = await changePhase(box.app, { change: "complete", reason: "All of it" });
  expect(again.leftOpen).toEqual([]);
  expect(box.read(document(FEATURE_AUTH)).match(/Outcome: .*/g)).toEqual(["Outcome: All of it"]);
});

test("archive writes a summary for everybody and puts the document away; unarchive gives back the same bytes", async () => {
  await finished();
  const theirs = `${box.read(document(FEATURE_AUTH)).replace("Rotate tokens", "Rotate tokens\r\n  (mine: ghp_0123456789abcdefghijABCDEFGHIJ012345)")}\n<!-- mine -->`;
  box.write(document(FEATURE_AUTH), theirs);
  const planned = await archiveSession(box.app, { dryRun: true });
  expect(existsSync(context(`${FEATURE_AUTH}.md`))).toBe(false);
  const done = await archiveSession(box.app, { dryRun: false });
  expect([done.summary, planned.summary]).toEqual([
    context(`${FEATURE_AUTH}.md`),
    context(`${FEATURE_AUTH}.md`),
  ]);
  expect(existsSync(document(FEATURE_AUTH))).toBe(false);
  const summary = box.read(context(`${FEATURE_AUTH}.md`));
  expect(summary).toContain("## What Was Accomplished\n\n- Outcome: Logins survive a restart");
  expect(summary).toMatch(
    /## Problems and Solutions\n\n- \*\*Approach\*\*: Tokens in localStorage\n {2}- \*\*Why it failed\*\*/,
  );
  expect(summary).toContain("## Lessons Learned\n\n- httpOnly cookies");
  expect(summary).toContain("## Incomplete Work\n\n- [ ] Rotate tokens");
  expect(summary).not.toContain("ghp_");
  const kept = readFileSync(done.kept ?? "", "utf8");
  expect((await archiveSession(box.app, { session: FEATURE_AUTH, dryRun: false })).already).toBe(true);
  const back = await unarchiveSession(box.app, { dryRun: false });
  expect(back.session.phase).toBe("complete");
  expect(box.read(document(FEATURE_AUTH))).toBe(kept);
  expect(kept).toContain("(mine: ghp_0123456789abcdefghijABCDEFGHIJ012345)");
  expect(existsSync(context(`${FEATURE_AUTH}.md`))).toBe(false);
});

test("work that is not finished is not archived, and the refusal says how to finish it", async () => {
  await newSession(box.app, { title: "Feature auth" });
  await expect(archiveSession(box.app, { dryRun: false })).rejects.toMatchObject({
    code: "transition_refused",
    hint: expect.stringContaining("leftoff complete"),
  });
});

test("a summary that somebody changed is neither overwritten nor removed", async () => {
  await finished();
  await archiveSession(box.app, { dryRun: false });
  const path = context(`${FEATURE_AUTH}.md`);
  box.write(path, `${box.read(path)}\nSee also #12.\n`);
  expect(sealOf(box.read(path))).toBeUndefined();
  await unarchiveSession(box.app, { dryRun: false });
  expect(box.read(path)).toContain("See also #12.");
  const again = await archiveSession(box.app, { dryRun: false });
  expect(again.summary).toBe(context(`${FEATURE_AUTH}-2.md`));
});

test("a document that a person moved to context/ is archived with what they wrote last, and not begun anew", async () => {
  await newSession(box.app, { title: "Feature auth" });
  await addNote(box.app, { kind: "next", text: "Rotate tokens" });
  box.write(
    document(FEATURE_AUTH),
    box.read(document(FEATURE_AUTH)).replace("- [ ] Rotate tokens", "- [x] Rotate tokens"),
  );
  mkdirSync(join(box.project, ".claude", "context", "2026-01"), { recursive: true });
  renameSync(document(FEATURE_AUTH), context(`${FEATURE_AUTH}.md`));
  await listSessions(box.app, { all: false });
  expect(await types()).toEqual([
    "session.started",
    "session.chosen",
    "session.completed",
    "session.archived",
  ]);
  const { notes } = await listNotes(box.app, { session: FEATURE_AUTH, all: false });
  expect(notes.map(({ state }) => state)).toEqual(["done"]);
  expect(existsSync(document(FEATURE_AUTH))).toBe(false);
  await listSessions(box.app, { all: false });
  expect(await types()).toHaveLength(4);
  // And back by hand means back.
  renameSync(context(`${FEATURE_AUTH}.md`), document(FEATURE_AUTH));
  expect((await listSessions(box.app, { all: true })).sessions[0]?.phase).toBe("complete");
});

test("the first prompt after such a move starts new work", async () => {
  await newSession(box.app, { title: "Feature auth" });
  mkdirSync(join(box.project, ".claude", "context", "2026-01"), { recursive: true });
  renameSync(document(FEATURE_AUTH), context(`${FEATURE_AUTH}.md`));
  const promptId = "99999999-0000-4000-8000-000000000001";
  const records = conversationRecords(conversation, box.project, box.app.clock.nowMs());
  box.say(conversation, records.prompt("Add search", promptId), records.answer("Done."));
  await ingestHookCall(
    box.app,
    box.call("UserPromptSubmit", conversation, { prompt: "Add search", promptId }),
  );
  expect(summaries(box.app).map(({ slug, phase }) => `${slug} ${phase}`)).toEqual([
    "2026-01-25-add-search working",
    `${FEATURE_AUTH} archived`,
  ]);
});

test("a document that is simply gone is written again, as before", async () => {
  await newSession(box.app, { title: "Feature auth" });
  rmSync(document(FEATURE_AUTH));
  await addNote(box.app, { kind: "next", text: "Rotate tokens" });
  expect(box.read(document(FEATURE_AUTH))).toContain("Rotate tokens");
});

test("reopening archived work brings its document back first", async () => {
  await finished();
  await archiveSession(box.app, { dryRun: false });
  await changePhase(box.app, { change: "reopen", session: FEATURE_AUTH });
  expect(box.read(document(FEATURE_AUTH))).toContain("**Status**: in_progress");
  expect(await types()).toEqual(expect.arrayContaining(["session.unarchived", "session.reopened"]));
});

test("another file in the document's place is not written over", async () => {
  await finished();
  const { kept } = await archiveSession(box.app, { dryRun: false });
  box.write(document(FEATURE_AUTH), "mine\n");
  await expect(unarchiveSession(box.app, { dryRun: false })).rejects.toMatchObject({ code: "refused" });
  expect([box.read(document(FEATURE_AUTH)), existsSync(kept ?? "")]).toEqual(["mine\n", true]);
});

test("cancelled work keeps its reason on the shelf and off it", async () => {
  await newSession(box.app, { title: "Feature auth" });
  await changePhase(box.app, { change: "cancel", reason: "the library does it" });
  const { text } = await archiveSession(box.app, { dryRun: false });
  expect(text).toContain("- **Cancelled**: 2026-01-25 (the library does it)");
  const { session } = await unarchiveSession(box.app, { dryRun: false });
  expect(session).toMatchObject({ phase: "cancelled", reason: "the library does it" });
});

test("where the project was not set up, both lie below LEFTOFF_HOME", async () => {
  const plain = makeAppBox();
  await newSession(plain.app, { title: "Feature auth" });
  await changePhase(plain.app, { change: "complete" });
  const { summary, kept } = await archiveSession(plain.app, { dryRun: false });
  expect([summary?.startsWith(plain.app.home), kept?.startsWith(plain.app.home)]).toEqual([true, true]);
  expect(existsSync(join(plain.project, ".claude"))).toBe(false);
  plain.dispose();
});

test("pages of context/ are found whatever their form; our own summary of a session that is searched is not told twice", async () => {
  await finished();
  await archiveSession(box.app, { dryRun: false });
  box.write(
    context("2026-01-25-110600.md"),
    "# Project Status Review\n\n## Problems\n- Tokens expired early\n  - Solution: the clock; key ghp_0123456789abcdefghijABCDEFGHIJ012345\n",
  );
  const { found, pages } = await searchNotes(box.app, { query: "tokens" });
  expect(found.map(({ note }) => note.kind)).toContain("failed");
  expect(pages.map(({ path, line, heading, text }) => [path, line, heading, text])).toEqual([
    [
      ".claude/context/2026-01/2026-01-25-110600.md",
      4,
      "Problems",
      expect.stringMatching(/^Tokens expired early; Solution: the clock; key \[REDACTED:/),
    ],
  ]);
});
