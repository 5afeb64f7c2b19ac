import type { TranscriptItem } from "../agent/agent.ts";
import { PROPOSAL_CHARS_MAX } from "../base/limits.ts";
import { attemptsOf } from "./attempt.ts";
import { withdrawCommitted } from "./committed.ts";
import { type Correction, complaint, correctionOf } from "./correction.ts";
import { decisionsOfAgent, decisionsOfPerson } from "./decision.ts";
import type { Draft } from "./draft.ts";
import { withinFolder } from "./edit.ts";
import type { Turn } from "./facts.ts";
import { proposeAttempts, remember } from "./failed.ts";
import { findingsOf } from "./finding.ts";
import { intentOf } from "./intent.ts";
import { optionPicked } from "./option.ts";
import { propose } from "./proposal.ts";
import { brief, listed, sentencesOf, shortPaths } from "./prose.ts";
import { parted } from "./reason.ts";

type Item<Type extends TranscriptItem["type"]> = Extract<TranscriptItem, { readonly type: Type }>;

/** A prompt as short as this says whole what a turn was about. */
const SHORT_PROMPT_CHARS = 80;
const FILES_NAMED_MAX = 3;

/** What the person's words say about what was done before, and what they decide. Returns true for a correction. */
export function hear(draft: Draft, item: Item<"prompt">, before: Turn | undefined): boolean {
  const correction = before === undefined ? undefined : correctionOf(item.text);
  const { refused } = draft.carry;
  draft.carry.refused = undefined;
  if (refused !== undefined) {
    const why = correction?.words ?? brief(sentencesOf(item.text)[0] ?? "", PROPOSAL_CHARS_MAX);
    propose(draft, refused.record, { kind: "failed", text: `${refused.what} was refused`, fields: { why } });
    if (correction?.kind === "otherwise") return true;
  } else if (correction?.kind === "wrong" && before !== undefined) {
    proposeTurnedDown(draft, item, { correction, before });
  }
  const option = optionPicked(item.text, before?.answer ?? "");
  const decided =
    option === undefined ? decisionsOfPerson(item.text, correction) : [parted(option, { strict: true })];
  for (const { text, why } of decided) {
    propose(draft, item.record, {
      kind: "decision",
      text,
      fields: { ...(why === undefined ? {} : { why }), approved: "by the person" },
    });
  }
  return correction !== undefined;
}

/** Words against words say little; against changed files they say that an approach failed. */
function proposeTurnedDown(
  draft: Draft,
  item: Item<"prompt">,
  { correction, before }: { readonly correction: Correction; readonly before: Turn },
): void {
  if (before.files.length === 0) return;
  const { subjects } = draft.carry;
  const text = approachOf(before, subjects, item.cwd);
  withdrawCommitted(draft, subjects);
  const files = before.files.slice(0, FILES_NAMED_MAX).map((path) => withinFolder(path, item.cwd));
  const why =
    complaint(correction) || `the person turned it down: “${correction.words.replace(/[.!]+$/, "")}”`;
  const key = propose(draft, item.record, {
    kind: "failed",
    text,
    fields: { why: brief(why, PROPOSAL_CHARS_MAX), file: files.join(", ") },
  });
  if (key !== undefined) remember(draft, key, "words");
}

/** What a turn had done, in the words of its commit, else of its answer, else of the person if they were few. */
function approachOf(
  { answer, files, prompt }: Turn,
  subjects: readonly string[],
  cwd: string | undefined,
): string {
  const committed = subjects.at(-1);
  if (committed !== undefined) return brief(committed, PROPOSAL_CHARS_MAX);
  const done = sentencesOf(answer ?? "").find(
    (sentence) => DID.test(sentence) && sentence.length <= PROPOSAL_CHARS_MAX,
  );
  if (done !== undefined) return listed(done.replace(I_DID, ""), PROPOSAL_CHARS_MAX);
  const where = shortPaths(files.map((path) => withinFolder(path, cwd)));
  const isShort = prompt.length <= SHORT_PROMPT_CHARS && !prompt.includes("\n");
  return isShort ? `What was done in ${where} for “${prompt}”` : `What was done in ${where}`;
}

const I_DID = /^(?:done[.:,!—–-]*\s+)?(?:(?:i|we)(?:['’]ve| have)? )?(?:now |just |also )?/i;
const DID =
  /^(?:done[.:,!—–-]*\s+)?(?:(?:(?:i|we)(?:['’]ve| have)? )(?:now |just |also )?(?:[a-z]{3,}ed|made|wrote|rewrote|built|put|set|split|kept|took|gave)|(?:added|replaced|changed|implemented|moved|rewrote|renamed|switched|removed|updated|created|introduced|made|refactored|extracted|wrapped|cached|merged|split))\s+\S+\s+\S/i;

/** What the agent's words say that failed, was decided or was found out; and what it is about to do. */
export function takeStatements(draft: Draft, { record, text }: Item<"answer">): void {
  const tookBack = draft.carry.failed.some(({ by }) => by === "undo");
  proposeAttempts(draft, record, attemptsOf(text, { tookBack }));
  for (const { text: decided, why } of decisionsOfAgent(text)) {
    propose(draft, record, { kind: "decision", text: decided, fields: why === undefined ? {} : { why } });
  }
  for (const found of findingsOf(text)) propose(draft, record, { kind: "finding", text: found });
  draft.carry.intent = intentOf(text);
}
