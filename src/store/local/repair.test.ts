import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { systemClock } from "../../base/clock.ts";
import { type ConversationId, derivedEventId, newSessionId, type SessionId } from "../../base/id.ts";
import type { JournalEvent } from "../../session/event.ts";
import { eventWith, sourceOf } from "../store.contract.ts";
import type { Repair, Store } from "../store.ts";
import { openLocalStore } from "./local.ts";
import { openRecord, sealRecord } from "./record.ts";
import { openRepair } from "./repair.ts";

let base = "";
let home = "";
let store: Store;
let repair: Repair;
let session: SessionId;
beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), "leftoff-repair-"));
});
afterAll(() => rmSync(base, { recursive: true, force: true }));
beforeEach(() => {
  home = mkdtempSync(join(base, "home-"));
  store = openLocalStore(home, systemClock);
  repair = openRepair(home, systemClock, []);
  session = newSessionId(0);
});
afterEach(() => vi.unstubAllEnvs());

function titled(n: number): JournalEvent {
  const id = derivedEventId(n.toString(16).padStart(32, "0"));
  return { ...eventWith({ type: "session.renamed", data: { title: `title ${n} "日本" {` } }), id, atMs: n };
}
const journalPath = () => join(home, "journal", session, `${store.machine()}.jsonl`);
const mend = () => repair.takeOut({ dryRun: false }).repaired;

/** The bytes beside a file, as places of it. */
function quarantined(path: string): readonly { readonly fromByte: number; readonly bytes: Buffer }[] {
  if (!existsSync(`${path}.damaged`)) return [];
  const lines = readFileSync(`${path}.damaged`, "utf8").split("\n");
  return lines.flatMap((line) => {
    const entry = openRecord(Buffer.from(line));
    if (entry === undefined) return [];
    expect(entry.leftoff).toBe("damaged/1");
    const { text, base64, fromByte } = entry as { text?: string; base64?: string; fromByte: number };
    return [
      { fromByte, bytes: text === undefined ? Buffer.from(base64 ?? "", "base64") : Buffer.from(text) },
    ];
  });
}

/** Three events, and between and behind them what a journal has suffered. */
function damagedJournal(): void {
  store.journal.append(session, [titled(1)]);
  const spliced = `${sealRecord({ ...titled(5) }).slice(0, 60)}${sealRecord({ ...titled(2) })}`;
  const joined = `${sealRecord({ ...titled(3) })}\u0001${sealRecord({ ...titled(4) })}`;
  const lines = [
    spliced,
    "\0".repeat(40),
    joined,
    "plain words \ud800",
    sealRecord({ ...titled(6) }).slice(0, 30),
  ];
  appendFileSync(journalPath(), `\n${lines.join("\n")}`);
}

test("damaged bytes of a journal are taken out of it into a file beside, and what was read is read", () => {
  damagedJournal();
  const before = readFileSync(journalPath());
  const read = store.journal.read(session);
  expect(read.damage).toHaveLength(5);

  expect(repair.takeOut({ dryRun: true }).repaired).toHaveLength(5);
  expect(readFileSync(journalPath())).toEqual(before);
  const repaired = mend();

  expect(repaired.map(({ keptIn: _, ...place }) => place)).toEqual(read.damage);
  const after = store.journal.read(session);
  expect([after.events, after.damage]).toEqual([read.events, []]);
  // Positions of readers stay true: nothing moved.
  expect(statSync(journalPath()).size).toBe(before.length);
  expect(store.journal.read(session, read.position).events).toEqual([]);
  expect(quarantined(journalPath()).map(({ fromByte, bytes }) => [fromByte, bytes])).toEqual(
    read.damage.map(({ fromByte, toByte }) => [fromByte, before.subarray(fromByte, toByte)]),
  );
});

test("a second repair finds nothing, and the journal goes on", () => {
  damagedJournal();
  mend();
  const files = [readFileSync(journalPath()), readFileSync(`${journalPath()}.damaged`)];

  expect(mend()).toEqual([]);
  expect([readFileSync(journalPath()), readFileSync(`${journalPath()}.damaged`)]).toEqual(files);
  store.journal.append(session, [titled(9)]);
  expect(store.journal.read(session)).toMatchObject({ damage: [] });
  expect(store.journal.read(session).events.at(-1)).toEqual(titled(9));
});

test("whatever happened to a journal, repair keeps every event and every other byte", () => {
  store.journal.append(session, [1, 2, 3, 4].map(titled));
  const whole = readFileSync(journalPath());
  const harm = fc.record({ at: fc.nat(whole.length - 1), bit: fc.nat(7), cut: fc.boolean() });
  fc.assert(
    fc.property(fc.array(harm, { minLength: 1, maxLength: 4 }), (harms) => {
      let bytes = Buffer.from(whole);
      for (const { at, bit, cut } of harms) {
        if (at >= bytes.length) continue;
        bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
        if (cut) bytes = bytes.subarray(0, Math.max(at, 1));
      }
      writeFileSync(journalPath(), bytes);
      rmSync(`${journalPath()}.damaged`, { force: true });
      const read = store.journal.read(session);
      mend();
      const after = store.journal.read(session);
      expect([after.events, after.damage]).toEqual([read.events, []]);
      const mended = Buffer.from(readFileSync(journalPath()));
      for (const { fromByte, bytes: taken } of quarantined(journalPath())) taken.copy(mended, fromByte);
      expect(mended).toEqual(bytes);
    }),
    { numRuns: 20 },
  );
});

const JOURNAL_MOMENTS = ["overwrite.before-write", "overwrite.half-written", "repair.after-quarantine"];

test.each(JOURNAL_MOMENTS)(
  "a repair of a journal that is broken off at %s is finished by the next one",
  (moment) => {
    damagedJournal();
    const read = store.journal.read(session);
    const before = readFileSync(journalPath());
    for (let times = 0; times < 3; times += 1) {
      vi.stubEnv("LEFTOFF_FAILPOINTS", `${moment}=throw:EIO`);
      expect(mend).toThrow();
      vi.unstubAllEnvs();
      expect(store.journal.read(session).events).toEqual(read.events);
    }
    mend();

    const after = store.journal.read(session);
    expect([after.events, after.damage]).toEqual([read.events, []]);
    const mended = Buffer.from(readFileSync(journalPath()));
    const entries = quarantined(journalPath());
    for (const { fromByte, bytes } of entries.toReversed()) bytes.copy(mended, fromByte);
    expect(mended).toEqual(before);
    expect(entries).toHaveLength(5);
  },
);

const MAIN = { agent: "claude", conversation: "c0" as ConversationId, file: "main" };
const archivePath = (ending = "jsonl.gz") => join(home, "archive", "claude", "c0", `main.${ending}`);
const source = sourceOf(
  Array.from({ length: 12 }, (_, n) => ({ n, text: "word ".repeat(n * 20) })),
  4,
);

/** Three members, of which the middle one is damaged, with garbage around them. @returns the records that are left. */
function damagedArchive(): readonly object[] {
  for (const from of [0, 4, 8]) store.archive.append(MAIN, source.batch(from, from + 4));
  const bytes = readFileSync(archivePath());
  const lines = readFileSync(archivePath("index.jsonl"), "utf8").split("\n").filter(Boolean);
  const { from, to } = JSON.parse(lines[1] ?? "") as { from: number; to: number };
  const at = (from + to) >> 1;
  bytes[at] = (bytes[at] ?? 0) ^ 4;
  writeFileSync(archivePath(), Buffer.concat([Buffer.from("garbage"), bytes, Buffer.alloc(100)]));
  return store.archive.read(MAIN).records;
}

test("damaged members of an archive and what is none are taken out of it, and it is one gzip file again", () => {
  const records = damagedArchive();
  const position = store.archive.position(MAIN);
  const { damage } = store.archive.read(MAIN);
  const before = readFileSync(archivePath());

  expect(repair.takeOut({ dryRun: true }).repaired).toHaveLength(damage.length);
  expect(readFileSync(archivePath())).toEqual(before);
  expect(mend()).toHaveLength(damage.length);

  expect(store.archive.read(MAIN)).toEqual({ records, damage: [] });
  expect(store.archive.position(MAIN)).toEqual(position);
  expect(gunzipSync(readFileSync(archivePath())).toString()).toContain('"n":0');
  expect(Buffer.concat(quarantined(archivePath()).map(({ bytes }) => bytes))).toEqual(
    Buffer.concat(damage.map(({ fromByte, toByte }) => before.subarray(fromByte, toByte))),
  );
  expect(mend()).toEqual([]);
  expect(store.archive.append(MAIN, source.batch(8, 12)).added).toBe(0);
});

test.each([
  "repair.after-quarantine",
  "archive.before-replace",
  "replace.before-rename",
  "replace.after-rename",
])("a repair of an archive that is broken off at %s is finished by the next one", (moment) => {
  const records = damagedArchive();
  const position = store.archive.position(MAIN);
  const kept = store.archive.read(MAIN).damage.length;
  vi.stubEnv("LEFTOFF_FAILPOINTS", `${moment}=throw:EIO`);
  expect(mend).toThrow();
  vi.unstubAllEnvs();
  expect([store.archive.read(MAIN).records, store.archive.position(MAIN)]).toEqual([records, position]);
  mend();

  expect(store.archive.read(MAIN)).toEqual({ records, damage: [] });
  expect(store.archive.position(MAIN)).toEqual(position);
  expect(quarantined(archivePath())).toHaveLength(kept);
});

test("an archive of nothing but garbage is emptied, and its source is read from the beginning again", () => {
  store.archive.append(MAIN, source.batch(0, 4));
  writeFileSync(archivePath(), "garbage");
  mend();

  expect(store.archive.position(MAIN)).toBeUndefined();
  expect(store.archive.append(MAIN, source.batch(0, 4)).added).toBe(4);
  expect(quarantined(archivePath()).map(({ bytes }) => String(bytes))).toEqual(["garbage"]);
});

test("a place larger than an entry is kept whole", () => {
  store.journal.append(session, [titled(1)]);
  const large = Buffer.alloc(2_500_000, 0xff);
  appendFileSync(journalPath(), Buffer.concat([large, Buffer.from("\n")]));
  mend();

  // Not toEqual, which compares megabytes byte by byte.
  expect(Buffer.concat(quarantined(journalPath()).map(({ bytes }) => bytes)).equals(large)).toBe(true);
  expect(store.journal.read(session)).toMatchObject({ events: [titled(1)], damage: [] });
});
