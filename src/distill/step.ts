import { PROPOSAL_CHARS_MAX } from "../base/limits.ts";
import { headingOf, itemsBelow, linesOf, listed, sentencesIn } from "./prose.ts";
import { rule } from "./rule.ts";

const STEPS_MAX = 5;

const STEPS_HEADING = rule(
  "next|remaining|still|do|left|open|outstanding|what|follow|tomorrow|schritte|noch|prochaines|reste|pasos|pendiente|passos|下一步|接下来|待办|残り|次の",
  () =>
    /^(?:(?:the |recommended |suggested |immediate |possible |remaining |open |my )?next(?: steps?| up| tasks?| actions?)?|up next|remaining(?: (?:work|steps?|tasks?|items?|todos?))?|still (?:to do|open|missing|left)|to-?\s?dos?|left(?: to do)?|open (?:points?|items?|tasks?|ends)|outstanding|what(?:['’]s| is| remains)?(?: still)? ?(?:left|next|missing|open|to do|remains)?|what remains|not (?:yet )?done(?: yet)?|follow-?\s?ups?|(?:for )?(?:tomorrow|next (?:time|session))|nächste schritte|noch (?:offen|zu tun)|prochaines étapes|reste à faire|próximos pasos|pendientes?|próximos passos|下一步|接下来|待办|残り|次のステップ)(?: (?:of|for|on|in|to|from|before|until) .{1,60})?$/i,
);
/** "What" alone heads nothing. */
const NO_HEADING = /^what(?:['’]s| is)?(?: (?:of|for|on|in|to|from|before|until) .{1,60})?$/i;
const NEXT_IS = rule(
  "next |remaining |last ",
  () =>
    /^(?:the )?(?:next|remaining|last|only remaining) (?:step|thing|task|piece)(?: left)? (?:is|would be|will be)(?: now)?(?: to)?:?\s+(\S.*)$/i,
);
const REMAINS = rule(
  "what|all that",
  () =>
    /^(?:what(?:['’]s| is)? (?:still )?(?:left|missing|remains|open)|all that(?:['’]s| is) left)(?: now)? is(?: to)?:?\s+(\S.*)$/i,
);

/** The next steps a text names, under a heading or behind "Next step:" and the like, those ticked off left out. Linear. */
export function nextStepsOf(text: string): readonly string[] {
  const lines = linesOf(text);
  const steps: string[] = [];
  for (const [at, line] of lines.entries()) {
    if (steps.length >= STEPS_MAX) break;
    const { name, rest } = headingOf(line.text.replace(/[?？]$/, ""));
    if (!STEPS_HEADING.test(name) || NO_HEADING.test(name)) steps.push(...saidToBeNext(line.text));
    else if (rest !== "") steps.push(rest);
    else steps.push(...itemsBelow(lines, at).map((item) => item.text));
  }
  return steps
    .map(stepOf)
    .filter((step) => step !== "")
    .slice(0, STEPS_MAX);
}

function saidToBeNext(line: string): readonly string[] {
  return sentencesIn(line).flatMap((sentence) => {
    const step = (NEXT_IS.exec(sentence) ?? REMAINS.exec(sentence))?.[1];
    return step === undefined ? [] : [step];
  });
}

/** A question is an offer, and "none" is no step. */
function stepOf(item: string): string {
  if (/^(?:\[[xX✓]\]|[✓✔☑✅])/u.test(item) || /^~~.*~~$/.test(item)) return "";
  const step = item.replace(/^\[ \]\s*/, "").trim();
  if (/[?？]$/.test(step) || NO_STEP.test(step)) return "";
  return listed(step, PROPOSAL_CHARS_MAX);
}

const NO_STEP = /^(?:none|nothing|n\/a|keine|aucune?|ninguno|nenhum|なし|无)\b/i;
