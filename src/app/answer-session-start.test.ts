import { afterEach, beforeEach, expect, test } from "vitest";
import { type AppBox, conversationRecords, makeAppBox } from "../../test/app-box.ts";
import { findPrintedBrief } from "../../test/printed-brief.ts";
import type { HookCall } from "../agent/agent.ts";
import type { ConversationId } from "../base/id.ts";
import { tryLock } from "../disk/lock.ts";
import { filesBelow } from "../disk/read.ts";
import { answerSessionStart } from "./answer-session-start.ts";
import type { App } from "./app.ts";
import { loadConversation } from "./conversation.ts";
import type { HookAnswer } from "./hook-answer.ts";
import { conversationLockPath, ingestHookCall } from "./ingest.ts";
import { addNote } from "./note.ts";
import { leavePendingCall } from "./pending-call.ts";
import { summaries } from "./summary.ts";

const first = "aaaaaaaa-0000-4000-8000-000000000001" as ConversationId;
const second = "bbbbbbbb-0000-4000-8000-000000000002" as ConversationId;
const third = "cccccccc-0000-4000-8000-000000000003" as ConversationId;
const promptId = "99999999-0000-4000-8000-000000000001";
const otherPromptId = "99999999-0000-4000-8000-000000000002";

let box: AppBox;
beforeEach(() => {
  box = makeAppBox();
});
afterEach(() => box.dispose());

async function turn(answer = "Rotation works."): Promise<void> {
  const records = conversationRecords(first, box.project, box.app.clock.nowMs());
  box.say(first, records.prompt("Add refresh token rotation", promptId), records.answer(answer));
  await ingestHookCall(
    box.app,
    box.call("UserPromptSubmit", first, { prompt: "Add refresh token rotation", promptId }),
  );
  await ingestHookCall(box.app, box.call("Stop", first, { answer, promptId }));
}

/** The answer, when all that follows from it is done, too. */
async function answered(app: App, call: HookCall): Promise<HookAnswer> {
  const { afterwards, ...answer } = await answerSessionStart(app, call);
  await afterwards?.();
  return answer;
}

/** Everything below LEFTOFF_HOME, but for what conversations were told. */
function remembered(): readonly string[] {
  const paths = filesBelow(box.app.home).filter((path) => !path.includes("/delivered/"));
  return paths.map((path) => `${path} ${box.read(path)}`);
}

const start = (conversation: ConversationId, reason: string) =>
  answered(box.app, box.call("SessionStart", conversation, { reason }));

test("a place where nothing was ever done is told nothing", async () => {
  expect(await start(first, "startup")).toEqual({ context: undefined, line: undefined });
});

test("the brief that a turn's end prints is what the next conversation is told, until anything changes", async () => {
  await turn();
  await addNote(box.app, { kind: "next", text: "rotate on logout too" });
  const printed = findPrintedBrief(box.app.home, box.project, box.app.clock.nowMs());
  expect(printed?.text).toBe((await start(second, "startup")).context);
  expect(printed?.text).toContain("rotate on logout too");

  box.write(summaries(box.app)[0]!.document!, `${box.read(summaries(box.app)[0]!.document!)}\n`);
  expect(findPrintedBrief(box.app.home, box.project, box.app.clock.nowMs())).toBeUndefined();
});

test("what a crash left unread is read before the answer, and an unfinished turn is told as such", async () => {
  const records = conversationRecords(first, box.project, box.app.clock.nowMs());
  box.say(first, records.prompt("Add refresh token rotation", promptId));
  const { context } = await start(second, "startup");
  expect(context).toContain("Add refresh token rotation");
  expect(context).toContain("no answer was recorded (cut off, or still running)");
});

test("a resumed conversation is told only what others recorded since", async () => {
  await turn();
  await start(first, "startup");
  expect(await start(first, "resume")).toEqual({ context: undefined, line: undefined });
  await addNote(box.inShell(first), { kind: "finding", text: "said by this very conversation" });
  await addNote(box.app, { kind: "decision", text: "cookies, not localStorage" });
  const { context } = await start(first, "resume");
  expect(context).toContain("cookies, not localStorage");
  expect(context).not.toContain("said by this very conversation");
  expect((await start(first, "resume")).context).toBeUndefined();
});

test("a fork that has written nothing yet is told only what the conversation it came from does not know", async () => {
  await turn();
  await start(first, "startup");
  const fork = (sinceAnswerMs: number) =>
    answered(box.app, box.call("SessionStart", second, { reason: "fork", sinceAnswerMs }));
  box.pass(60_000);
  expect(await fork(58_000)).toEqual({ context: undefined, line: undefined });
  await addNote(box.app, { kind: "decision", text: "cookies, not localStorage" });
  const { context } = await fork(58_000);
  expect(context).toContain("cookies, not localStorage");
  expect(context).not.toContain("Rotation works.");
});

test("a fork of nobody knows which conversation is told everything", async () => {
  await turn();
  await start(first, "startup");
  box.pass(60_000);
  const { context } = await answered(
    box.app,
    box.call("SessionStart", second, { reason: "fork", sinceAnswerMs: 10_000 }),
  );
  expect(context).toContain("Rotation works.");
});

test("a conversation branched off another is told nothing that its copied records hold", async () => {
  await turn();
  await start(first, "startup");
  box.write(box.transcript(second), box.read(box.transcript(first)));
  expect(await start(second, "resume")).toEqual({ context: undefined, line: undefined });
});

test("a conversation branched off another that nobody has read yet is told nothing that it holds, and its copied prompts count once", async () => {
  await turn();
  await start(second, "startup");
  const prompt = "Try the families in Redis";
  const records = conversationRecords(second, box.project, box.app.clock.nowMs());
  const said = [records.prompt(prompt, otherPromptId), records.answer("Redis would do.")];
  box.say(second, ...said);
  // The machine is busy: an ingest has begun with the prompt, and the terminal branches off already.
  leavePendingCall(box.app, box.call("UserPromptSubmit", second, { prompt, promptId: otherPromptId }));
  const lock = tryLock(conversationLockPath(box.app, second));
  box.say(
    third,
    ...said.map((record) => ({ ...record, sessionId: third, forkedFrom: { sessionId: second } })),
  );
  const answer = await start(third, "resume");
  lock?.release();
  expect(answer).toEqual({ context: undefined, line: undefined });

  await ingestHookCall(box.app, box.call("Stop", second));
  await ingestHookCall(box.app, box.call("Stop", third));
  const turns = [second, third].map((id) => loadConversation(box.app, id)?.facts.turns.length);
  expect(turns).toEqual([1, 0]);
});

test("a conversation branched off another is told nothing that it holds, also where nobody had the time to read it", async () => {
  await turn();
  await start(second, "startup");
  const records = conversationRecords(second, box.project, box.app.clock.nowMs());
  const copied = { ...records.prompt("Try Redis", otherPromptId), sessionId: third };
  box.say(third, { ...copied, forkedFrom: { sessionId: second } }, { type: "mode", sessionId: third });
  let ms = 0;
  const slow = { ...box.app, clock: { ...box.app.clock, monotonicMs: () => (ms += 2_000) } };
  const call = box.call("SessionStart", third, { reason: "resume" });
  const { context } = await answered(slow, call);
  expect(context ?? "").not.toContain("Rotation works.");
});

test("a transcript too large to read in time is read as far as time goes, and the rest is counted", async () => {
  const records = conversationRecords(first, box.project, box.app.clock.nowMs());
  box.say(first, records.prompt("Add refresh token rotation", promptId));
  for (let number = 0; number < 40; number += 1) box.say(first, records.answer("x".repeat(50_000)));
  let ms = 0;
  const slow = { ...box.app, clock: { ...box.app.clock, monotonicMs: () => (ms += 200) } };
  const { context } = await answered(slow, box.call("SessionStart", second, { reason: "startup" }));
  expect(context).toContain("could not be read in time");
  // However fast this machine is: for this start no time passes.
  const unhurried = { ...box.app, clock: { ...box.app.clock, monotonicMs: () => 0 } };
  const later = await answered(unhurried, box.call("SessionStart", second, { reason: "startup" }));
  expect(later.context).not.toContain("could not be read");
});

test("a prompt that an ingest still waits for is told at once", async () => {
  const prompt = "Add refresh token rotation";
  const held = ingestHookCall(box.app, box.call("UserPromptSubmit", first, { prompt, promptId }));
  await new Promise((settle) => setTimeout(settle, 100));
  expect((await start(second, "startup")).context).toContain(prompt);
  await held;
  expect((await start(second, "startup")).context).toContain(prompt);
});

test("a copy is known as one where the first lines were read before any record with an id", async () => {
  box.say(first, { type: "mode", mode: "default", sessionId: first });
  await ingestHookCall(box.app, box.call("Stop", first));
  await turn();
  await start(first, "startup");
  box.write(box.transcript(second), box.read(box.transcript(first)));
  expect(await start(second, "resume")).toEqual({ context: undefined, line: undefined });
});

test("what the person took back is not told", async () => {
  const records = conversationRecords(first, box.project, box.app.clock.nowMs());
  const asked = {
    ...records.prompt("Try it in Redis", "11111111-0000-4000-8000-000000000001"),
    parentUuid: "root",
  };
  const again = {
    ...records.prompt("Try it in SQLite", "22222222-0000-4000-8000-000000000001"),
    parentUuid: "root",
  };
  box.say(first, asked, records.answer("Redis would do."), again, records.answer("SQLite does."));
  const { context } = await start(second, "startup");
  expect(context).toContain("SQLite does.");
  expect(context).not.toContain("Redis would do.");
});

test("what is a little behind is told before anything is stored, and stored behind the answer, once", async () => {
  await turn();
  const records = conversationRecords(first, box.project, box.app.clock.nowMs());
  box.say(first, records.prompt("Try the families in Redis", otherPromptId));
  const call = box.call("SessionStart", second, { reason: "startup" });
  const before = remembered();
  const answer = await answerSessionStart(box.app, call);
  expect(answer.context).toContain("Try the families in Redis");
  expect(remembered()).toEqual(before);
  await answer.afterwards?.();
  expect(loadConversation(box.app, first)?.facts.turns.map(({ prompt }) => prompt)).toEqual([
    "Add refresh token rotation",
    "Try the families in Redis",
  ]);
  const stored = remembered();
  expect((await start(second, "clear")).context).toContain("Try the families in Redis");
  expect(remembered()).toEqual(stored);
});

test("the brief that is told before anything is stored is the one that is told of what was stored", async () => {
  await turn();
  const records = conversationRecords(first, box.project, box.app.clock.nowMs());
  box.say(
    first,
    records.prompt("Try the families in Redis", otherPromptId),
    records.answer("It failed because Redis evicts them.\n\nNext steps:\n- Write the migration"),
  );
  const call = box.call("SessionStart", second, { reason: "startup" });
  const ahead = await answerSessionStart(box.app, call);
  await ahead.afterwards?.();
  const { context } = await answerSessionStart(box.app, call);
  const body = (text: string | undefined) => text?.split("\n").slice(1, -1);
  expect(body(ahead.context)).toEqual(body(context));
  expect(context).toContain("Write the migration");
});
