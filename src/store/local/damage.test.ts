import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { expectLinearIn } from "../../../test/linear.ts";
import { systemClock } from "../../base/clock.ts";
import {
  type ConversationId,
  derivedEventId,
  derivedNoteId,
  newSessionId,
  type SessionId,
} from "../../base/id.ts";
import type { JournalEvent } from "../../session/event.ts";
import { replay } from "../../session/session.ts";
import { eventWith, sourceOf } from "../store.contract.ts";
import type { Store } from "../store.ts";
import { openLocalStore } from "./local.ts";
import { findRecords, openRecord, sealRecord } from "./record.ts";

let base = "";
let home = "";
let store: Store;
let session: SessionId;
beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), "leftoff-damage-"));
});
afterAll(() => rmSync(base, { recursive: true, force: true }));
beforeEach(() => {
  home = mkdtempSync(join(base, "home-"));
  store = openLocalStore(home, systemClock);
  session = newSessionId(0);
});

const titles = (count: number) => Array.from({ length: count }, (_, n) => titled(n));
function titled(n: number): JournalEvent {
  const id = derivedEventId(n.toString(16).padStart(32, "0"));
  return { ...eventWith({ type: "session.renamed", data: { title: `title ${n} "日本" {` } }), id, atMs: n };
}
const journalPath = () => join(home, "journal", session, `${store.machine()}.jsonl`);
/** Blanks at the end of a line do not count. */
const endOfText = (bytes: Buffer, cut: number) => bytes.toString("latin1", 0, cut).replace(/ +$/, "").length;
const read = () => store.journal.read(session);

test("a journal cut at each byte of its last record keeps the others, reports the cut, and goes on", () => {
  const events = titles(3);
  store.journal.append(session, events.slice(0, 2));
  const before = statSync(journalPath()).size;
  store.journal.append(session, events.slice(2));
  const whole = readFileSync(journalPath());
  for (let cut = before; cut < whole.length; cut += 1) {
    writeFileSync(journalPath(), whole.subarray(0, cut));
    const { events: kept, damage } = read();
    // Only the last line feed may go without loss; and of the first one alone nothing is lost, because nothing was there.
    const isWhole = cut === whole.length - 1;
    expect(kept).toEqual(events.slice(0, isWhole ? 3 : 2));
    const isCut = cut > before + 1 && !isWhole;
    expect(damage.map(({ fromByte, toByte }) => [fromByte, toByte])).toEqual(
      isCut ? [[before + 1, endOfText(whole, cut)]] : [],
    );
    if (cut % 16 !== 0) continue;
    store.journal.append(session, [titled(9)]);
    expect(read().events).toEqual([...events.slice(0, isWhole ? 3 : 2), titled(9)]);
    expect(read().damage).toHaveLength(isCut ? 1 : 0);
  }
});

test("whatever happens to a journal's bytes, its latest events replay to the same session as all that can be read of it", () => {
  const item = (n: number) => ({
    note: derivedNoteId(n.toString(16).padStart(32, "0")),
    section: "Next",
    hash: `h${n}`,
  });
  const told = (n: number): JournalEvent => {
    const items = [item(n), item(n + 1)];
    const written = { type: "document.written", data: { path: "/d", textHash: `t${n}`, items } } as const;
    const edits = [{ at: 0, remove: 1, items: [item(n)] }];
    const base = titled(n - 1).id;
    const updated = {
      type: "document.updated",
      data: { path: "/d", textHash: `t${n}`, base, edits },
    } as const;
    return { ...titled(n), ...(n % 4 === 1 ? written : updated), machine: store.machine() };
  };
  store.journal.append(
    session,
    Array.from({ length: 16 }, (_, n) => (n % 5 === 0 ? titled(n) : told(n))),
  );
  const whole = readFileSync(journalPath());
  const cuts = fc.record({
    at: fc.nat(whole.length),
    length: fc.nat(600),
    fill: fc.constantFrom("", "\0", "\n", "x"),
  });
  fc.assert(
    fc.property(fc.array(cuts, { maxLength: 3 }), (damage) => {
      const bytes = damage.reduce((before, { at, length, fill }) => {
        const filled = Buffer.alloc(fill === "" ? 0 : length, fill);
        return Buffer.concat([before.subarray(0, at), filled, before.subarray(at + length)]);
      }, whole);
      writeFileSync(journalPath(), bytes);
      expect(replay(session, store.journal.latest(session))).toEqual(replay(session, read().events));
      expect(store.journal.damage(session)).toEqual(read().damage);
    }),
    { numRuns: 300 },
  );
});

test("a torn record is passed once a next one stands behind it, by a reader that waited at its beginning", () => {
  store.journal.append(session, [titled(1)]);
  appendFileSync(journalPath(), `\n${sealRecord({ id: titled(2).id, x: 1 }).slice(0, 40)}`);
  const first = read();
  store.journal.append(session, [titled(3)]);
  const second = store.journal.read(session, first.position);
  expect([first.events, first.damage.length]).toEqual([[titled(1)], 1]);
  expect([second.events, second.damage]).toEqual([
    [titled(3)],
    first.damage.map((d) => ({ ...d, line: undefined, reason: "not a whole record" })),
  ]);
});

test("damage in a journal is reported with line and bytes, and everything else is read", () => {
  const [a, b, c, d, e] = titles(5).map((event) => sealRecord({ ...event })) as [
    string,
    string,
    string,
    string,
    string,
  ];
  const flipped = b.replace("title 1", "title 7");
  const spliced = `${b.slice(0, 50)}${c}`;
  const lines = [
    a,
    flipped,
    "\0".repeat(64),
    spliced,
    `${d}${e}`,
    "plain words",
    '{"no":"sum"}',
    "\r",
    ` ${a} \r`,
  ];
  store.journal.append(session, []);
  store.machine();
  store.journal.append(session, [titled(8)]);
  const start = statSync(journalPath()).size;
  appendFileSync(journalPath(), `${lines.join("\n")}\n`);

  const { events, damage, position } = read();
  expect(events.map(({ atMs }) => atMs)).toEqual([8, 0, 2, 3, 4]);
  expect(damage.map(({ line, reason }) => [line, reason])).toEqual([
    [4, "the checksum does not fit"],
    [5, "NUL bytes, as a power cut leaves them"],
    [6, "not a whole record"],
    [8, "not a whole record"],
    [9, "not a whole record"],
  ]);
  const bytes = readFileSync(journalPath());
  expect(damage.map(({ fromByte, toByte }) => bytes.toString("utf8", fromByte, toByte))).toEqual([
    flipped,
    "\0".repeat(64),
    b.slice(0, 50),
    "plain words",
    '{"no":"sum"}',
  ]);
  expect(damage[0]).toMatchObject({ path: journalPath(), fromByte: start + Buffer.byteLength(a) + 1 });
  expect(position).toEqual({ [store.machine()]: bytes.length });
});

test("a flipped bit anywhere in a journal costs at most the events of one line, and is always reported", () => {
  const events = titles(4);
  store.journal.append(session, events);
  const whole = readFileSync(journalPath());
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.nat(7), (at, bit) => {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ (1 << bit);
      writeFileSync(journalPath(), damaged);
      const { events: kept, damage } = read();
      expect(events).toEqual(expect.arrayContaining([...kept]));
      // A flipped line feed between two records costs nothing; a flipped byte in a record costs that one, with its report.
      expect(kept.length).toBeGreaterThanOrEqual(3);
      if (kept.length === 3) expect(damage.length).toBeGreaterThan(0);
    }),
    { numRuns: 120 },
  );
});

test("reading a journal never throws, whatever its bytes are", () => {
  store.journal.append(session, [titled(1)]);
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
    fc
      .constantFrom(
        '{"id":"',
        ',"sum":"0123456789abcdef"}',
        "\n",
        sealRecord({ id: "evt_1" }),
        sealRecord({ ...titled(5) }),
      )
      .map((text) => Buffer.from(text)),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      writeFileSync(journalPath(), Buffer.concat(pieces));
      for (const { fromByte, toByte } of read().damage) expect(toByte).toBeGreaterThan(fromByte);
    }),
    { numRuns: 100 },
  );
});

test("looking for records in hostile bytes takes linear time", () => {
  for (const part of [',"sum":"0123456789abcdef"}{"id":"', ',"sum":"0123456789abcdef"}'])
    expectLinearIn(part, 100_000, (text) => {
      expect(findRecords(Buffer.from(`{"id":"${text}`))).toEqual([]);
      expect(findRecords(Buffer.from(text))).toEqual([]);
    });
});

test("a record verifies only as it was written", () => {
  const record = sealRecord({ id: "x", sub: { sum: "y" } });
  expect(openRecord(Buffer.from(record))).toEqual({ id: "x", sub: { sum: "y" } });
  for (const other of [
    ` ${record}`,
    record.replace('"x"', '"z"'),
    record.slice(0, -1),
    `${record} `,
    "",
    "{}",
  ]) {
    expect(openRecord(Buffer.from(other))).toBeUndefined();
  }
});

test("a journal file that became shorter is read from its start", () => {
  store.journal.append(session, titles(3));
  const { position } = read();
  truncateSync(journalPath(), 0);
  store.journal.append(session, [titled(7)]);
  expect(store.journal.read(session, position).events).toEqual([titled(7)]);
});

test("files that are not of the journal are passed over", () => {
  store.journal.append(session, [titled(1)]);
  writeFileSync(join(home, "journal", session, "notes.txt"), "mine");
  writeFileSync(join(home, "journal", session, "mch_x.jsonl"), "?");
  writeFileSync(join(home, "journal", ".DS_Store"), "?");
  expect([read().events, read().damage, store.journal.sessions()]).toEqual([[titled(1)], [], [session]]);
});

test("damaged state counts as none, and deleting all state loses nothing else", () => {
  store.journal.append(session, titles(2));
  store.state.put("a", { deep: [1] });
  const path = join(home, "state", "a.json");
  const whole = readFileSync(path);
  for (let at = 0; at < whole.length - 1; at += 1) {
    const damaged = Buffer.from(whole);
    damaged[at] = (damaged[at] ?? 0) ^ 1;
    writeFileSync(path, damaged);
    expect(store.state.get("a")).toBeUndefined();
    writeFileSync(path, whole.subarray(0, at));
    expect(store.state.get("a")).toBeUndefined();
  }
  rmSync(join(home, "state"), { recursive: true });
  expect([store.state.get("a"), store.state.list(""), read().events]).toEqual([undefined, [], titles(2)]);
});

test("a damaged machine file gives a new id and loses nothing", () => {
  store.journal.append(session, [titled(1)]);
  for (const content of ["", "\0\0\0", '{"id":"mch_../../x"}']) {
    writeFileSync(join(home, "machine.json"), content);
    const again = openLocalStore(home, systemClock);
    expect(again.machine()).toMatch(/^mch_[0-9a-f]{32}$/);
    expect(openLocalStore(home, systemClock).machine()).toBe(again.machine());
    again.journal.append(session, [titled(2)]);
  }
  expect(read().events).toEqual([titled(1), titled(2)]);
});

const MAIN = { agent: "claude", conversation: "c0" as ConversationId, file: "main" };
const archivePath = (ending = "jsonl.gz") => join(home, "archive", "claude", "c0", `main.${ending}`);
const source = sourceOf(
  Array.from({ length: 12 }, (_, n) => ({ n, text: "word ".repeat(n * 20) })),
  4,
);
const records = source.batch(0, 12).records;
/** Three members: records 0-3, 4-7, 8-11. */
function fillArchive(): void {
  for (const from of [0, 4, 8]) store.archive.append(MAIN, source.batch(from, from + 4));
}

test("an archive is one file that gunzip reads", () => {
  fillArchive();
  const lines = gunzipSync(readFileSync(archivePath())).toString("utf8").trimEnd().split("\n");
  const isHead = (line: string) => line.includes('"leftoff":"archive/1"');
  expect(lines.filter((line) => !isHead(line)).map((line) => JSON.parse(line))).toEqual(records);
  expect(lines.filter(isHead)).toHaveLength(3);
  expect(readdirSync(join(home, "archive", "claude", "c0")).sort()).toEqual([
    "main.index.jsonl",
    "main.jsonl.gz",
  ]);
});

test("an archive cut at each byte of its last member keeps the others; the next append cuts the rest off and loses nothing", () => {
  store.archive.append(MAIN, source.batch(0, 4));
  const before = statSync(archivePath()).size;
  store.archive.append(MAIN, source.batch(4, 5));
  const whole = readFileSync(archivePath());
  const index = readFileSync(archivePath("index.jsonl"));
  for (let cut = before; cut < whole.length; cut += 1) {
    writeFileSync(archivePath(), whole.subarray(0, cut));
    writeFileSync(archivePath("index.jsonl"), index.subarray(0, cut % index.length));
    const torn = cut > before ? [[before, cut]] : [];
    const places = (damage: readonly { fromByte: number; toByte: number }[]) =>
      damage.map((d) => [d.fromByte, d.toByte]);
    expect(store.archive.position(MAIN)).toEqual(source.position(4));
    const read = store.archive.read(MAIN);
    expect([read.records, places(read.damage)]).toEqual([records.slice(0, 4), torn]);
    if (cut % 16 !== 0) continue;
    const appended = store.archive.append(MAIN, source.batch(4, 6));
    expect([appended.added, places(appended.damage)]).toEqual([2, torn]);
    expect(store.archive.read(MAIN)).toEqual({ records: records.slice(0, 6), damage: [] });
  }
});

test("an archive is read from its end whatever became of its index", () => {
  const many = Array.from({ length: 400 }, (_, n) => ({ n, text: "x".repeat(200) }));
  const long = sourceOf(many, 1);
  for (let from = 0; from < many.length; from += 1) store.archive.append(MAIN, long.batch(from, from + 1));
  const index = readFileSync(archivePath("index.jsonl"));
  const cut = (from: number, to: number) => Buffer.concat([index.subarray(0, from), index.subarray(to)]);
  const third = Math.floor(index.length / 3);
  const damaged = [
    index,
    Buffer.alloc(0),
    cut(0, third),
    cut(third, 2 * third),
    cut(2 * third, index.length),
    cut(third, third + 1),
    Buffer.from("x".repeat(1000)),
  ];
  for (const bytes of damaged) {
    writeFileSync(archivePath("index.jsonl"), bytes);
    const found: unknown[] = [];
    store.archive.newestFirst(MAIN, (group) => void found.push(...group));
    expect(found).toEqual(many.toReversed());
  }
});

test("a flipped bit in an archive costs at most one member, and is reported", () => {
  fillArchive();
  const whole = readFileSync(archivePath());
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.nat(7), (at, bit) => {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ (1 << bit);
      writeFileSync(archivePath(), damaged);
      rmSync(archivePath("index.jsonl"), { force: true });
      const { records: kept, damage } = store.archive.read(MAIN);
      expect(records).toEqual(expect.arrayContaining([...kept]));
      expect(kept.length).toBeGreaterThanOrEqual(8);
      if (kept.length < 12) expect(damage).toHaveLength(1);
    }),
    { numRuns: 120 },
  );
});

test("a whole member that is damaged at the end is not cut off, and its records are kept again", () => {
  fillArchive();
  const damaged = readFileSync(archivePath());
  damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 1;
  writeFileSync(archivePath(), damaged);
  rmSync(archivePath("index.jsonl"));
  expect(store.archive.position(MAIN)).toEqual(source.position(8));
  expect(store.archive.append(MAIN, source.batch(8, 12))).toEqual({ added: 4, damage: [] });
  const again = store.archive.read(MAIN);
  expect([again.records, again.damage.length]).toEqual([records, 1]);
  expect(readFileSync(archivePath()).subarray(0, damaged.length)).toEqual(damaged);
});

test("an index that is missing, damaged or of another file changes nothing that is read, and is made again", () => {
  fillArchive();
  const index = readFileSync(archivePath("index.jsonl"));
  const wrong = [
    undefined,
    "",
    "garbage\n",
    index.subarray(0, 50),
    Buffer.concat([index, index]),
    sealRecord({ from: 1, to: 1e9 }),
  ];
  for (const content of wrong) {
    if (content === undefined) rmSync(archivePath("index.jsonl"));
    else writeFileSync(archivePath("index.jsonl"), content);
    expect(store.archive.position(MAIN)).toEqual(source.position(12));
    expect(store.archive.append(MAIN, source.batch(4, 12)).added).toBe(0);
    expect(store.archive.read(MAIN)).toEqual({ records, damage: [] });
  }
  expect(readFileSync(archivePath("index.jsonl"), "utf8").trim().split(/\n+/).slice(-3)).toEqual(
    index.toString("utf8").trim().split(/\n+/),
  );
});

test("garbage between the members of an archive costs nothing but its own bytes", () => {
  fillArchive();
  const whole = readFileSync(archivePath());
  const garbage = Buffer.concat([Buffer.alloc(3_000_000), Buffer.from("1f8b0804", "hex")]);
  writeFileSync(archivePath(), Buffer.concat([garbage, whole, garbage]));
  const read = store.archive.read(MAIN);
  expect(read.records).toEqual(records);
  expect(read.damage.map(({ fromByte, toByte }) => toByte - fromByte)).toEqual([
    garbage.length,
    garbage.length,
  ]);
});
