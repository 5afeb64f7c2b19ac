/** Classes of ASCII characters as bits, so that a run of them is found with one table look-up a character. */
export const DIGIT = 1;
export const LOWER = 2;
export const UPPER = 4;
export const UNDERSCORE = 8;
export const HYPHEN = 16;
export const HEX = 32;
export const DOT = 64;
/** `+` and `/`, of base64's first alphabet. */
export const PLUS_SLASH = 128;
export const PERCENT = 256;
/** Blanks of ASCII. */
export const BLANK = 512;
/** The two of them that part words of one line: space and tab. */
export const SPACING = 1_024;
/** Round, square and curly ones. */
export const BRACKET = 2_048;
export const BACKSLASH = 4_096;
/** All three quotation marks that values stand in. */
export const QUOTE = 8_192;
export const EQUALS = 16_384;
export const TILDE = 32_768;
/** What values begin with that are no values: lists, types, holes to be filled, our own marks. */
export const OPENING = 65_536;
/** Whatever is not ASCII. */
export const FOREIGN = 131_072;
/** What ends a value without quotation marks, blanks of all alphabets among it; */
export const VALUE_END = 262_144;
/** and these, unless it stands in an environment, where values hold lists. */
export const LIST_SIGN = 524_288;
/** What the end of a telling name may begin with that says nothing: `_old`, `Base64`, `2`. */
export const NAME_TAIL_START = 2_097_152;
/** What parts or ends the authority of a URL (RFC 3986, 3.2), and what ends one in code or markup. */
export const AUTHORITY_END = 1_048_576;
/** What numbers, times and versions begin with. */
export const NUMBER_START = 4_194_304;
/** What parts a name from its value begins with one of these; */
export const SIGN = 8_388_608;
/** and the name of a URL's query, or of a connection string, stands behind one of these. */
export const QUERY_SIGN = 16_777_216;
/** What parts cookies and ends their header, and what the next header's name ends with. */
export const COOKIE_SIGN = 33_554_432;
/** What stands between the lines of a private key, in whatever text holds it: quoted, escaped, as a list, with marks of replies. */
export const KEY_GAP = 67_108_864;
export const LETTER = LOWER | UPPER;
export const ALNUM = DIGIT | LETTER;
/** What most tokens are made of. */
export const WORDY = ALNUM | UNDERSCORE | HYPHEN;
export const NAME = WORDY | DOT;
export const BASE64 = ALNUM | PLUS_SLASH;
/** `token68` (RFC 9110, 11.2). */
export const TOKEN68 = WORDY | BASE64 | DOT | TILDE | EQUALS;

/** No name of a value is longer. */
export const NAME_CHARS_MAX = 64;
/** Between a capital letter of ASCII and the small one. The signs that words end with have it. */
export const CASE_BIT = 32;

const CLASSES = classTable();

/** What an expression costs at least, in examined characters. */
export const EXPRESSION_CHARS = 64;

let examined = 0;

/**
 * Characters that were examined so far, of all texts: what looks cost, measured by what they do. Counted where a loop ends, by who goes through more than a few.
 */
export function examinedChars(): number {
  return examined;
}

export function countExamined(chars: number): void {
  examined += chars;
}

/**
 * The code of the character at `at`; 0 past either end. V8 never again makes more of a `charCodeAt` than a call of a
 * library's function once it has been asked for what lies outside: a third of the time that all of redaction takes.
 */
export function codeAt(text: string, at: number): number {
  return at >= 0 && at < text.length ? text.charCodeAt(at) : 0;
}

/** The class bits of the character at `at`; 0 past either end and outside ASCII. */
export function classAt(text: string, at: number): number {
  const code = codeAt(text, at);
  return code < 128 ? (CLASSES[code] ?? 0) : 0;
}

/** Whether a part of a text ends with a word, in any case; the word is in small letters and signs of ASCII that have {@link CASE_BIT}. */
export function endsWith(
  text: string,
  { from, to, word }: { from: number; to: number; word: string },
): boolean {
  const start = to - word.length;
  if (start < from) return false;
  for (let at = 0; at < word.length; at += 1)
    if ((codeAt(text, start + at) | CASE_BIT) !== word.charCodeAt(at)) return false;
  return true;
}

/** Where a character of `mask` stands next, at `from` or behind it, before `to`; else `to`. */
export function nextAt(text: string, from: number, to: number, mask: number): number {
  let at = from;
  while (at < to) {
    const code = text.charCodeAt(at);
    const bits = code < 128 ? (CLASSES[code] ?? 0) : isForeignBlank(code) ? BLANK_BITS : FOREIGN;
    if ((bits & mask) !== 0) break;
    at += 1;
  }
  examined += at - from;
  return at;
}

/** As far as a loop finds what is near sooner than an expression does; through long texts that takes a fifth of the time. */
const NEAR_CHARS = 256;
const EXPRESSION_GAIN = 5;

/** {@link nextAt} up to the text's end, for what may be far. */
export function nextInRest(text: string, from: number, mask: number): number {
  const near = Math.min(text.length, from + NEAR_CHARS);
  const at = nextAt(text, from, near, mask);
  if (at < near || near === text.length) return at;
  const pattern = patternOf(mask);
  pattern.lastIndex = near;
  const found = pattern.test(text) ? pattern.lastIndex - 1 : text.length;
  examined += (found - near) / EXPRESSION_GAIN;
  return found;
}

const PATTERNS = new Map<number, RegExp>();

function patternOf(mask: number): RegExp {
  const known = PATTERNS.get(mask);
  if (known !== undefined) return known;
  const codes = Array.from(CLASSES.keys()).filter((code) => ((CLASSES[code] ?? 0) & mask) !== 0);
  const foreign =
    (FOREIGN & mask) !== 0 ? "\\u0080-\\uffff" : (BLANK_BITS & mask) !== 0 ? FOREIGN_BLANKS : "";
  const pattern = new RegExp(
    `[${codes.map((code) => `\\x${code.toString(16).padStart(2, "0")}`).join("")}${foreign}]`,
    "g",
  );
  PATTERNS.set(mask, pattern);
  return pattern;
}

const BLANK_BITS = FOREIGN | VALUE_END | AUTHORITY_END;

/** White space as regular expressions know it (ECMA-262, 12.2 and 12.3), beyond ASCII. */
function isForeignBlank(code: number): boolean {
  if (code < 0x2000) return code === 0xa0 || code === 0x1680;
  if (code <= 0x200a || code === 0x2028 || code === 0x2029) return true;
  return code === 0x202f || code === 0x205f || code === 0x3000 || code === 0xfeff;
}

/** The same characters, for a class of an expression. */
const FOREIGN_BLANKS = "\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff";

/** Whether the character is white space of any alphabet. */
export function isBlankAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code < 128 ? ((CLASSES[code] ?? 0) & BLANK) !== 0 : isForeignBlank(code);
}

/** The bits of all characters from `from` up to `to` together. */
export function classesIn(text: string, from = 0, to = text.length): number {
  let seen = 0;
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at);
    seen |= code < 128 ? (CLASSES[code] ?? 0) : FOREIGN;
  }
  examined += to - from;
  return seen;
}

/** Where the run of characters of `mask` that starts at `from` ends; at most `max` further. */
export function runEnd(text: string, from: number, mask: number, max?: number): number {
  const last = max === undefined ? text.length : Math.min(text.length, from + max);
  let at = from;
  while (at < last) {
    const code = text.charCodeAt(at);
    if (code >= 128 || ((CLASSES[code] ?? 0) & mask) === 0) break;
    at += 1;
  }
  examined += at - from;
  return at;
}

/** Where the run of characters of `mask` that ends before `to` starts; at least `floor`. */
export function runStart(text: string, to: number, mask: number, floor: number): number {
  let at = Math.min(to, text.length);
  while (at > floor) {
    const code = text.charCodeAt(at - 1);
    if (code >= 128 || ((CLASSES[code] ?? 0) & mask) === 0) break;
    at -= 1;
  }
  examined += to - at;
  return at;
}

/**
 * Whether a word can begin at `at`: nothing wordy stands before it, or only the tail of an escape that belongs to the
 * text around it (`\n`, `\u000a`, `%3D`). What ends at `floor` is already taken out, so a word can begin there.
 */
export function startsWord(text: string, at: number, floor: number): boolean {
  if (at === 0 || at === floor || (classAt(text, at - 1) & WORDY) === 0) return true;
  examined += WORD_START_COST;
  if (codeAt(text, at - 2) === BACKSLASH_CODE && "nrtbf".includes(text.charAt(at - 1))) return true;
  if (codeAt(text, at - 3) === PERCENT_CODE) return isHex(text, at - 2, at);
  return codeAt(text, at - 6) === BACKSLASH_CODE && text[at - 5] === "u" && isHex(text, at - 4, at);
}

/** What {@link startsWord} costs where it is none, in examined characters. */
const WORD_START_COST = 48;
/** What it asks for before a place. */
export const WORD_START_CHARS = 6;

const PERCENT_CODE = 0x25;
const BACKSLASH_CODE = 0x5c;

function isHex(text: string, from: number, to: number): boolean {
  return runEnd(text, from, HEX, to - from) === to;
}

function classTable(): Uint32Array {
  const table = new Uint32Array(128);
  const add = (characters: string, bits: number): void => {
    for (const character of characters) {
      const code = character.charCodeAt(0);
      table[code] = (table[code] ?? 0) | bits;
    }
  };
  add("0123456789", DIGIT | HEX);
  add("abcdefghijklmnopqrstuvwxyz", LOWER);
  add("ABCDEFGHIJKLMNOPQRSTUVWXYZ", UPPER);
  add("abcdefABCDEF", HEX);
  add("_", UNDERSCORE);
  add("-", HYPHEN);
  add(".", DOT);
  add("+/", PLUS_SLASH);
  add("%", PERCENT);
  add(" \t\n\v\f\r", BLANK);
  add(" \t", SPACING);
  add("()[]{}", BRACKET);
  add("\\", BACKSLASH);
  add("\"'`", QUOTE);
  add("=", EQUALS);
  add("~", TILDE);
  add("[{<", OPENING);
  add("_-0123456789bpsdltonvrBPSDLTONVR", NAME_TAIL_START);
  add("=:?", SIGN);
  add("?&;", QUERY_SIGN);
  add("0123456789-+.,:_TZtz/ ", NUMBER_START);
  add(" \t\n\v\f\r\"'`<>|()\\", VALUE_END);
  add(",;&", LIST_SIGN);
  add(" \t\n\v\f\r/?#\"'`<>\\|@:", AUTHORITY_END);
  add("\r\n\"'`\\;:", COOKIE_SIGN);
  add(" \t\r\n\\\"',+>|", KEY_GAP);
  return table;
}
