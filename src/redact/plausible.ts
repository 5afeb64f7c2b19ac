import { classAt, DIGIT, LETTER, LOWER, UPPER } from "./chars.ts";

/** What the name in front of a value promises. `weak` names (`CACHE_KEY`, `auth`) mean a secret less often than not. */
export type Family = "password" | "token" | "weak" | "authorization";
/** How the value stands there. `bare` is also how code and prose look, so it has to prove more. */
export type Setting = "quoted" | "environment" | "query" | "bare";

export interface Promised {
  readonly family: Family;
  readonly setting: Setting;
  readonly name: string;
  /** Compared (`==`), not assigned. */
  readonly compared: boolean;
}

/** Enough of a value to tell what it is, and a bound on what hostile text may cost. */
const JUDGED_CHARS_MAX = 200;

/**
 * Whether a value under a promising name is a secret rather than a hole to be filled, code, a word or a public id.
 * Errs towards taking it out where the name is strong and the value stands as a literal.
 */
export function isSecretValue(value: string, promised: Promised): boolean {
  const judged = value.slice(0, JUDGED_CHARS_MAX).trim();
  return (
    judged.length >= minLength(promised) &&
    saysSomething(judged) &&
    isFamilys(judged, promised) &&
    !isHole(judged) &&
    !isPublic(judged, promised)
  );
}

/** Marks alone are an empty text in quotation marks, as often escaped as it lies in others. */
const SAYS_SOMETHING = /[\p{L}\p{N}]/u;

function saysSomething(value: string): boolean {
  return (classAt(value, 0) & (DIGIT | LETTER)) !== 0 || SAYS_SOMETHING.test(value);
}

function isFamilys(value: string, promised: Promised): boolean {
  switch (promised.family) {
    case "authorization":
      return promised.setting === "quoted" || isMixed(value, 16);
    case "password":
      return isPassword(value, promised);
    case "token":
      return isToken(value, promised);
    case "weak":
      return promised.setting !== "bare" && !/\s/.test(value) && hasMixedPart(value, 10);
  }
}

function minLength({ family, setting }: Promised): number {
  if (family === "password") return setting === "bare" ? 6 : 4;
  if (family === "authorization") return 6;
  return setting === "bare" ? 12 : 8;
}

/** `${X}`, `$X`, `<token>`, `{{ x }}`, `%s`, `***`, `...`, `xxxx`, `your-key-here`, and our own mark. */
const HOLE_START = /^(?:\$[({]|\$[A-Za-z_]\w*$|\$env:|[<{[]|%[a-z]$|%\w+%$|%\(|#\{|@\w+$|\.\.\.|…|&lt;|--)/;
const HOLE_WORDS =
  /^(?:x{3,}|\*{2,}|change[-_]?me.*|replace[-_]?me.*|placeholder.*|dummy.*|redacted.*|example.*|sample.*|todo.*|null|none|nil|undefined|true|false|yes|no|on|off|string|number|boolean|object|empty|unset|required|optional|missing|invalid|hidden|omitted|masked|include|same-origin|omit)$/i;

/** `your-key-here`, `insert_token`; looked for only where a sign parts words. */
const ASKING_WORDS = /^.{0,12}(?:your|my|the|some|insert|enter|replace|put|add)[-_ ]/i;
const WORD_SIGN = /[-_ ]/;

/** No hole to be filled is longer. */
const HOLE_CHARS_MAX = 64;

function isHole(value: string): boolean {
  if (HOLE_START.test(value)) return true;
  if (value.length > HOLE_CHARS_MAX) return isOneCharacter(value);
  return (
    HOLE_WORDS.test(value) || (WORD_SIGN.test(value) && ASKING_WORDS.test(value)) || isOneCharacter(value)
  );
}

function isOneCharacter(value: string): boolean {
  const first = value.charAt(0);
  for (const character of value) if (character !== first) return false;
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

const STRONG_NAME = /secret|passw|api[_-]?key|private|signature/i;

/** Never taken out: ids, digests of contents, paths, URLs (their passwords are another rule's), numbers, versions. */
function isPublic(value: string, { family, setting, name }: Promised): boolean {
  if (value.length === UUID_CHARS && (UUID.test(value) || OWN_ID.test(value))) return true;
  if (INTEGRITY.test(value) || PLAIN_URL.test(value)) return true;
  // A digest and a key of random bytes look alike: only a literal under a strong name tells.
  if ((value.length === 40 || value.length === 64) && SHA.test(value))
    return family === "weak" || (setting === "bare" && !STRONG_NAME.test(name));
  if (NUMBER.test(value)) return family !== "password" || setting === "bare";
  return PATH.test(value) && !hasLongMixedPart(value);
}

/** A secret in base64 may begin with a slash; the parts of a path are words. */
export function hasLongMixedPart(value: string): boolean {
  return value.split(/[\\/]/).some((part) => part.length >= 16 && !/[._-]/.test(part) && isMixed(part, 16));
}

/** A word of code: a call, a member, an index, a type, a literal that is no string. */
const CODE =
  /[()[\]{}]|^[A-Za-z_$][\w$]*(?:\??\.[A-Za-z_$][\w$]*)+$|^(?:new|await|typeof|function|lambda|async|return|import|const|let|var|self|this|process|os|env|ENV)\b/;
/** Names of types and algorithms, which mix letters and digits without being secret. */
const TECHNICAL =
  /^(?:u?int|float|u|i|f|utf|sha|base|hs|rs|es|ps|md|aes|oauth|argon|pbkdf|ed|x|secp|http|ipv?|v)\w*[-_]?\d/i;
const TECHNICAL_CHARS_MAX = 20;
const IDENTIFIER = /^[A-Za-z]+(?:[-_. ][A-Za-z]+)*$/;

function isPassword(value: string, { setting, name, compared }: Promised): boolean {
  if (setting === "environment" || setting === "query") return !CODE.test(value) || isMixed(value, 12);
  if (setting === "bare") return !CODE.test(value) && !TECHNICAL.test(value) && isMixed(value, 6);
  if (compared && IDENTIFIER.test(value)) return false;
  // A sentence in quotation marks is a message about passwords, unless an environment's name claims it.
  if (/\s/.test(value)) return /^[A-Z][A-Z0-9_]*$/.test(name);
  return !(
    IDENTIFIER.test(value) &&
    (/[._]|pass|pwd|secret|text|field|input|hash/i.test(value) || /[a-z][A-Z]/.test(value))
  );
}

function isToken(value: string, { setting }: Promised): boolean {
  if (/\s/.test(value) || CODE.test(value)) return false;
  if (setting === "environment")
    return !(IDENTIFIER.test(value) && (value.length < 16 || /[-_. ]/.test(value)));
  if (value.length <= TECHNICAL_CHARS_MAX && TECHNICAL.test(value)) return false;
  return !isWordsWithNumber(value) && isMixed(value, setting === "bare" ? 16 : 8) && hasMixedPart(value, 5);
}

/** Whether any part between signs looks drawn at random: `v1-linux-node-20` mixes letters and digits, its parts do not. */
function hasMixedPart(value: string, min: number): boolean {
  return value.split(/[^A-Za-z0-9+/=]/).some((part) => isMixed(part, min));
}

/** `token1`, `user_key_2`, `my-secret-v2`: words with a number behind, as names in code are. */
function isWordsWithNumber(value: string): boolean {
  return value.length < 24 && /^[A-Za-z]{2,}(?:[-_.][A-Za-z]{2,})*[-_.]?v?\d{1,3}$/.test(value);
}

/**
 * Whether letters and digits are mixed as chance mixes them; or, in long runs without a digit, small and capital
 * letters. Dots between words do not count.
 */
export function isMixed(value: string, min: number): boolean {
  if (value.length < min) return false;
  let seen = 0;
  let changes = 0;
  let before = 0;
  for (let at = 0; at < value.length; at += 1) {
    const bits = classAt(value, at) & (DIGIT | LOWER | UPPER);
    seen |= bits;
    if (bits !== before) changes += 1;
    before = bits;
  }
  if ((seen & DIGIT) !== 0 && (seen & LETTER) !== 0) return true;
  return value.length >= 16 && (seen & LOWER) !== 0 && (seen & UPPER) !== 0 && changes * 3 >= value.length;
}
