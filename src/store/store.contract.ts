import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  type ConversationId,
  derivedEventId,
  derivedNoteId,
  type MachineId,
  newSessionId,
  type SessionId,
} from "../base/id.ts";
import { ARCHIVE_MEMBER_BYTES } from "../base/limits.ts";
import type { JsonObject } from "../base/parse.ts";
import type { EventBody, JournalEvent, ReadEvent } from "../session/event.ts";
import type { ArchiveBatch, ArchiveFile, SourcePosition, Store } from "./store.ts";

/** What an adapter's tests give to the contract: an empty store, and ways to look at it from outside. */
export interface StoreUnderTest {
  readonly store: Store;
  /** The same store as another process would open it. */
  reopen(): Store;
  /** A store of another machine… */
  readonly other: Store;
  /** …and the exchange of journals, after which both have all events. */
  exchange(): void;
  close(): void;
}

/** Makes a store for each test of a file, and closes it. @returns the one of the test that runs. */
export function storeOfTest(make: () => StoreUnderTest): () => StoreUnderTest {
  let under: StoreUnderTest;
  beforeEach(() => {
    under = make();
  });
  afterEach(() => under.close());
  return () => under;
}

/** The behaviour that every {@link Store} has; each adapter's test file calls this once. */
export function storeContract(current: () => StoreUnderTest): void {
  let under: StoreUnderTest;
  let store: Store;
  beforeEach(() => {
    under = current();
    store = under.store;
  });
  const session = () => newSessionId(Date.now());

  test("contract: an empty store reads as empty everywhere", () => {
    expect(store.journal.read(session())).toEqual({ events: [], position: {}, damage: [] });
    expect(store.journal.sessions()).toEqual([]);
    expect(store.archive.read(MAIN)).toEqual({ records: [], damage: [] });
    expect([store.archive.position(MAIN), store.archive.files("claude", MAIN.conversation)]).toEqual([
      undefined,
      [],
    ]);
    expect([store.archive.conversations("claude"), store.state.get("a/b"), store.state.list("a")]).toEqual([
      [],
      undefined,
      [],
    ]);
  });

  test("contract: the journal reads back what was appended, in order, however it was batched and read", () => {
    fc.assert(
      fc.property(batches, (appended) => {
        const id = session();
        const parts: ReadEvent[] = [];
        let position = store.journal.read(id).position;
        for (const batch of appended) {
          store.journal.append(id, batch);
          const part = store.journal.read(id, position);
          parts.push(...part.events);
          position = part.position;
          store.journal.read(id);
        }
        const whole = under.reopen().journal.read(id);
        // Who reads it again and again, as it grows, reads the same as who comes only now.
        expect(store.journal.read(id)).toEqual(whole);
        expect(whole.events).toEqual(inOrderOf(appended.flat()));
        expect(whole.damage).toEqual([]);
        expect(whole.position).toEqual(position);
        expect(onceEach(parts)).toEqual(whole.events);
        expect(store.journal.read(id, position).events).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  test("contract: an event appended twice is read once", () => {
    fc.assert(
      fc.property(batches, (appended) => {
        const id = session();
        for (const batch of [...appended, ...appended]) store.journal.append(id, batch);
        expect(store.journal.read(id).events).toEqual(inOrderOf(appended.flat()));
      }),
      { numRuns: 15 },
    );
  });

  test("contract: two machines that exchange their journals read the same, each machine's events in its order", () => {
    fc.assert(
      fc.property(batches, batches, (mine, theirs) => {
        const id = session();
        const from = (machine: MachineId, events: readonly JournalEvent[]) =>
          onceEach(events.map((event) => ({ ...event, machine }))) as JournalEvent[];
        const here = from(store.machine(), mine.flat());
        const there = from(under.other.machine(), theirs.flat()).map((event) => ({
          ...event,
          id: otherId(event),
        }));
        store.journal.append(id, here);
        under.other.journal.append(id, there);
        under.exchange();

        const merged = store.journal.read(id);
        expect(under.other.journal.read(id).events).toEqual(merged.events);
        expect(merged.events.filter((event) => event.machine === store.machine())).toEqual(here);
        expect(merged.events.filter((event) => event.machine === under.other.machine())).toEqual(there);
        const keys = runningMaxima(merged.events);
        expect(keys).toEqual([...keys].sort((a, b) => a - b));
      }),
      { numRuns: 15 },
    );
  });

  test("contract: the same event from two machines is read once, and everywhere the same copy of it", () => {
    const id = session();
    const event = { ...eventWith({ type: "session.renamed", data: { title: "one" } }), atMs: 5 };
    store.journal.append(id, [event]);
    under.other.journal.append(id, [{ ...event, atMs: 4, data: { title: "two" } } as JournalEvent]);
    under.exchange();
    expect(store.journal.read(id).events).toMatchObject([{ data: { title: "two" } }]);
    expect(under.other.journal.read(id).events).toEqual(store.journal.read(id).events);
  });

  test("contract: events of a later version are kept as unknown events, in their place", () => {
    const id = session();
    const known = eventWith({ type: "session.paused", data: {} }, "a");
    const later = {
      ...known,
      id: derivedEventId("b".repeat(32)),
      type: "weather.changed",
      data: { to: ["rain"] },
    };
    const grown = { ...eventWith({ type: "session.renamed", data: { title: "t" } }, "c"), mood: "good" };
    store.journal.append(id, [known, later as unknown as JournalEvent, grown]);
    const { type, ...head } = later;
    expect(store.journal.read(id).events).toEqual([
      known,
      { ...head, type: "unknown", originalType: type },
      grown,
    ]);
  });

  test("contract: a known event with data of another shape is an unknown event, whatever the shape is", () => {
    fc.assert(
      fc.property(fc.constantFrom(...NOT_EMPTY_TYPES), fc.jsonValue(), (type, data) => {
        const id = session();
        const event = { ...eventWith({ type: "session.paused", data: {} }), type, data: plain(data) };
        store.journal.append(id, [event as unknown as JournalEvent]);
        expect(store.journal.read(id).events).toMatchObject([{ type: "unknown", originalType: type }]);
      }),
      { numRuns: 40 },
    );
  });

  test("contract: sessions lists what was written to, and machine is the same for ever", () => {
    const ids = [session(), session()].sort();
    for (const id of ids) store.journal.append(id, [eventWith({ type: "session.paused", data: {} })]);
    expect([...under.reopen().journal.sessions()].sort()).toEqual(ids);
    expect(under.reopen().machine()).toBe(store.machine());
    expect(under.other.machine()).not.toBe(store.machine());
  });

  test("contract: an id that could lead out of its folder is refused", () => {
    const bad = "../../etc" as unknown as SessionId & ConversationId;
    expect(() => store.journal.append(bad, [eventWith({ type: "session.paused", data: {} })])).toThrow(
      "Invariant",
    );
    expect(() => store.journal.read(bad)).toThrow("Invariant");
    expect(() => store.archive.read({ ...MAIN, conversation: bad })).toThrow("Invariant");
    expect(() => store.archive.read({ ...MAIN, file: "../main" })).toThrow("Invariant");
    expect(() => store.archive.files("..", MAIN.conversation)).toThrow("Invariant");
    for (const key of ["../a", "a/../b", "a//b", "/a", "", ".a", "a\0"]) {
      expect(() => store.state.put(key, 1)).toThrow("Invariant");
      expect(() => store.state.get(key)).toThrow("Invariant");
    }
  });

  test("contract: the archive keeps each record once and in order, whatever pieces of the source come however often", () => {
    let inode = 0;
    fc.assert(
      fc.property(sourceRecords, reads, (records, ranges) => {
        inode += 1;
        const file = { ...MAIN, file: `agent-${inode}` };
        const source = sourceOf(records, inode);
        let kept = 0;
        for (const [a, b] of ranges) {
          // A reader begins at the kept position or before it, at the end of any record, and stops at any other.
          const from = Math.min(kept, Math.floor(a * (kept + 1)));
          const to = from + Math.floor(b * (records.length + 1 - from));
          const before = kept;
          kept = Math.max(kept, to);
          expect(store.archive.append(file, source.batch(from, to))).toEqual({
            added: kept - before,
            damage: [],
          });
          expect(under.reopen().archive.position(file)).toEqual(source.position(kept));
        }
        expect(under.reopen().archive.read(file)).toEqual({ records: records.slice(0, kept), damage: [] });
      }),
      { numRuns: 40 },
    );
  });

  test("contract: forEach hands over what read returns, in bounded groups, and a record larger than a group whole", () => {
    const large = { type: "large", text: "x".repeat(3 * ARCHIVE_MEMBER_BYTES) };
    const records = [
      ...Array.from({ length: 3000 }, (_, n) => ({ n, text: "some words of a turn" })),
      large,
      { n: -1 },
    ];
    store.archive.append(MAIN, sourceOf(records, 1).batch(0, records.length));
    const groups: (readonly JsonObject[])[] = [];
    expect(store.archive.forEach(MAIN, (group) => groups.push(group))).toEqual([]);
    expect(groups.flat()).toEqual(records);
    expect(groups).toContainEqual([large]);
    for (const group of groups.filter((some) => some[0] !== large && some.length > 1)) {
      expect(JSON.stringify(group).length).toBeLessThanOrEqual(ARCHIVE_MEMBER_BYTES);
    }
  });

  test("contract: newestFirst hands over the same groups from the end, and no more than are asked for", () => {
    const records = Array.from({ length: 5000 }, (_, n) => ({
      n,
      text: "some words of a turn, and more of them",
    }));
    store.archive.newestFirst(MAIN, () => expect.unreachable());
    // Appended in pieces, so that there are many groups.
    for (let from = 0; from < records.length; from += 20)
      store.archive.append(MAIN, sourceOf(records, 1).batch(from, from + 20));
    const groups: (readonly JsonObject[])[] = [];
    store.archive.forEach(MAIN, (group) => void groups.push(group));
    const back: (readonly JsonObject[])[] = [];
    under.reopen().archive.newestFirst(MAIN, (group) => void back.push(group));
    expect(back).toEqual(groups.toReversed());
    const some: (readonly JsonObject[])[] = [];
    store.archive.newestFirst(MAIN, (group) => (some.push(group) === 3 ? "stop" : undefined));
    expect(some).toEqual(groups.slice(-3).toReversed());
  });

  test("contract: bytes without records are passed once, and another source is added whole", () => {
    const passed = { inode: 1, sizeBytes: 90, offset: 90 };
    const nothing = { records: [], ends: [], fromByte: 0, position: passed };
    expect(store.archive.append(MAIN, nothing).added).toBe(0);
    expect(store.archive.position(MAIN)).toEqual(passed);
    for (const source of [sourceOf([{ a: 1 }], 2), sourceOf([{ a: 1 }, { b: 2 }], 3)]) {
      store.archive.append(MAIN, source.batch(0, 99));
      store.archive.append(MAIN, source.batch(0, 99));
    }
    // The same inode, but shorter than what was read of it: replaced in place.
    store.archive.append(MAIN, { ...sourceOf([{ c: 3 }], 3).batch(0, 1) });
    expect(store.archive.read(MAIN).records).toEqual([{ a: 1 }, { a: 1 }, { b: 2 }, { c: 3 }]);
  });

  test("contract: syncing and tidying what is kept, or what is not there, changes nothing", () => {
    store.archive.sync(MAIN);
    store.archive.tidy(MAIN.agent, MAIN.conversation);
    store.archive.append(MAIN, sourceOf([{ a: 1 }], 1).batch(0, 1));
    store.archive.sync(MAIN);
    store.archive.tidy(MAIN.agent, MAIN.conversation);
    expect([store.archive.read(MAIN), store.archive.files("claude", MAIN.conversation)]).toEqual([
      { records: [{ a: 1 }], damage: [] },
      ["main"],
    ]);
  });

  test("contract: files and conversations are listed by name", () => {
    const batch = sourceOf([{ a: 1 }], 1).batch(0, 1);
    const second = { ...MAIN, conversation: "0b" as ConversationId };
    for (const file of [{ ...MAIN, file: "main" }, { ...MAIN, file: "agent-7" }, second])
      store.archive.append(file, batch);
    expect(store.archive.files("claude", MAIN.conversation)).toEqual(["agent-7", "main"]);
    expect(store.archive.conversations("claude")).toEqual(["0b", MAIN.conversation].sort());
    expect(store.archive.conversations("codex")).toEqual([]);
  });

  test("contract: state is replaced, removed, and listed below its folder in order", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (first, second) => {
        store.state.put("conversations/x", first);
        store.state.put("conversations/x", second);
        expect(under.reopen().state.get("conversations/x")).toEqual(plain(second));
      }),
      { numRuns: 40 },
    );
    for (const key of ["conversations/a-b", "conversations/a", "top", "conversations/deep/er"])
      store.state.put(key, key);
    expect(store.state.list("conversations")).toEqual([
      "conversations/a",
      "conversations/a-b",
      "conversations/x",
    ]);
    expect([store.state.list(""), store.state.list("conversations/deep")]).toEqual([
      ["top"],
      ["conversations/deep/er"],
    ]);
    store.state.remove("conversations/a");
    store.state.remove("conversations/a");
    expect([store.state.get("conversations/a"), store.state.get("conversations/a-b")]).toEqual([
      undefined,
      "conversations/a-b",
    ]);
  });
}

const MAIN: ArchiveFile = { agent: "claude", conversation: "5f7cfb2e-8f0c" as ConversationId, file: "main" };
const MACHINE = `mch_${"7".repeat(32)}` as MachineId;
const NOT_EMPTY_TYPES = [
  "session.started",
  "session.renamed",
  "session.blocked",
  "conversation.joined",
  "note.added",
  "note.edited",
  "document.written",
  "document.updated",
  "message.kept",
] as const;

/** Whatever JSON can say, as it comes back from JSON (no -0). */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

export function eventWith(body: EventBody, digit = "0"): JournalEvent {
  return {
    id: derivedEventId(digit.repeat(32)),
    machine: MACHINE,
    atMs: 1,
    by: { kind: "leftoff" },
    ...body,
  };
}

export const words = fc.oneof(
  fc.string(),
  fc.constantFrom("", "\n", "\u2028", "\ud800", 'x","sum":"0123456789abcdef"}', "日本", "\0"),
);
const noteId = fc.nat(9).map((n) => derivedNoteId(String(n).repeat(32)));
export const body: fc.Arbitrary<EventBody> = fc.oneof(
  fc.record({ type: fc.constant("session.renamed" as const), data: fc.record({ title: words }) }),
  fc.record({ type: fc.constant("session.blocked" as const), data: fc.record({ reason: words }) }),
  fc.constant({ type: "session.paused" as const, data: {} }),
  fc.record({
    type: fc.constant("note.added" as const),
    data: fc.record({
      note: noteId,
      kind: fc.constantFrom("failed", "next"),
      text: words,
      fields: fc.record({ why: words }),
    }),
  }),
);
const event: fc.Arbitrary<JournalEvent> = fc
  .tuple(body, fc.stringMatching(/^[0-9a-f]{32}$/), fc.nat(1_000))
  .map(([some, digest, atMs]) => ({
    id: derivedEventId(digest),
    machine: MACHINE,
    atMs,
    by: { kind: "leftoff" },
    ...some,
  }));
const batches = fc.array(fc.array(event, { maxLength: 6 }), { maxLength: 5 });

function otherId({ id }: JournalEvent) {
  return derivedEventId(`${id.slice(4, 35)}${id.endsWith("0") ? "1" : "0"}`);
}

function onceEach<T extends { readonly id: string }>(events: readonly T[]): readonly T[] {
  return [...new Map(events.toReversed().map((event) => [event.id, event])).values()].toReversed();
}

/** One machine's events come back in the order it wrote them, each once. */
function inOrderOf(events: readonly JournalEvent[]): readonly JournalEvent[] {
  const seen = new Set<string>();
  return events.filter(({ id }) => !seen.has(id) && seen.add(id));
}

/** Each event's key: the latest time that its machine had written by then. */
function runningMaxima(events: readonly ReadEvent[]): readonly number[] {
  const latest = new Map<string, number>();
  return events.map(({ machine, atMs }) => {
    const key = Math.max(latest.get(machine) ?? 0, atMs);
    latest.set(machine, key);
    return key;
  });
}

const sourceRecords = fc.array(
  fc.record({
    uuid: fc.nat(),
    text: fc.oneof(
      words,
      fc.nat(40_000).map((n) => "ab ".repeat(n)),
    ),
  }),
  { maxLength: 12 },
);
const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const reads = fc.array(fc.tuple(share, share), { maxLength: 8 });

interface Source {
  batch(from: number, to: number): ArchiveBatch;
  position(records: number): SourcePosition | undefined;
}

/** A transcript that holds these records, a line each. */
export function sourceOf(records: readonly JsonObject[], inode: number): Source {
  let offset = 0;
  const ends = records.map((record) => {
    offset += Buffer.byteLength(JSON.stringify(record)) + 1;
    return offset;
  });
  const at = (count: number) => (count === 0 ? 0 : (ends[Math.min(count, ends.length) - 1] ?? 0));
  const position = (count: number) => ({ inode, sizeBytes: offset, offset: at(count) });
  return {
    batch: (from, to) => ({
      records: records.slice(from, to),
      ends: ends.slice(from, to),
      fromByte: at(from),
      position: position(to),
    }),
    position: (count) => (count === 0 ? undefined : position(count)),
  };
}
