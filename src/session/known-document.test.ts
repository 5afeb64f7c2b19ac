import fc from "fast-check";
import { expect, test } from "vitest";
import { derivedEventId, derivedNoteId, type MachineId, type SessionId } from "../base/id.ts";
import { DOCUMENT_UPDATED_SHARE_MAX, DOCUMENT_UPDATES_MAX, EVENT_BYTES_MAX } from "../base/limits.ts";
import type { JournalEvent, WrittenItem } from "./event.ts";
import { documentEvents, isDocumentEvent, tellsText } from "./known-document.ts";
import { emptySession, evolve, type Session } from "./session.ts";

const MACHINES = ["mch_1", "mch_2"] as readonly string[] as readonly MachineId[];
const start = emptySession("ses_00000000000000000000000000000001" as SessionId);
const idOf = (n: number) => n.toString(16).padStart(32, "0");
const itemsOf = (numbers: readonly number[], hash = "h"): readonly WrittenItem[] =>
  numbers.map((n) => ({ note: derivedNoteId(idOf(n)), section: "Next", hash: `${hash}${n}` }));

interface Telling {
  readonly machine: MachineId;
  readonly items: readonly WrittenItem[];
}

/** The events that a machine which knows this session writes about these items. */
function told(session: Session, nth: number, { machine, items }: Telling): readonly JournalEvent[] {
  let part = 0;
  const newId = () => derivedEventId(idOf(1_000 * nth + ++part));
  const written = { path: "/d.tmp", textHash: `text ${nth}`, items };
  return documentEvents(session, { machine, newId }, written).map(
    ({ id, body }) => ({ id, machine, atMs: nth, by: { kind: "leftoff" }, ...body }) as JournalEvent,
  );
}

function written(session: Session, nth: number, telling: Telling): JournalEvent {
  const [event, ...others] = told(session, nth, telling);
  if (event === undefined || others.length > 0) throw new Error("one event tells it");
  return event;
}

/** A document that gets one item more each time. */
function grown(count: number, from = 10): { session: Session; events: JournalEvent[] } {
  const events: JournalEvent[] = [];
  let session = start;
  for (let nth = 1; nth <= count; nth += 1) {
    const items = itemsOf(Array.from({ length: nth + from }, (_, n) => n));
    const event = written(session, nth, { machine: MACHINES[0] as MachineId, items });
    events.push(event);
    session = evolve(session, event);
  }
  return { session, events };
}

function wholesOf(events: readonly JournalEvent[]): readonly number[] {
  return events.flatMap(({ type }, at) => (type === "document.written" ? [at] : []));
}

const lists = fc.array(
  fc.tuple(
    fc.constantFrom(...MACHINES),
    fc.uniqueArray(fc.nat(30), { minLength: 5 }),
    fc.constantFrom("h", "i"),
  ),
  { maxLength: 30 },
);

test("whoever tells what, after each event the items are those that were told; a second copy of an event changes nothing", () => {
  fc.assert(
    fc.property(lists, (tellings) => {
      let session = start;
      for (const [nth, [machine, numbers, hash]] of tellings.entries()) {
        const items = itemsOf(numbers, hash);
        const event = written(session, nth, { machine, items });
        session = evolve(evolve(session, event), event);
        expect(session.document?.items).toEqual(items);
      }
    }),
  );
});

test("two machines that write without knowing of each other do not disturb each other's updates", () => {
  const sides = MACHINES.map((machine, side) => {
    let session = start;
    return [0, 1, 2, 3].map((n) => {
      const items = itemsOf(Array.from({ length: 20 + n }, (_, i) => 100 * side + i));
      const event = written(session, 10 * side + n, { machine, items });
      session = evolve(session, event);
      return { event, items };
    });
  });
  let session = start;
  for (let n = 0; n < 4; n += 1) {
    for (const side of sides) {
      const told = side[n];
      if (told === undefined) continue;
      session = evolve(session, told.event);
      expect(session.document?.items).toEqual(told.items);
    }
  }
  expect(sides.flat().filter(({ event }) => event.type === "document.updated")).toHaveLength(6);
});

test("an update whose base is lost has a path and no items, and the next that is written has all of them", () => {
  const { events } = grown(6);
  const session = [...events.slice(0, 3), ...events.slice(4)].reduce<Session>(evolve, start);
  expect(session.document).toMatchObject({ path: "/d.tmp", textHash: "text 6", items: undefined });
  const next = written(session, 7, { machine: MACHINES[0] as MachineId, items: itemsOf([1, 2, 3]) });
  expect(next.type).toBe("document.written");
  expect(evolve(session, next).document?.items).toHaveLength(3);
});

test(`a long document is told whole after ${DOCUMENT_UPDATES_MAX} updates, and where an update would hardly be shorter`, () => {
  const { events, session } = grown(250, 400);
  expect(wholesOf(events)).toEqual([0, DOCUMENT_UPDATES_MAX + 1, 2 * DOCUMENT_UPDATES_MAX + 2]);
  const other = written(session, 300, { machine: MACHINES[0] as MachineId, items: itemsOf([900, 901, 902]) });
  expect(other.type).toBe("document.written");
});

test("a short document is told whole when updates named its places twice over", () => {
  const length = 20;
  const events: JournalEvent[] = [];
  let session = start;
  for (let nth = 0; nth < 100; nth += 1) {
    const items = itemsOf(Array.from({ length }, (_, n) => (n === 7 ? 100 + nth : n)));
    const event = written(session, nth, { machine: MACHINES[0] as MachineId, items });
    events.push(event);
    session = evolve(session, event);
  }
  // Each update names an edit and the item that comes by it.
  const updates = (DOCUMENT_UPDATED_SHARE_MAX * length) / 2;
  expect(wholesOf(events)).toEqual([0, 1, 2, 3, 4].map((nth) => nth * (updates + 1)));
});

test("a list that is too long for one event is told by several, the last of which has the text's hash", () => {
  const machine = MACHINES[0] as MachineId;
  const section = `다음 단계 ${"한".repeat(150)}`;
  const items = itemsOf(Array.from({ length: 5_000 }, (_, n) => n)).map((item) => ({ ...item, section }));
  const events = told(start, 1, { machine, items });
  expect(events.length).toBeGreaterThan(5);
  const bytes = events.map((event) => Buffer.byteLength(JSON.stringify(event)));
  expect(Math.max(...bytes)).toBeLessThan(EVENT_BYTES_MAX - 10_000);
  const tellsAText = events.map((event) => isDocumentEvent(event) && tellsText(event));
  expect(tellsAText).toEqual([...events.slice(1).map(() => false), true]);
  const session = events.reduce<Session>(evolve, start);
  expect(session.document).toMatchObject({ items, textHash: "text 1", updates: 0 });
  // A reader that has only a part of them knows of no text that has these items.
  expect(events.slice(0, 3).reduce<Session>(evolve, start).document?.textHash).toBe("");

  const little = items.map((item, at) => (at === 4_000 ? { ...item, hash: "other" } : item));
  const [update, ...none] = told(session, 2, { machine, items: little });
  expect([update?.type, none]).toEqual(["document.updated", []]);
  const much = items.map((item, at) => (at % 3 === 0 ? { ...item, hash: "other" } : item));
  const anew = told(session, 3, { machine, items: much });
  expect(anew[0]?.type).toBe("document.written");
  expect(anew.reduce<Session>(evolve, session).document?.items).toEqual(much);
});
