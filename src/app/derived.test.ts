import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type AppBox, conversationRecords, makeAppBox } from "../../test/app-box.ts";
import { findPrintedBrief } from "../../test/printed-brief.ts";
import type { ConversationId } from "../base/id.ts";
import { filesBelow } from "../disk/read.ts";
import { changePhase } from "./change-phase.ts";
import { ingestHookCall } from "./ingest.ts";
import { ingestHere } from "./ingest-history.ts";
import { listSessions } from "./list-sessions.ts";
import { newSession } from "./new-session.ts";
import { addNote } from "./note.ts";
import { changeNotes } from "./notes.ts";
import { showBrief } from "./show-brief.ts";
import { showSession } from "./show-session.ts";
import { statusHere } from "./status.ts";
import { summaries } from "./summary.ts";
import { switchSession } from "./switch-session.ts";

/** `LEFTOFF_STATE_RUNS=500 LEFTOFF_STATE_SEED=7` searches further; the same seed repeats a search. */
const RUNS = Number(process.env.LEFTOFF_STATE_RUNS ?? 12);
const SEED = Number(process.env.LEFTOFF_STATE_SEED ?? 20_260_125);
const RUN_MS_MAX = 5_000;

// What is below state/ may go at any time, whole, in part, or half: every answer stays the same.

const ids = ["aaaaaaaa", "bbbbbbbb", "cccccccc"].map(
  (start, n) => `${start}-0000-4000-8000-00000000000${n + 1}` as ConversationId,
) as [ConversationId, ConversationId, ConversationId];

let box: AppBox;
beforeEach(() => {
  box = makeAppBox();
});
afterEach(() => box.dispose());

async function turn(conversation: ConversationId, prompt: string, promptId: string): Promise<void> {
  const records = conversationRecords(conversation, box.project, box.app.clock.nowMs());
  const { cwd } = box.app;
  box.say(conversation, records.prompt(prompt, promptId));
  await ingestHookCall(box.app, box.call("UserPromptSubmit", conversation, { prompt, promptId }));
  box.say(
    conversation,
    records.call("t1", "Write", { file_path: join(cwd, "a.ts"), content: "x" }),
    records.result("t1", "ok"),
    records.call("t2", "Bash", { command: `npm test ${prompt}` }),
    records.result("t2", "ok"),
    records.answer(`Done: ${prompt}.`),
  );
  await ingestHookCall(box.app, box.call("Stop", conversation, { answer: `Done: ${prompt}.`, promptId }));
}

function subagent(conversation: ConversationId): void {
  const records = conversationRecords(conversation, box.project, box.app.clock.nowMs());
  const path = join(dirname(box.transcript(conversation)), conversation, "subagents", "agent-a1.jsonl");
  mkdirSync(dirname(path), { recursive: true });
  const side = { isSidechain: true, agentId: "a1" };
  const call = { ...records.call("s1", "Bash", { command: "ls src" }), ...side, uuid: "side1" };
  const result = { ...records.result("s1", "ok"), ...side, uuid: "side2" };
  appendFileSync(path, `${JSON.stringify(call)}\n${JSON.stringify(result)}\n`);
}

/** Three conversations in two sessions: one with a subagent, one a fork, notes by agent and person, a switch. */
async function history(): Promise<void> {
  await turn(ids[0], "Add login", "p1");
  box.pass(1_000_000);
  subagent(ids[0]);
  await turn(ids[0], "Now the logout", "p2");
  await addNote(box.app, { kind: "decision", text: "use cookies" });
  box.pass(1_000_000);
  const copies = box
    .read(box.transcript(ids[0]))
    .trimEnd()
    .split("\n")
    .map((line) => ({ ...JSON.parse(line), sessionId: ids[1] }));
  box.say(ids[1], ...copies);
  await turn(ids[1], "Try it another way", "p3");
  box.pass(1_000_000);
  await newSession(box.app, { title: "Speed up search" });
  await turn(ids[2], "Index the words", "p4");
  box.pass(1_000_000);
  const login = summaries(box.app).find(({ title }) => title === "Add login");
  await switchSession(box.app, { session: login?.slug ?? "" });
  await addNote(box.app, { kind: "next", text: "write the docs" });
  const path = login?.document ?? "";
  box.write(path, box.read(path).replace("- [ ] write the docs", "- [ ] write the docs\n- [ ] ask Ada"));
  await showSession(box.app, {});
  // What an agent notes stands in its document only when its turn is over.
  await addNote(box.inShell(ids[1]), { kind: "failed", text: "localStorage", fields: { why: "XSS" } });
  const { notes } = await showSession(box.app, {});
  const cookies = notes.find(({ text }) => text === "use cookies");
  const edit = { change: "edit", notes: [cookies?.id ?? ""], text: "use httpOnly cookies" } as const;
  await changeNotes(box.inShell(ids[1]), edit);
  box.pass(20 * 60_000);
}

/** Everything that the commands say. */
async function answers() {
  const { sessions } = await listSessions(box.app, { all: true });
  const shown = [];
  for (const { id } of sessions) shown.push(await showSession(box.app, { session: id }));
  const status = await statusHere(box.app, {});
  const brief = await showBrief(box.app, {});
  const { here: _here, trouble: _trouble, ...rest } = status;
  return JSON.parse(JSON.stringify({ sessions, shown, rest, brief }));
}

const stateFiles = () => filesBelow(join(box.folder, "leftoff", "state"));
const journal = () =>
  filesBelow(join(box.folder, "leftoff", "journal")).map((path) => readFileSync(path, "utf8"));
const documents = () =>
  filesBelow(join(box.folder, "leftoff", "documents")).map((path) => readFileSync(path, "utf8"));

const HARMS: readonly ((path: string) => void)[] = [
  (path) => rmSync(path, { force: true }),
  (path) => truncateSync(path, 0),
  (path) => truncateSync(path, Math.floor(readFileSync(path).length / 2)),
  (path) => writeFileSync(path, "\0".repeat(100)),
  (path) => {
    const bytes = readFileSync(path);
    const at = Math.floor(bytes.length / 3);
    bytes[at] = (bytes[at] ?? 0) ^ 4;
    writeFileSync(path, bytes);
  },
];

test(
  "after any files below state/ were deleted or damaged, every answer is the same, and nothing is written twice",
  async () => {
    await history();
    const before = await answers();
    const [events, texts] = [journal(), documents()];
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(HARMS.length - 1)), {
          minLength: 1,
          maxLength: 12,
        }),
        fc.boolean(),
        async (picks, alsoIngest) => {
          for (const [share, harm] of picks) {
            const files = stateFiles();
            const path = files[Math.min(files.length - 1, Math.floor(share * files.length))];
            if (path !== undefined) HARMS[harm]?.(path);
          }
          if (alsoIngest) await ingestHere(box.app, { conversationsMax: 100 });
          expect(await answers()).toEqual(before);
          expect([journal(), documents()]).toEqual([events, texts]);
        },
      ),
      // What was written wrongly stays: a smaller case would be told by what this one left.
      { numRuns: RUNS, seed: SEED, endOnFailure: true, interruptAfterTimeLimit: RUNS * RUN_MS_MAX },
    );
  },
  RUNS * RUN_MS_MAX + 10_000,
);

test("after all of state/ or any part of it was deleted, every answer is the same, also when all is read again first", async () => {
  await history();
  // What a prompt takes up again is not taken up by reading of it once more.
  for (const { id } of summaries(box.app)) await changePhase(box.app, { session: id, change: "pause" });
  const before = await answers();
  const [events, texts] = [journal(), documents()];
  const state = join(box.folder, "leftoff", "state");
  for (const part of ["", ...readdirSync(state)]) {
    for (const first of [answers, () => ingestHere(box.app, { conversationsMax: 100 })]) {
      // Reading goes by where it stood: without that, everything is read once more.
      for (const lost of [part, "positions"]) rmSync(join(state, lost), { recursive: true, force: true });
      await first();
      expect(await answers(), part).toEqual(before);
      expect([journal(), documents()]).toEqual([events, texts]);
    }
  }
});

test("an archive that was deleted or cut is filled again from the transcripts", async () => {
  await history();
  const before = await answers();
  const archives = () => filesBelow(join(box.folder, "leftoff", "archive"));
  const records = () =>
    ids.map(
      (conversation) =>
        box.app.store.archive.read({ agent: "claude", conversation, file: "main" }).records.length,
    );
  const kept = records();
  for (const harm of [
    () => rmSync(join(box.folder, "leftoff", "archive"), { recursive: true }),
    () => {
      for (const path of archives()) truncateSync(path, Math.floor(readFileSync(path).length / 2));
    },
  ]) {
    harm();
    await ingestHere(box.app, { conversationsMax: 100 });
    expect(records()).toEqual(kept);
    expect(await answers()).toEqual(before);
  }
});

test("a session whose first record is damaged is still found, with its notes and its document", async () => {
  await turn(ids[0], "Add login", "p1");
  await addNote(box.app, { kind: "decision", text: "use cookies" });
  const [before] = summaries(box.app);
  const [path] = filesBelow(join(box.folder, "leftoff", "journal"));
  const text = box.read(path ?? "");
  box.write(path ?? "", text.replace('"session.started"', '"session.sTarted"'));
  rmSync(join(box.folder, "leftoff", "state"), { recursive: true });

  const shown = await showSession(box.app, {});
  expect(shown.session).toMatchObject({ id: before?.id, slug: before?.slug, workTree: before?.workTree });
  expect(shown.notes.map((note) => note.text)).toContain("use cookies");
  const { trouble } = await statusHere(box.app, {});
  expect(trouble).toEqual([
    expect.stringMatching(/journal.*:2: \d+ bytes lost \(the checksum does not fit\)/),
  ]);
});

test("a journal damaged anywhere loses at most what stood there, and says so once", async () => {
  await history();
  const login = summaries(box.app).find(({ title }) => title === "Add login");
  const notesBefore = (await showSession(box.app, { session: login?.id ?? "" })).notes.length;
  const folder = join(box.folder, "leftoff", "journal", login?.id ?? "");
  const [path] = filesBelow(folder);
  const bytes = readFileSync(path ?? "");
  const noteAt = bytes.indexOf('"note.added"');
  bytes[noteAt + 3] = 0x58;
  writeFileSync(path ?? "", bytes);
  appendFileSync(path ?? "", '\n{"id":"evt_torn');

  const shown = await showSession(box.app, { session: login?.id ?? "" });
  expect(shown.notes.length).toBeGreaterThanOrEqual(notesBefore - 1);
  const { trouble } = await statusHere(box.app, { session: login?.id ?? "" });
  expect(trouble.filter((line) => line.includes("journal"))).toHaveLength(2);
});

test("workspaces.jsonl: a torn line costs neither its neighbours nor the next one, and is told", async () => {
  await turn(ids[0], "Add login", "p1");
  box.initialise();
  const path = join(box.folder, "leftoff", "workspaces.jsonl");
  appendFileSync(path, '{"v":1,"type":"work_tree.fo');
  box.initialise();
  const read = box.app.workspaces.read();
  expect([read.trees.length, read.trees[0]?.initialisedAtMs !== undefined]).toEqual([1, true]);
  expect((await statusHere(box.app, {})).trouble).toEqual([expect.stringContaining("workspaces.jsonl line")]);
  rmSync(path);
  rmSync(join(box.folder, "leftoff", "state"), { recursive: true });
  expect((await showSession(box.app, {})).session.title).toBe("Add login");
});

test("machine.json damaged or deleted: what was noted stays in one session, and so does what comes", async () => {
  await turn(ids[0], "Add login", "p1");
  await addNote(box.app, { kind: "decision", text: "use cookies" });
  for (const harm of HARMS) {
    harm(join(box.folder, "leftoff", "machine.json"));
    const other = makeAgain();
    await addNote(other, { kind: "finding", text: `after harm ${HARMS.indexOf(harm)}` });
    const { notes } = await showSession(other, {});
    expect(notes.map(({ text }) => text)).toEqual(
      expect.arrayContaining(["use cookies", `after harm ${HARMS.indexOf(harm)}`]),
    );
  }
  expect(summaries(makeAgain())).toHaveLength(1);
});

const makeAgain = () => box.again();

test("a printed brief that is damaged anywhere is not printed", async () => {
  await turn(ids[0], "Add login", "p1");
  await addNote(box.app, { kind: "next", text: "write the docs" });
  const [path] = stateFiles().filter((file) => file.includes("/briefs/"));
  const nowMs = box.app.clock.nowMs();
  const whole = readFileSync(path ?? "");
  const text = findPrintedBrief(box.app.home, box.project, nowMs)?.text;
  expect(text).toContain("write the docs");
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.nat(7), fc.boolean(), (at, bit, cut) => {
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
      writeFileSync(path ?? "", cut ? whole.subarray(0, at) : bytes);
      expect([undefined, text]).toContain(findPrintedBrief(box.app.home, box.project, nowMs)?.text);
    }),
    { numRuns: 100 },
  );
});
