import { PROPOSAL_CHARS_MAX } from "../base/limits.ts";
import { listed, sentencesOf } from "./prose.ts";
import { rule } from "./rule.ts";

const SENTENCE_CHARS_MAX = 400;
const FINDINGS_PER_TEXT_MAX = 1;
/** With fewer words it says nothing that a later reader understands. */
const WORDS_MIN = 5;

const TURNS_OUT = rule("turns out", () => /^(?:so |and |as )?(?:it )?turns out,?\s+(?:that\s+)?(\S.*)$/i);
const ROOT_CAUSE = rule(
  "root cause|actual cause|real cause|ursache|cause prem|causa ra",
  () => /^((?:root cause|actual cause|real cause|ursache|cause première|causa raíz)\s*[:：]\s*\S.*)$/i,
);
const CAUSE_IS = rule(
  "the cause|culprit|root |real |actual |underlying ",
  () =>
    /^(?:found it: |so )?(the (?:root |real |actual |underlying )?(?:cause|culprit)(?: of .{2,80})? (?:is|was|turned out to be)\b.*|the (?:root|real|actual|underlying) (?:problem|issue|bug|reason)(?: .{2,60})? (?:is|was)\b.*)$/i,
);
const FOUND = rule(
  "found it|found the|gefunden",
  () => /^(?:found (?:it|the (?:bug|cause|problem|reason))|gefunden)\s*[:：—–-]\s*(\S.*)$/i,
);
const GUESSES =
  /\b(?:may|might|could be|probably|perhaps|maybe|likely|seems?|suspect|possibly|unclear|unknown|not (?:yet )?(?:clear|known)|whether)\b|[?？]$/i;

/** What an agent says it found out ("It turns out that…", "Root cause: …"), at most one a text; what it only suspects is none. */
export function findingsOf(text: string): readonly string[] {
  const found = sentencesOf(text).flatMap((sentence) => {
    if (sentence.length > SENTENCE_CHARS_MAX) return [];
    const words = (TURNS_OUT.exec(sentence) ??
      ROOT_CAUSE.exec(sentence) ??
      CAUSE_IS.exec(sentence) ??
      FOUND.exec(sentence))?.[1];
    if (words === undefined || words.split(/\s+/).length < WORDS_MIN || GUESSES.test(sentence)) return [];
    return [listed(words, PROPOSAL_CHARS_MAX)];
  });
  return found.slice(0, FINDINGS_PER_TEXT_MAX);
}
