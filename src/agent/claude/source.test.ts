import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ConversationId } from "../../base/id.ts";
import { READ_CHUNK_BYTES, RECORD_BYTES_MAX } from "../../base/limits.ts";
import type { Damage, SourcePosition } from "../../store/store.ts";
import type { RecordWindow, TranscriptFile } from "../agent.ts";
import { projectSlug } from "./place.ts";
import { findCall, findSubagentTranscripts, findTranscripts, readEnd, readTranscript } from "./source.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "leftoff-source-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const ID = "7f0c1c9e-1111-4222-8333-444444444444";
const rec = (n: number, text = "") => ({ type: "user", uuid: `u${n}`, text });
const lineOf = (value: unknown) => `${JSON.stringify(value)}\n`;

function fileAt(path: string): TranscriptFile {
  return { path, conversation: ID as ConversationId, name: "main", sizeBytes: 0, modifiedAtMs: 0 };
}

function read(path: string, position?: SourcePosition) {
  const records: unknown[] = [];
  const losses: Damage[] = [];
  const windows: RecordWindow[] = [];
  const result = readTranscript(fileAt(path), position, (batch) => {
    records.push(...batch.records);
    losses.push(...batch.losses);
    if (batch.window !== undefined) windows.push(batch.window);
  });
  return { ...result, records, windows, damage: [...losses, ...result.damage] };
}

test("the end of a file gives the whole records in it, whatever the place it begins at", () => {
  const path = join(folder, "a.jsonl");
  const records = [rec(1, "a"), rec(2, "héllo 日本"), rec(3, "x".repeat(50))];
  const text = `${records.map(lineOf).join("")}garbage\n{"torn":`;
  writeFileSync(path, text);
  const size = Buffer.byteLength(text);
  for (let bytesMax = 0; bytesMax <= size + 1; bytesMax += 1) {
    const found = readEnd(fileAt(path), bytesMax);
    expect(found).toEqual(records.slice(records.length - found.length));
  }
  expect(readEnd(fileAt(path), size + 1)).toEqual(records);
  expect(readEnd(fileAt(join(folder, "none.jsonl")), 100)).toEqual([]);
  expect(readEnd(fileAt(folder), 100)).toEqual([]);
});

test("a torn last line is left for the next read", () => {
  const path = join(folder, "a.jsonl");
  const second = lineOf(rec(2, "héllo"));
  writeFileSync(path, lineOf(rec(1)));
  for (let cut = 1; cut < Buffer.byteLength(second); cut++) {
    writeFileSync(path, Buffer.concat([Buffer.from(lineOf(rec(1))), Buffer.from(second).subarray(0, cut)]));
    const first = read(path);
    writeFileSync(path, lineOf(rec(1)) + second);
    const next = read(path, first.position);

    expect(first.records).toEqual([rec(1)]);
    expect(first.damage).toEqual([]);
    expect(next.records).toEqual([rec(2, "héllo")]);
  }
});

test("damage is told with file, line and bytes, and every whole record around it is read", () => {
  const path = join(folder, "a.jsonl");
  const good = lineOf(rec(1));
  const bad = '{"type":"user","uuid":"u2","te';
  writeFileSync(path, `${good}${bad}${lineOf(rec(3))}\u0000\u0000${lineOf(rec(4))}[1]\n${lineOf(rec(5))}`);
  const { records, damage, position } = read(path);
  const third = good.length + bad.length + lineOf(rec(3)).length;
  const fourth = third + 2 + lineOf(rec(4)).length;

  expect(records).toEqual([rec(1), rec(3), rec(4), rec(5)]);
  expect(damage).toEqual([
    { path, line: 2, fromByte: good.length, toByte: good.length + bad.length, reason: "cut-off record" },
    { path, line: 3, fromByte: third, toByte: third + 2, reason: "NUL bytes" },
    { path, line: 4, fromByte: fourth, toByte: fourth + 3, reason: "not a JSON object" },
  ]);
  expect(read(path, position).records).toEqual([]);
});

test("lines of any lengths are read whole across the borders of chunks", () => {
  const path = join(folder, "a.jsonl");
  const lengths = [READ_CHUNK_BYTES - 60, 100, READ_CHUNK_BYTES, 3 * READ_CHUNK_BYTES + 7, 1];
  writeFileSync(path, lengths.map((length, n) => lineOf(rec(n, "x".repeat(length)))).join(""));
  const { records, damage } = read(path);

  expect(records.map((value) => (value as { text: string }).text.length)).toEqual(lengths);
  expect(damage).toEqual([]);
});

test("a record longer than RECORD_BYTES_MAX comes in windows with its header, is told, and the next one is read", () => {
  const path = join(folder, "a.jsonl");
  const text = `${"words é ".repeat(RECORD_BYTES_MAX / 9)} end`;
  const long = lineOf(rec(2, text));
  writeFileSync(path, lineOf(rec(1)) + long + lineOf(rec(3)));
  const { records, damage, windows } = read(path);
  const fromByte = lineOf(rec(1)).length;
  const toByte = fromByte + Buffer.byteLength(long) - 1;

  expect(records).toEqual([rec(1), rec(3)]);
  const reason = `a record longer than ${RECORD_BYTES_MAX} bytes: kept as text, without its structure`;
  expect(damage).toEqual([{ path, line: 2, fromByte, toByte, reason }]);
  expect(windows[0]?.header).toEqual({ type: "user", uuid: "u2" });
  expect(windows.map((window) => window.text).join("")).toBe(long.trimEnd());
  for (const [n, window] of windows.entries()) {
    expect(windows[n - 1]?.text.endsWith(window.before) ?? window.before === "").toBe(true);
    expect(windows[n + 1]?.text.startsWith(window.after) ?? window.after === "").toBe(true);
  }
});

test("reading that was stopped inside a long record goes on in it", () => {
  const path = join(folder, "a.jsonl");
  const long = lineOf(rec(2, "y".repeat(RECORD_BYTES_MAX + 3_000_000)));
  writeFileSync(path, lineOf(rec(1)) + long.slice(0, RECORD_BYTES_MAX + 2_000_000));
  const first = read(path);
  appendFileSync(path, long.slice(RECORD_BYTES_MAX + 2_000_000) + lineOf(rec(3)));
  const next = read(path, first.position);

  expect([first.records, first.damage, first.position?.inRecord]).toEqual([[rec(1)], [], true]);
  expect([...first.windows, ...next.windows].map((window) => window.text).join("")).toBe(long.trimEnd());
  expect(first.windows.at(-1)?.text.endsWith(next.windows[0]?.before ?? "")).toBe(true);
  expect(next.records).toEqual([rec(3)]);
  // The whole record lost its structure, not only what was left of it.
  const fromByte = lineOf(rec(1)).length;
  expect(next.damage).toMatchObject([{ line: 2, fromByte, toByte: fromByte + long.trimEnd().length }]);
  expect(read(path, next.position)).toMatchObject({ records: [], windows: [], damage: [] });
});

test("a file of garbage is told in a bounded number of places", () => {
  const path = join(folder, "a.jsonl");
  writeFileSync(path, "garbage\n".repeat(5_000));
  const { damage } = read(path);

  expect(damage.length).toBe(1_000);
  expect(damage.at(-1)).toMatchObject({ toByte: 5_000 * 8 - 1, reason: "and more up to here" });
});

test("a file cut short and grown again beyond the saved place is read from its beginning", () => {
  const path = join(folder, "a.jsonl");
  writeFileSync(path, lineOf(rec(1)) + lineOf(rec(2)));
  const { position } = read(path);
  truncateSync(path, 0);
  appendFileSync(
    path,
    lineOf(rec(10, "a longer one than both before together, so that its end is elsewhere")),
  );

  expect(read(path, position).records.length).toBe(1);
});

test("however a file grows, each record is read once, in order, and positions end after line feeds", () => {
  const path = join(folder, "a.jsonl");
  fc.assert(
    fc.property(fc.array(fc.nat(400), { maxLength: 12 }), (steps) => {
      const bytes = Buffer.from(Array.from({ length: 20 }, (_, n) => lineOf(rec(n, "é".repeat(n)))).join(""));
      writeFileSync(path, "");
      const seen: unknown[] = [];
      let at = 0;
      let position: SourcePosition | undefined;
      for (const step of [...steps, bytes.length]) {
        appendFileSync(path, bytes.subarray(at, at + step));
        at += step;
        const next = read(path, position);
        seen.push(...next.records);
        position = next.position;
        const { offset } = position!;
        if (offset > 0) expect(readFileSync(path)[offset - 1]).toBe(0x0a);
      }
      expect(seen).toEqual(Array.from({ length: 20 }, (_, n) => rec(n, "é".repeat(n))));
    }),
    { numRuns: 40 },
  );
});

test("an empty file, a folder and a binary file give no records and do not throw", () => {
  writeFileSync(join(folder, "empty.jsonl"), "");
  mkdirSync(join(folder, "folder.jsonl"));
  writeFileSync(
    join(folder, "binary.jsonl"),
    Buffer.from(Array.from({ length: 10_000 }, (_, n) => (n * 7919) % 256)),
  );

  expect(read(join(folder, "empty.jsonl"))).toMatchObject({
    records: [],
    damage: [],
    position: { offset: 0 },
  });
  expect(read(join(folder, "folder.jsonl"))).toMatchObject({ records: [], position: undefined });
  expect(read(join(folder, "binary.jsonl")).records).toEqual([]);
});

function conversation(path: string, { cwd, atSeconds }: { cwd: string; atSeconds: number }): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, lineOf({ type: "queue-operation" }) + lineOf({ type: "user", uuid: "u", cwd }));
  utimesSync(path, atSeconds, atSeconds);
}

test("finds the conversations of a work tree, newest first, and not those of another with the same slug", () => {
  const projects = join(folder, ".claude", "projects");
  const slug = projectSlug("/home/me/b.c");
  expect(slug).toBe(projectSlug("/home/me/b-c"));
  conversation(join(projects, slug, "old.jsonl"), { cwd: "/home/me/b.c", atSeconds: 1_000 });
  conversation(join(projects, slug, "new.jsonl"), { cwd: "/home/me/b.c/sub", atSeconds: 2_000 });
  conversation(join(projects, slug, "other.jsonl"), { cwd: "/home/me/b-c", atSeconds: 3_000 });
  conversation(join(projects, slug, "othersub.jsonl"), { cwd: "/home/me/b-c/sub", atSeconds: 3_000 });
  conversation(join(projects, slug, "linked.jsonl"), { cwd: "/mnt/link", atSeconds: 500 });
  writeFileSync(join(projects, slug, "no id.jsonl"), "");
  mkdirSync(join(projects, slug, "memory"));
  const found = (workTreePath: string) =>
    findTranscripts({ workTreePath, env: { HOME: folder } }).map(({ conversation: id }) => id);

  expect(found("/home/me/b.c")).toEqual(["new", "old", "linked"]);
  expect(found("/home/me/b-c").slice(0, 2).sort()).toEqual(["other", "othersub"]);
  expect(found("/home/me/nothing")).toEqual([]);
});

test("CLAUDE_CONFIG_DIR moves the transcripts, and an environment without a home has none", () => {
  conversation(join(folder, "conf", "projects", projectSlug("/w"), "a.jsonl"), { cwd: "/w", atSeconds: 1 });

  expect(
    findTranscripts({ workTreePath: "/w", env: { CLAUDE_CONFIG_DIR: join(folder, "conf"), HOME: "/none" } })
      .length,
  ).toBe(1);
  expect(findTranscripts({ workTreePath: "/w", env: {} })).toEqual([]);
});

test("subagents' files lie beside the transcript, under the conversation's id", () => {
  conversation(join(folder, `${ID}.jsonl`), { cwd: "/w", atSeconds: 1 });
  conversation(join(folder, ID, "subagents", "agent-a8e837c1.jsonl"), { cwd: "/w", atSeconds: 2 });
  writeFileSync(join(folder, ID, "subagents", "agent-a8e837c1.meta.json"), "{}");
  const path = join(folder, `${ID}.jsonl`);
  const main = { ...fileAt(path), sizeBytes: statSync(path).size };

  expect(findSubagentTranscripts(main)).toMatchObject([{ name: "agent-a8e837c1", conversation: ID }]);
});

test("a path longer than 200 characters is cut and told apart by its hash", () => {
  const long = `/home/${"deep/".repeat(60)}end`;
  const slug = projectSlug(long);

  expect(slug.slice(0, 200)).toBe(long.replaceAll("/", "-").slice(0, 200));
  expect(slug).toMatch(/^[a-zA-Z0-9-]{201}[0-9a-z]+$/);
  expect(projectSlug(`${long}x`)).not.toBe(slug);
});

test("a tool call is found in the transcript that holds it, or in a subagent's, and not where it is only quoted", () => {
  const place = { workTreePath: "/home/dev/project", env: { HOME: folder } };
  const projects = join(folder, ".claude", "projects", projectSlug(place.workTreePath));
  mkdirSync(join(projects, "bbbb", "subagents"), { recursive: true });
  const record = (id: string) => ({
    cwd: place.workTreePath,
    message: { content: [{ type: "tool_use", id }] },
  });
  writeFileSync(join(projects, "aaaa.jsonl"), lineOf(record("toolu_1")));
  writeFileSync(join(projects, "bbbb.jsonl"), lineOf({ cwd: place.workTreePath, text: '"id":"toolu_1"' }));
  writeFileSync(join(projects, "bbbb", "subagents", "agent-x.jsonl"), lineOf(record("toolu_2")));

  const found = ["toolu_1", "toolu_2", "toolu_3", "toolu", "../..", '"', ""].map((id) => findCall(place, id));

  expect(found).toEqual(["aaaa", "bbbb", undefined, undefined, undefined, undefined, undefined]);
});
