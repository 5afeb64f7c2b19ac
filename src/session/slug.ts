import { SLUG_CHARS_MAX, TITLE_CHARS_MAX } from "../base/limits.ts";

/** Words that say nothing about the work when a prompt becomes a name. English, since most prompts' filler is. */
const FILLER = new Set(
  "a an the to of in on for and or with from into at by is are be it its this that these those i we you me my our your please can could would should will let lets us just now hi hello hey need want".split(
    " ",
  ),
);
/** Enough to recognise the work by, few enough to type. */
const SLUG_WORDS_MAX = 5;

/** `{YYYY-MM-DD}-{brief-description}`, unlike any in `taken`: a number is added where it would be. */
export function makeSlug(date: string, description: string, taken: ReadonlySet<string>): string {
  const base = `${date}-${kebab(description) || "session"}`;
  if (!taken.has(base)) return base;
  let number = 2;
  while (taken.has(`${base}-${number}`)) number += 1;
  return `${base}-${number}`;
}

/**
 * What to call work that starts with this prompt: the git branch where it says something, else the prompt's own words.
 * Letters of any script count.
 */
export function describeWork(
  prompt: string,
  gitBranch: string | undefined,
  defaultGitBranch: string | undefined,
): string {
  if (gitBranch !== undefined && gitBranch !== defaultGitBranch && !isDefaultName(gitBranch))
    return gitBranch;
  const words = wordsOf(firstSentence(prompt));
  const telling = words.filter((word) => !FILLER.has(word.toLowerCase()));
  return (telling.length > 0 ? telling : words).slice(0, SLUG_WORDS_MAX).join(" ");
}

/** A slug without its date: what the person calls the work. */
export function nameOf(slug: string): string {
  return slug.replace(/^\d{4}-\d{2}-\d{2}-(?=.)/, "");
}

/** The title of work that starts with this prompt: its first sentence, on one line. */
export function titleOf(prompt: string, fallback: string): string {
  const sentence = firstSentence(prompt).replaceAll(/\s+/g, " ").trim();
  if (sentence === "") return fallback;
  return sentence.length <= TITLE_CHARS_MAX
    ? sentence
    : `${sentence.slice(0, TITLE_CHARS_MAX - 1).trimEnd()}…`;
}

/** The calendar day at a place, as documents are named: `YYYY-MM-DD` in local time. */
export function localDate(atMs: number): string {
  const date = new Date(atMs);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function isDefaultName(gitBranch: string): boolean {
  return gitBranch === "main" || gitBranch === "master" || gitBranch === "HEAD";
}

function firstSentence(text: string): string {
  const line = text.split("\n", 20).find((candidate) => candidate.trim() !== "") ?? "";
  const end = line.slice(0, 400).search(/[.!?。！？](\s|$)/u);
  return end > 0 ? line.slice(0, end) : line.slice(0, 400);
}

function kebab(text: string): string {
  const slug = wordsOf(text).join("-").toLowerCase();
  return [...slug].slice(0, SLUG_CHARS_MAX).join("").replace(/-+$/, "");
}

function wordsOf(text: string): string[] {
  return (
    text
      .slice(0, 400)
      .normalize("NFC")
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}
