import { sha256 } from "../base/digest.ts";
import { PROPOSALS_KEPT_MAX } from "../base/limits.ts";
import type { NoteFields, NoteKind } from "../session/note.ts";
import { type Draft, withNewest } from "./draft.ts";
import type { ConversationFacts, Proposal } from "./facts.ts";
import { saysSame } from "./same.ts";

/** Of these kinds only the newest few are kept: a long conversation has dozens of commits, and they must not push decisions out. */
const KEPT_OF_KIND_MAX: { readonly [Kind in NoteKind]?: number } = { worked: 6, finding: 4 };

export interface Guess {
  readonly kind: NoteKind;
  readonly text: string;
  readonly fields?: NoteFields;
}

/**
 * Adds a guess with its evidence and returns its key; undefined where the evidence has no id. What was said already, in
 * these or nearly these words, stays one guess: it learns the reason it lacked, and keeps its key.
 */
export function propose(draft: Draft, record: string | undefined, guess: Guess): string | undefined {
  if (record === undefined || guess.text === "") return undefined;
  const { kind, text, fields = {} } = guess;
  const same = draft.proposals.find((known) => known.kind === kind && saysSame(known.text, text));
  if (same !== undefined) {
    const isBetter = fields.why !== undefined && same.fields.why === undefined;
    if (isBetter) revise(draft, same.key, { text, fields: { ...same.fields, ...fields } });
    else revise(draft, same.key, { text: same.text, fields: { ...fields, ...same.fields } });
    return same.key;
  }
  const ordinal = draft.proposals.filter(
    (known) => known.kind === kind && known.evidence.record === record,
  ).length;
  const proposal = proposalOf(draft, { kind, text, fields, record, ordinal });
  const max = KEPT_OF_KIND_MAX[kind] ?? PROPOSALS_KEPT_MAX;
  const ofKind = draft.proposals.filter((known) => known.kind === kind);
  if (ofKind.length >= max) withdraw(draft, ofKind[0]?.key ?? "");
  draft.proposals = withNewest(draft.proposals, proposal, PROPOSALS_KEPT_MAX);
  return proposal.key;
}

/** Says a guess better; its key stays. */
export function revise(
  draft: Draft,
  key: string,
  { text, fields }: { readonly text: string; readonly fields: NoteFields },
): void {
  draft.proposals = draft.proposals.map((known) => (known.key === key ? { ...known, text, fields } : known));
}

/** Takes a guess back that later events showed to be wrong. */
export function withdraw(draft: Draft, key: string): void {
  draft.proposals = draft.proposals.filter((known) => known.key !== key);
}

export function proposalWith(draft: Draft, key: string): Proposal | undefined {
  return draft.proposals.find((known) => known.key === key);
}

/** Facts with the guesses about what is next at their end. */
export function withNext(facts: ConversationFacts, next: readonly Proposal[]): ConversationFacts {
  return { ...facts, proposals: [...facts.proposals, ...next] };
}

/** Facts without them, to go on from. */
export function withoutNext(facts: ConversationFacts): ConversationFacts {
  return { ...facts, proposals: facts.proposals.filter(({ kind }) => kind !== "next") };
}

interface KeyedGuess extends Guess {
  readonly fields: NoteFields;
  readonly record: string;
  /** Which of its kind in that record, from 0. */
  readonly ordinal: number;
}

/** A guess with its key, which is made of where it stands and never of its words. */
export function proposalOf(
  draft: Pick<Draft, "conversation">,
  { kind, text, fields, record, ordinal }: KeyedGuess,
): Proposal {
  const source = [draft.conversation, record, kind, ...(ordinal === 0 ? [] : [ordinal])].join("\n");
  return {
    key: sha256(source),
    kind,
    text,
    fields,
    evidence: { conversation: draft.conversation, record },
  };
}
