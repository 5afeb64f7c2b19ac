import { appendFileSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import { ingestHookCall } from "../src/app/ingest.ts";
import type { ConversationId } from "../src/base/id.ts";
import { READ_CHUNK_BYTES, RECORD_BYTES_MAX, RECORD_WINDOW_BYTES } from "../src/base/limits.ts";
import { createRedactor } from "../src/redact/redact.ts";
import { type AppBox, conversationRecords, makeAppBox } from "./app-box.ts";

// A record that is too long to be held is read in chunks and kept in windows: a secret may lie across any border of either.

const conversation = "aaaaaaaa-0000-4000-8000-000000000001" as ConversationId;
const KEY = "ghp_Zq7Xj9Kw2VpLm4Rt6Yc8Bn3Hs5Df1Gk0QaWe";
const OF_ENVIRONMENT = 'u8"Rk2\\Tz/5Wm+Jx"4Pc9\\Nv7';
/** As each stands in the transcript, inside a string of JSON. */
const WRITINGS: readonly string[] = [
  KEY,
  Buffer.from(`{"user":"me","x":"${KEY}"}`).toString("base64"),
  inString(OF_ENVIRONMENT),
  inString(inString(OF_ENVIRONMENT)),
  inString(JSON.stringify({ password: "Vx3!Kq8_Zr5-Ty2~Lm9" })),
];
/** Parts of that length say something of a secret; shorter ones come about by chance. */
const TRACE_CHARS = 12;

let box: AppBox | undefined;
afterEach(() => box?.dispose());

function inString(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** A line of 33 MB that begins at `from`, and has a secret across every border of windows and of chunks, cut at another place each. */
function longLine(from: number): { readonly line: Buffer; readonly borders: number } {
  const records = conversationRecords(conversation, "/p", Date.now());
  const [head = "", tail = ""] = JSON.stringify(records.result("t1", "@@")).split("@@");
  const words = "plain words of a log, ";
  const text = words.repeat(Math.ceil((RECORD_BYTES_MAX + RECORD_WINDOW_BYTES) / words.length));
  const line = Buffer.from(`${head}${text}${tail}\n`);
  const windows = bordersIn(0, line.length, RECORD_WINDOW_BYTES);
  const chunks = bordersIn(from, from + line.length, READ_CHUNK_BYTES).map((at) => at - from);
  const borders = [...windows, ...chunks].filter((at) => at < head.length + text.length - 200);
  for (const [index, border] of borders.entries()) {
    const writing = WRITINGS[index % WRITINGS.length] ?? "";
    const cut = (index * 7) % (writing.length + 1);
    line.write(` ${writing} `, border - cut - 1);
  }
  return { line, borders: borders.length };
}

function bordersIn(from: number, to: number, every: number): readonly number[] {
  const first = Math.floor(from / every) + 1;
  return Array.from({ length: Math.max(0, Math.ceil(to / every) - first) }, (_, n) => (first + n) * every);
}

function tracesOf(writing: string): readonly string[] {
  return Array.from({ length: writing.length - TRACE_CHARS + 1 }, (_, at) =>
    writing.slice(at, at + TRACE_CHARS),
  );
}

/** What is secret of each writing, without the words around it. */
const CORES: readonly string[] = [
  KEY.slice(4),
  (WRITINGS[1] ?? "").slice(28, -6),
  OF_ENVIRONMENT,
  inString(OF_ENVIRONMENT),
  inString(inString(OF_ENVIRONMENT)),
  inString(inString(inString(OF_ENVIRONMENT))),
  "Vx3!Kq8_Zr5-Ty2~Lm9",
];

function everythingBelow(folder: string): readonly Buffer[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)))
    .map((bytes) => (bytes.readUInt16BE(0) === 0x1f8b ? gunzipSync(bytes) : bytes));
}

async function ingested(
  redacting: boolean,
): Promise<{ readonly found: readonly string[]; readonly text: Buffer }> {
  const own = makeAppBox();
  box = own;
  const records = conversationRecords(conversation, own.project, own.app.clock.nowMs());
  own.say(
    conversation,
    records.prompt("Look at the log", "99999999-0000-4000-8000-000000000001"),
    records.call("t1", "Bash", { command: "cat log" }),
  );
  const path = own.transcript(conversation);
  const { line, borders } = longLine(readFileSync(path).length);
  expect(borders).toBeGreaterThan(36);
  appendFileSync(path, line);
  own.say(conversation, records.answer("Read."));
  const env: { readonly [name: string]: string } = redacting ? { CANARY_SECRET: OF_ENVIRONMENT } : {};
  const silent = { text: (text: string) => text, value: (value: unknown) => value, cuts: () => [] };
  const redactor = redacting ? createRedactor(env) : silent;
  await ingestHookCall({ ...own.app, redactor }, own.call("Stop", conversation, { answer: "Read." }));
  const wrote = everythingBelow(own.app.home);
  const found = [...new Set(CORES.flatMap(tracesOf))].filter((trace) =>
    wrote.some((bytes) => bytes.includes(trace)),
  );
  return { found, text: Buffer.concat(wrote) };
}

test("of secrets across the borders of windows and chunks no part is in any byte that we wrote", async () => {
  const { found, text } = await ingested(true);

  expect(found).toEqual([]);
  // And the rest is there.
  expect(text.length).toBeGreaterThan(RECORD_BYTES_MAX * 0.95);
});

test("control: without redaction the same search finds parts of all of them", async () => {
  const { found } = await ingested(false);

  for (const core of CORES.filter((core) => core !== OF_ENVIRONMENT && core !== inString(OF_ENVIRONMENT)))
    expect([core, tracesOf(core).some((trace) => found.includes(trace))]).toEqual([core, true]);
});
