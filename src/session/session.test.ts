import fc from "fast-check";
import { expect, test } from "vitest";
import type { ConversationId, EventId, MachineId, NoteId, SessionId } from "../base/id.ts";
import type { EventBody, ReadEvent } from "./event.ts";
import { evolve, evolveAll, replay, type Session, statusOf } from "./session.ts";

const id = "ses_00000000000000000000000000000001" as SessionId;
const note = "not_00000000000000000000000000000001" as NoteId;
const conversation = "c0ffee00-0000-4000-8000-000000000001" as ConversationId;

function at(atMs: number, body: EventBody): ReadEvent {
  const head = {
    id: `evt_${String(atMs).padStart(32, "0")}` as EventId,
    machine: "mch_1" as MachineId,
    by: { kind: "person" },
  } as const;
  return { ...head, atMs, ...body };
}

const started = at(1, {
  type: "session.started",
  data: { title: "Auth", slug: "2026-01-25-feature-auth", workspace: "w", workTree: "t", gitBranch: "main" },
});
const joined = at(2, {
  type: "conversation.joined",
  data: { conversation, agent: "claude", gitBranch: "feature" },
});
const added = at(3, { type: "note.added", data: { note, kind: "next", text: "rotate tokens" } });
const proposed = at(3, {
  type: "note.proposed",
  data: { note, kind: "failed", text: "cookies", evidence: { conversation, record: "r1" } },
});

test("a session is new until a conversation joins it, and collects the git branches its conversations touch", () => {
  expect(replay(id, [started]).phase).toBe("new");
  const session = replay(id, [started, joined]);
  expect(session.phase).toBe("active");
  expect(session.gitBranches).toEqual(["main", "feature"]);
});

test("a block pauses with its reason, and resuming clears both", () => {
  const blocked = replay(id, [
    started,
    joined,
    at(3, { type: "session.blocked", data: { reason: "security review" } }),
  ]);
  expect([blocked.phase, statusOf(blocked), blocked.reason]).toEqual([
    "paused",
    "blocked",
    "security review",
  ]);
  const resumed = evolve(blocked, at(4, { type: "session.resumed", data: {} }));
  expect([resumed.phase, statusOf(resumed), resumed.reason]).toEqual(["active", "in_progress", undefined]);
});

test("a cancelled session shows as completed, with the reason", () => {
  const session = replay(id, [started, at(2, { type: "session.cancelled", data: { reason: "not needed" } })]);
  expect([session.phase, statusOf(session), session.reason]).toEqual([
    "cancelled",
    "completed",
    "not needed",
  ]);
});

test("a dropped proposal is never proposed again", () => {
  const session = replay(id, [started, proposed, at(4, { type: "note.dropped", data: { note } }), proposed]);
  expect(session.notes.get(note)?.state).toBe("dropped");
});

test("editing a proposal makes it a note that stands", () => {
  const session = replay(id, [
    started,
    proposed,
    at(4, { type: "note.edited", data: { note, text: "local storage" } }),
  ]);
  expect(session.notes.get(note)).toMatchObject({ state: "open", text: "local storage" });
});

test("a field edited to nothing is gone, the others stay", () => {
  const withFields = at(3, {
    type: "note.added",
    data: { note, kind: "failed", text: "x", fields: { why: "a", time: "1h" } },
  });
  const session = replay(id, [
    started,
    withFields,
    at(4, { type: "note.edited", data: { note, fields: { why: "" } } }),
  ]);
  expect(session.notes.get(note)?.fields).toEqual({ time: "1h" });
});

test("an event of a later version is passed over", () => {
  const later: ReadEvent = { ...added, type: "unknown", originalType: "session.teleported", data: { a: 1 } };
  expect(replay(id, [started, later])).toEqual(replay(id, [started]));
});

test("duplicates change nothing, whatever the order of events: evolve is total", () => {
  const bodies: EventBody[] = [
    { type: "session.paused", data: {} },
    { type: "session.completed", data: {} },
    { type: "session.reopened", data: {} },
    { type: "note.added", data: { note, kind: "next", text: "a" } },
    { type: "note.done", data: { note } },
    { type: "note.dropped", data: { note } },
    { type: "note.reopened", data: { note } },
    { type: "conversation.joined", data: { conversation, agent: "claude" } },
    { type: "conversation.left", data: { conversation } },
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...bodies), { maxLength: 30 }), (list) => {
      const events = list.map((body, index) => at(index, body));
      const twice = events.flatMap((event) => [event, event]);
      expect(replay(id, twice)).toEqual(replay(id, events));
    }),
  );
});

test("many events at once are one after the other, and the session before them stays as it was", () => {
  const bodies: EventBody[] = [
    { type: "note.added", data: { note, kind: "next", text: "a" } },
    { type: "note.edited", data: { note, text: "b" } },
    { type: "note.done", data: { note } },
    { type: "note.dropped", data: { note } },
    { type: "session.renamed", data: { title: "Tokens" } },
  ];
  const list = fc.array(fc.constantFrom(...bodies), { maxLength: 12 });
  fc.assert(
    fc.property(list, list, (first, rest) => {
      const before = replay(
        id,
        first.map((body, index) => at(index, body)),
      );
      const copy = structuredClone(before);
      const events = rest.map((body, index) => at(100 + index, body));
      const seen: unknown[] = [];
      const after = evolveAll(before, events, (_, { notes }) => seen.push(notes.get(note)?.text));
      const steps = events.map((_, index) => events.slice(0, index).reduce<Session>(evolve, before));
      expect(after).toEqual(events.reduce<Session>(evolve, before));
      expect(seen).toEqual(steps.map(({ notes }) => notes.get(note)?.text));
      expect(before).toEqual(copy);
    }),
  );
});

test("a line of ours that a person took out of the document stays out", () => {
  const session = replay(id, [started, at(2, { type: "note.dropped", data: { note } })]);
  expect([...session.hidden]).toEqual([note]);
});
