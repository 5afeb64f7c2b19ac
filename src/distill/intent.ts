import { PROPOSAL_CHARS_MAX } from "../base/limits.ts";
import { listed, sentencesOf } from "./prose.ts";

/** With fewer words it does not say what is being tried. */
const WORDS_MIN = 4;
const LEAD =
  /^(?:(?:now|first|next|then|so|ok|okay|good|great|right|instead|alternatively|let me(?: now)?|let['’]s|i['’]ll(?: now)?|i will(?: now)?|i['’]m going to|i am going to|going to|time to|try(?:ing)?(?: to)?)\b[,.:]?\s*)+/i;
/** Looking and tidying is no approach. */
const NO_APPROACH =
  /^(?:look|read|check|run|re-?run|see|find|search|verify|test|commit|push|undo|revert|(?:take|taking|put|roll|rolling) .{0,40}\bback|clean|restore|start|begin|explore|understand|investigate|fix (?:it|that|this)|it|that|this|they|done|all)\b/i;

/** What an agent says it is about to do, as an approach: "I'll try a lock per file:" is "A lock per file". "" where it says nothing of the kind. */
export function intentOf(text: string): string {
  const sentence = sentencesOf(text).at(-1) ?? "";
  if (/[?？]$/.test(sentence) || sentence.length > PROPOSAL_CHARS_MAX * 2) return "";
  const colon = sentence.search(/[:：]\s+\S/);
  const behind = colon === -1 ? "" : sentence.slice(colon + 1).trim();
  const words = (isTelling(behind) ? behind : sentence).replace(LEAD, "");
  return isTelling(words) && !NO_APPROACH.test(words) ? listed(words, PROPOSAL_CHARS_MAX) : "";
}

function isTelling(words: string): boolean {
  return words.split(/\s+/).length >= WORDS_MIN;
}
