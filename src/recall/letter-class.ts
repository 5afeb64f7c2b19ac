import { COMMON_HAN, COMMON_HANGUL, FOLLOWERS } from "./common-letters.ts";

/** Classes of UTF-16 units that byte-pair encodings treat alike. The first ones need to know their neighbours, from BY_UNIT on each unit counts by itself. */
export const LINE_END = 0;
export const SPACE = 1;
export const TAB = 2;
export const LOWER = 3;
export const UPPER = 4;
export const DIGIT = 5;
export const PUNCTUATION = 6;
export const CYRILLIC = 7;
export const ARABIC = 8;
export const BY_UNIT = 9;
const CONTROL = 10;
const LATIN = 11;
const LATIN_VIETNAMESE = 12;
const GREEK = 13;
const HEBREW = 14;
const DEVANAGARI = 15;
const INDIC = 16;
const THAI = 17;
const SOUTH_EAST_ASIAN = 18;
const RARE_2_BYTES = 19;
const RARE_3_BYTES = 20;
const KANA = 21;
const HAN_COMMON = 22;
const HAN_RARE = 23;
const HANGUL_COMMON = 24;
const HANGUL_RARE = 25;
const MARK = 26;
const SYMBOL = 27;
const JOINER = 28;
/** First units of pairs: U+1F000 to U+1FBFF, where emoji are, and the others; and the second unit of any. */
const PAIR_EMOJI = 29;
const PAIR_OTHER = 30;
const PAIR_END = 31;

/** What one unit of a class weighs, in hundredths of a token; only for classes from BY_UNIT on. See tokens.ts for where the weights come from. */
export const UNIT_WEIGHT: Uint16Array = unitWeights([
  [CONTROL, 100],
  [LATIN, 100],
  [LATIN_VIETNAMESE, 221],
  [GREEK, 57],
  [HEBREW, 73],
  [DEVANAGARI, 65],
  [INDIC, 80],
  [THAI, 55],
  [SOUTH_EAST_ASIAN, 88],
  [RARE_2_BYTES, 230],
  [RARE_3_BYTES, 320],
  [KANA, 76],
  [HAN_COMMON, 93],
  [HAN_RARE, 201],
  [HANGUL_COMMON, 77],
  [HANGUL_RARE, 238],
  [MARK, 100],
  [SYMBOL, 284],
  [JOINER, 100],
  [PAIR_EMOJI, 74],
  [PAIR_OTHER, 239],
  [PAIR_END, 160],
]);

/** First unit of each range and its class; a range ends where the next begins. Unicode blocks, joined where they cost the same. */
const RANGES: readonly (readonly [number, number])[] = [
  [0x00, CONTROL],
  [0x09, TAB],
  [0x0a, LINE_END],
  [0x0b, CONTROL],
  [0x0d, LINE_END],
  [0x0e, CONTROL],
  [0x20, SPACE],
  [0x21, PUNCTUATION],
  [0x30, DIGIT],
  [0x3a, PUNCTUATION],
  [0x41, UPPER],
  [0x5b, PUNCTUATION],
  [0x61, LOWER],
  [0x7b, PUNCTUATION],
  [0x7f, CONTROL],
  [0x80, MARK],
  [0xc0, LATIN],
  [0x250, RARE_2_BYTES],
  [0x370, GREEK],
  [0x400, CYRILLIC],
  [0x500, RARE_2_BYTES],
  [0x590, HEBREW],
  [0x600, ARABIC],
  [0x700, RARE_2_BYTES],
  [0x900, DEVANAGARI],
  [0x980, INDIC],
  [0xe00, THAI],
  [0xe80, RARE_3_BYTES],
  [0x1000, SOUTH_EAST_ASIAN],
  [0x1100, RARE_3_BYTES],
  [0x1780, SOUTH_EAST_ASIAN],
  [0x1800, RARE_3_BYTES],
  [0x1e00, LATIN_VIETNAMESE],
  [0x1f00, RARE_3_BYTES],
  [0x2000, MARK],
  [0x200d, JOINER],
  [0x200e, MARK],
  [0x2070, SYMBOL],
  [0x2c00, RARE_3_BYTES],
  [0x3000, MARK],
  [0x3040, KANA],
  [0x3100, RARE_3_BYTES],
  [0x4e00, HAN_RARE],
  [0xa000, RARE_3_BYTES],
  [0xac00, HANGUL_RARE],
  [0xd7a4, RARE_3_BYTES],
  [0xd800, PAIR_OTHER],
  [0xd83c, PAIR_EMOJI],
  [0xd83f, PAIR_OTHER],
  [0xdc00, PAIR_END],
  [0xe000, RARE_3_BYTES],
  [0xfe0f, JOINER],
  [0xfe10, RARE_3_BYTES],
  [0xff00, MARK],
];

/** The class of each UTF-16 unit. */
export const CLASS_OF: Uint8Array = classTable();

/** `PAIR_KNOWN[first * 32 + second]` is 1 where two letters (0 for a to 25 for z) often stand together in a word. */
export const PAIR_KNOWN: Uint8Array = pairTable();

function unitWeights(weights: readonly (readonly [number, number])[]): Uint16Array {
  const table = new Uint16Array(32);
  for (const [unitClass, weight] of weights) table[unitClass] = weight;
  return table;
}

function classTable(): Uint8Array {
  const table = new Uint8Array(0x10000);
  for (const [index, [from, unitClass]] of RANGES.entries()) {
    table.fill(unitClass, from, RANGES[index + 1]?.[0] ?? table.length);
  }
  setAll(table, COMMON_HAN, HAN_COMMON);
  setAll(table, COMMON_HANGUL, HANGUL_COMMON);
  return table;
}

/** By index: every hook begins with this, and an iterator makes a text of each character. */
function setAll(table: Uint8Array, units: string, unitClass: number): void {
  for (let at = 0; at < units.length; at += 1) table[units.charCodeAt(at)] = unitClass;
}

function pairTable(): Uint8Array {
  const table = new Uint8Array(26 * 32);
  for (const [first, followers] of FOLLOWERS.entries()) {
    for (const follower of followers) table[first * 32 + follower.charCodeAt(0) - 97] = 1;
  }
  return table;
}
