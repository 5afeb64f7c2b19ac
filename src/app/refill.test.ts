import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type AppBox, conversationRecords, makeAppBox } from "../../test/app-box.ts";
import type { ConversationId } from "../base/id.ts";
import { RECORD_BYTES_MAX } from "../base/limits.ts";
import { openRepairs } from "../compose-setup.ts";
import { loadConversation } from "./conversation.ts";
import { ingestHere } from "./ingest-history.ts";
import { repairRecords } from "./repair.ts";
import { statusHere } from "./status.ts";

// What was damaged in an archive is read again from the agent's transcript, to where it stood, as long as that is there.

const first = "aaaaaaaa-0000-4000-8000-000000000001" as ConversationId;

let box: AppBox;
let path: string;
let made: ReturnType<typeof conversationRecords>;
beforeEach(() => {
  box = makeAppBox();
  path = box.transcript(first);
  made = conversationRecords(first, box.project, box.app.clock.nowMs());
});
afterEach(() => {
  vi.unstubAllEnvs();
  box.dispose();
});

const turn = (n: number) => [
  made.prompt(`Prompt ${n}`, `99999999-0000-4000-8000-00000000000${n}`),
  made.answer(`Answer ${n}`),
];
/** Reads each turn for itself, so that each has a member of its own. */
async function converse(turns: number, from = 0): Promise<void> {
  for (let n = from; n < from + turns; n += 1) {
    box.say(first, ...turn(n));
    await ingest();
  }
}
const ingest = () => ingestHere(box.app, { conversationsMax: 100 });
const archive = (file = "main") =>
  join(box.folder, "leftoff", "archive", "claude", first, `${file}.jsonl.gz`);
const archivedRecords = (file = "main") =>
  box.app.store.archive.read({ agent: "claude", conversation: first, file }).records;
const prompts = () => loadConversation(box.app, first)?.facts.turns.map(({ prompt }) => prompt);
const repair = (dryRun = false) => repairRecords(box.app, openRepairs(box.app.home), { dryRun });

/** Where each member begins (docs/formats/archive.md, Members). */
function membersIn(bytes: Buffer): readonly number[] {
  const subfield = Buffer.from([0x08, 0x00, 0x4c, 0x4f, 0x04, 0x00]);
  const found: number[] = [];
  for (let at = bytes.indexOf(subfield); at !== -1; at = bytes.indexOf(subfield, at + 1)) found.push(at - 10);
  return found;
}

/** Flips a bit in the middle of some members. */
function harm(wanted: (member: number) => boolean, file = archive()): void {
  const bytes = readFileSync(file);
  const starts = membersIn(bytes);
  for (const [n, from] of starts.entries()) {
    const at = (from + (starts[n + 1] ?? bytes.length)) >> 1;
    if (wanted(n)) bytes[at] = (bytes[at] ?? 0) ^ 4;
  }
  writeFileSync(file, bytes);
}

const loseState = () => rmSync(join(box.folder, "leftoff", "state"), { recursive: true });

test("members that were damaged are read again from the transcript, to where they stood", async () => {
  await converse(5);
  const whole = gunzipSync(readFileSync(archive()));
  harm((n) => n === 0 || n === 2 || n === 3);
  loseState();
  await statusHere(box.app, {});
  expect(prompts()).toEqual(["Prompt 1", "Prompt 4"]);

  expect((await repair(true)).refilled).toEqual([]);
  const { repaired, refilled } = await repair();
  expect(repaired).toHaveLength(2);
  expect(refilled).toEqual([
    { file: { agent: "claude", conversation: first, file: "main" }, path, records: 6 },
  ]);
  const plain = gunzipSync(readFileSync(archive())).toString();
  const records = (text: string) => text.split("\n").filter((line) => !line.includes('"archive/1"'));
  expect(records(plain)).toEqual(records(whole.toString()));
  expect(prompts()).toEqual([0, 1, 2, 3, 4].map((n) => `Prompt ${n}`));
  expect((await statusHere(box.app, {})).trouble).toEqual([]);
  expect(await repair()).toEqual({ repaired: [], refilled: [] });
  await converse(1, 5);
  expect(prompts()).toHaveLength(6);
});

test("whichever members are damaged, and however often, repair and the next reading have every record in its order", async () => {
  await converse(6);
  const whole = readFileSync(archive());
  const records = box.app.store.archive.read({ agent: "claude", conversation: first, file: "main" }).records;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(5), { minLength: 1, maxLength: 6 }),
      fc.boolean(),
      async (which, twice) => {
        writeFileSync(archive(), whole);
        rmSync(`${archive()}.damaged`, { force: true });
        rmSync(archive().replace(".jsonl.gz", ".index.jsonl"));
        harm((n) => which.includes(n));
        await repair();
        if (twice) {
          harm((n) => n === 0);
          await repair();
        }
        await ingest();
        const { read } = box.app.store.archive;
        expect(read({ agent: "claude", conversation: first, file: "main" })).toEqual({ records, damage: [] });
      },
    ),
    { numRuns: 15 },
  );
}, 40_000);

test("what an earlier repair took out is read again, too, once the transcript is there again, and not from another file", async () => {
  await converse(3);
  harm((n) => n === 1);
  const away = join(box.folder, "away.jsonl");
  renameSync(path, away);
  expect((await repair()).refilled).toEqual([]);
  // At the same path, longer than what was lost, and none of it.
  box.write(path, `${JSON.stringify(made.answer("Something else"))}\n`.repeat(20));
  expect((await repair()).refilled).toEqual([]);
  expect(archivedRecords()).toHaveLength(4);
  renameSync(away, path);
  expect((await repair()).refilled).toMatchObject([{ records: 2 }]);
  expect(prompts()).toEqual([0, 1, 2].map((n) => `Prompt ${n}`));
});

test("a transcript that was cut back and grew again gives back only what still stands there", async () => {
  await converse(2);
  const [kept = ""] = readFileSync(path, "utf8").split("\n");
  await converse(1, 2);
  writeFileSync(path, `${kept}\n`);
  await converse(2, 5);
  const whole = box.app.store.archive.read({ agent: "claude", conversation: first, file: "main" }).records;
  const members = membersIn(readFileSync(archive())).length;
  harm((n) => n === 1 || n === members - 2);
  await repair();

  const texts = (records: readonly object[]) => records.map((record) => JSON.stringify(record));
  const after = texts(
    box.app.store.archive.read({ agent: "claude", conversation: first, file: "main" }).records,
  );
  // Turn 1 is nowhere any more.
  expect(after).toEqual(texts(whole).filter((text) => !/(Prompt|Answer) 1/.test(text)));
});

test("windows of a long record come back without their secrets", async () => {
  const secret = "ghp_0123456789abcdefghijABCDEFGHIJ012345";
  await converse(1);
  box.say(
    first,
    made.result("t1", `${"words ".repeat(RECORD_BYTES_MAX / 6)}${secret} ${"words ".repeat(400_000)}`),
  );
  await ingest();
  await converse(1, 1);
  const { read } = box.app.store.archive;
  const { records } = read({ agent: "claude", conversation: first, file: "main" });
  harm((n) => n > 2 && n % 3 === 0 && n < 30);
  expect((await repair()).refilled).toMatchObject([{ records: expect.any(Number) }]);

  expect(read({ agent: "claude", conversation: first, file: "main" }).records).toEqual(records);
  expect(gunzipSync(readFileSync(archive())).includes(secret)).toBe(false);
}, 120_000);

test("a subagent's file is filled from its own transcript", async () => {
  await converse(1);
  const side = join(dirname(path), first, "subagents", "agent-a1.jsonl");
  mkdirSync(dirname(side), { recursive: true });
  for (let n = 0; n < 3; n += 1) {
    const said = { ...made.answer(`Side ${n}`), isSidechain: true, agentId: "a1" };
    appendFileSync(side, `${JSON.stringify(said)}\n`);
    await converse(1, n + 1);
  }
  const { read } = box.app.store.archive;
  const { records } = read({ agent: "claude", conversation: first, file: "agent-a1" });
  harm((n) => n === 1, archive("agent-a1"));
  loseState();

  expect((await repair()).refilled).toMatchObject([{ path: side, records: 1 }]);
  expect(read({ agent: "claude", conversation: first, file: "agent-a1" })).toEqual({ records, damage: [] });
});

test.each(["archive.before-replace", "replace.before-rename", "replace.after-rename"])(
  "broken off at %s while records are put back, nothing is lost, and the next repair puts them there",
  async (moment) => {
    await converse(4);
    const { read } = box.app.store.archive;
    const { records } = read({ agent: "claude", conversation: first, file: "main" });
    harm((n) => n === 1);
    renameSync(path, `${path}.away`);
    await repair();
    renameSync(`${path}.away`, path);
    vi.stubEnv("LEFTOFF_FAILPOINTS", `${moment}=throw:EIO`);
    await expect(repair()).rejects.toThrow();
    vi.unstubAllEnvs();
    await repair();

    expect(read({ agent: "claude", conversation: first, file: "main" })).toEqual({ records, damage: [] });
    expect(prompts()).toEqual([0, 1, 2, 3].map((n) => `Prompt ${n}`));
  },
);
