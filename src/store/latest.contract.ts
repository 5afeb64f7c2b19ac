import fc from "fast-check";
import { expect, test } from "vitest";
import { derivedEventId, derivedNoteId, newSessionId } from "../base/id.ts";
import { DOCUMENT_UPDATES_MAX } from "../base/limits.ts";
import type { EventBody, JournalEvent } from "../session/event.ts";
import { documentEvents } from "../session/known-document.ts";
import { emptySession, evolveAll, replay } from "../session/session.ts";
import { body, eventWith, type StoreUnderTest, words } from "./store.contract.ts";

/** What {@link Journal.latest} leaves out and what it does not; each adapter's test file calls this once, too. */
export function latestContract(current: () => StoreUnderTest): void {
  const session = () => newSessionId(Date.now());

  test("contract: the latest events replay to the same session as all of them, whoever wrote them and however often", () => {
    fc.assert(
      fc.property(histories, (history) => {
        const under = current();
        const { store } = under;
        const id = session();
        const machines = [store.machine(), under.other.machine()];
        const written: JournalEvent[] = [];
        for (const [nth, { by, repeats, body }] of history.entries()) {
          const machine = machines[by] ?? store.machine();
          const news = { ...eventWith(body), id: derivedEventId(idDigits(nth)), atMs: nth, machine };
          const event = againOrNew(written, repeats, news);
          written.push(event);
          (by === 0 ? store : under.other).journal.append(id, [event]);
          store.journal.latest(id);
        }
        under.exchange();
        const { events } = under.reopen().journal.read(id);
        for (const reader of [store, under.reopen()])
          expect(replay(id, reader.journal.latest(id))).toEqual(replay(id, events));
        expect(store.journal.damage(id)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  test("contract: the latest events are no more after many turns than after some, but for what was noted", () => {
    const under = current();
    const { store } = under;
    const id = session();
    const machine = store.machine();
    let known = emptySession(id);
    for (let turn = 0; turn < 3 * DOCUMENT_UPDATES_MAX; turn += 1) {
      const items = Array.from({ length: 30 }, (_, n) => itemOf(n === 7 ? turn : n));
      const told = documentEvents(
        known,
        { machine, newId: () => derivedEventId(idDigits(turn)) },
        { path: "/d.tmp", textHash: `text ${turn}`, items },
      );
      const events = told.map((draft) => ({ ...eventWith(draft.body), id: draft.id, machine, atMs: turn }));
      store.journal.append(id, events);
      known = evolveAll(known, events);
    }
    expect(store.journal.read(id).events).toHaveLength(3 * DOCUMENT_UPDATES_MAX);
    expect(under.reopen().journal.latest(id).length).toBeLessThanOrEqual(DOCUMENT_UPDATES_MAX + 1);
    expect(replay(id, under.reopen().journal.latest(id))).toEqual(known);
  });
}

const idDigits = (nth: number) => nth.toString(16).padStart(32, "0");
const itemOf = (n: number) => ({ note: derivedNoteId(idDigits(n)), section: "Next", hash: `h${n}` });
const items = fc.array(fc.nat(9).map(itemOf), { maxLength: 6 });
const documentBody: fc.Arbitrary<EventBody> = fc.oneof(
  fc.record({
    type: fc.constant("document.written" as const),
    data: fc.record({ path: fc.constant("/d.tmp"), textHash: words, items }),
  }),
  fc.record({
    type: fc.constant("document.updated" as const),
    data: fc.record({
      path: fc.constant("/d.tmp"),
      textHash: words,
      base: fc.nat(12).map((nth) => derivedEventId(idDigits(nth))),
      edits: fc.array(fc.record({ at: fc.nat(5), remove: fc.nat(2), items }), { maxLength: 2 }),
    }),
  }),
);
/** What happens to a session, one after the other; now and then an event of before comes again, by its id. */
const histories = fc.array(
  fc.record({
    by: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constant(1) }),
    repeats: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(8) }),
    body: fc.oneof({ weight: 3, arbitrary: documentBody }, { weight: 1, arbitrary: body }),
  }),
  { maxLength: 14 },
);

/** What its machine wrote so many events ago, once more; the new event where that is none. */
function againOrNew(written: readonly JournalEvent[], ago: number, news: JournalEvent): JournalEvent {
  const own = written.filter(({ machine }) => machine === news.machine);
  return (ago === 0 ? undefined : own.at(-ago)) ?? news;
}
