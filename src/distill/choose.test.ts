import fc from "fast-check";
import { expect, test } from "vitest";
import type { ConversationId } from "../base/id.ts";
import type { NoteKind } from "../session/note.ts";
import { chosenProposals } from "./choose.ts";
import type { Proposal } from "./facts.ts";

function guess(kind: NoteKind, text: string): Proposal {
  const evidence = { conversation: "c" as ConversationId, record: "r" };
  return { key: `${kind} ${text}`, kind, text, fields: {}, evidence };
}

test("five next steps do not hide the one failed approach and the one decision", () => {
  const guesses = [
    guess("failed", "localStorage"),
    guess("decision", "cookies"),
    ...["a1", "b2", "c3", "d4", "e5"].map((text) => guess("next", text)),
  ];
  expect(chosenProposals(guesses, 4).map(({ text }) => text)).toEqual([
    "localStorage",
    "cookies",
    "a1",
    "b2",
  ]);
});

test("a todo and the same step in a closing list are one guess, in its fuller wording", () => {
  const guesses = [
    guess("next", "Drop expired families"),
    guess("next", "Drop expired families: the store grows."),
  ];
  expect(chosenProposals(guesses, 5).map(({ text }) => text)).toEqual([
    "Drop expired families: the store grows.",
  ]);
});

test("never more than there is room for, and always some of what was given", () => {
  const any = fc
    .tuple(fc.constantFrom<NoteKind>("failed", "next", "decision", "risk"), fc.string())
    .map(([kind, text]) => guess(kind, text));
  fc.assert(
    fc.property(fc.array(any), fc.integer({ min: -1, max: 6 }), (guesses, room) => {
      const chosen = chosenProposals(guesses, room);
      expect(chosen.length).toBeLessThanOrEqual(Math.max(0, room));
      expect(guesses).toEqual(expect.arrayContaining([...chosen]));
    }),
  );
});
