import { PROPOSAL_CHARS_MAX } from "../base/limits.ts";
import { headingOf, type Item, itemsBelow, type Line, linesOf, listed, sentencesIn } from "./prose.ts";
import { parted, reasonOf } from "./reason.ts";
import { rule } from "./rule.ts";

/** What somebody says was tried and did not work. */
export interface Attempt {
  /** The approach: short, and clear without what stood around it. */
  readonly text: string;
  readonly why: string | undefined;
  readonly lesson: string | undefined;
}

const ATTEMPTS_MAX = 5;
const SENTENCE_CHARS_MAX = 400;
/** How far behind an attempt its outcome may stand, in sentences. */
const OUTCOME_WITHIN = 3;

/** Headings over what was tried in vain: an item below needs no reason to count. */
const DEAD_ENDS = rule(
  "dead|failed|tried|rejected|abandoned|discarded|fehlversuche|gescheiterte|échecs|intentos|失败|うまく",
  () =>
    /^(?:dead[- ]ends?|failed (?:approach(?:es)?|attempts?|experiments?|ideas?)|(?:approaches|things|ideas|what)(?: (?:i|we)(?:['’]ve)?)? tried(?: that| and| but)? (?:failed|(?:did|does)(?:n['’]t| not) work)|what (?:i|we)['’]ve tried|tried (?:and|but) (?:failed|abandoned|reverted|rejected|(?:it )?did(?:n['’]t| not) work)|(?:rejected|abandoned|discarded) (?:approach(?:es)?|alternatives?|ideas?|options?)|fehlversuche|gescheiterte ansätze|échecs|intentos fallidos|失败的尝试|うまくいかなかったこと)(?: (?:hit|kept|so far|log|and lessons(?: learned)?))?$/i,
);
/** Headings that may also stand over bugs or tests: an item below needs its reason. */
const FAILURES = rule(
  "failed|work|tried|attempts|was nicht|ce qui n|lo que no",
  () =>
    /^(?:what (?:has |have )?(?:failed|(?:did|does)(?:n['’]t| not) work)|(?:things that )?(?:did|does)(?:n['’]t| not) work|tried(?: so far)?|attempts|was nicht (?:ging|funktioniert(?: hat)?)|ce qui n['’]a pas marché|lo que no funcionó)(?: (?:so far|and why|and lessons(?: learned)?))?$/i,
);
const TRIED = rule(
  "tried|try|attempt|approach|idea|experiment|versucht|essay|probado",
  () =>
    /^(?:also )?(?:tried|attempted|attempt(?: \d+)?|(?:first|second|third|my first|the first) (?:try|attempt|approach|idea)|experiment|approach(?: \d+)?|versucht|essayé|probado)$/i,
);
/** Signs of what became of an attempt, behind its label. */
const OUTCOME =
  /^(?:but |however,? |yet |unfortunately,? |sadly,? )?(?:(?:it|this|that|they|which|the result|result)[\s:]+(?:still |simply |just |always |then |also )?)?(?:failed|fails|broke|breaks|(?:did|does|do|would|could|can|wo)(?:n['’]t| not)\b|cannot|can['’]t|won['’]t|never|was (?:too|not|wrong)|is (?:too|not)\b|deadlock|crash|hang|hung|leak|los[te]|caused|causes|made .{1,60} (?:worse|slower)|turned out (?:not|to be (?:too|wrong|a dead end))|no (?:effect|improvement|difference))/i;
const TAKEN_BACK =
  /^(?:so (?:i|we) |(?:i|we)(?:['’]ve| have)? |i['’]m )?(?:have )?(?:now )?(?:undone|undid|reverted|reverting|rolled (?:it |that |this )?back|backed (?:it |that |this )?out|took (?:it|that|this) (?:back|out)|taken (?:it )?(?:back|out)|taking (?:it|that|this) back|removed (?:it )?again|abandoned|given up|gave (?:it )?up|zurückgenommen|annulé|revertido)\b/i;
const LESSON = /^(?:lessons?(?: learn(?:ed|t))?|takeaway|learned|merke)\s*[:：]\s*(\S.*)$/i;

const SURE_LABEL = rule(
  "dead|failed|abandoned|ruled out|discarded|tried",
  () =>
    /^(?:dead[- ]end|failed (?:approach|attempt|experiment|idea)|abandoned|ruled out|discarded|tried (?:and|but) (?:failed|reverted|abandoned))$/i,
);

/**
 * Statements of failure in somebody's words, in their order: "Tried: X. It failed because Y.", "I tried X but Y", "X didn't
 * work because Y", items under "What failed". `tookBack`: changes were undone just before, so that a bare "Tried: X" and
 * "X doesn't work" are about them. Bugs, failing tests and commands that failed are none. Linear.
 */
export function attemptsOf(text: string, { tookBack }: { readonly tookBack: boolean }): readonly Attempt[] {
  const lines = linesOf(text);
  const found: Attempt[] = [];
  for (let at = 0; at < lines.length && found.length < ATTEMPTS_MAX; ) {
    const list = listAt(lines, at);
    const line = lines[at];
    if (list !== undefined) found.push(...list.found.filter(({ text }) => isApproach(text)));
    else if (line !== undefined && line.kind !== "row")
      found.push(...ofSentences(sentencesIn(line.text), tookBack).filter(({ text }) => isApproach(text)));
    at += list === undefined ? 1 : list.lines;
  }
  return found.slice(0, ATTEMPTS_MAX);
}

/** The list below a heading that says that its items failed, and how many lines it has with its heading. */
function listAt(
  lines: readonly Line[],
  at: number,
): { readonly found: readonly Attempt[]; readonly lines: number } | undefined {
  const below = lines[at + 1]?.kind;
  if (below !== "item" && below !== "row") return undefined;
  const { name, rest } = headingOf(lines[at]?.text ?? "");
  const isSure = DEAD_ENDS.test(name);
  if (rest !== "" || !(isSure || FAILURES.test(name))) return undefined;
  const items = itemsBelow(lines, at);
  if (items.length === 0) return undefined;
  // Rows of a table are passed over anyway.
  const passed = below === "row" ? 0 : items.reduce((sum, item) => sum + 1 + item.below.length, 0);
  return { found: items.flatMap((item) => ofItem(item, isSure)), lines: 1 + passed };
}

/** `**Session tokens**: lost at restart`, `Polling → too slow`, with `Problem:` and `Lesson learned:` below. */
function ofItem({ text, below }: Item, isSure: boolean): readonly Attempt[] {
  const item = text
    .replaceAll("~~", "")
    .replace(/^[✗✘✖❌xX]\s+/u, "")
    .replace(/^\[?\d{4}-\d{2}-\d{2}\]?[:,]?\s+/, "")
    .replace(/^(?:approach|tried|attempt)(?: \d+)?\s*[:：]\s*/i, "");
  const sentences = sentencesIn(item.slice(0, SENTENCE_CHARS_MAX));
  const stated = ofSentences(sentences, true)[0];
  const why = fieldOf(below, /^(?:why(?: it failed)?|reason|because|root cause|grund)\s*[:：]\s*(\S.*)$/i);
  const problem = fieldOf(below, /^(?:problem|issue|result|outcome|error)\s*[:：]\s*(\S.*)$/i);
  const lesson = fieldOf(below, LESSON);
  const own = stated ?? itemParted(sentences);
  const reason = why ?? problem ?? own.why ?? reasonOf(below[0] ?? "");
  if (reason === undefined && !isSure) return [];
  return [{ text: own.text, why: reason, lesson: lesson ?? own.lesson }];
}

function fieldOf(lines: readonly string[], label: RegExp): string | undefined {
  for (const line of lines) {
    const value = label.exec(line.slice(0, SENTENCE_CHARS_MAX))?.[1];
    if (value !== undefined) return reasonOf(value);
  }
  return undefined;
}

const ITEM_PARTS = /\s(?:→|->|=>|—|–|-)\s|[:：]\s|\s+because\s+|,\s+(?:but|which)\s+|;\s+/i;

function itemParted(sentences: readonly string[]): Attempt {
  const [first = "", second = ""] = sentences;
  // Marks within code and brackets part nothing; a mask of the same length keeps every place.
  const masked = first.replaceAll(/`[^`]{0,200}`|\([^()]{0,200}\)/g, (part) => "_".repeat(part.length));
  const match = ITEM_PARTS.exec(masked);
  const text = match === null ? first : first.slice(0, match.index);
  const why = match === null ? reasonOf(second) : reasonOf(first.slice(match.index + match[0].length));
  return { text: listed(text, PROPOSAL_CHARS_MAX), why, lesson: undefined };
}

function ofSentences(sentences: readonly string[], tookBack: boolean): readonly Attempt[] {
  const found: Attempt[] = [];
  for (const [at, sentence] of sentences.entries()) {
    if (sentence.length > SENTENCE_CHARS_MAX || /[?？]$/.test(sentence)) continue;
    const after = sentences.slice(at + 1, at + 1 + OUTCOME_WITHIN);
    const attempt =
      (/[:：]/.test(sentence) ? labelled(sentence, after, tookBack) : undefined) ??
      triedBut(sentence, after) ??
      didNotWork(sentence, after, tookBack) ??
      takenBack(sentence);
    // Asked last: hardly any sentence needs it, and each expression costs when it is first run.
    if (attempt !== undefined && !HYPOTHETICAL.test(sentence)) found.push(attempt);
  }
  return found;
}

const HYPOTHETICAL =
  /^(?:if|when|unless|should|would|could|maybe|perhaps|you|have you|did you|in case|wenn|falls)\b/i;

/** "Tried: X. It failed because Y. Undone." */
function labelled(sentence: string, after: readonly string[], tookBack: boolean): Attempt | undefined {
  const { name, rest } = headingOf(sentence);
  if (rest === "") return undefined;
  const isSure = SURE_LABEL.test(name) || DEAD_ENDS.test(name);
  const isFailure = isSure || (FAILURES.test(name) && !TRIED.test(name));
  if (!isFailure && !TRIED.test(name)) return undefined;
  const [text = "", ...clauses] = rest.split(
    /[,;]\s+(?=(?:but|however|which|it|that)\b)|\s+(?=but\s)|\s(?:→|->|—|–)\s/i,
  );
  const own = parted(text, { strict: true });
  const outcome = outcomeIn([...clauses, ...after]);
  // Who names a second attempt has given the first up.
  const another = after.findIndex((next) => TRIED.test(headingOf(next).name));
  const isGivenUp = isFailure || another !== -1;
  const behind = isGivenUp && another !== 0 && !TAKEN_BACK.test(after[0] ?? "") ? after[0] : undefined;
  const why = own.why ?? outcome.why ?? reasonOf(behind ?? "");
  const counts = isSure || outcome.failed || tookBack || (isGivenUp && why !== undefined);
  return counts ? { text: own.text, why, lesson: outcome.lesson } : undefined;
}

/** What the sentences behind an attempt say of it, up to the first that is about something else. */
function outcomeIn(sentences: readonly string[]): {
  readonly failed: boolean;
  readonly why: string | undefined;
  readonly lesson: string | undefined;
} {
  let failed = false;
  let why: string | undefined;
  let lesson: string | undefined;
  for (const sentence of sentences.slice(0, OUTCOME_WITHIN)) {
    const learned = LESSON.exec(sentence)?.[1];
    if (learned !== undefined) lesson = reasonOf(learned);
    else if (TAKEN_BACK.test(sentence)) failed = true;
    else if (OUTCOME.test(sentence)) {
      failed = true;
      why ??= reasonOf(sentence);
    } else if (failed && /^(?:because|the reason|reason)\b/i.test(sentence)) {
      why ??= reasonOf(sentence.replace(/^(?:the )?reason(?: is| was)?(?: that)?[:\s]+/i, ""));
    } else break;
  }
  return { failed, why, lesson };
}

const I_TRIED = rule(
  "tried|attempted|experimented|versucht|essay",
  () =>
    /^(?:\S{1,20}[,:]\s+)?(?:(?:at )?first,? |initially,? |so |then |earlier,? |also,? )*(?:(?:i|we)(?:['’](?:ve|d)| have| had)?(?: (?:also|first|initially|briefly|then|already|even))* (?:tried|attempted|experimented with)|(?:tried|ich habe versucht|j['’]ai essayé(?: de)?))\s+(\S.*)$/i,
);
const BUT =
  /(?:[,;.—–-]|\s)\s*(?:but|however|yet|only to (?:find|see|learn)(?: out)?(?: that)?|though)\s*,?\s+/i;
const WHICH = /,\s+(?:which|and (?:it|that))\s+/i;
/** Steps on the way that did not go: a file not there, a server not up. They say nothing of an approach. */
const ERRAND =
  /^(?:to )?(?:re-?)?(?:run(?:ning)? (?:the\b|all\b|it\b|them\b|`|npm|yarn|pnpm|make|cargo|pytest|\w+ (?:test|build))|read|reading|open|opening|find|finding|look|looking|search|searching|fetch|fetching|access|accessing|load|loading|reach|reaching|connect|connecting|check|checking|see|locate|list|grep|ask|view|reproduc|execut|start|deploy|install|download|upload|publish|push|pull|clon|migrat|call the|log in|get the|both)/i;
const POSITIVE =
  /^(?:(?:it|that|this)\s+)?(?:now\s+)?(?:works|worked|passes|passed|is fine|succeeded|did work)\b(?! only)/i;

/** "I tried X, but Y"; "I tried X. It failed because Y." */
function triedBut(sentence: string, after: readonly string[]): Attempt | undefined {
  const rest = I_TRIED.exec(sentence)?.[1];
  if (rest === undefined || ERRAND.test(rest)) return undefined;
  const but = BUT.exec(rest);
  if (but !== null && but.index > 0) {
    const clause = rest.slice(but.index + but[0].length);
    if (POSITIVE.test(clause)) return undefined;
    const outcome = outcomeIn(after);
    return {
      text: approachOf(rest.slice(0, but.index)),
      why: whyOf(clause) ?? outcome.why,
      lesson: outcome.lesson,
    };
  }
  const which = WHICH.exec(rest);
  const clause = which === null ? "" : rest.slice(which.index + which[0].length);
  const outcome = outcomeIn(which === null ? after : [clause, ...after]);
  if (!outcome.failed) return undefined;
  return {
    text: approachOf(which === null ? rest : rest.slice(0, which.index)),
    why: outcome.why,
    lesson: outcome.lesson,
  };
}

/** "switched back because Y" gives Y; any other clause is the reason itself. */
function whyOf(clause: string): string | undefined {
  const reason = /\sbecause(?: of)?\s+(\S.*)$/i.exec(clause)?.[1];
  return reasonOf(reason ?? clause);
}

const NOT_WORKING = rule(
  " work| help|failed| a dead|had to be|backfired|nowhere|made ",
  () =>
    /^(.{2,160}?)\s+((?:did|does|do|would|could|can)(?:n['’]t| not) (?:work|help)|cannot work|won['’]t work|failed|(?:is|was|were) a dead[- ]end|turned out (?:not to work|to be a dead[- ]end)|had to be (?:reverted|undone|abandoned|dropped)|backfired|went nowhere|made (?:no difference|(?:it|things|everything|matters) (?:worse|slower)))\b(?: (?:out|here|either|at all|as (?:expected|hoped)))?(.*)$/i,
);
const GIVES_REASON = /^\s*(?:[,;:—–-]|\()?\s*(?:because(?: of)?|since|as|due to|:|—|–)?\s*/i;
/** Who says "approach" or begins with what was done speaks of something tried, not of a bug. */
const NAMES_APPROACH =
  /\b(?:approach|attempt|idea|fix|workaround|solution|trick|strategy|experiment|first version|variant|plan|ansatz)\b|^(?:just |simply |only )?(?!during|nothing|something|anything|everything|building|running|testing|linting|compiling|loading|string|thing)[a-z]{2,20}ing\s+\S/i;

/** "X didn't work because Y", "X doesn't work: Y, so I reverted it". */
function didNotWork(sentence: string, after: readonly string[], tookBack: boolean): Attempt | undefined {
  const [, what = "", verdict = "", tail = ""] = NOT_WORKING.exec(sentence) ?? [];
  if (what === "" || /^\s*(?:to|on|for|in|with|when|until)\b/i.test(tail)) return undefined;
  const isAbout = NAMES_APPROACH.test(what) || tookBack || TAKES_BACK_WITHIN.test(tail) || isTakenBack(after);
  if (!isAbout || NO_APPROACH.test(what) || TESTS.test(what) || ERRAND.test(what)) return undefined;
  const marked = GIVES_REASON.exec(tail)?.[0].trim() ?? "";
  const why = marked === "" ? outcomeIn(after).why : reasonOf(tail.replace(GIVES_REASON, ""));
  if (why === undefined && verdict.startsWith("made"))
    return { text: approachOf(what), why: `it ${verdict}`, lesson: undefined };
  if (why === undefined) return undefined;
  return { text: approachOf(what), why, lesson: undefined };
}

const TAKES_BACK_WITHIN =
  /\b(?:reverted|undid|undone|rolled .{0,20}back|backed .{0,20}out|took (?:it|that|this) (?:back|out))\b/i;

function isTakenBack(after: readonly string[]): boolean {
  return after.slice(0, 2).some((sentence) => TAKEN_BACK.test(sentence));
}

const TOOK_BACK = rule(
  "reverted|undid|rolled back|backed out|abandoned|gave up on|took back|dropped|discarded|ruled out",
  () =>
    /^(?:so |then )?(?:(?:i|we)(?:['’]ve| have)? )?(?:then )?(?:reverted|undid|rolled back|backed out|abandoned|gave up on|took back|dropped|discarded|ruled out)\s+(.{4,160}?)(?:[,;:—–-]?\s+(?:because(?: of)?|since|due to)\s+|:\s+)(\S.*)$/i,
);

/** "Reverted X because Y". */
function takenBack(sentence: string): Attempt | undefined {
  const [, what = "", reason = ""] = TOOK_BACK.exec(sentence) ?? [];
  if (what === "" || NO_APPROACH.test(what)) return undefined;
  return { text: approachOf(what), why: reasonOf(reason), lesson: undefined };
}

function approachOf(text: string): string {
  return listed(
    text
      .replace(/^to\s+/i, "")
      .replace(/^(?:my|the|our) (?:first|second|third|last|other) (?:attempt|try|approach|idea),\s+/i, "")
      .replace(/,$/, "")
      .replace(/^(?:using|with)\s+(?=(?:an?|the)\s)/i, ""),
    PROPOSAL_CHARS_MAX,
  );
}

/** What points at something said before, or is a test, a command or a person and no approach. */
const NO_APPROACH =
  /^(?:none\b.*|n\/a|it|this|that|they|these|those|which|what|he|she|i|we|you|nothing|something|everything|(?:the |my |this |that |all )?(?:first |last |other |same )?(?:changes?|edits?|one|approach|attempt|method|idea|fix|commit|above|tests?|builds?|ci|lint(?:er)?|command|script|job|pipeline|request|step|type-?check|suite)s?(?: (?:above|run|suite))?|`[^`]{1,120}`)$/i;
/** "The test for X failed because …" tells of a test. */
const TESTS =
  /^(?:(?:the|a|this|that|one|all|\d+|several|some) )?(?:\w+ )?(?:tests?|specs?|builds?|checks?)\b/i;

function isApproach(text: string): boolean {
  return text.length >= APPROACH_CHARS_MIN && !NO_APPROACH.test(text);
}

const APPROACH_CHARS_MIN = 4;
