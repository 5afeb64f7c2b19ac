import {
  ARABIC,
  BY_UNIT,
  CLASS_OF,
  CYRILLIC,
  DIGIT,
  LINE_END,
  LOWER,
  PAIR_KNOWN,
  PUNCTUATION,
  SPACE,
  TAB,
  UNIT_WEIGHT,
  UPPER,
} from "./letter-class.ts";

/**
 * Weights in hundredths of a token. They solve a linear programme: the least overestimate of prose and code for which no
 * more than one text in a thousand is estimated below its count in o200k, the public encoding of 200,000 tokens. Fitted to
 * texts of 2 to 4,000 characters in 70 languages, code, logs, identifiers, base64, hex, emoji and noise; no tokenizer of
 * current Claude models is public, so every figure is a proxy and errs upwards.
 */
const ONCE = 350;
const WORD = 80;
const LETTER_FROM_5TH = 33;
const LETTER_FROM_9TH = 5;
const PAIR_UNKNOWN = 102;
const CAPITAL_WITHIN = 13;
const WORD_GLUED = 2;
const DIGITS_3 = 150;
const DIGIT_AFTER_SPACE = 130;
const PUNCTUATION_FIRST = 80;
const PUNCTUATION_OTHER = 73;
const PUNCTUATION_REPEATED = 75;
const SPACES = 27;
const SPACES_16 = 60;
const LINE_END_FIRST = 55;
const LINE_END_REPEATED = 30;
const CYRILLIC_WORD = 64;
const CYRILLIC_LETTER = 34;
const ARABIC_WORD = 119;
const ARABIC_LETTER = 35;

/** Of the first unit of a run, by class. */
const FIRST_WEIGHT: { readonly [unitClass: number]: number } = {
  [LINE_END]: LINE_END_FIRST,
  [TAB]: SPACES,
  [PUNCTUATION]: PUNCTUATION_FIRST,
  [CYRILLIC]: CYRILLIC_WORD + CYRILLIC_LETTER,
  [ARABIC]: ARABIC_WORD + ARABIC_LETTER,
};

/**
 * How many tokens a text costs a model, estimated in one pass: at or above o200k's count in 99.9 % of texts, typically a
 * third above it for prose and code. A text of nothing but invented words that could be words can be a quarter below. 0 only
 * for "". Linear in time, any input.
 */
export function estimateTokens(text: string): number {
  return text === "" ? 0 : Math.ceil((ONCE + weightOf(text)) / 100);
}

/** The same for the text that lines are joined to, none of them empty, by what they weigh together with a line feed behind each. */
export function tokensOfLines(weight: number): number {
  return Math.ceil((ONCE + weight - LINE_END_FIRST) / 100);
}

/** What lines may weigh in all (see {@link weightOf}) for the text of them to cost at most `tokens`; may be negative. */
export function weightWithin(tokens: number): number {
  return Math.floor(tokens) * 100 - ONCE;
}

/**
 * The weight of a text in hundredths of a token, without what is counted once. Lines are weighed each for itself, so the
 * weights of lines with their line feeds add up to no less than the weight of all of them together.
 */
export function weightOf(text: string): number {
  let weight = 0;
  let before = LINE_END;
  /** How many units of this run (a word, digits, white space) have been seen. */
  let run = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const now = CLASS_OF[code] ?? BY_UNIT;
    if (now >= BY_UNIT) {
      weight += UNIT_WEIGHT[now] ?? 0;
    } else {
      run = continues(before, now) ? run + 1 : 1;
      weight += run === 1 ? firstWeight(now, before) : laterWeight(now, run, text.charCodeAt(at - 1), code);
    }
    before = now;
  }
  return weight;
}

/** Whether a unit belongs to the run of the one before it. Encodings cut words where a capital follows a small letter. */
function continues(before: number, now: number): boolean {
  if (now <= TAB) return now === LINE_END ? before === LINE_END : before === SPACE || before === TAB;
  return before === now || (now === LOWER && before === UPPER);
}

/** What the first unit of a run weighs. A single space goes with the word behind it, but not with a number. */
function firstWeight(now: number, before: number): number {
  if (now === DIGIT) return before === SPACE ? DIGITS_3 + DIGIT_AFTER_SPACE : DIGITS_3;
  if (now !== LOWER && now !== UPPER) return FIRST_WEIGHT[now] ?? 0;
  return before === SPACE || before === LINE_END ? WORD : WORD + WORD_GLUED;
}

function laterWeight(now: number, place: number, codeBefore: number, code: number): number {
  switch (now) {
    case LOWER:
    case UPPER:
      return letterWeight(place, codeBefore, code);
    case DIGIT:
      return place % 3 === 1 ? DIGITS_3 : 0;
    case PUNCTUATION:
      return code === codeBefore ? PUNCTUATION_REPEATED : PUNCTUATION_OTHER;
    case LINE_END:
      return LINE_END_REPEATED;
    case CYRILLIC:
      return CYRILLIC_LETTER;
    case ARABIC:
      return ARABIC_LETTER;
    default:
      return spaceWeight(place);
  }
}

function letterWeight(place: number, codeBefore: number, code: number): number {
  // Bit 5 tells small letters from capitals, the five bits below are the letter's number from 1 on.
  const known = PAIR_KNOWN[((codeBefore & 31) - 1) * 32 + (code & 31) - 1] === 1;
  const capital = code < 97 ? CAPITAL_WITHIN : 0;
  const long = (place > 4 ? LETTER_FROM_5TH : 0) + (place > 8 ? LETTER_FROM_9TH : 0);
  return capital + long + (known ? 0 : PAIR_UNKNOWN);
}

/** Indentation is one token however deep, up to about 80 spaces. */
function spaceWeight(place: number): number {
  if (place === 2) return SPACES;
  return place % 16 === 0 ? SPACES_16 : 0;
}
