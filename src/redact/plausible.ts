import {
  ALNUM,
  BACKSLASH,
  BASE64,
  BLANK,
  BRACKET,
  classAt,
  classesIn,
  codeAt,
  countExamined,
  DIGIT,
  DOT,
  EQUALS,
  EXPRESSION_CHARS,
  FOREIGN,
  HYPHEN,
  isBlankAt,
  LETTER,
  LIST_SIGN,
  NUMBER_START,
  PLUS_SLASH,
  QUOTE,
  runEnd,
  SIGN,
  UNDERSCORE,
  UPPER,
} from "./chars.ts";
import { isMixedPart, MIXED_PART_MIN } from "./landmarks.ts";

/** What the name in front of a value promises. `weak` names (`CACHE_KEY`, `auth`) mean a secret less often than not. */
export type Family = "password" | "token" | "weak" | "authorization";
/** How the value stands there. `bare` is also how code and prose look, so it has to prove more. */
export type Setting = "quoted" | "environment" | "query" | "bare";

/** Places rather than texts: nearly all values are judged without a look at them. */
export interface Promised {
  readonly family: Family;
  readonly setting: Setting;
  readonly nameFrom: number;
  readonly nameTo: number;
  /** The end of the sign behind the name, with the blanks around it. */
  readonly signTo: number;
}

/** Enough of a value to tell what it is, and a bound on what hostile text may cost. */
export const JUDGED_CHARS_MAX = 200;

/** The beginning of a value without the blanks around it. */
interface Judged {
  readonly value: string;
  /** Where it stands: characters of a slice are slower to read. */
  readonly text: string;
  readonly from: number;
  readonly to: number;
  /** The class bits of all its characters: what cannot match is not tried. */
  readonly seen: number;
}

/** What expressions look at of a value, as a multiple of it. */
const EXPRESSIONS_SHARE = 2;

function judgedOf(text: string, from: number, to: number): Judged {
  let first = from;
  let last = to;
  while (first < last && isBlankAt(text, first)) first += 1;
  while (last > first && isBlankAt(text, last - 1)) last -= 1;
  countExamined(EXPRESSIONS_SHARE * (last - first));
  return { value: text.slice(first, last), text, from: first, to: last, seen: classesIn(text, first, last) };
}

/**
 * Whether a value under a promising name is a secret rather than a hole to be filled, code, a word or a public id.
 * Errs towards taking it out where the name is strong and the value stands as a literal.
 */
export function isSecretValue(
  text: string,
  { from, to }: { readonly from: number; readonly to: number },
  promised: Promised,
): boolean {
  const charsMin = minLength(promised);
  if (to - from < charsMin) return false;
  const judged = judgedOf(text, from, Math.min(to, from + JUDGED_CHARS_MAX));
  return (
    judged.value.length >= charsMin &&
    saysSomething(judged) &&
    isFamilys(judged, promised) &&
    !isHole(judged) &&
    !isPublic(judged, promised)
  );
}

/** What {@link isHole} and {@link isPublic} tell by a value's first characters, whatever follows them in it. */
const NONE_START =
  /[ \t]{0,8}(?:\$[({]|\$env:|[<{[]|%\(|#\{|\.\.\.|…|&lt;|--|[A-Za-z][A-Za-z0-9+.-]{1,15}:\/\/|(?:[Ss][Hh][Aa](?:1|256|384|512)|[Mm][Dd]5)[-:])/y;

/** What is asked for by that, and not more. */
export const NONE_START_CHARS_MAX = 32;

/** Whether the value that a quotation mark opens is a hole, an address or a digest, as its beginning says: it is told without a look at its end. */
export function saysItIsNone(text: string, openTo: number): boolean {
  NONE_START.lastIndex = openTo;
  countExamined(EXPRESSION_CHARS);
  return NONE_START.test(text);
}

/** A set of the letters of all alphabets takes 0.1 ms to make: it is made where somebody needs it. */
const letterOrDigit = () => /[\p{L}\p{N}]/u;

/** Marks alone are an empty text in quotation marks, as often escaped as it lies in others. */
function saysSomething({ value, seen }: Judged): boolean {
  return (seen & ALNUM) !== 0 || ((seen & FOREIGN) !== 0 && letterOrDigit().test(value));
}

function isFamilys(judged: Judged, promised: Promised): boolean {
  switch (promised.family) {
    case "authorization":
      return promised.setting === "quoted" || hasMixed(judged, 16);
    case "password":
      return isPassword(judged, promised);
    case "token":
      return isToken(judged, promised);
    case "weak":
      return promised.setting !== "bare" && !hasBlank(judged) && hasMixedPart(judged, 10);
  }
}

function hasBlank({ value, seen }: Judged): boolean {
  return (seen & BLANK) !== 0 || ((seen & FOREIGN) !== 0 && /\s/.test(value));
}

function minLength({ family, setting }: Promised): number {
  if (family === "password") return setting === "bare" ? 6 : 4;
  if (family === "authorization") return 6;
  return setting === "bare" ? 12 : 8;
}

/** `${X}`, `$X`, `<token>`, `{{ x }}`, `%s`, `***`, `...`, `xxxx`, `your-key-here`, and our own mark. */
const HOLE_START = /^(?:\$[({]|\$[A-Za-z_]\w*$|\$env:|[<{[]|%[a-z]$|%\w+%$|%\(|#\{|@\w+$|\.\.\.|…|&lt;|--)/;
const HOLE_WORDS: readonly string[] = [
  "change[-_]?me.*",
  "replace[-_]?me.*",
  ...["placeholder.*", "dummy.*", "redacted.*", "example.*", "sample.*", "todo.*"],
  ...["null", "none", "nil", "undefined", "true", "false", "yes", "no", "on", "off"],
  ...["string", "number", "boolean", "object", "empty", "unset", "required", "optional", "missing"],
  ...["invalid", "hidden", "omitted", "masked", "include", "same-origin", "omit"],
];
const HOLE = new RegExp(`^(?:x{3,}|\\*{2,}|${HOLE_WORDS.join("|")})$`, "i");
/** The first two letters of those words: of a hundred values one begins with any. */
const HOLE_BEGINNINGS = new Set([...HOLE_WORDS, "xx"].map((word) => twoLettersAt(word, 0)));

/** Two letters of either case as a number. */
function twoLettersAt(text: string, at: number): number {
  return ((codeAt(text, at) | 32) << 8) | codeAt(text, at + 1) | 32;
}

/** `your-key-here`, `insert_token`. */
const ASKING_WORDS = /^.{0,12}(?:your|my|the|some|insert|enter|replace|put|add)[-_ ]/i;

/** No hole to be filled is longer. */
const HOLE_CHARS_MAX = 64;

function isHole({ value, seen }: Judged): boolean {
  const isSign = (classAt(value, 0) & ALNUM) === 0;
  if (isSign && HOLE_START.test(value)) return true;
  if (value.length <= HOLE_CHARS_MAX) {
    if ((isSign || HOLE_BEGINNINGS.has(twoLettersAt(value, 0))) && HOLE.test(value)) return true;
    if ((seen & (HYPHEN | UNDERSCORE | BLANK)) !== 0 && ASKING_WORDS.test(value)) return true;
  }
  return isOneCharacter(value);
}

/** What is looked for by its words begins with two letters. */
function beginsAsWord(value: string): boolean {
  return (classAt(value, 0) & LETTER) !== 0 && (classAt(value, 1) & LETTER) !== 0;
}

function isOneCharacter(value: string): boolean {
  const first = value.charCodeAt(0);
  // A character of two codes is none: such values are no holes that people write.
  for (let at = 1; at < value.length; at += 1) if (value.charCodeAt(at) !== first) return false;
  return true;
}

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
/** Of both: 32 digits, and four signs or a prefix of four. */
const UUID_CHARS = 36;
const OWN_ID = /^(?:ses|evt|not|mch|wkt|wsp)_[0-9a-f]{32}$/;
const SHA = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i;
const INTEGRITY = /^(?:sha(?:1|256|384|512)|md5)[-:]/i;
const PATH =
  /^(?:~|\.{1,2}|[A-Za-z]:)?[\\/][\w.@~ -]+(?:[\\/][\w.@~ -]*)*$|^[\w.@-]+(?:\/[\w.@-]+)+\.\w{1,6}$/;
const PLAIN_URL = /^[a-z][a-z0-9+.-]{1,15}:\/\//i;
const NUMBER = /^[-+]?[\d.,:_TZ/ -]+(?:e\d+|ms|s|m|h|d|kb|mb|gb|px|%)?$/i;

/** What {@link INTEGRITY} begins with. */
const DIGEST_BEGINNINGS = new Set(["sh", "md"].map((letters) => twoLettersAt(letters, 0)));

const STRONG_NAME = /secret|passw|api[_-]?key|private|signature/i;

/** Never taken out: ids, digests of contents, paths, URLs (their passwords are another rule's), numbers, versions. */
function isPublic({ value, text, seen }: Judged, promised: Promised): boolean {
  const { family, setting } = promised;
  if (value.length === UUID_CHARS && (UUID.test(value) || OWN_ID.test(value))) return true;
  if (isIntegrity(value)) return true;
  const hasSlash = (seen & (PLUS_SLASH | BACKSLASH)) !== 0;
  if (hasSlash && PLAIN_URL.test(value)) return true;
  // A digest and a key of random bytes look alike: only a literal under a strong name tells.
  if ((value.length === 40 || value.length === 64) && SHA.test(value))
    return family === "weak" || (setting === "bare" && !STRONG_NAME.test(nameOf(text, promised)));
  if ((classAt(value, 0) & NUMBER_START) !== 0 && NUMBER.test(value))
    return family !== "password" || setting === "bare";
  return hasSlash && PATH.test(value) && !hasLongMixedPart(value);
}

function isIntegrity(value: string): boolean {
  return DIGEST_BEGINNINGS.has(twoLettersAt(value, 0)) && INTEGRITY.test(value);
}

function nameOf(text: string, { nameFrom, nameTo }: Promised): string {
  return text.slice(nameFrom, nameTo);
}

/** A secret in base64 may begin with a slash; the parts of a path are words. */
export function hasLongMixedPart(value: string): boolean {
  return value.split(/[\\/]/).some((part) => part.length >= 16 && !/[._-]/.test(part) && isMixed(part, 16));
}

/** A word of code: a member, an operator, a literal that is no string; calls, indexes and types are told by their brackets. */
const CODE_WORDS =
  /^[A-Za-z_$][\w$]*(?:\??\.[A-Za-z_$][\w$]*)+$|^(?:new|await|typeof|function|lambda|async|return|import|const|let|var|self|this|process|os|env|ENV)\b/;
/** Names of types and algorithms, which mix letters and digits without being secret. */
const TECHNICAL =
  /^(?:u?int|float|u|i|f|utf|sha|base|hs|rs|es|ps|md|aes|oauth|argon|pbkdf|ed|x|secp|http|ipv?|v)\w*[-_]?\d/i;
const TECHNICAL_CHARS_MAX = 20;
const IDENTIFIER = /^[A-Za-z]+(?:[-_. ][A-Za-z]+)*$/;
const NO_IDENTIFIERS = DIGIT | FOREIGN | BRACKET | BACKSLASH | QUOTE | EQUALS | PLUS_SLASH | SIGN | LIST_SIGN;

function isCode({ value, seen }: Judged): boolean {
  if ((seen & BRACKET) !== 0) return true;
  return ((seen & DOT) !== 0 || beginsAsWord(value)) && CODE_WORDS.test(value);
}

function isIdentifier({ value, seen }: Judged): boolean {
  return (seen & NO_IDENTIFIERS) === 0 && IDENTIFIER.test(value);
}

function isPassword(judged: Judged, promised: Promised): boolean {
  const { value, text } = judged;
  const { setting } = promised;
  if (setting === "environment" || setting === "query") return !isCode(judged) || hasMixed(judged, 12);
  if (setting === "bare") return hasMixed(judged, 6) && !isCode(judged) && !TECHNICAL.test(value);
  const identifier = isIdentifier(judged);
  if (identifier && isCompared(text, promised)) return false;
  // A sentence in quotation marks is a message about passwords, unless an environment's name claims it.
  if (hasBlank(judged)) return isConstantName(text, promised);
  return !(
    identifier &&
    (/[._]|pass|pwd|secret|text|field|input|hash/i.test(value) || /[a-z][A-Z]/.test(value))
  );
}

/** In capitals, as the names in environments are. */
export function isConstantName(
  text: string,
  { nameFrom, nameTo }: { readonly nameFrom: number; readonly nameTo: number },
): boolean {
  if ((classAt(text, nameFrom) & UPPER) === 0) return false;
  return runEnd(text, nameFrom, UPPER | DIGIT | UNDERSCORE, nameTo - nameFrom) === nameTo;
}

/** Compared (`==`), not assigned. */
function isCompared(text: string, { nameTo, signTo }: Promised): boolean {
  return text.slice(nameTo, signTo).includes("==");
}

function isToken(judged: Judged, { setting }: Promised): boolean {
  const { value } = judged;
  if (setting === "environment") {
    if (hasBlank(judged) || isCode(judged)) return false;
    return !(isIdentifier(judged) && (value.length < 16 || /[-_. ]/.test(value)));
  }
  if (hasBlank(judged)) return false;
  // Before all that costs more: of what stands in quotation marks, this tells the most.
  if (!hasMixedPart(judged, MIXED_PART_MIN)) return false;
  if (!hasMixed(judged, setting === "bare" ? 16 : 8) || isCode(judged)) return false;
  if (value.length <= TECHNICAL_CHARS_MAX && TECHNICAL.test(value)) return false;
  return !isWordsWithNumber(value);
}

function hasMixed({ text, from, to }: Judged, min: number): boolean {
  return to - from >= min && isMixedPart(text, from, to);
}

/** Whether any part between signs looks drawn at random: `v1-linux-node-20` mixes letters and digits, its parts do not. */
function hasMixedPart({ text, from, to }: Judged, min: number): boolean {
  for (let at = from; at < to; at += 1) {
    const partTo = runEnd(text, at, BASE64 | EQUALS, to - at);
    if (partTo - at >= min && isMixedPart(text, at, partTo)) return true;
    at = partTo;
  }
  return false;
}

/** `token1`, `user_key_2`, `my-secret-v2`: words with a number behind, as names in code are. */
function isWordsWithNumber(value: string): boolean {
  return value.length < 24 && /^[A-Za-z]{2,}(?:[-_.][A-Za-z]{2,})*[-_.]?v?\d{1,3}$/.test(value);
}

/** {@link isMixedPart} of a text of at least `min` characters. */
export function isMixed(value: string, min: number): boolean {
  return value.length >= min && isMixedPart(value, 0, value.length);
}
