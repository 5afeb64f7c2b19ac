import { isAscii } from "../base/ascii.ts";

/** Finds what a name means, whatever its case, numbering, punctuation or emoji; undefined for one that nobody knows. */
export type Names<T> = (name: string) => T | undefined;

/**
 * Made when somebody asks: most hooks read no document. Most names are written as the table has them; the words of others
 * are made for the first that is not, and those of other alphabets for the first name with a letter of one.
 *
 * @param table what each name means. A name that is not ASCII has words that are not.
 */
export function namesOf<T>(table: () => ReadonlyMap<string, T>): Names<T> {
  let written: ReadonlyMap<string, T> | undefined;
  let inAscii: ReadonlyMap<string, T> | undefined;
  let worded: ReadonlyMap<string, T> | undefined;
  return (name) => {
    written ??= table();
    const found = written.get(name);
    if (found !== undefined) return found;
    const words = wordsOf(name);
    if (isAscii(words)) {
      inAscii ??= byWords([...written].filter(([one]) => isAscii(one)));
      return inAscii.get(words);
    }
    worded ??= byWords([...written]);
    return worded.get(words);
  };
}

/** All names in one go: one by one they would cost a hook more than it takes to read a document. */
function byWords<T>(written: readonly (readonly [name: string, meaning: T])[]): ReadonlyMap<string, T> {
  const words = wordsOfLines(written.map(([name]) => name).join("\n")).split("\n");
  return new Map(written.map(([, meaning], at) => [words[at] ?? "", meaning]));
}

/** Lower-case words of a heading or label, without numbering, punctuation, emoji, apostrophes, "and", "the", "our". */
export function wordsOf(text: string): string {
  const lower = text.toLowerCase();
  return WORDS_ALREADY.test(lower) ? lower : wordsOfLines(text.replaceAll("\n", " "));
}

/** Letters that NFKC leaves as they are, in words with one space between, none of them left out: what most names are. */
const WORDS_ALREADY =
  /^[a-zà-öø-ÿ가-힣一-龥ぁ-ゖァ-ヺ]+(?: (?!(?:and|the|our) )[a-zà-öø-ÿ가-힣一-龥ぁ-ゖァ-ヺ]+)*$/;

/** Of each line by itself. What is ASCII needs no tables of Unicode, which node takes 3 ms to find its way into. */
function wordsOfLines(lines: string): string {
  const isPlain = isAscii(lines);
  return (isPlain ? lines : lines.normalize("NFKC"))
    .toLowerCase()
    .replace(/['’‘`]/g, "")
    .replace(isPlain ? /[^a-z0-9\n]+/g : /[^\p{L}\p{N}\n]+/gu, " ")
    .replace(/^ ?\d+(?= )/gm, "")
    .replace(/ (?:and|the|our)(?= )/g, "")
    .replace(/^ | $/gm, "");
}
