import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
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
import type { ConversationId } from "../../base/id.ts";
import {
  ARCHIVE_LEFT_STORED_BYTES,
  ARCHIVE_MEMBER_BYTES,
  ARCHIVE_STORED_BYTES_MAX,
} from "../../base/limits.ts";
import type { JsonObject } from "../../base/parse.ts";
import { tryLock } from "../../disk/lock.ts";
import { sourceOf } from "../store.contract.ts";
import type { ArchiveBatch, Damage, Packing, SourcePosition, Store } from "../store.ts";
import { gapsIn } from "./archive-gaps.ts";
import { openPacking } from "./archive-pack.ts";
import { partsOf } from "./archive-parts.ts";
import { openLocalStore } from "./local.ts";

let base = "";
beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), "leftoff-pack-"));
});
afterAll(() => rmSync(base, { recursive: true, force: true }));
afterEach(() => vi.unstubAllEnvs());

const CONVERSATION = "c0" as ConversationId;
const MAIN = { agent: "claude", conversation: CONVERSATION, file: "main" };
const OVER = { isOver: true };

interface Home {
  readonly store: Store;
  readonly packing: Packing;
  readonly folder: string;
  path(ending?: string): string;
}

function makeHome(): Home {
  const home = mkdtempSync(join(base, "home-"));
  const folder = join(home, "archive", "claude", CONVERSATION);
  return {
    store: openLocalStore(home, systemClock),
    packing: openPacking(join(home, "archive")),
    folder,
    path: (ending = "jsonl.gz") => join(folder, `main.${ending}`),
  };
}

let home: Home;
beforeEach(() => {
  home = makeHome();
});

const pack = () => home.packing.pack("claude", CONVERSATION, OVER);
const read = () => home.store.archive.read(MAIN);
const membersIn = ({ path }: Home) => partsOf(path()).members;
const sizeOf = (path: string) => statSync(path).size;

/** Turns of 4 kB of words, as an agent writes them one after the other. */
const turns = (count: number, from = 0): readonly JsonObject[] =>
  Array.from({ length: count }, (_, n) => ({ n: n + from, text: `word ${n} `.repeat(500) }));

function converse(records: readonly JsonObject[], { store } = home): void {
  const source = sourceOf(records, 4);
  for (let n = 0; n < records.length; n += 1) store.archive.append(MAIN, source.batch(n, n + 1));
}

/** Everything that anybody gets to know of an archive, but for where its members begin. */
function toldBy({ store, path }: Home): object {
  const back: JsonObject[] = [];
  store.archive.newestFirst(MAIN, (group) => void back.push(...group.toReversed()));
  const losses: Damage[] = [];
  store.archive.forEach(MAIN, (_, lost) => void losses.push(...lost));
  const text = gunzipSync(readFileSync(path())).toString().split("\n");
  const members = membersIn({ path } as Home);
  return {
    ...store.archive.read(MAIN),
    losses,
    back: back.toReversed(),
    position: store.archive.position(MAIN),
    lines: text.filter((line) => !line.startsWith('{"leftoff":"archive/1"')),
    gaps: gapsIn(members).map(({ gap }) => gap),
    covered: members.at(-1)?.offset,
  };
}

interface Step {
  readonly bytes: number;
  readonly isLost: boolean;
  readonly isElsewhere: boolean;
  readonly knownTo: boolean;
  readonly packs: boolean;
}

const steps = fc.array(
  fc.record({
    bytes: fc.constantFrom(0, 100, 5_000, 12_000, 15_000, 40_000, 80_000),
    isLost: fc.boolean(),
    isElsewhere: fc.nat(9).map((n) => n === 0),
    knownTo: fc.nat(5).map((n) => n === 0),
    packs: fc.nat(2).map((n) => n === 0),
  }),
  { minLength: 4, maxLength: 14 },
);

/** The batch of a step, read where the last one ended. */
function batchOf(step: Step, n: number, before: SourcePosition | undefined): ArchiveBatch {
  const isNew = before === undefined || step.isElsewhere;
  const [inode, fromByte] = isNew ? [1000 + n, 0] : [before.inode, before.offset];
  const path = "/transcript";
  const loss = { path, line: n, fromByte, toByte: fromByte + 3, reason: "not JSON" };
  const offset = fromByte + step.bytes + 10;
  return {
    records: step.bytes === 0 ? [] : [{ n, text: "Ünï ".repeat(step.bytes / 4) }],
    ends: step.bytes === 0 ? [] : [offset],
    fromByte,
    position: {
      ...{ inode, offset, sizeBytes: offset + 1, tail: `${n}`.padStart(8, "0") },
      ...(step.knownTo ? { knownTo: offset + 5 } : {}),
    },
    ...(step.isLost ? { losses: [loss] } : {}),
  };
}

test("whatever was appended and packed in whatever order, an archive tells what it tells unpacked", () => {
  let members = { packed: 0, unpacked: 0 };
  fc.assert(
    fc.property(steps, (list) => {
      const [one, other] = [makeHome(), makeHome()];
      for (const [n, step] of list.entries()) {
        const batch = batchOf(step, n, one.store.archive.position(MAIN));
        for (const { store } of [one, other]) store.archive.append(MAIN, batch);
        if (step.packs) one.packing.pack("claude", CONVERSATION, OVER);
        expect(one.store.archive.position(MAIN)).toEqual(other.store.archive.position(MAIN));
      }
      expect(toldBy(one)).toEqual(toldBy(other));
      // Also without the index, which is derived.
      rmSync(one.path("index.jsonl"));
      expect(toldBy(one)).toEqual(toldBy(other));
      members = {
        packed: members.packed + membersIn(one).length,
        unpacked: members.unpacked + membersIn(other).length,
      };
    }),
    { numRuns: 30 },
  );
  expect(members.packed).toBeLessThan(members.unpacked);
});

test("of a conversation that is over all lies compressed, but for a few turns", () => {
  converse(turns(40));
  home.store.archive.append({ ...MAIN, file: "agent-1" }, sourceOf(turns(1), 9).batch(0, 1));
  const before = [sizeOf(home.path()), membersIn(home).length];
  expect(home.store.archive.isLoose("claude", CONVERSATION, OVER)).toBe(true);
  pack();

  expect(home.store.archive.isLoose("claude", CONVERSATION, OVER)).toBe(false);
  expect(membersIn(home).map(({ isStored }) => isStored)).not.toContain(true);
  expect(sizeOf(home.path())).toBeLessThan((before[0] ?? 0) / 10);
  expect(membersIn(home).length).toBeLessThan(6);
  const plain = gunzipSync(readFileSync(home.path())).toString().split('{"leftoff":"archive/1"').slice(1);
  for (const text of plain) expect(Buffer.byteLength(text) + 23).toBeLessThanOrEqual(ARCHIVE_MEMBER_BYTES);
  expect(read()).toEqual({ records: turns(40), damage: [] });

  const packed = readFileSync(home.path());
  pack();
  expect(readFileSync(home.path())).toEqual(packed);
  expect(readdirSync(home.folder).sort()).toEqual([
    "agent-1.index.jsonl",
    "agent-1.jsonl.gz",
    "main.index.jsonl",
    "main.jsonl.gz",
  ]);
});

test("what is read of a file first is compressed, and only little that follows is stored", () => {
  const source = sourceOf(turns(30), 4);
  for (const [from, to] of [
    [0, 1],
    [1, 2],
    [2, 12],
    [12, 30],
  ] as const)
    home.store.archive.append(MAIN, source.batch(from, to));
  expect(membersIn(home).map(({ isStored }) => isStored)).toEqual([false, true, false, false, false]);
});

test("of a conversation that goes on some stays stored, never more than the limit, and never a quarter of a long one", () => {
  const goesOn = { isOver: false };
  const source = sourceOf(turns(800), 4);
  let most = 0;
  for (let n = 0; n < 800; n += 1) {
    home.store.archive.append(MAIN, source.batch(n, n + 1));
    home.packing.pack("claude", CONVERSATION, goesOn);
    most = Math.max(most, sizeOf(home.path()));
  }
  expect(most).toBeGreaterThan(ARCHIVE_STORED_BYTES_MAX);
  expect(most).toBeLessThan(1.25 * ARCHIVE_STORED_BYTES_MAX);
  expect(read()).toEqual({ records: turns(800), damage: [] });
});

test("how much is stored is found again where the index was lost or is of an older version", () => {
  converse(turns(12));
  const index = home.path("index.jsonl");
  rmSync(index);
  expect(home.store.archive.isLoose("claude", CONVERSATION, OVER)).toBe(true);
  home.store.archive.append(MAIN, sourceOf(turns(13), 4).batch(12, 13));
  const lines = readFileSync(index, "utf8").split("\n").filter(Boolean);
  const { stored, to } = JSON.parse(lines.at(-1) ?? "") as { stored: number; to: number };
  const [first] = membersIn(home);
  expect([lines.length, stored]).toEqual([13, to - (first?.to ?? 0)]);
  expect(stored).toBeGreaterThan(ARCHIVE_LEFT_STORED_BYTES);
});

test("a reader at work while an archive is packed gets what it began to read", () => {
  const records = turns(400);
  converse(records);
  const seen: JsonObject[] = [];
  let calls = 0;
  const damage = home.store.archive.forEach(MAIN, (group) => {
    seen.push(...group);
    calls += 1;
    if (calls === 3) pack();
  });
  expect([seen, damage]).toEqual([records, []]);
  expect(membersIn(home).length).toBeLessThan(calls);

  home = makeHome();
  converse(records);
  const back: JsonObject[] = [];
  home.store.archive.newestFirst(MAIN, (group) => {
    back.push(...group);
    if (back.length === 3) pack();
    return undefined;
  });
  expect(back).toEqual(records.toReversed());
});

test("damage between and in stored members stays where it is, and is told as before", () => {
  converse(turns(12));
  const bytes = readFileSync(home.path());
  const [, second, third] = membersIn(home);
  const [from, to] = [second?.from ?? 0, third?.from ?? 0];
  bytes[from + 700] = (bytes[from + 700] ?? 0) ^ 4;
  writeFileSync(
    home.path(),
    Buffer.concat([bytes.subarray(0, to), Buffer.from("garbage"), bytes.subarray(to)]),
  );
  rmSync(home.path("index.jsonl"));
  const before = read();
  expect([before.records.length, before.damage.length]).toEqual([11, 1]);
  pack();

  const after = read();
  expect(after.records).toEqual(before.records);
  const places = (damage: readonly Damage[]) => damage.map(({ fromByte, toByte }) => toByte - fromByte);
  expect(places(after.damage)).toEqual(places(before.damage));
  expect(readFileSync(home.path()).includes("garbage")).toBe(true);
});

test("an index that tells of other members harms nothing", () => {
  converse(turns(12));
  const index = readFileSync(home.path("index.jsonl"));
  const other = makeHome();
  converse(turns(13, 50).toReversed(), other);
  for (const wrong of [readFileSync(other.path("index.jsonl")), Buffer.concat([index, index])]) {
    const bytes = readFileSync(home.path());
    writeFileSync(home.path("index.jsonl"), wrong);
    pack();
    expect(read()).toEqual({ records: turns(12), damage: [] });
    writeFileSync(home.path(), bytes);
    rmSync(home.path("index.jsonl"));
  }
});

test("nobody waits for packing, and it waits for nobody: what somebody else is at is left", () => {
  converse(turns(12));
  const before = readFileSync(home.path());
  const lock = tryLock(home.path("lock"));
  pack();
  expect(readFileSync(home.path())).toEqual(before);
  lock?.release();
  pack();
  expect(sizeOf(home.path())).toBeLessThan(before.length);
});

test.each([
  "replace.before-write",
  "archive.before-replace",
  "replace.before-rename",
  "replace.after-rename",
])("packing that fails at %s loses nothing, and the next one does it", (moment) => {
  converse(turns(12));
  const before = toldBy(home);
  vi.stubEnv("LEFTOFF_FAILPOINTS", `${moment}@1=throw:ENOSPC`);
  expect(pack).toThrow(expect.objectContaining({ code: "disk_full" }));
  vi.unstubAllEnvs();
  expect(toldBy(home)).toEqual(before);
  home.store.archive.append(MAIN, sourceOf(turns(13), 4).batch(12, 13));
  pack();
  expect(read()).toEqual({ records: turns(13), damage: [] });
  expect(home.store.archive.isLoose("claude", CONVERSATION, OVER)).toBe(false);
});

test("what a killed writer began is still cut off after packing", () => {
  converse(turns(12));
  appendFileSync(home.path(), readFileSync(home.path()).subarray(0, 40));
  pack();
  const { added, damage } = home.store.archive.append(MAIN, sourceOf(turns(13), 4).batch(12, 13));
  expect([added, damage.length]).toEqual([1, 1]);
  expect(read()).toEqual({ records: turns(13), damage: [] });
});
