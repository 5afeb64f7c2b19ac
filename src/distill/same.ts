import { isAscii } from "../base/ascii.ts";

/**
 * Words that say little about what a sentence is about, in the languages we meet most. Negations are not among them:
 * "use Redis" and "not Redis" differ in one word.
 */
const LITTLE = new Set(
  "a an the this that these those it its of to in on at by for from with and or is are was were be been as so then now i we you they do does did can could will would should may might also just too there have has had ein eine der die das und mit von zu le la les un une et de el los y con".split(
    " ",
  ),
);
/** Texts compared are sentences; beyond this it is another text. */
const COMPARED_CHARS_MAX = 600;
/** Two wordings of one thing share at least this part of all their words. */
const SAME_SHARE_MIN = 0.75;
/** The shorter wording of a step has at least this part of its words in the longer. */
const PART_SHARE_MIN = 0.75;

/** What a text is about: its words without their endings. */
export function subjectsOf(text: string): ReadonlySet<string> {
  const lower = text.slice(0, COMPARED_CHARS_MAX).toLowerCase();
  const words = lower.match(isAscii(lower) ? /[a-z0-9]+/g : /[\p{L}\p{N}]+/gu) ?? [];
  return new Set(words.filter((word) => !LITTLE.has(word)).map(stem));
}

/** A rough stem: enough for "tests", "tested" and "testing" to meet. */
function stem(word: string): string {
  if (word.length > 6) return word.replace(/(?:ing|ed|es|s|e)$/, "");
  return word.length > 3 ? word.replace(/(?<!s)s$|e$/, "") : word;
}

/** True if two texts say the same in other words: nearly all their words are shared. */
export function saysSame(a: string, b: string): boolean {
  if (a === b) return true;
  const [one, other] = [subjectsOf(a), subjectsOf(b)];
  const shared = sharedOf(one, other);
  return shared > 0 && shared / (one.size + other.size - shared) >= SAME_SHARE_MIN;
}

/** True if one of two texts is a shorter wording of the other. */
export function isPartOf(a: string, b: string): boolean {
  if (a === b) return true;
  const [one, other] = [subjectsOf(a), subjectsOf(b)];
  const shortest = Math.min(one.size, other.size);
  if (shortest === 0) return false;
  const shared = sharedOf(one, other);
  return shared === shortest ? shortest > 1 || one.size === other.size : shared / shortest >= PART_SHARE_MIN;
}

/** Which part of what `a` is about `b` is about too; 0 to 1. */
export function shareOf(a: string, b: string): number {
  const one = subjectsOf(a);
  return one.size === 0 ? 0 : sharedOf(one, subjectsOf(b)) / one.size;
}

function sharedOf(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let shared = 0;
  for (const word of a) if (b.has(word)) shared += 1;
  return shared;
}
