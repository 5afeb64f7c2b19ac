import { PROPOSAL_CHARS_MAX } from "../base/limits.ts";
import { type Correction, directive } from "./correction.ts";
import { brief, sentencesOf } from "./prose.ts";
import { parted, type Reasoned } from "./reason.ts";
import { rule } from "./rule.ts";

const SENTENCE_CHARS_MAX = 400;
/** "Use X" in a longer prompt is a task; "I decided" is a decision in any. */
const ASIDE_CHARS_MAX = 600;
const PROMPT_CHARS_MAX = 8_000;
const DECISIONS_PER_TEXT_MAX = 3;

const NAMED = rule(
  "decided|decis|cision|entsch|決定|决定",
  () =>
    /^(?:(?:my |our )?decision|decided|entscheidung|entschieden|décision|decisión|decisão|決定|决定)\s*[:：]\s*(\S.*)$/i,
);

const I_CHOSE = rule(
  "chose|opted for|settled on|went with|gone with|picked",
  () =>
    /\b(?:i|we)(?:['’]ve| have)? (?:now )?(?:chose|chosen|opted for|settled on|went with|gone with|picked)\s+(?:to\s+)?(\S.*)$/i,
);
const I_DECIDED = rule(
  "decided",
  () =>
    /\b(?:i|we)(?:['’]ve| have)? (?:now |also )?decided\s*(?:[:：]\s*|(?:to|on|that|for|in favou?r of)\s+)(\S.*)$/i,
);
const WE_WILL = rule(
  " will |'ll |’ll |going to ",
  () =>
    /\b(?:i|we)(?:['’]ll| will|['’]m going to| am going to) ((?:go with|stick with|stay with|keep using)\s\S.*|(?:use|keep)\s[^.]{1,200}\s(?:instead of|rather than|over)\s.*)$/i,
);
/** How the work goes, not how the thing is built. */
const PROCEEDS =
  /^(?:to )?(?:look|start|begin|check|read|run|wait|skip|ask|stop|first|see|investigate|explore|search|continue|proceed|go (?:on|ahead)|test|verify|try|revert|focus|leave)/i;
const SOMEBODY_ELSES =
  /\b(?:as|like|what|since|because) (?:you|the (?:user|person|team))(?:['’]ve| have| had)? (?:decided|asked|wanted|said|suggested|requested|prefer(?:red)?|chose|told|mentioned)\b|\b(?:you|the user)(?:['’]ve| have)? (?:decided|chose|chosen)\b|\bper your\b/i;

/** Decisions that an agent's text states with their reason ("I chose X because Y") or under that very name. What it was told is none. */
export function decisionsOfAgent(text: string): readonly Reasoned[] {
  const decisions = sentencesOf(text).flatMap((sentence) => {
    if (sentence.length > SENTENCE_CHARS_MAX || isQuestion(sentence)) return [];
    const named = NAMED.exec(sentence)?.[1];
    const what = named ?? (I_DECIDED.exec(sentence) ?? I_CHOSE.exec(sentence) ?? WE_WILL.exec(sentence))?.[1];
    // What rules a sentence out is asked last: hardly any needs it, and each expression costs when it is first run.
    if (what === undefined || SOMEBODY_ELSES.test(sentence)) return [];
    if (named !== undefined) return [parted(named, { strict: true })];
    if (PROCEEDS.test(what)) return [];
    const decision = parted(what, { strict: true });
    return decision.why === undefined ? [] : [decision];
  });
  return decisions.filter(({ text }) => text !== "").slice(0, DECISIONS_PER_TEXT_MAX);
}

const LEAD = rule(
  "ok|yes|yeah|yep|fine|good|great|right|so|well|then|ja|oui|sí|—|–|-",
  () =>
    /^(?:(?:ok|okay|yes|yeah|yep|fine|good|great|alright|right|so|well|then|ja|oui|sí)[,.!:]*\s+|[—–-]\s+)+/i,
);
const LET_US = rule(
  " with|use|keep|switch to|stay on|move to",
  () =>
    /^(?:let['’]?s|we(?:['’]ll| will| should)|i(?:['’]d| would) (?:rather|prefer to|like to))\s+((?:go with|stick with|stay with|use|keep|switch to|do it with|stay on|move to)\s\S.*)$/i,
);
const GO_WITH = rule(
  " with|instead of|rather than",
  () =>
    /^((?:go|stick|stay) with\s\S.*|(?:go with|use|keep)\s[^.]{1,200}\s(?:instead of|rather than)\s\S.*)$/i,
);
const IT_IS = rule(" it is", () => /^(\S.{1,80}) it is(?: then)?[.!]*$/i);
const DECIDED_BY_PERSON = rule(
  "decided|agreed|settled",
  () =>
    /^(?:i|we)(?:['’]ve| have)? (?:now |finally |just |also )?(?:decided|agreed|settled)\s*(?:[:：]\s*|[,—–-]+\s+|(?:to|on|that|for|in favou?r of)\s+)(\S.*)$/i,
);
const DECIDED_AGAINST = rule(
  "decided not to|decided against",
  () => /^(?:i|we)(?:['’]ve| have)? (?:now |finally )?decided (?:not to|against)\s+(\S.*)$/i,
);

/**
 * Decisions in a person's prompt: "I decided: X", "let's go with X because Y", "use X instead of Y"; and, where the prompt
 * begins with a correction, what shall be so instead ("No, not Redis: we run on one machine").
 */
export function decisionsOfPerson(prompt: string, correction?: Correction): readonly Reasoned[] {
  if (prompt.length > PROMPT_CHARS_MAX) return [];
  const isShort = prompt.length <= ASIDE_CHARS_MAX;
  const sentences = sentencesOf(prompt);
  const directed = correction?.kind === "otherwise" ? [ofCorrection(correction)] : [];
  const decided = sentences.flatMap((sentence, at) => {
    if (sentence.length > SENTENCE_CHARS_MAX || isQuestion(sentence)) return [];
    const text = decidedIn(sentence, isShort);
    return text === undefined ? [] : [withReasonBehind(parted(text, { strict: false }), sentences[at + 1])];
  });
  const known = directed.map(({ text }) => text.toLowerCase());
  return [
    ...directed,
    ...decided.filter(({ text }) => !known.some((other) => other.includes(text.toLowerCase()))),
  ]
    .filter(({ text }) => text !== "")
    .slice(0, DECISIONS_PER_TEXT_MAX);
}

function ofCorrection({ words, more }: Correction): Reasoned {
  const { text, why } = parted(directive(words), { strict: false });
  return withReasonBehind({ text: text.replace(/,? (?:please|pls|bitte)$/i, ""), why }, more[0]);
}

function decidedIn(sentence: string, isShort: boolean): string | undefined {
  const words = sentence.slice(LEAD.exec(sentence)?.[0].length ?? 0);
  const against = DECIDED_AGAINST.exec(words)?.[1];
  if (against !== undefined) return `Not ${words.includes(" against ") ? "" : "to "}${against}`;
  const named = (NAMED.exec(words) ?? DECIDED_BY_PERSON.exec(words))?.[1];
  if (named !== undefined || !isShort) return named;
  return (LET_US.exec(words) ?? GO_WITH.exec(words) ?? IT_IS.exec(words))?.[1];
}

/** "Use the old client. It already retries.": the reason has a sentence of its own. */
function withReasonBehind(decision: Reasoned, next: string | undefined): Reasoned {
  if (decision.why !== undefined || next === undefined || !GIVES_REASON.test(next) || ASKS_MORE.test(next))
    return decision;
  return { ...decision, why: brief(next.replace(/[.!。]+$/, ""), PROPOSAL_CHARS_MAX) };
}

const GIVES_REASON =
  /^(?:it|that|they|we|there|our|nobody|because|the reason)(?:['’](?:s|re|ve))?\s+(?!(?:should|must|will|shall|need to)\b)\S/i;
const ASKS_MORE =
  /\b(?:should|must|needs? to|has to|have to|also|then|please|want you|could you|can you)\b|[?？]$/i;

function isQuestion(sentence: string): boolean {
  return sentence.endsWith("?") || sentence.endsWith("？");
}
