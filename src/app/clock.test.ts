import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type AppBox, conversationRecords, makeAppBox } from "../../test/app-box.ts";
import { findPrintedBrief } from "../../test/printed-brief.ts";
import type { ConversationId } from "../base/id.ts";
import { answerSessionStart } from "./answer-session-start.ts";
import { ingestHookCall } from "./ingest.ts";
import { addNote } from "./note.ts";
import { showBrief } from "./show-brief.ts";
import { showSession } from "./show-session.ts";
import { summaries } from "./summary.ts";

// Clocks that are wrong, jump, or change for the summer: order is by position, and what is said of time stays sane.

const first = "aaaaaaaa-0000-4000-8000-000000000001" as ConversationId;
const second = "bbbbbbbb-0000-4000-8000-000000000002" as ConversationId;
const DAY_MS = 24 * 60 * 60_000;

let box: AppBox;
let number = 0;
beforeEach(() => {
  box = makeAppBox();
});
afterEach(() => {
  vi.unstubAllEnvs();
  box.dispose();
});

async function turn(conversation: ConversationId, prompt: string): Promise<void> {
  number += 1;
  const promptId = `p${number}`;
  const records = conversationRecords(conversation, box.project, box.app.clock.nowMs());
  box.say(conversation, records.prompt(prompt, promptId), records.answer(`Done: ${prompt}.`));
  await ingestHookCall(box.app, box.call("UserPromptSubmit", conversation, { prompt, promptId }));
  await ingestHookCall(box.app, box.call("Stop", conversation, { answer: `Done: ${prompt}.`, promptId }));
}

const setClock = (date: string) => box.pass(Date.parse(date) - box.app.clock.nowMs());
const briefText = async () => (await showBrief(box.app, {})).brief.text;

test.each(["1999-12-31T12:00:00Z", "2024-02-29T12:00:00Z", "2038-01-19T12:00:00Z", "2040-06-15T12:00:00Z"])(
  "a session of %s has that day in its name, and its second day is day 2",
  async (date) => {
    setClock(date);
    await turn(first, "Add login");
    expect(summaries(box.app)[0]?.slug).toBe(`${date.slice(0, 10)}-add-login`);
    box.pass(DAY_MS);
    expect(await briefText()).toContain("day 2,");
    await addNote(box.app, { kind: "next", text: "write the docs" });
    expect(await briefText()).toContain("write the docs");
  },
);

test.each([
  ["back three days", -3 * DAY_MS],
  ["on ten days", 10 * DAY_MS],
])(
  "when the clock jumps %s in the middle of a conversation, its last turn is still its last",
  async (_, jumpMs) => {
    await turn(first, "Add login");
    await turn(first, "Now the logout");
    box.pass(jumpMs);
    await turn(first, "Then the reset");
    box.pass(jumpMs < 0 ? 60_000 : -jumpMs);
    const text = await briefText();
    const leftOff = text.slice(text.indexOf("## Where we left off"));
    expect(leftOff.indexOf("Then the reset")).toBeLessThan(leftOff.indexOf("Now the logout"));
    expect(text).toMatch(/day \d+,/);
    expect(text).not.toMatch(/-\d+ (?:min|hour|day)|day -?0/);
    expect(summaries(box.app)).toHaveLength(1);
    const { notes } = await showSession(box.app, {});
    expect(notes).toHaveLength(1);
  },
);

test("notes stand in the order they were made, whatever the clock said", async () => {
  await turn(first, "Add login");
  for (const [text, jumpMs] of [
    ["one", 0],
    ["two", -3 * DAY_MS],
    ["three", 10 * DAY_MS],
    ["four", -5 * DAY_MS],
  ] as const) {
    box.pass(jumpMs);
    await addNote(box.app, { kind: "finding", text });
  }
  const { notes } = await showSession(box.app, {});
  expect(notes.filter(({ kind }) => kind === "finding").map(({ text }) => text)).toEqual([
    "one",
    "two",
    "three",
    "four",
  ]);
});

test("a turn whose end nobody saw is not at work for ever, because its clock was ahead", async () => {
  box.pass(10 * DAY_MS);
  const records = conversationRecords(first, box.project, box.app.clock.nowMs());
  box.say(first, records.prompt("Add login", "p"));
  await ingestHookCall(box.app, box.call("UserPromptSubmit", first, { prompt: "Add login", promptId: "p" }));
  box.pass(-10 * DAY_MS);
  expect((await showSession(box.app, {})).session.phase).toBe("active");
});

test("a brief that was made when the clock was ahead is made again", async () => {
  box.pass(10 * DAY_MS);
  await turn(first, "Add login");
  box.pass(-10 * DAY_MS);
  expect(findPrintedBrief(box.app.home, box.project, box.app.clock.nowMs())).toBeUndefined();
  const { context } = await answerSessionStart(
    box.app,
    box.call("SessionStart", second, { reason: "startup" }),
  );
  expect(context).toContain("Add login");
});

test.each([
  ["Europe/Berlin", "2027-03-27T22:30:00Z", "2027-03-28T21:30:00Z", "2027-03-27"],
  ["Europe/Berlin", "2027-10-30T21:30:00Z", "2027-10-31T22:30:00Z", "2027-10-30"],
  ["America/St_Johns", "2027-03-14T03:00:00Z", "2027-03-15T02:00:00Z", "2027-03-13"],
  ["Australia/Lord_Howe", "2027-04-03T12:00:00Z", "2027-04-04T12:45:00Z", "2027-04-03"],
])("over a change of %s the next calendar day is day 2", async (zone, from, to, day) => {
  vi.stubEnv("TZ", zone);
  setClock(from);
  await turn(first, "Add login");
  expect(summaries(box.app)[0]?.slug).toBe(`${day}-add-login`);
  expect(await briefText()).toContain("day 1,");
  setClock(to);
  expect(await briefText()).toContain("day 2,");
});
