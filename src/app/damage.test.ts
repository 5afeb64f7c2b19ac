import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type AppBox, conversationRecords, makeAppBox } from "../../test/app-box.ts";
import type { ConversationId } from "../base/id.ts";
import { RECORD_BYTES_MAX, RECORD_WINDOW_BYTES } from "../base/limits.ts";
import { filesBelow } from "../disk/read.ts";
import { loadConversation } from "./conversation.ts";
import { ingestHookCall } from "./ingest.ts";
import { ingestHere } from "./ingest-history.ts";
import { hasPendingCalls } from "./pending-call.ts";
import { statusHere } from "./status.ts";
import { summaries } from "./summary.ts";

// Damage to transcripts, from the agent's file to what `status` says: everything whole is recovered, each loss is told
// once with file, line and bytes, and reading again changes nothing.

const first = "aaaaaaaa-0000-4000-8000-000000000001" as ConversationId;
const PROMPT_ID = "99999999-0000-4000-8000-00000000000";

let box: AppBox;
let path: string;
let made: ReturnType<typeof conversationRecords>;
beforeEach(() => {
  box = makeAppBox();
  path = box.transcript(first);
  mkdirSync(dirname(path), { recursive: true });
  made = conversationRecords(first, box.project, box.app.clock.nowMs());
});
afterEach(() => box.dispose());

const line = (record: object) => `${JSON.stringify(record)}\n`;
/** A conversation of so many turns, a line each for prompt and answer. */
const turns = (count: number, from = 0) =>
  Array.from({ length: count }, (_, n) => [
    line(made.prompt(`Prompt ${from + n}`, `${PROMPT_ID}${from + n}`)),
    line(made.answer(`Answer ${from + n}`)),
  ]).flat();
const write = (...parts: readonly (string | Buffer)[]) =>
  writeFileSync(path, Buffer.concat(parts.map((part) => Buffer.from(part))));
const ingest = () => ingestHere(box.app, { conversationsMax: 100 });
const facts = () => loadConversation(box.app, first)?.facts;
const prompts = () => facts()?.turns.map(({ prompt }) => prompt);
const archived = (file = "main") =>
  box.app.store.archive.read({ agent: "claude", conversation: first, file }).records.length;
const trouble = async () => (await statusHere(box.app, {})).trouble;
/** Everything that must not change when nothing new is there. */
const kept = () =>
  filesBelow(join(box.folder, "leftoff"))
    .filter((file) => /\/(journal|archive|conversations|documents)\//.test(file))
    .map((file) => [file, readFileSync(file, "latin1")]);

async function ingestTwice(): Promise<void> {
  await ingest();
  const before = kept();
  await ingest();
  expect(kept()).toEqual(before);
}

test("a spliced line gives its second record, and the cut one is told with line and bytes, once", async () => {
  const [a, b, c, d] = turns(2) as [string, string, string, string];
  write(a, b, c.slice(0, 60), d, ...turns(1, 5));
  await ingestTwice();

  expect(prompts()).toEqual(["Prompt 0", "Prompt 5"]);
  const said = `${path}:3: 60 bytes lost (cut-off record)`;
  expect(await trouble()).toEqual([said]);
  expect(await trouble()).toEqual([said]);
});

test("two records without a line feed between them are both read, and nothing is lost", async () => {
  const [a, b, c, d] = turns(2) as [string, string, string, string];
  write(a.trimEnd(), b, c.trimEnd(), d);
  await ingestTwice();

  expect(prompts()).toEqual(["Prompt 0", "Prompt 1"]);
  expect(await trouble()).toEqual([]);
});

test("a run of NUL bytes costs only itself, however long it is", async () => {
  const [a, b, c, d] = turns(2) as [string, string, string, string];
  write(a, b);
  truncateSync(path, statSync(path).size + 40_000_000);
  appendFileSync(path, c + d);
  await ingestTwice();

  expect(prompts()).toEqual(["Prompt 0", "Prompt 1"]);
  expect(archived()).toBe(4);
  expect(await trouble()).toEqual([`${path}:3: 40000000 bytes lost (NUL bytes)`]);
});

test("a record of more than 32 MB is kept in windows without its secrets, and the loss of its structure told", async () => {
  const secret = "ghp_0123456789abcdefghijABCDEFGHIJ012345";
  const [a, b] = turns(1) as [string, string];
  const long = made.result("t1", "words ".repeat(6_000_000));
  const bytes = Buffer.from(line(long));
  // Across the border of the first two windows, and somewhere inside.
  for (const at of [RECORD_WINDOW_BYTES - 20, 20_000_000]) bytes.write(` ${secret} `, at);
  write(a, bytes, b, ...turns(1, 1));
  await ingestTwice();

  expect(prompts()).toEqual(["Prompt 0", "Prompt 1"]);
  expect(await trouble()).toEqual([
    `${path}:2: ${bytes.length - 1} bytes lost (a record longer than ${RECORD_BYTES_MAX} bytes: kept as text, without its structure)`,
  ]);
  let textChars = 0;
  box.app.store.archive.forEach({ agent: "claude", conversation: first, file: "main" }, (records) => {
    expect(JSON.stringify(records)).not.toMatch(/ghp_0123|ABCDEFGHIJ0123/);
    for (const { type, text } of records) if (type === "leftoff-window") textChars += String(text).length;
  });
  expect(textChars).toBeGreaterThan(bytes.length - 40_000);
});

test("a last record cut at any byte is waited for, and read once it is whole", async () => {
  const [a, b, c, d] = turns(2) as [string, string, string, string];
  const last = Buffer.from(d);
  for (let cut = 0; cut < last.length; cut += 13) {
    write(a, b, c, last.subarray(0, cut));
    await ingest();
    expect([archived(), facts()?.turns.at(-1)?.answer]).toEqual([3, undefined]);
  }
  write(a, b, c, d);
  await ingestTwice();
  expect([archived(), facts()?.turns.at(-1)?.answer]).toEqual([4, "Answer 1"]);
  expect(await trouble()).toEqual([]);
});

test("a cut last record with more written right behind it costs only itself", async () => {
  const [a, b, c, d] = turns(2) as [string, string, string, string];
  write(a, b, c, d.slice(0, 100));
  await ingest();
  appendFileSync(path, `\n${turns(1, 7).join("")}`);
  await ingestTwice();

  expect(prompts()).toEqual(["Prompt 0", "Prompt 1", "Prompt 7"]);
  expect(await trouble()).toEqual([`${path}:4: 100 bytes lost (cut-off record)`]);
});

test("BOM, CRLF, lone surrogates, duplicate keys and blank lines cost nothing", async () => {
  const [a, b, c, d] = turns(2) as [string, string, string, string];
  const lone = d.replace("Answer 1", "Answer \\ud800 1");
  const twice = c.replace('"type":"user"', '"type":"queue-operation","type":"user"');
  write("\ufeff", a.replace("\n", "\r\n"), "\r\n \n", b, twice, lone);
  await ingestTwice();

  expect(prompts()).toEqual(["Prompt 0", "Prompt 1"]);
  expect(facts()?.turns.at(-1)?.answer).toContain("Answer");
  expect(await trouble()).toEqual([]);
});

test("invalid UTF-8 is replaced and told, and its record kept", async () => {
  const [a, b] = turns(1) as [string, string];
  write(a, Buffer.from(b.replace("Answer", "An\u00ffwer"), "latin1"));
  await ingestTwice();

  expect(facts()?.turns.at(-1)?.answer).toBe("An\ufffdwer 0");
  expect(await trouble()).toEqual([
    `${path}:2: ${Buffer.byteLength(b, "latin1") - 1} bytes lost (invalid UTF-8 was replaced; the record is kept)`,
  ]);
});

test("nesting of 100,000 levels is told and stops nothing", async () => {
  const deep = `{"type":"user","uuid":"deep","message":${"[".repeat(100_000)}${"]".repeat(100_000)}}\n`;
  write(...turns(1), deep, ...turns(1, 1));
  await ingestTwice();

  expect(prompts()).toEqual(["Prompt 0", "Prompt 1"]);
  expect(await trouble()).toMatchObject([
    expect.stringContaining(`${path}:3: ${deep.length - 1} bytes lost`),
  ]);
});

test("records that were written twice are counted once", async () => {
  const lines = turns(2);
  write(...lines, ...lines);
  await ingestTwice();

  expect(facts()).toMatchObject({ turnCount: 2, usage: { replies: 2, outputTokens: 20 } });
});

test("two writers whose lines alternate, one of them torn, lose the torn one only", async () => {
  const other = conversationRecords(first, box.project, box.app.clock.nowMs() + 500);
  const theirs = other.prompt("Theirs", `${PROMPT_ID}9`);
  const torn = line({ ...other.answer("torn"), uuid: "torn" });
  const lines = turns(3);
  write(
    lines[0]!,
    line({ ...theirs, uuid: "theirs" }),
    lines[1]!,
    `${torn.slice(0, 80)}${lines[2]}`,
    ...lines.slice(3),
  );
  await ingestTwice();

  expect(prompts()).toEqual(["Prompt 0", "Theirs", "Prompt 1", "Prompt 2"]);
  expect(await trouble()).toEqual([`${path}:4: 80 bytes lost (cut-off record)`]);
});

const inPlace = (bytes: Buffer) => {
  truncateSync(path, 0);
  appendFileSync(path, bytes);
};
const anew = (bytes: Buffer) => {
  writeFileSync(`${path}.new`, bytes);
  renameSync(`${path}.new`, path);
};

test.each([
  ["in place", inPlace],
  ["by a new file", anew],
])("the same content written again %s is kept and counted once", async (_, replace) => {
  write(...turns(3));
  await ingest();
  const before = [archived(), facts()?.turnCount, facts()?.usage];
  replace(readFileSync(path));
  await ingestTwice();
  expect([archived(), facts()?.turnCount, facts()?.usage]).toEqual(before);
  replace(Buffer.from(readFileSync(path, "utf8") + turns(1, 3).join("")));
  await ingestTwice();
  expect(prompts()).toEqual(["Prompt 0", "Prompt 1", "Prompt 2", "Prompt 3"]);
});

test.each([
  ["in place", inPlace],
  ["by a new file", anew],
])(
  "other content %s, larger than before, is read from its beginning, and what was there stays",
  async (_, replace) => {
    write(...turns(2));
    const oldSize = statSync(path).size;
    await ingest();
    // Lines that end at the very byte where the old ones did.
    const news = turns(4, 4);
    const padded = news[0]!.length + news[1]!.length;
    const pad = `{"type":"tag","tag":"${"x".repeat(oldSize - padded - 24)}"}\n`;
    replace(Buffer.from([news[0], news[1], pad, ...news.slice(2)].join("")));
    await ingestTwice();

    expect(prompts()).toEqual(["Prompt 0", "Prompt 1", "Prompt 4", "Prompt 5", "Prompt 6", "Prompt 7"]);
    expect(archived()).toBe(13);
    rmSync(join(box.folder, "leftoff", "state"), { recursive: true });
    await ingest();
    expect(facts()?.turnCount).toBe(6);
  },
);

test("cut back and grown again by the same agent, a transcript gives each turn once", async () => {
  const lines = turns(4);
  write(...lines);
  await ingest();
  truncateSync(path, Buffer.byteLength(lines.slice(0, 4).join("")));
  await ingestTwice();
  appendFileSync(path, turns(3, 6).join(""));
  await ingestTwice();

  expect(prompts()).toEqual([0, 1, 2, 3, 6, 7, 8].map((n) => `Prompt ${n}`));
  expect(await trouble()).toEqual([]);
});

test("what the agent deleted is kept, and rotated away and begun anew it goes on", async () => {
  write(...turns(2));
  await ingest();
  rmSync(path);
  await ingestTwice();
  expect([facts()?.turnCount, await trouble()]).toEqual([2, []]);
  write(...turns(1, 5));
  await ingestTwice();
  expect(prompts()).toEqual(["Prompt 0", "Prompt 1", "Prompt 5"]);
});

test("a transcript that grows while it is read, at any byte, is read whole in the end", async () => {
  const bytes = Buffer.from(turns(6).join(""));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(900), { maxLength: 6 }), async (steps) => {
      rmSync(path, { force: true });
      rmSync(join(box.folder, "leftoff"), { recursive: true, force: true });
      let at = 0;
      for (const step of [...steps, bytes.length]) {
        appendFileSync(path, bytes.subarray(at, at + step));
        at += step;
        await ingest();
      }
      expect([facts()?.turnCount, archived()]).toEqual([6, 12]);
    }),
    { numRuns: 6 },
  );
});

const NOT_FILES: readonly (readonly [string, (at: string) => void])[] = [
  ["a folder", (at) => mkdirSync(at)],
  ["a FIFO", (at) => execFileSync("sh", ["-c", 'mkfifo "$0"', at])],
  ["a link to itself", (at) => symlinkSync(at, at)],
];

test.each(NOT_FILES)("%s in a transcript's place stops nothing and is told", async (_, make) => {
  make(path);
  const call = box.call("UserPromptSubmit", first, { prompt: "Add login", promptId: `${PROMPT_ID}1` });
  await ingestHookCall(box.app, call);
  await ingestHookCall(box.app, box.call("Stop", first, { answer: "Done.", promptId: `${PROMPT_ID}1` }));

  expect(hasPendingCalls(box.app, first)).toBe(false);
  expect(summaries(box.app)).toMatchObject([{ slug: "2026-01-25-add-login" }]);
  expect(await trouble()).toEqual([expect.stringContaining(`${path}: cannot be read`)]);
  rmSync(path, { recursive: true });
  write(...turns(1));
  await ingest();
  expect(await trouble()).toEqual([]);
});

test("a path that no system call takes stops nothing", async () => {
  const call = box.call("UserPromptSubmit", first, { prompt: "Add login", promptId: `${PROMPT_ID}1` });
  await ingestHookCall(box.app, { ...call, transcriptPath: "/tmp/\0x" });
  expect(summaries(box.app)).toMatchObject([{ slug: "2026-01-25-add-login" }]);
});

test("a transcript of garbage alone is told, though it belongs to no session", async () => {
  write("garbage\n", "[1]\n");
  await ingestTwice();
  expect(await trouble()).toEqual([
    `${path}:1: 7 bytes lost (cut-off record)`,
    `${path}:2: 3 bytes lost (not a JSON object)`,
  ]);
});

test("losses are told again after the state was deleted, with the lines they stood in", async () => {
  const [a, b, c, d] = turns(2) as [string, string, string, string];
  write(a, b);
  await ingest();
  appendFileSync(path, c.slice(0, 60) + d);
  await ingest();
  const before = await trouble();
  expect(before).toEqual([`${path}:3: 60 bytes lost (cut-off record)`]);
  rmSync(join(box.folder, "leftoff", "state"), { recursive: true });
  expect(await trouble()).toEqual(before);
});

test("a transcript that may not be read is told, and read when it may be", async () => {
  if (process.getuid?.() === 0) return;
  write(...turns(1));
  chmodSync(path, 0o000);
  await ingestTwice();
  expect(await trouble()).toEqual([expect.stringContaining(`${path}: cannot be read (EACCES)`)]);
  chmodSync(path, 0o600);
  await ingest();
  expect([prompts(), await trouble()]).toEqual([["Prompt 0"], []]);
});

test.each([
  ["", `${first}.`],
  [" of an earlier version", `${first}/`],
])(
  "a damaged pending call%s is told, its neighbours are worked through, and nothing waits after",
  async (_, place) => {
    const folder = join(box.folder, "leftoff", "state", "pending");
    const file = (event: number) => join(folder, `${place}evt_${event}.json`);
    const call = JSON.stringify(box.call("UserPromptSubmit", first, { prompt: "Add login", promptId: "p1" }));
    box.write(file(1), call.slice(0, 40));
    box.write(file(2), call.replace('"UserPromptSubmit"', "7"));
    box.write(file(3), "\0\0\0");
    box.write(file(4), call);
    mkdirSync(file(5));
    copyFileSync(file(4), file(6));
    await ingestHookCall(box.app, box.call("Stop", first, { promptId: "p1" }));

    expect(summaries(box.app)).toMatchObject([{ slug: "2026-01-25-add-login" }]);
    expect(hasPendingCalls(box.app, first)).toBe(false);
    expect(await trouble()).toMatchObject([expect.stringMatching(/3 in all.*pending/)]);
  },
);
