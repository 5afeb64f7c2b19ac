import type { NoteFields } from "../session/note.ts";
import type { Attempt } from "./attempt.ts";
import type { Draft } from "./draft.ts";
import type { Proposal } from "./facts.ts";
import { type Guess, proposalWith, propose, revise, withdraw } from "./proposal.ts";
import { isPartOf, shareOf } from "./same.ts";

/** Guesses of one turn that are matched with each other; more attempts than this in one turn are a search, not approaches. */
const GUESSES_MAX = 10;
/** Files named with one guess. */
const FILES_MAX = 3;

/**
 * Edits were taken back for a reason. Where the agent or the person said in this turn what failed, that is what was taken
 * back, and the statement only learns the file; else the edits themselves are the guess. Returns the guess's key, for
 * edits that are made again.
 */
export function proposeUndone(
  draft: Draft,
  {
    record,
    text,
    why,
    file,
  }: {
    readonly record: string | undefined;
    readonly text: string;
    readonly why: string;
    readonly file: string;
  },
): string | undefined {
  const said = draft.carry.failed.filter(({ by }) => by === "words");
  const [only] = said;
  if (only !== undefined) {
    if (said.length === 1) addFile(draft, only.key, file);
    return undefined;
  }
  // Taken back together, or for the same failure: one attempt in several files.
  const together = draft.carry.failed.find(({ key }) => {
    const guess = proposalWith(draft, key);
    return guess?.evidence.record === record || guess?.fields.why === why;
  });
  if (together !== undefined) {
    addFile(draft, together.key, file);
    return together.key;
  }
  const key = propose(draft, record, { kind: "failed", text, fields: { why, file } });
  if (key === undefined) return undefined;
  addFile(draft, key, file);
  remember(draft, key, "undo");
  return key;
}

/** What somebody said that failed. It takes the place of guesses from edits that were undone in this turn, and has their files. */
export function proposeAttempts(
  draft: Draft,
  record: string | undefined,
  attempts: readonly Attempt[],
): void {
  for (const attempt of attempts) {
    const { text, why, lesson } = attempt;
    const fields: NoteFields = {
      ...(why === undefined ? {} : { why }),
      ...(lesson === undefined ? {} : { lesson }),
    };
    const before = saidBefore(draft, record, text);
    if (before !== undefined) revise(draft, before.key, { text, fields: { ...before.fields, ...fields } });
    else proposeSaid(draft, record, { kind: "failed", text, fields });
  }
}

/** Said twice in a turn, the later words are the considered ones. Two of one list are two. */
function saidBefore(draft: Draft, record: string | undefined, text: string): Proposal | undefined {
  return draft.carry.failed
    .filter(({ by }) => by === "words")
    .map(({ key }) => proposalWith(draft, key))
    .find(
      (known) =>
        known !== undefined &&
        known.evidence.record !== record &&
        (isPartOf(known.text, text) || shareOf(known.text, text) === 1),
    );
}

function proposeSaid(draft: Draft, record: string | undefined, guess: Guess): void {
  const undone = draft.carry.failed.findLast(({ by }) => by === "undo");
  const file = undone === undefined ? undefined : proposalWith(draft, undone.key)?.fields.file;
  if (undone !== undefined) forget(draft, undone.key);
  const fields = { ...guess.fields, ...(file === undefined ? {} : { file }) };
  const key = propose(draft, record, { ...guess, fields });
  if (key !== undefined) remember(draft, key, "words");
}

/** A guess that the person's own correction made: edits taken back after it are the same matter. */
export function remember(draft: Draft, key: string, by: "words" | "undo"): void {
  const others = draft.carry.failed.filter((known) => known.key !== key);
  draft.carry.failed = [...others, { key, by }].slice(-GUESSES_MAX);
}

function forget(draft: Draft, key: string): void {
  withdraw(draft, key);
  draft.carry.failed = draft.carry.failed.filter((known) => known.key !== key);
}

function addFile(draft: Draft, key: string, file: string): void {
  const proposal = proposalWith(draft, key);
  if (proposal === undefined) return;
  const files = (proposal.fields.file ?? "").split(", ").filter((name) => name !== "");
  if (files.includes(file) || files.length >= FILES_MAX) return;
  revise(draft, key, {
    text: proposal.text,
    fields: { ...proposal.fields, file: [...files, file].join(", ") },
  });
}
