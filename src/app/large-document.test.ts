import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type AppBox, conversationRecords, makeAppBox } from "../../test/app-box.ts";
import type { ConversationId } from "../base/id.ts";
import {
  DOCUMENT_BYTES_MAX,
  DOCUMENT_ITEMS_MAX,
  DOCUMENT_LONG_BYTES,
  EVENTS_PER_APPEND_MAX,
  READ_LONG_BYTES,
} from "../base/limits.ts";
import { filesBelow } from "../disk/read.ts";
import { ingestHookCall } from "./ingest.ts";
import { addNote } from "./note.ts";
import { loadSession } from "./session-log.ts";
import { statusHere } from "./status.ts";
import { summaries } from "./summary.ts";

const conversation = "aaaaaaaa-0000-4000-8000-000000000001" as ConversationId;

let box: AppBox;
let path: string;
let turns: number;
beforeEach(async () => {
  box = makeAppBox();
  turns = 0;
  await turn();
  path = summaries(box.app)[0]?.document ?? "";
});
afterEach(() => box.dispose());

async function turn(): Promise<void> {
  turns += 1;
  box.pass(60_000);
  const records = conversationRecords(conversation, box.project, box.app.clock.nowMs());
  box.say(conversation, records.prompt("Add login", `p${turns}`), records.answer(`Done ${turns}.`));
  const call = { answer: `Done ${turns}.`, promptId: `p${turns}` };
  await ingestHookCall(box.app, box.call("Stop", conversation, call));
}

const stepOf = (n: number) => `step ${n} of the migration, in src/part-${n}.ts`;

function typeSteps(count: number): void {
  const lines = Array.from({ length: count }, (_, n) => `- [${n % 3 === 0 ? "x" : " "}] ${stepOf(n)}\n`);
  box.write(path, box.read(path).replace(/^## Next Steps\n/m, `$&\n${lines.join("")}`));
}

/** The texts of the steps in the session, by their state. */
function steps(): {
  readonly open: readonly string[];
  readonly done: readonly string[];
  readonly dropped: number;
} {
  const [summary] = summaries(box.app);
  const all = summary === undefined ? [] : [...loadSession(box.app, summary.id).notes.values()];
  const own = all.filter(({ kind }) => kind === "next");
  const inState = (state: string) => own.filter((note) => note.state === state).map(({ text }) => text);
  return { open: inState("open"), done: inState("done"), dropped: inState("dropped").length };
}

const trouble = async () => (await statusHere(box.app, {})).trouble;
const journalPath = () => filesBelow(join(box.app.home, "journal"))[0] ?? "";

test("a document of 5,000 items is a session's like any other: each is a note, and each edit of them counts once", async () => {
  typeSteps(5_000);
  await turn();
  const all = Array.from({ length: 5_000 }, (_, n) => stepOf(n));
  const done = all.filter((_, n) => n % 3 === 0);
  const open = all.filter((_, n) => n % 3 !== 0);
  expect(steps()).toEqual({ open, done, dropped: 0 });
  expect(await trouble()).toEqual([]);

  const edited = box
    .read(path)
    .replace(`[ ] ${stepOf(4_000)}`, `[x] ${stepOf(4_000)}`)
    .replace(`${stepOf(10)}\n`, `${stepOf(10)}, by hand\n`)
    .replace(`- [ ] ${stepOf(20)}\n`, "");
  box.write(path, edited);
  await addNote(box.app, { kind: "next", text: "ship it" });
  const after = steps();
  expect([after.open.length, after.done.length, after.dropped]).toEqual([
    open.length - 1,
    done.length + 1,
    1,
  ]);
  expect(after.open).toEqual(expect.arrayContaining([`${stepOf(10)}, by hand`, "ship it"]));
  expect(box.read(path)).toContain("[ ] ship it");

  // Nothing of it is in what can be deleted.
  const text = box.read(path);
  rmSync(join(box.app.home, "state"), { recursive: true });
  box.write(path, text.replace(`[ ] ${stepOf(4_999)}`, `[x] ${stepOf(4_999)}`));
  await turn();
  expect([steps().open.length, steps().done.length, steps().dropped]).toEqual([
    after.open.length - 1,
    after.done.length + 1,
    1,
  ]);
  expect(await trouble()).toEqual([]);
});

test("who is killed while a person's edits are written is followed by one who writes the rest: none is lost, none doubled", async () => {
  const count = EVENTS_PER_APPEND_MAX + 500;
  const before = readFileSync(journalPath());
  typeSteps(count);
  const typed = box.read(path);
  await turn();
  const whole = readFileSync(journalPath());
  const lines = whole.subarray(before.length).toString().split("\n\n");
  for (const share of [0, 0.0005, 0.3, 0.7, 0.999]) {
    const kept = lines.slice(0, Math.floor(lines.length * share)).join("\n\n");
    writeFileSync(journalPath(), Buffer.concat([before, Buffer.from(kept)]));
    box.write(path, typed);
    await turn();
    expect([steps().open.length + steps().done.length, steps().dropped]).toEqual([count, 0]);
    expect(box.read(path).match(/ step \d+ of the migration/g)?.length).toBeGreaterThanOrEqual(count);
    for (const n of [0, 1, count - 1]) expect(box.read(path).split(`] ${stepOf(n)}\n`)).toHaveLength(2);
  }
});

test("a line whose note is lost to a damaged record becomes a note again, and stays in the document", async () => {
  await addNote(box.app, { kind: "next", text: "call the bank" });
  const journal = box.read(journalPath());
  box.write(journalPath(), journal.replace('"text":"call the bank"', '"text":"call the bonk"'));
  await turn();
  expect(box.read(path)).toContain("[ ] call the bank\n");
  expect(steps().open).toEqual(["call the bank"]);
});

test("a document beyond the limits is left as it is, and one line says so, how large it is and what the limit is", async () => {
  const template = box.read(path);
  typeSteps(DOCUMENT_ITEMS_MAX + 1);
  const many = box.read(path);
  await turn();
  expect(box.read(path)).toBe(many);
  expect(await trouble()).toEqual([
    expect.stringMatching(
      new RegExp(`has 10\\d\\d\\d items and sections, and ${DOCUMENT_ITEMS_MAX} is the most`),
    ),
  ]);

  const long = `${template}\n## Log\n\n${"I think so. ".repeat(DOCUMENT_BYTES_MAX / 10)}\n`;
  box.write(path, long);
  await turn();
  expect(box.read(path)).toBe(long);
  expect(await trouble()).toEqual([
    `${path} has ${long.length} bytes: up to ${DOCUMENT_BYTES_MAX} are read as a state document. Move what is done into a file of its own.`,
  ]);
});

test("a long document is work that may take long, and a backlog is also much to do", async () => {
  const said: string[] = [];
  const pace = { mayTakeLong: () => said.push("long"), hasMuchToDo: () => said.push("much") };
  const app = { ...box.app, ...pace };
  await statusHere(app, {});
  expect(said).toEqual([]);
  typeSteps(3_000);
  expect(box.read(path).length).toBeGreaterThan(DOCUMENT_LONG_BYTES);
  await statusHere(app, {});
  expect(new Set(said)).toEqual(new Set(["long"]));

  const records = conversationRecords(conversation, box.project, box.app.clock.nowMs());
  box.say(conversation, records.prompt("x".repeat(READ_LONG_BYTES), "p-long"), records.answer("Done."));
  await statusHere(app, {});
  expect(said).toContain("much");
});
