import { PROPOSAL_CHARS_MAX } from "../base/limits.ts";
import { brief, plain, sentencesOf } from "./prose.ts";

/** A prompt longer than this is a new task that happens to begin with "no" or "actually". */
const CORRECTION_CHARS_MAX = 600;
const SENTENCE_CHARS_MAX = 400;
const DECISIONS_PER_TEXT_MAX = 2;
const STEPS_MAX = 3;

/** What a person's prompt says against what the agent did: it was wrong, or it shall be done another way. */
export interface Correction {
  readonly kind: "wrong" | "otherwise";
  /** The person's first sentence. */
  readonly words: string;
}

const NO_CORRECTION =
  /^(?:no (?:problem|worries|need|idea|thanks|rush|hurry)|never ?mind|don'?t (?:worry|know|think|forget|you)|actually,? (?:can|could|would|is|are|do|does|what|how|why))\b/i;
const WRONG = [
  /^(?:no[,.!]*\s+)?(?:that|this|it)(?:'s| is| was) (?:still )?(?:wrong|incorrect|broken|not (?:right|what|how|working|correct))\b/i,
  /^(?:no[,.!]*\s+)?(?:that|this|it) (?:still )?(?:doesn'?t|does not|didn'?t|did not|isn'?t) (?:work|working|right|help|what)\b/i,
  /^(?:no[,.!]*\s+)?(?:please )?(?:revert|undo|roll(?: that| it)? back|take (?:that|it|this) back)\b/i,
  /^(?:wrong|nope)\b/i,
  /^(?:das ist falsch|falsch|mach(?:e)? (?:das|es) rückgängig|das (?:geht|funktioniert) nicht)/i,
  /^(?:c'est faux|annule|ça ne marche pas|ce n'est pas (?:ça|bon))/i,
  /^(?:eso está mal|está mal|deshaz|revierte|no funciona)/i,
  /^(?:isso está errado|está errado|desfaz|reverte|não funciona)/i,
  /^(?:違う|違います|元に戻して|不对|错了|撤销|回退)/,
];
const OTHERWISE = [
  /^(?:no|nah|nein|non|não)(?:[,.:;!]+|\s+[—–-]+)\s+\S/i,
  /^(?:please )?(?:don'?t|do not|never|stop)\s+\w/i,
  /^actually[,\s]/i,
  /^instead\b/i,
  /^(?:nicht |stattdessen|lieber |n'utilise pas|utilise plutôt|no uses|usa mejor|não use|usa antes)/i,
];
/** Words of a person who says what to do; without one, "no, …" only says that something is not so. */
const DIRECTS =
  /\b(?:use|keep|put|make|do|don'?t|do not|never|stop|let'?s|go|instead|leave|only|just|must|should|add|remove|drop|rename|move|stay|nimm|nutze|lass|utilise|garde|usa|deja|mantén|mantém)\b/i;

/** Reads only the beginning of a short prompt: people correct first and explain afterwards. Undefined for anything else. */
export function correctionOf(prompt: string): Correction | undefined {
  if (prompt.length > CORRECTION_CHARS_MAX) return undefined;
  const [one = "", two = ""] = sentencesOf(prompt);
  // "No! Use pnpm." is one thought.
  const first = /^(?:no|nah|nein|non|não|stop)[.!]*$/i.test(one) ? `${one} ${two}`.trim() : one;
  if (first === "" || first.endsWith("?") || first.endsWith("？") || NO_CORRECTION.test(first))
    return undefined;
  const words = brief(first, PROPOSAL_CHARS_MAX);
  if (WRONG.some((pattern) => pattern.test(first))) return { kind: "wrong", words };
  if (OTHERWISE.some((pattern) => pattern.test(first))) {
    return { kind: DIRECTS.test(first) ? "otherwise" : "wrong", words };
  }
  return undefined;
}

/** "No, use the old client" without the "no": what shall be so. */
export function directive(words: string): string {
  const text = words.replace(
    /^(?:(?:no|nope|nah|nein|non|não|actually|instead)[,.:;!]*\s+(?:[—–-]+\s+)?)+/i,
    "",
  );
  return text === "" ? words : `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

export interface Decision {
  readonly text: string;
  readonly why: string | undefined;
}

const AGENT_DECIDES =
  /\b(?:i|we)(?:'ve| have)? (?:decided|chose|chosen|opted|settled on|went with|picked)\b|\b(?:i|we)(?:'ll| will|'m going to| am going to) (?:go with|stick with|stay with|keep using)\b|\b(?:i|we)(?:'ll| will) (?:use|keep) [^.]{1,200} (?:instead of|rather than)\b/i;
const PERSON_DECIDES =
  /^(?:(?:ok|okay|yes|yeah|fine|good|great|alright)[,.!]*\s+)*(?:let'?s|we(?:'ll| will| should)|i(?:'d| would) (?:rather|prefer to|like to))\s+(?:go with|stick with|stay with|use|keep|switch to|do it with)\b|^(?:(?:ok|okay|yes|yeah|fine|good)[,.!]*\s+)*(?:go with|use) [^.]{1,200} (?:instead of|rather than)\b|^(?:(?:ok|okay|yes|yeah)[,.!]*\s+)*(?:go|stick) with\b/i;
const NAMED = /^(?:decision|entscheidung|décision|decisión|decisão|決定|决定)\s*[:：]\s*(\S.*)$/i;
const BECAUSE =
  /[,;:—–-]?\s+(?:because(?: of)?|since|so that|in order to|to avoid|weil|damit|parce que|porque)\s+/i;

/** Decisions that an agent's text states with their reason ("I chose X because Y") or under that very name. */
export function decisionsOfAgent(text: string): readonly Decision[] {
  return first(
    sentencesOf(text).flatMap((sentence) => {
      const named = NAMED.exec(sentence)?.[1];
      if (named !== undefined) return [parted(named)];
      const isOne =
        sentence.length <= SENTENCE_CHARS_MAX && !isQuestion(sentence) && AGENT_DECIDES.test(sentence);
      const decision = isOne ? parted(sentence) : undefined;
      return decision?.why === undefined ? [] : [decision];
    }),
  );
}

/** Decisions in a person's prompt: "let's go with X", "use X instead of Y". */
export function decisionsOfPerson(prompt: string): readonly Decision[] {
  if (prompt.length > CORRECTION_CHARS_MAX) return [];
  const isOne = (sentence: string) =>
    sentence.length <= SENTENCE_CHARS_MAX && !isQuestion(sentence) && PERSON_DECIDES.test(sentence);
  return first(sentencesOf(prompt).filter(isOne).map(parted));
}

function first(decisions: readonly Decision[]): readonly Decision[] {
  return decisions.slice(0, DECISIONS_PER_TEXT_MAX);
}

function isQuestion(sentence: string): boolean {
  return sentence.endsWith("?") || sentence.endsWith("？");
}

function parted(sentence: string): Decision {
  const match = BECAUSE.exec(sentence);
  const text = match === null ? sentence : sentence.slice(0, match.index);
  const reason = match === null ? "" : sentence.slice(match.index + match[0].length);
  const why = brief(reason.replace(/[.。]$/, ""), PROPOSAL_CHARS_MAX);
  return { text: brief(text.replace(/[.。]$/, ""), PROPOSAL_CHARS_MAX), why: why === "" ? undefined : why };
}

const STEPS_HEADING =
  /^(?:(?:recommended |suggested |immediate |possible )?next steps?|remaining(?: (?:work|steps?|tasks?|items?|todos?))?|still (?:to do|open|missing)|to-?\s?dos?|left to do|what(?:'s|’s| is) (?:left|next)|not (?:yet )?done(?: yet)?|follow-?\s?ups?|nächste schritte|noch (?:offen|zu tun)|prochaines étapes|reste à faire|próximos pasos|pendientes?|próximos passos|下一步|接下来|待办|残り|次のステップ)$/i;
const ITEM = /^\s{0,8}(?:[-*•+]|\d{1,3}[.)])\s+(.+)$/;

/** The next steps an answer names, under a heading or behind "Next step:"; at most three, those ticked off left out. */
export function nextStepsOf(answer: string): readonly string[] {
  const lines = answer.split("\n");
  const steps: string[] = [];
  for (let at = 0; at < lines.length && steps.length < STEPS_MAX; at++) {
    const { name, rest } = headingOf(lines[at] ?? "");
    if (!STEPS_HEADING.test(name)) continue;
    if (rest !== "") steps.push(rest);
    else steps.push(...itemsAfter(lines, at + 1));
  }
  return steps
    .map(stepOf)
    .filter((step) => step !== "")
    .slice(0, STEPS_MAX);
}

/** A line as the name before its colon and what follows it: `**Next steps (optional):**`, `## Next steps`, `Next step: deploy`. */
function headingOf(line: string): { readonly name: string; readonly rest: string } {
  const text = plain(line.slice(0, SENTENCE_CHARS_MAX));
  const colon = text.search(/[:：]/);
  const name = (colon === -1 ? text : text.slice(0, colon)).replace(/\([^)]{0,40}\)/, "").trim();
  return { name, rest: colon === -1 ? "" : text.slice(colon + 1).trim() };
}

function itemsAfter(lines: readonly string[], from: number): readonly string[] {
  const items: string[] = [];
  for (const line of lines.slice(from)) {
    const item = ITEM.exec(line.slice(0, SENTENCE_CHARS_MAX))?.[1];
    if (item !== undefined) items.push(item);
    else if (line.trim() !== "") break;
    if (items.length >= STEPS_MAX * 2) break;
  }
  return items;
}

/** A question is an offer, and "none" is no step. */
function stepOf(item: string): string {
  if (/^\[[xX✓]\]/.test(item)) return "";
  const step = plain(item.replace(/^\[ \]\s*/, ""));
  if (isQuestion(step) || /^(?:none|nothing|n\/a|keine|aucune?|ninguno|nenhum|なし|无)\b[.!]?/i.test(step))
    return "";
  return brief(step, PROPOSAL_CHARS_MAX);
}
