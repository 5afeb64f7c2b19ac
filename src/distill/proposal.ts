import { createHash } from "node:crypto";
import { PROPOSALS_KEPT_MAX } from "../base/limits.ts";
import type { NoteFields, NoteKind } from "../session/note.ts";
import type { Step } from "./carry.ts";
import { type Draft, lastTurn, withNewest } from "./draft.ts";
import type { ConversationFacts, Proposal, Turn } from "./facts.ts";
import { nextStepsOf } from "./speech.ts";

/** Unfinished todos that become next steps: the agent's list may be long, and the first of it are due. */
const TODOS_PROPOSED_MAX = 3;

interface Guess {
  readonly kind: NoteKind;
  readonly text: string;
  readonly fields?: NoteFields;
}

/** Adds a guess with its evidence; nothing where the evidence has no id or the same was said already. Returns its key. */
export function propose(draft: Draft, record: string | undefined, guess: Guess): string | undefined {
  if (record === undefined || guess.text === "") return undefined;
  const { kind, text, fields = {} } = guess;
  if (draft.proposals.some((known) => known.kind === kind && known.text === text)) return undefined;
  const ordinal = draft.proposals.filter(
    (known) => known.kind === kind && known.evidence.record === record,
  ).length;
  const proposal = proposalOf(draft, { kind, text, fields, record, ordinal });
  draft.proposals = withNewest(draft.proposals, proposal, PROPOSALS_KEPT_MAX);
  return proposal.key;
}

/** Takes a guess back that later events showed to be wrong. */
export function withdraw(draft: Draft, key: string): void {
  draft.proposals = draft.proposals.filter((known) => known.key !== key);
}

/**
 * What is next, as it stands: the steps that the last answer named, and what the agent's own list holds unfinished now
 * that its turn is over. Made anew each time, because what is done stops being next.
 */
export function nextProposals(draft: Draft): readonly Proposal[] {
  const turn = lastTurn(draft);
  const isOver = turn !== undefined && turn.outcome !== "open";
  const todos = draft.todos
    .filter(({ status, record }) => isOver && status !== "completed" && record !== undefined)
    .slice(0, TODOS_PROPOSED_MAX)
    .map(({ text, record = "", ordinal }): Step => ({ text, record: `${record} todo`, ordinal }));
  const steps = stepsNow(draft).filter(({ text }) => !todos.some((todo) => sameWords(todo.text, text)));
  return [...todos, ...steps].map(({ text, record, ordinal }) => {
    const proposal = proposalOf(draft, { kind: "next", text, fields: {}, record, ordinal });
    // A record may hold both a list of todos and words; the mark keeps their keys apart and is no part of the evidence.
    return { ...proposal, evidence: { ...proposal.evidence, record: record.replace(/ todo$/, "") } };
  });
}

/** The steps that stand after the last turn. A turn that changed nothing (a question, say) leaves the earlier ones as they are. */
export function stepsNow(draft: Draft): readonly Step[] {
  const turn = lastTurn(draft);
  const { steps, answerRecord } = draft.carry;
  if (turn?.outcome !== "answered" || turn.answer === undefined || answerRecord === undefined) return steps;
  const named = nextStepsOf(turn.answer);
  if (named.length === 0 && isQuiet(turn)) return steps;
  return named.map(
    (text, ordinal) =>
      steps.find((step) => sameWords(step.text, text)) ?? { text, record: answerRecord, ordinal },
  );
}

/** Facts with the guesses about what is next at their end. */
export function withNext(facts: ConversationFacts, next: readonly Proposal[]): ConversationFacts {
  return { ...facts, proposals: [...facts.proposals, ...next] };
}

/** Facts without them, to go on from. */
export function withoutNext(facts: ConversationFacts): ConversationFacts {
  return { ...facts, proposals: facts.proposals.filter(({ kind }) => kind !== "next") };
}

function isQuiet(turn: Turn): boolean {
  return turn.files.length === 0;
}

function sameWords(a: string, b: string): boolean {
  return words(a) === words(b);
}

function words(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

interface KeyedGuess extends Guess {
  readonly fields: NoteFields;
  readonly record: string;
  /** Which of its kind in that record, from 0. */
  readonly ordinal: number;
}

function proposalOf(draft: Draft, { kind, text, fields, record, ordinal }: KeyedGuess): Proposal {
  const source = [draft.conversation, record, kind, ...(ordinal === 0 ? [] : [ordinal])].join("\n");
  return {
    key: createHash("sha256").update(source).digest("hex"),
    kind,
    text,
    fields,
    evidence: { conversation: draft.conversation, record },
  };
}
