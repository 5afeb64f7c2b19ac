/** A text as it is compared: small letters, without accents and other marks. Linear in time, any input. */
export function folded(text: string): string {
  return text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}/gu, "")
    .replace(/[ßæœøłđðħıς]/g, (letter) => PLAIN_LETTERS[letter] ?? letter);
}

/** Letters that Unicode does not take apart into a plain one and a mark. */
const PLAIN_LETTERS: { readonly [letter: string]: string } = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  ł: "l",
  đ: "d",
  ð: "d",
  ħ: "h",
  ı: "i",
  ς: "σ",
};

/** What is searched for: the words of a query, each once, or where it has none (`->`), its signs. */
export interface Wanted {
  readonly phrase: string;
  readonly words: readonly string[];
}

export function wantedIn(query: string): Wanted {
  const phrase = folded(query).trim();
  const words = [...new Set(phrase.match(/[\p{L}\p{N}_]+/gu) ?? [])];
  return { phrase, words: words.length > 0 || phrase === "" ? words : [phrase] };
}

/**
 * How well texts answer a query: 0 where fewer than half of its words stand in them, at least 1 for each word that does. A
 * word counts more at its beginning and as a whole, in the first text (the others are fields of it), and where the whole
 * query stands there as it was typed.
 */
export function matchOf({ phrase, words }: Wanted, texts: readonly string[]): number {
  const [main = "", ...others] = texts.map(folded);
  const fields = others.join("\n");
  const scores = words.map((word) => Math.max(2 * placeScore(main, word), placeScore(fields, word)));
  const hits = scores.filter((score) => score > 0).length;
  if (hits === 0 || hits * 2 < words.length) return 0;
  const whole = words.length > 1 && `${main}\n${fields}`.includes(phrase) ? 1 : 0;
  // Words before places: a note with every word is what was meant, however they stand in it.
  return (
    hits * WORD_WEIGHT + whole * PLACES_MAX + scores.reduce((sum, score) => sum + score, 0) / words.length
  );
}

/** The most that the places of words can weigh. */
const PLACES_MAX = 8;
const WORD_WEIGHT = 2 * PLACES_MAX + 1;

/** 0 where the word is not there, 1 within another, 2 at a word's beginning, 4 as a word. */
function placeScore(text: string, word: string): number {
  let best = 0;
  for (let at = text.indexOf(word); at >= 0 && best < 4; at = text.indexOf(word, at + word.length)) {
    const starts = at === 0 || !isLetter(text.codePointAt(at - 1));
    const ends = !isLetter(text.codePointAt(at + word.length));
    best = Math.max(best, starts ? (ends ? 4 : 2) : 1);
  }
  return best;
}

function isLetter(codePoint: number | undefined): boolean {
  return codePoint !== undefined && /[\p{L}\p{N}_]/u.test(String.fromCodePoint(codePoint));
}
