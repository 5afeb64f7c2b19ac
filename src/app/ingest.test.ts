import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type AppBox, conversationRecords, makeAppBox } from "../../test/app-box.ts";
import type { ConversationId } from "../base/id.ts";
import { SPOOL_BYTES_MAX } from "../base/limits.ts";
import { openPackings } from "../compose-packing.ts";
import { tryLock } from "../disk/lock.ts";
import { loadConversation } from "./conversation.ts";
import { conversationLockPath, ingestHookCall } from "./ingest.ts";
import { addNote } from "./note.ts";
import { hasPendingCalls, leavePendingCall } from "./pending-call.ts";
import { loadSession } from "./session-log.ts";
import { showSession } from "./show-session.ts";
import { statusHere } from "./status.ts";
import { summaries } from "./summary.ts";
import { turnsOf } from "./turns.ts";

const first = "aaaaaaaa-0000-4000-8000-000000000001" as ConversationId;
const second = "bbbbbbbb-0000-4000-8000-000000000002" as ConversationId;
const promptId = "99999999-0000-4000-8000-000000000001";
const HOUR_MS = 60 * 60 * 1000;

let box: AppBox;
beforeEach(() => {
  box = makeAppBox();
});
afterEach(() => box.dispose());

/** One whole turn: the prompt's hook, what the agent writes, the answer's hook. */
async function turn(
  conversation: ConversationId,
  prompt: string,
  answer: string,
  id = promptId,
): Promise<void> {
  const records = conversationRecords(conversation, box.project, box.app.clock.nowMs());
  box.say(conversation, records.prompt(prompt, id));
  await ingestHookCall(box.app, box.call("UserPromptSubmit", conversation, { prompt, promptId: id }));
  box.say(conversation, records.answer(answer));
  await ingestHookCall(box.app, box.call("Stop", conversation, { answer, promptId: id }));
}

test("a first prompt starts a session named by what it is about, with its document, and binds the conversation", async () => {
  await turn(first, "Add refresh token rotation to the login", "Rotation works.");

  const [session] = summaries(box.app);
  expect(session).toMatchObject({
    slug: "2026-01-25-add-refresh-token-rotation-login",
    phase: "active",
    conversations: [first],
  });
  expect(loadConversation(box.app, first)?.session).toBe(session?.id);
  expect(box.read(session?.document ?? "")).toContain(
    "# Session State: Add refresh token rotation to the login",
  );
});

test("what a killed process left beside an archive goes with the next hook, also where nothing new is to be kept", async () => {
  await turn(first, "Add login", "Done.");
  const folder = join(box.app.home, "archive", "claude", first);
  const kept = readdirSync(folder);
  box.write(join(folder, ".leftoff-99999999-s1sabc.tmp"), "half an index");
  await ingestHookCall(box.app, box.call("Stop", first, { answer: "Done.", promptId }));
  expect(readdirSync(folder)).toEqual(kept);
});

test("a spool that grew long begins anew with its last line, which tells what was heard last", async () => {
  const spool = join(box.app.home, "state", "spool");
  const line = `Stop ${second}\n`;
  box.write(spool, line.repeat(Math.ceil((SPOOL_BYTES_MAX - 100) / line.length)));
  await ingestHookCall(box.app, box.call("Stop", first));
  expect(statSync(spool).size).toBeGreaterThan(SPOOL_BYTES_MAX - 200);

  box.write(spool, `${line.repeat(Math.ceil(SPOOL_BYTES_MAX / line.length))}Stop ${first}\n`);
  await ingestHookCall(box.app, box.call("Stop", first));
  expect(box.read(spool)).toBe(`Stop ${first}\n`);
});

test("documents lie in the project once it is initialised, and below LEFTOFF_HOME before", async () => {
  await turn(first, "Add login", "Done.");
  expect(summaries(box.app)[0]?.document).toContain(join("leftoff", "documents"));
  rmSync(join(box.folder, "leftoff"), { recursive: true });
  await showSession(box.app, {}).catch(() => undefined);
  box.initialise();
  await turn(second, "Add login", "Done.");
  expect(summaries(box.app)[0]?.document).toBe(
    join(box.project, ".claude", "sessions", "2026-01-25-add-login.tmp"),
  );
});

test("the next conversation goes on in the same session, and after three idle days a new one starts and carries the next steps", async () => {
  await turn(first, "Add login", "Done.");
  await addNote(box.inShell(first), { kind: "next", text: "write the docs" });
  box.pass(HOUR_MS);
  await turn(second, "Go on with the login", "Done.");
  expect(summaries(box.app)).toHaveLength(1);

  box.pass(73 * HOUR_MS);
  await turn("cccccccc-0000-4000-8000-000000000003" as ConversationId, "Speed up the search", "Done.");
  const [newest, older] = summaries(box.app);
  expect([older?.slug, newest?.slug]).toEqual(["2026-01-25-add-login", "2026-01-28-speed-up-search"]);
  const carried = [...loadSession(box.app, newest!.id).notes.values()];
  expect(carried).toMatchObject([
    { kind: "next", text: "write the docs", state: "open" },
    { kind: "summary", text: "Speed up the search" },
  ]);
});

test("an answer that the transcript never got is kept once, and steps back when the transcript has it", async () => {
  const records = conversationRecords(first, box.project, box.app.clock.nowMs());
  box.say(first, records.prompt("Add login", promptId));
  await ingestHookCall(box.app, box.call("UserPromptSubmit", first, { prompt: "Add login", promptId }));
  const stop = box.call("Stop", first, { answer: "The login works now.", promptId });
  await ingestHookCall(box.app, stop);
  await ingestHookCall(box.app, stop);

  const session = loadSession(box.app, summaries(box.app)[0]!.id);
  expect(session.kept).toMatchObject([{ role: "agent", text: "The login works now." }]);
});

test("an error of the API that the agent writes before the prompt it answers is that turn's outcome", async () => {
  const [prompt, failure, ...next] = failedTurn();
  box.say(first, failure, prompt, ...next);
  await ingestHookCall(box.app, box.call("SessionEnd", first));

  expect(turnsTold()).toMatchObject([
    { prompt: "Try Redis", answer: REFUSED, outcome: "failed" },
    { prompt: "What is left?", answer: "Nothing.", outcome: "answered" },
  ]);
});

test("a prompt that reaches the transcript only after its answer was read is answered all the same", async () => {
  const [prompt, failure, ...next] = failedTurn();
  box.say(first, failure);
  const told = { answer: REFUSED, promptId };
  await ingestHookCall(box.app, box.call("UserPromptSubmit", first, { prompt: "Try Redis", promptId }));
  await ingestHookCall(box.app, box.call("StopFailure", first, told));
  box.say(first, prompt, ...next);
  await ingestHookCall(box.app, box.call("SessionEnd", first));

  expect(turnsTold().map(({ prompt: text, answer }) => [text, answer])).toEqual([
    ["Try Redis", REFUSED],
    ["What is left?", "Nothing."],
  ]);
});

test("the conversation that a fork began as a copy of is read as long as the fork brings copies, and not at each turn", async () => {
  await turn(first, "Add login", "Done.");
  const lines = box.read(box.transcript(first)).trimEnd().split("\n");
  box.say(second, ...lines.map((line) => ({ ...JSON.parse(line), sessionId: second })));
  const { archive } = box.app.store;
  const read: string[] = [];
  const forEach: typeof archive.forEach = (file, onRecords) => {
    read.push(file.conversation);
    return archive.forEach(file, onRecords);
  };
  const app = { ...box.app, store: { ...box.app.store, archive: { ...archive, forEach } } };
  const records = conversationRecords(second, box.project, box.app.clock.nowMs());
  const readAt = [];
  for (const prompt of ["Try another way", "Go on", "And on"]) {
    box.say(second, records.prompt(prompt, prompt), records.answer(`${prompt}: done.`));
    await ingestHookCall(app, box.call("Stop", second, { answer: `${prompt}: done.`, promptId: prompt }));
    readAt.push(read.splice(0).filter((id) => id === first).length);
  }

  expect(readAt).toEqual([1, 1, 0]);
  expect(loadConversation(box.app, second)).toMatchObject({ forkOf: first, facts: { turnCount: 3 } });
});

test("copies of a fork that come after a read of records without an id are copies still", async () => {
  await turn(first, "Add login", "Done.");
  const start = box.read(box.transcript(first)).trimEnd().split("\n").length;
  await turn(first, "Add logout", "Done, too.", "99999999-0000-4000-8000-000000000002");
  const copies = box
    .read(box.transcript(first))
    .trimEnd()
    .split("\n")
    .map((line) => ({ ...JSON.parse(line), sessionId: second }));
  const records = conversationRecords(second, box.project, box.app.clock.nowMs());
  const reads = [
    copies.slice(0, start),
    [{ type: "custom-title", customTitle: "Another way", sessionId: second }],
    [...copies.slice(start), records.prompt("Try another way", promptId), records.answer("Tried.")],
  ];
  for (const read of reads) {
    box.say(second, ...read);
    await ingestHookCall(box.app, box.call("Stop", second, { answer: "Tried." }));
  }

  expect(loadConversation(box.app, second)).toMatchObject({ forkOf: first, facts: { turnCount: 1 } });
});

const REFUSED = "API Error: 400 refused";

/** A prompt, the error of the API that is its answer, and a whole turn after it. */
function failedTurn() {
  const records = conversationRecords(first, box.project, box.app.clock.nowMs());
  const prompt = records.prompt("Try Redis", promptId);
  const answer = { ...records.answer(REFUSED), isApiErrorMessage: true, parentUuid: prompt.uuid };
  const next = {
    ...records.prompt("What is left?", "99999999-0000-4000-8000-000000000002"),
    parentUuid: answer.uuid,
  };
  return [prompt, answer, next, { ...records.answer("Nothing."), parentUuid: next.uuid }] as const;
}

function turnsTold() {
  return turnsOf(loadSession(box.app, summaries(box.app)[0]!.id), loadConversation(box.app, first)!);
}

test("a call that finds the conversation taken is worked through by its holder, and nothing is left behind", async () => {
  const lock = tryLock(conversationLockPath(box.app, first));
  await ingestHookCall(box.app, box.call("UserPromptSubmit", first, { prompt: "Add login", promptId }));
  expect(hasPendingCalls(box.app, first)).toBe(true);
  expect(summaries(box.app)).toEqual([]);
  lock?.release();

  const records = conversationRecords(first, box.project, box.app.clock.nowMs());
  box.say(first, records.prompt("Add login", promptId), records.answer("Done."));
  await ingestHookCall(box.app, box.call("SessionEnd", first));
  expect(hasPendingCalls(box.app, first)).toBe(false);
  expect(summaries(box.app)).toMatchObject([{ slug: "2026-01-25-add-login" }]);
});

test("when a conversation is over, its kept copy is packed by whoever worked off its end, and by nobody else", async () => {
  const long = "word ".repeat(1_000);
  for (let n = 1; n <= 6; n += 1)
    await turn(first, `Part ${n}`, `${long}${n}`, `${promptId.slice(0, -1)}${n}`);
  const sizeBytes = () => statSync(join(box.app.home, "archive", "claude", first, "main.jsonl.gz")).size;
  const before = sizeBytes();
  const packing = () => openPackings(box.app.home);
  await ingestHookCall(box.app, box.call("Stop", first), packing);
  const lock = tryLock(conversationLockPath(box.app, first));
  await ingestHookCall(box.app, box.call("SessionEnd", first), packing);
  expect(sizeBytes()).toBe(before);
  lock?.release();

  await ingestHookCall(box.app, box.call("Stop", first), packing);
  expect(sizeBytes()).toBeLessThan(before / 4);
  const { records } = box.app.store.archive.read({ agent: "claude", conversation: first, file: "main" });
  expect(records).toHaveLength(12);
});

test("an ingest that was killed leaves its call, and the next one does its work", async () => {
  leavePendingCall(box.app, box.call("UserPromptSubmit", first, { prompt: "Add login", promptId }));
  const records = conversationRecords(first, box.project, box.app.clock.nowMs());
  box.say(first, records.prompt("Add login", promptId), records.answer("Done."));
  await ingestHookCall(box.app, box.call("Stop", first, { answer: "Done.", promptId }));
  expect(summaries(box.app)).toMatchObject([{ conversations: [first] }]);
});

test("a fork begins with copies of another conversation's records: they are counted once", async () => {
  await turn(first, "Add login", "Done.");
  const copies = box
    .read(box.transcript(first))
    .trimEnd()
    .split("\n")
    .map((line) => ({ ...JSON.parse(line), sessionId: second }));
  box.say(second, ...copies);
  await turn(second, "Try another way", "Tried.", "99999999-0000-4000-8000-000000000002");

  expect(loadConversation(box.app, second)).toMatchObject({ forkOf: first, facts: { turnCount: 1 } });
  const { conversations } = await showSession(box.app, {});
  expect(conversations.map(({ turns }) => turns)).toEqual([1, 1]);
});

test("a secret in a prompt or an answer reaches no file of ours", async () => {
  const secret = "ghp_0123456789abcdefghijABCDEFGHIJ012345";
  await turn(first, `Use the token ${secret} to push`, `Pushed with ${secret}.`);
  const { execFileSync } = await import("node:child_process");
  const home = join(box.folder, "leftoff");
  const found = execFileSync(
    "sh",
    [
      "-c",
      `grep -rl ${secret} "$0"; find "$0" -name '*.gz' -exec zcat {} + | grep -c ${secret} || true`,
      home,
    ],
    { encoding: "utf8" },
  );
  expect(found.trim()).toBe("0");
});

test("state deleted at any time: sessions, facts and the document come back, and no note is there twice", async () => {
  await turn(first, "Add login", "Done.");
  await addNote(box.app, { kind: "decision", text: "use cookies" });
  await addNote(box.app, { kind: "failed", text: "localStorage", fields: { why: "XSS" } });
  const before = await showSession(box.app, {});
  rmSync(join(box.folder, "leftoff", "state"), { recursive: true });

  const after = await showSession(box.app, {});
  expect(after.notes.map(({ text }) => text)).toEqual(before.notes.map(({ text }) => text));
  expect(after.conversations).toEqual(before.conversations);
  await addNote(box.app, { kind: "next", text: "write the docs" });
  expect(box.read(after.session.document!).match(/use cookies/g)).toHaveLength(1);
});

test("what a person writes into the document becomes notes, and what they tick is done", async () => {
  await turn(first, "Add login", "Done.");
  await addNote(box.app, { kind: "next", text: "write the docs" });
  const path = summaries(box.app)[0]!.document!;
  const text = box.read(path);
  box.write(
    path,
    text.replace("- [ ] write the docs", "- [x] write the docs\n   - [ ] ask the security team"),
  );

  const { notes } = await showSession(box.app, {});
  expect(notes.map(({ text, state }) => [text, state])).toEqual([
    ["Add login", "open"],
    ["write the docs", "done"],
    ["ask the security team", "open"],
  ]);
  expect((await showSession(box.app, {})).notes).toHaveLength(3);
});

test("an emptied document deletes nothing, and the next turn gives it back", async () => {
  await turn(first, "Add login", "Done.");
  await addNote(box.app, { kind: "decision", text: "use cookies" });
  const path = summaries(box.app)[0]!.document!;
  box.write(path, "");
  await turn(first, "Go on", "Done.", "99999999-0000-4000-8000-000000000002");
  expect(box.read(path)).toContain("use cookies");
  rmSync(path);
  await turn(first, "Go on", "Done.", "99999999-0000-4000-8000-000000000003");
  expect(existsSync(path)).toBe(true);
  expect(readdirSync(join(path, "..")).filter((name) => name.includes("tmp-"))).toEqual([]);
});

test("an item moved to another section changes its kind, a status in words its reason, and a deleted line of ours stays out", async () => {
  await turn(first, "Add login", "Done.");
  await addNote(box.app, { kind: "next", text: "write the docs" });
  const path = summaries(box.app)[0]!.document!;
  const text = box.read(path);
  const moved = text
    .replace("   - [ ] write the docs", "   - [ ]")
    .replace("## Known Issues\n- [ ] **Issue**:", "## Known Issues\n- [ ] **Issue**: write the docs")
    .replace("**Status**: in_progress", "**Status**: Blocked on the security review")
    .replace(/- \*\*Conversations\*\*.*\n/, "");
  box.write(path, moved);
  const { notes, session } = await showSession(box.app, {});
  expect(notes.map(({ kind, text: said }) => [kind, said])).toContainEqual(["issue", "write the docs"]);
  expect([session.status, session.reason]).toEqual(["blocked", "the security review"]);
  await addNote(box.app, { kind: "decision", text: "cookies" });
  expect(box.read(path)).not.toContain("**Conversations**");
});

test("who only looks does not write into the document while a turn is open, and the turn's end does", async () => {
  await turn(first, "Add login", "Done.");
  const path = summaries(box.app)[0]?.document ?? "";
  const id = "99999999-0000-4000-8000-000000000002";
  const records = conversationRecords(first, box.project, box.app.clock.nowMs());
  box.say(first, records.prompt("Now the logout", id));
  await ingestHookCall(
    box.app,
    box.call("UserPromptSubmit", first, { prompt: "Now the logout", promptId: id }),
  );
  await addNote(box.inShell(first), { kind: "failed", text: "localStorage", fields: { why: "XSS" } });
  box.say(first, records.call("t1", "Bash", { command: "npm test" }), records.result("t1", "ok"));

  const before = box.read(path);
  await statusHere(box.app, {});
  // Also when all that hooks had told is lost, and only the transcript says that the turn goes on.
  rmSync(join(box.app.home, "state"), { recursive: true });
  await statusHere(box.app, {});
  expect(box.read(path)).toBe(before);

  box.say(first, records.answer("Logged out."));
  await ingestHookCall(box.app, box.call("Stop", first, { answer: "Logged out.", promptId: id }));
  expect(box.read(path)).toContain("localStorage");
});
