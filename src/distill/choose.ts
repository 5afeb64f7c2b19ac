import { isAscii } from "../base/ascii.ts";
import type { NoteKind } from "../session/note.ts";
import type { Proposal } from "./facts.ts";

/** What a person misses most comes first: a failure tried again and a decision argued again cost hours. */
const KINDS_IN_TURN: readonly NoteKind[] = ["failed", "decision", "next", "next", "worked", "finding"];

/**
 * Chooses which guesses to show where there is room for few: of each kind in turn, so that five next steps do not hide the
 * one failed approach. Oldest first in the result. Two guesses that say the same are one, the longer.
 *
 * @param room how many at most; none if it is 0 or less.
 */
export function chosenProposals(guesses: readonly Proposal[], room: number): readonly Proposal[] {
  const left = withoutRepeats(guesses);
  const chosen: Proposal[] = [];
  while (chosen.length < room && left.length > 0) {
    for (const kind of turnOrder(left)) {
      // Next steps are all of now, the first of them first; of everything else the newest counts most.
      const isOne = (guess: Proposal) => guess.kind === kind;
      const at = kind === "next" ? left.findIndex(isOne) : left.findLastIndex(isOne);
      if (chosen.length < room && at >= 0) chosen.push(...left.splice(at, 1));
    }
  }
  return guesses.filter((guess) => chosen.includes(guess));
}

function turnOrder(left: readonly Proposal[]): readonly NoteKind[] {
  const others = left.map(({ kind }) => kind).filter((kind) => !KINDS_IN_TURN.includes(kind));
  return [...KINDS_IN_TURN, ...new Set(others)];
}

function withoutRepeats(guesses: readonly Proposal[]): Proposal[] {
  const kept: Proposal[] = [];
  for (const guess of guesses) {
    const at = kept.findIndex((other) => other.kind === guess.kind && saySame(other.text, guess.text));
    if (at < 0) kept.push(guess);
    else if (guess.text.length > (kept[at]?.text.length ?? 0)) kept[at] = guess;
  }
  return kept;
}

/** True if one of two texts begins with the other, but for case, white space and punctuation. */
export function saySame(a: string, b: string): boolean {
  const [short, long] = [plain(a), plain(b)].sort((x, y) => x.length - y.length) as [string, string];
  return short !== "" && long.startsWith(short);
}

function plain(text: string): string {
  const lower = text.toLowerCase();
  return lower.replaceAll(isAscii(lower) ? /[^a-z0-9]+/g : /[^\p{L}\p{N}]+/gu, " ").trim();
}
