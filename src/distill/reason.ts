import { PROPOSAL_CHARS_MAX } from "../base/limits.ts";
import { listed } from "./prose.ts";

/** What is said, and the reason given for it. */
export interface Reasoned {
  readonly text: string;
  readonly why: string | undefined;
}

const BECAUSE =
  /[,;:—–-]?\s+(?:because(?: of)?|since(?! (?:then|yesterday|last|\d))|due to|weil|parce que|porque)\s+/i;
/** A purpose reads as a reason only with its own first word. */
const PURPOSE = /[,;:—–-]?\s+(?=(?:so that|in order to|so as to|to avoid|damit)\s)/i;
/** Behind a colon, a dash or a comma, a clause with a subject of its own is the reason for what stands before. */
const CLAUSE =
  /(?::|;|,|\s[—–-])\s+(?=(?:we|it|it's|i|i'm|they|there|there's|that|that's|nobody|everybody|everyone|our|we're|we've|they're|wir|es|on|nous|il|elle)\s+(?!(?:should|must|need to|want you)\b))/i;

/**
 * Parts a sentence from the reason it gives: "X because Y", "X: we have no Y", "X to avoid Y". The whole sentence where it
 * gives none. `strict` knows only the words that always give a reason, for texts where a colon may begin anything.
 */
export function parted(sentence: string, { strict }: { readonly strict: boolean }): Reasoned {
  const patterns = strict ? [BECAUSE, PURPOSE] : [BECAUSE, PURPOSE, CLAUSE];
  for (const pattern of patterns) {
    const match = pattern.exec(sentence);
    if (match === null || match.index === 0) continue;
    const why = reasonOf(sentence.slice(match.index + match[0].length));
    if (why !== undefined) return { text: listed(sentence.slice(0, match.index), PROPOSAL_CHARS_MAX), why };
  }
  return { text: listed(sentence, PROPOSAL_CHARS_MAX), why: undefined };
}

/** A reason in its own words, without what leads to it ("it failed because") or follows from it (", so I took it back"). */
export function reasonOf(text: string): string | undefined {
  const reason = text
    .trim()
    .replace(LEADS, "")
    .replace(FOLLOWS, "")
    .replace(/^[,;:—–-]+\s*/, "")
    .replace(/\s*[.。;,:]+$/, "")
    .trim();
  if (reason.length < REASON_CHARS_MIN || SAYS_NO_REASON.test(reason)) return undefined;
  return reason.length <= PROPOSAL_CHARS_MAX ? reason : listedAsIs(reason);
}

function listedAsIs(reason: string): string {
  const whole = listed(reason, PROPOSAL_CHARS_MAX);
  return `${reason.slice(0, 1)}${whole.slice(1)}`;
}

const REASON_CHARS_MIN = 4;
const LEADS =
  /^(?:(?:and|but|however|yet|so)[,\s]+)?(?:(?:(?:it|this|that|they|which)\s+)?(?:still\s+|simply\s+|just\s+)?(?:reverted|rolled back|removed|abandoned|failed|fails|broke|breaks|(?:did|does|do|wo|could|can)(?:n['’]t| not) (?:work|help|fix (?:it|that)|solve (?:it|that)))(?:\s+(?:either|at all|out|here))?(?:[,;:—–-]?\s+(?:because(?: of)?|since|as|due to|for)\s+|\s*[:;—–-]\s+)|because(?: of)?\s+|due to\s+|since\s+)/i;
const FOLLOWS =
  /(?:[,;—–-]|\s+and|\.)\s+(?:so\s+)?(?:(?:i|we)(?:['’](?:ve|m|ll))?\s+(?:have\s+)?)?(?:reverted|undid|undone|rolled (?:it |that |this )?back|backed (?:it |that |this )?out|took (?:it|that|this) (?:back|out)|taken? (?:it |that )?back|taking (?:it|that) back|reverting|removed it|abandoned|dropped it|gave (?:it )?up|put (?:it|that) back|went back(?: to)?|switched (?:back )?to)\b.{0,80}$/i;
const SAYS_NO_REASON =
  /^(?:it|that|this|they)?\s*(?:(?:still )?(?:failed|fails|did(?:n['’]t| not) work|does(?:n['’]t| not) work|was wrong)(?: either| at all| out)?|reverted|undone)$/i;
