import { PROPOSAL_CHARS_MAX } from "../base/limits.ts";
import { listed, plain } from "./prose.ts";

const LINE_CHARS_MAX = 400;
/** What a person types to pick one of the options they were given: "2", "option B please", "let's go with the second". */
const PICKS =
  /^(?:(?:ok|okay|yes|yeah|good|great|so|then|please|let['’]?s|i['’]?d|i['’]ll|i|we|we['’]ll|would|say)[,.!]*\s+)*(?:(?:go|going|stick) (?:with|for)|do|take|use|pick|choose|prefer|want|like|try)?\s*(?:the )?(?:option|number|variant|approach|plan|choice|no\.|nr\.?|#)?\s*\(?(?:([1-9])|([a-e])|(first|second|third|fourth))\)?(?: (?:one|option|approach|variant))?(?: (?:please|then|it is))?(?:\s*[.,:;!—–-]|$)/i;
const ORDINALS = ["first", "second", "third", "fourth"];
const OPTION =
  /^(?:[-*•]\s+)?(?:\*\*|__)?(?:(?:option|variant|approach|plan|choice)\s+)?\(?([1-9a-e])(?:[).:]|\s[—–-])(?:\*\*|__)?\s+(\S.*)$/i;

/**
 * The option that a person picked out of those an answer ended with ("go with option 2"), in the answer's words. Undefined
 * where the answer asked nothing or has no such option.
 */
export function optionPicked(prompt: string, answer: string): string | undefined {
  if (!/[?？]/.test(answer)) return undefined;
  const [, digit, letter, ordinal] = PICKS.exec(prompt.trim().slice(0, LINE_CHARS_MAX)) ?? [];
  const name =
    digit ?? letter ?? (ordinal === undefined ? undefined : `${ORDINALS.indexOf(ordinal.toLowerCase()) + 1}`);
  if (name === undefined) return undefined;
  const options = answer.split("\n").flatMap((line) => {
    const [, mark = "", text = ""] = OPTION.exec(line.slice(0, LINE_CHARS_MAX).trim()) ?? [];
    return mark === "" ? [] : [{ mark: mark.toLowerCase(), text }];
  });
  const wanted = ordinal === undefined ? [name.toLowerCase()] : [name, "abcd".charAt(Number(name) - 1)];
  // A list of findings may stand before the list of options: the last one counts.
  const picked = options.findLast(({ mark }) => wanted.includes(mark));
  return options.length < 2 || picked === undefined
    ? undefined
    : listed(plain(picked.text), PROPOSAL_CHARS_MAX);
}
