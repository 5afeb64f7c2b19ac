import { PROPOSAL_CHARS_MAX } from "../base/limits.ts";
import { brief, sentencesOf } from "./prose.ts";
import { rule } from "./rule.ts";

/** A prompt longer than this is a new task that happens to begin with "no" or "actually". */
const CORRECTION_CHARS_MAX = 600;

/** What a person's prompt says against what the agent did: it was wrong, or it shall be done another way. */
export interface Correction {
  readonly kind: "wrong" | "otherwise";
  /** The person's first sentence. */
  readonly words: string;
  /** The sentences behind it, in which people say why. */
  readonly more: readonly string[];
}

const NO_CORRECTION =
  /^(?:no (?:problem|worries|need|idea|thanks|rush|hurry)|never ?mind|don'?t (?:worry|know|think|forget|you)|actually,? (?:can|could|would|is|are|do|does|what|how|why))\b/i;
const WRONG = [
  rule(
    "wrong|incorrect|broken|not ",
    () =>
      /^(?:no[,.!]*\s+)?(?:that|this|it)(?:'s| is| was) (?:still )?(?:wrong|incorrect|broken|not (?:right|what|how|working|correct))\b/i,
  ),
  rule(
    "doesn|does not|didn|did not|isn",
    () =>
      /^(?:no[,.!]*\s+)?(?:that|this|it) (?:still )?(?:doesn'?t|does not|didn'?t|did not|isn'?t) (?:work|working|right|help|what)\b/i,
  ),
  rule(
    "revert|undo|roll|take",
    () =>
      /^(?:no[,.!]*\s+)?(?:please )?(?:revert|undo|roll(?: that| it)? back|take (?:that|it|this) back)\b/i,
  ),
  rule("wrong|nope", () => /^(?:wrong|nope)\b/i),
  rule(
    "falsch|rückgängig|nicht",
    () => /^(?:das ist falsch|falsch|mach(?:e)? (?:das|es) rückgängig|das (?:geht|funktioniert) nicht)/i,
  ),
  rule(
    "faux|annule|marche pas|n'est pas",
    () => /^(?:c'est faux|annule|ça ne marche pas|ce n'est pas (?:ça|bon))/i,
  ),
  rule(" mal|deshaz|revierte|no funciona", () => /^(?:eso está mal|está mal|deshaz|revierte|no funciona)/i),
  rule(
    " errado|desfaz|reverte|o funciona",
    () => /^(?:isso está errado|está errado|desfaz|reverte|não funciona)/i,
  ),
  rule("違|元に戻|不对|错了|撤销|回退", () => /^(?:違う|違います|元に戻して|不对|错了|撤销|回退)/),
];
const OTHERWISE = [
  rule("no|nah|nein|não", () => /^(?:no|nah|nein|non|não)(?:[,.:;!]+|\s+[—–-]+)\s+\S/i),
  rule("don|do not|never|stop", () => /^(?:please )?(?:don'?t|do not|never|stop)\s+\w/i),
  rule("actually", () => /^actually[,\s]/i),
  rule("instead", () => /^instead\b/i),
  rule(
    "nicht|stattdessen|lieber|utilise|o use|usa ",
    () => /^(?:nicht |stattdessen|lieber |n'utilise pas|utilise plutôt|no uses|usa mejor|não use|usa antes)/i,
  ),
];
/** "Not Redis", "no new dependencies": an option is refused, whatever was done. "Not yet" and "not sure" refuse none. */
const REFUSES_OPTION = rule(
  "not|no |kein|pas de |sin ",
  () =>
    /^(?:(?:no|nope|nah|nein|non|não)(?:[,.:;!]+|\s+[—–-]+)\s+)?(?:not(?: with| in| via| by| through)?|(?:please )?no (?:new|more|extra|additional|external|other|third-party)|kein(?:e|en)?|pas de|sin) (?!yet|now|sure|really|quite|what|that\b|this\b|how|right|working|exactly|like|so\b|good|okay|ok\b|bad|at all|again|only|just|a problem|every|all\b|necessarily|correct|today|here|there|for now|enough|always|my|if|when|before|until|problem|idee|ahnung|questions?|issues?|problems?|errors?)\S/i,
);
/** Behind "no,": a refusal of one thing. */
const NO_THING = rule(
  "no ",
  () => /^(?:no|nope|nah)(?:[,.:;!]+|\s+[—–-]+)\s+no (?!problem|idea|need|worries|way|one\b)\S/i,
);
/** Words of a person who says what to do; without one, "no, …" only says that something is not so. */
const DIRECTS =
  /\b(?:use|keep|put|make|do|don'?t|do not|never|stop|let'?s|go|instead|leave|only|just|must|should|add|remove|drop|rename|move|stay|nimm|nutze|lass|utilise|garde|usa|deja|mantén|mantém)\b/i;

/** Reads only the beginning of a short prompt: people correct first and explain afterwards. Undefined for anything else. */
export function correctionOf(prompt: string): Correction | undefined {
  if (prompt.length > CORRECTION_CHARS_MAX) return undefined;
  const [one = "", ...others] = sentencesOf(prompt);
  // "No! Use pnpm." is one thought.
  const isNo = /^(?:no|nah|nein|non|não|stop)[.!]*$/i.test(one);
  const first = isNo ? `${one} ${others[0] ?? ""}`.trim() : one;
  const more = isNo ? others.slice(1) : others;
  if (first.endsWith("?") || first.endsWith("？")) return undefined;
  const kind = kindOf(first);
  // Asked last: hardly any prompt needs it, and each expression costs when it is first run.
  if (kind === undefined || NO_CORRECTION.test(first)) return undefined;
  return { kind, words: brief(first, PROPOSAL_CHARS_MAX), more };
}

function kindOf(first: string): Correction["kind"] | undefined {
  if (REFUSES_OPTION.test(first) || NO_THING.test(first)) return "otherwise";
  if (WRONG.some((pattern) => pattern.test(first))) return "wrong";
  if (!OTHERWISE.some((pattern) => pattern.test(first))) return undefined;
  return DIRECTS.test(first) ? "otherwise" : "wrong";
}

/** "No, use the old client" without the "no": what shall be so. */
export function directive(words: string): string {
  const text = words.replace(LEADING_NO, "");
  return text === "" ? words : `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

const LEADING_NO =
  /^(?:(?:no|nope|nah|nein|non|não|stop)(?:[,.:;!]+\s+|\s+[—–-]+\s+)|(?:actually|instead(?!\s+of\b)|please)[,.:;!]*\s+(?:[—–-]+\s+)?)+/i;

/** What a correction complains of, without the words that only complain: "that's wrong, the retries are gone". "" where nothing is left. */
export function complaint({ words, more }: Correction): string {
  const rest = words
    .replace(ONLY_COMPLAINS, "")
    .replace(/[.!]+$/, "")
    .trim();
  if (rest.split(/\s+/).length >= 2) return brief(rest, PROPOSAL_CHARS_MAX);
  const next = more.find(
    (sentence) => !/^(?:please |pls )?(?:revert|undo|roll|take|fix|try|do|use|make)\b/i.test(sentence),
  );
  return brief((next ?? "").replace(/[.!]+$/, ""), PROPOSAL_CHARS_MAX);
}

const ONLY_COMPLAINS =
  /^(?:(?:no|nope|nah|nein|non|não|wrong|falsch)\b[,.:;!\s]*(?:[—–-]+\s*)?)?(?:(?:(?:that|this|it)(?:'s| is| was)? (?:still )?(?:wrong|incorrect|broken|not right|not correct|not working|(?:doesn'?t|does not|didn'?t|did not) (?:work|help)))|(?:please )?(?:revert|undo|roll back|take back)(?: (?:that|it|this|the change|everything))?(?: please)?)?(?:[,.:;!—–-]+\s*|\s+(?=because|since|and|but))?(?:because |since |and |but )?/i;
