import { PROPOSAL_CHARS_MAX } from "../base/limits.ts";
import { listed, sentencesOf } from "./prose.ts";
import { rule } from "./rule.ts";

/** With fewer words it does not say what is being tried. */
const WORDS_MIN = 4;
const LEAD = rule(
  "now|first|next|then|so|ok|good|great|right|instead|alternatively|let|i'll|i’ll|i will|going to|time to|try",
  () =>
    /^(?:(?:now|first|next|then|so|ok|okay|good|great|right|instead|alternatively|let me(?: now)?|let['’]s|i['’]ll(?: now)?|i will(?: now)?|i['’]m going to|i am going to|going to|time to|try(?:ing)?(?: to)?)\b[,.:]?\s*)+/i,
);
/** Looking and tidying is no approach: what begins with one of these words, or like this. */
const LOOKS =
  " look read check run rerun see find search verify test commit push undo revert clean restore start begin explore understand investigate it that this they done all ";
const LOOKS_BACK = rule(
  "back|fix |re-run",
  () => /^(?:re-run|(?:take|taking|put|roll|rolling) .{0,40}\bback|fix (?:it|that|this))\b/i,
);

/** What an agent says it is about to do, as an approach: "I'll try a lock per file:" is "A lock per file". "" where it says nothing of the kind. */
export function intentOf(text: string): string {
  const sentence = sentencesOf(text).at(-1) ?? "";
  if (/[?？]$/.test(sentence) || sentence.length > PROPOSAL_CHARS_MAX * 2) return "";
  const colon = sentence.search(/[:：]\s+\S/);
  const behind = colon === -1 ? "" : sentence.slice(colon + 1).trim();
  const said = isTelling(behind) ? behind : sentence;
  const words = said.slice(LEAD.exec(said)?.[0].length ?? 0);
  return isTelling(words) && !isNoApproach(words) ? listed(words, PROPOSAL_CHARS_MAX) : "";
}

function isTelling(words: string): boolean {
  return words.split(/\s+/).length >= WORDS_MIN;
}

function isNoApproach(words: string): boolean {
  const [first = ""] = words.split(/\W/, 1);
  return LOOKS.includes(` ${first.toLowerCase()} `) || LOOKS_BACK.test(words);
}
