import {
  BACKSLASH,
  BLANK,
  BRACKET,
  CASE_BIT,
  classAt,
  codeAt,
  countExamined,
  DOT,
  endsWith,
  HYPHEN,
  isBlankAt,
  LETTER,
  LOWER,
  NAME,
  NAME_CHARS_MAX,
  NAME_TAIL_START,
  OPENING,
  QUERY_SIGN,
  QUOTE,
  runEnd,
  runStart,
  SIGN,
  SPACING,
  TOKEN68,
  UNDERSCORE,
  UPPER,
} from "./chars.ts";
import type { Landmarks } from "./landmarks.ts";
import {
  type Family,
  isConstantName,
  isSecretValue,
  JUDGED_CHARS_MAX,
  NONE_START_CHARS_MAX,
  type Setting,
  saysItIsNone,
} from "./plausible.ts";
import { tokenRuleAt } from "./rules.ts";
import { stickyEnd, tokenEnd } from "./shapes.ts";
import type { Scan, Span, Trigger } from "./trigger.ts";
import { found, vain } from "./vain-looks.ts";

/** Longer than a service account's key in one JSON string. */
const VALUE_CHARS_MAX = 16 * 1024;
/** Words that may follow the telling one in a name without changing what the value is. */
const NAME_TAIL =
  /(?:[_-]?(?:base64|b64|base|prod|production|staging|dev|live|test|old|new|value|plain|raw|[0-9]{1,2})(?![A-Za-z])){0,2}/iy;
const SCHEME = /(?:basic|bearer|token|apikey|digest|negotiate|bot)[ \t]{1,4}/iy;

interface Place {
  readonly scan: Scan;
  /** The telling word. */
  readonly at: number;
  readonly wordTo: number;
  /** The name around it. */
  readonly nameFrom: number;
  readonly nameTo: number;
  /** Nothing at that place or behind it was asked for so far; nothing before the character that the name follows is. */
  askedTo: number;
}

/** A word, and what a name promises that holds it. */
interface Telling {
  readonly word: string;
  readonly promised: Promising;
}

function assignedSecret(scan: Scan, at: number, { word, promised }: Telling): Span | undefined {
  const { text, floor } = scan;
  const wordTo = at + word.length;
  const nameTo = nameTailEnd(text, wordTo);
  const behind = classAt(text, nameTo);
  if ((behind & NAME) !== 0) return vain(at, nameTo + NAME_TAIL_CHARS_MAX);
  const signTo = signEnd(text, nameTo);
  if (signTo === undefined && (behind & SPACING) === 0) return vain(at, nameTo + SIGN_CHARS_MAX);
  const nameFrom = runStart(text, at, NAME, Math.max(floor, at - NAME_CHARS_MAX));
  const from = signTo ?? optionSignEnd(text, nameFrom, nameTo);
  if (from === undefined) return vain(nameFrom - 1, nameTo + SIGN_CHARS_MAX);
  const openTo = openingEnd(text, from);
  const askedTo = Math.max(from + OPENING_CHARS_MAX, signTo ?? nameTo + SIGN_CHARS_MAX);
  if ((classAt(text, openTo ?? from) & OPENING) !== 0) return vain(nameFrom - 1, askedTo);
  countExamined(VALUE_CHARS);
  const place = { scan, at, wordTo, nameFrom, nameTo, askedTo };
  const family = promised(place);
  if (family === undefined) return vain(nameFrom - 1, askedTo);
  const value = valueAt(place, { from, openTo }, family);
  const span =
    value === undefined || value.to === value.from
      ? undefined
      : judge(place, value, { family, signTo: from });
  return span === undefined ? vain(nameFrom - 1, place.askedTo) : found(nameFrom - 1, span);
}

/** What is asked for behind a name's last known word to know that the name goes on. */
const NAME_TAIL_CHARS_MAX = 16;
/** What is asked for behind a name to know whether a sign follows, blanks and quotation marks around it; */
const SIGN_CHARS_MAX = 24;
/** and behind the sign, to know whether a quotation mark opens the value, and what is in it. */
const OPENING_CHARS_MAX = 11;

/** The look has asked for what stands before `to`. */
function ask(place: Place, to: number): void {
  if (to > place.askedTo) place.askedTo = to;
}

/** What it costs to ask what stands near a value, in examined characters. */
const VALUE_CHARS = 64;

/** Where a value begins, and where a quotation mark has opened it. */
interface Start {
  readonly from: number;
  readonly openTo: number | undefined;
}

function valueAt(place: Place, start: Start, family: Family): Value | undefined {
  const { from, openTo } = start;
  if (family === "authorization") return headerValue(place, openTo ?? from);
  if (openTo === undefined) return bareValue(place, from, family);
  // Asked before the end is looked for, too.
  const mixed = family === "password" ? openTo : place.scan.next().mixed(openTo);
  if (mixed >= openTo + JUDGED_CHARS_MAX) {
    ask(place, openTo + JUDGED_CHARS_MAX);
    return undefined;
  }
  ask(place, openTo + NONE_START_CHARS_MAX);
  if (saysItIsNone(place.scan.text, openTo)) return undefined;
  const value = quotedValue(place, {
    from,
    openTo,
    charsMax: QUOTED_CHARS_MAX,
    against: againstOf(place, family),
  });
  return value !== undefined && mixed < value.to ? value : undefined;
}

/** What tells before its end that a value in quotation marks is none of a family's; all of this is asked again of those that have an end. */
function againstOf(place: Place, family: Family): Against {
  if (family === "token") return AGAINST_TOKENS;
  // A sentence is nobody's secret, unless an environment's name claims it.
  return family === "password" && isConstantName(place.scan.text, place) ? NOTHING : SENTENCES;
}

/** What is looked at of a value in quotation marks, some escapes at its end among it: one that is taken out is measured whole. */
const QUOTED_CHARS_MAX = JUDGED_CHARS_MAX + 16;

/** Most of what stands behind a telling word is told by one character, or by the one behind a sign. */
function nameTailEnd(text: string, wordTo: number): number {
  const first = classAt(text, wordTo);
  const start = (first & (UNDERSCORE | HYPHEN)) === 0 ? first : classAt(text, wordTo + 1);
  return (start & NAME_TAIL_START) === 0 ? wordTo : (stickyEnd(NAME_TAIL, text, wordTo) ?? wordTo);
}

/**
 * What stands between a name and its value, with blanks around it: closing quotation marks, as often escaped as JSON lies
 * in JSON, and one of `=>`, `:=`, `?=`, `=`, `==`, `===`, `:`.
 */
function signEnd(text: string, nameTo: number): number | undefined {
  const at = (classAt(text, nameTo) & SIGN) === 0 ? closingEnd(text, nameTo) : nameTo;
  const length = signLength(text, at);
  return length === 0 ? undefined : runEnd(text, at + length, SPACING, 8);
}

function closingEnd(text: string, nameTo: number): number {
  let at = runEnd(text, nameTo, BACKSLASH, ESCAPES_MAX);
  at = runEnd(text, at, QUOTE, 1);
  if (codeAt(text, at) === CLOSING) at += 1;
  return runEnd(text, at, SPACING, 8);
}

const ESCAPES_MAX = 8;
const CLOSING = 0x5d;
const COLON = 0x3a;
const EQUALS_CODE = 0x3d;
const GREATER = 0x3e;
const QUESTION = 0x3f;

function signLength(text: string, at: number): 0 | 1 | 2 | 3 {
  const next = codeAt(text, at + 1);
  switch (codeAt(text, at)) {
    case COLON:
      return next === EQUALS_CODE ? 2 : 1;
    case QUESTION:
      return next === EQUALS_CODE ? 2 : 0;
    case EQUALS_CODE:
      if (next === GREATER) return 2;
      if (next !== EQUALS_CODE) return 1;
      return codeAt(text, at + 2) === EQUALS_CODE ? 3 : 2;
    default:
      return 0;
  }
}

/** `--password VALUE`. */
function optionSignEnd(text: string, nameFrom: number, nameTo: number): number | undefined {
  if (!text.startsWith("--", nameFrom)) return undefined;
  return runEnd(text, nameTo, SPACING, 4);
}

/** What a `key` must be of to be a secret one; others open maps. */
const isKeyOf = endingOf([
  ...["api", "access", "secret", "private", "priv", "signing", "sign", "encryption", "encrypt", "crypt"],
  ...["cipher", "master", "auth", "service", "account", "storage", "shared", "subscription", "admin"],
  ...["license", "licence", "webhook", "deploy", "client", "consumer", "session", "app", "application"],
  ...["integration", "ingest", "host", "function", "jwt", "hmac", "ssh", "ssl", "tls"],
]);
const isPassOf = endingOf([
  "db",
  "pg",
  "my",
  "sql",
  "user",
  "root",
  "admin",
  "smtp",
  "mail",
  "ftp",
  "http",
  "redis",
]);
const isAmazons = endingOf(["amz-"]);

type Ending = (text: string, from: number, to: number) => boolean;

/** Whether one of these words, in any case, is what a part of a text ends with. Kept by the last character of each. */
function endingOf(words: readonly string[]): Ending {
  const byLast = new Map<number, string[]>();
  for (const word of words) {
    const last = word.charCodeAt(word.length - 1);
    byLast.set(last, [...(byLast.get(last) ?? []), word]);
  }
  return (text, from, to) => {
    for (const word of byLast.get(codeAt(text, to - 1) | CASE_BIT) ?? [])
      if (endsWith(text, { from, to, word })) return true;
    return false;
  };
}

type Promising = (place: Place) => Family | undefined;

const password: Promising = () => "password";
const token: Promising = () => "token";
const pass: Promising = (place) => (startsPart(place) || endsName(place, isPassOf) ? "password" : undefined);
const weak: Promising = (place) => (startsPart(place) ? "weak" : undefined);

/** What a name promises that holds the word. */
const PROMISES: { readonly [word: string]: Promising } = {
  password,
  passwd: password,
  passphrase: password,
  passcode: password,
  pass,
  pwd: pass,
  secret: token,
  token,
  key(place) {
    if (endsName(place, isKeyOf) || endsName(place, isKeyOf, 1)) return "token";
    return startsPart(place) && place.nameFrom < place.at && isUpper(place) ? "weak" : undefined;
  },
  cred: weak,
  creds: weak,
  credential: weak,
  credentials: weak,
  auth: weak,
  authorization: () => "authorization",
  signature: (place) => (endsName(place, isAmazons) ? "token" : undefined),
  sig: (place) => (place.nameFrom === place.at && followsQuerySign(place) ? "token" : undefined),
};

/**
 * Values given to names that promise a secret: `.env` lines, JSON, YAML, code, query strings, connection strings,
 * headers, options. The scan stops at the word; the name around it, the sign after it and the value decide.
 */
export const assignmentTriggers: readonly Trigger[] = Object.entries(PROMISES).map(([word, promised]) => {
  const telling = { word, promised };
  return { literal: word, anyCase: true, match: (scan, at) => assignedSecret(scan, at, telling) };
});

/** What the name before the word ends with; with a sign behind it, if `signs` is 1. */
function endsName({ scan: { text }, nameFrom, at }: Place, ending: Ending, signs: 0 | 1 = 0): boolean {
  if (signs === 1 && (classAt(text, at - 1) & (UNDERSCORE | HYPHEN | DOT)) === 0) return false;
  return ending(text, nameFrom, at - signs);
}

function followsQuerySign({ scan, nameFrom }: Place): boolean {
  return (classAt(scan.text, nameFrom - 1) & QUERY_SIGN) !== 0;
}

/** Whether a part of a name begins here: after no letter, or with a capital after a small one. */
function startsPart({ scan: { text }, at }: Place): boolean {
  const previous = classAt(text, at - 1);
  if ((previous & LETTER) === 0) return true;
  return (previous & LOWER) !== 0 && (classAt(text, at) & UPPER) !== 0;
}

function isUpper({ scan: { text }, at, wordTo }: Place): boolean {
  return runEnd(text, at, UPPER, wordTo - at) === wordTo;
}

interface Value {
  readonly from: number;
  readonly to: number;
  readonly setting: Setting;
}

function bareValue(place: Place, from: number, family: Family): Value | undefined {
  const { text } = place.scan;
  const next = place.scan.next();
  const query = followsQuerySign(place);
  const environment = isEnvironmentName(text, place.nameFrom, from);
  const max = Math.min(from + BARE_CHARS_MAX, text.length);
  const setting = environment ? "environment" : query ? "query" : "bare";
  // Asked before the end is looked for, too, which most values never need then.
  const earliest = setting === "bare" ? earliestSecret(next, from, family) : from;
  if (earliest >= max) {
    if (family !== "weak") ask(place, max);
    return undefined;
  }
  const to = Math.min(max, environment && !query ? next.environmentEnd(from) : next.bareEnd(from));
  // A name in the value ends where the value does, and a sign behind it.
  ask(place, to + 2);
  if (setting === "bare" && (earliest >= to || next.bracket(from) < to)) return undefined;
  if (isNested(text, from) || (setting === "bare" && !next.isMixed(from, to))) return undefined;
  return { from, to, setting };
}

/** What is looked at of a value without quotation marks; one that goes on is taken out whole if it is taken out. */
const BARE_CHARS_MAX = 96;

/** Where something stands that every secret without quotation marks has, asked for before the value is looked at: long ones hold many names. */
function earliestSecret(next: Landmarks, from: number, family: Family): number {
  switch (family) {
    case "weak":
      return Number.POSITIVE_INFINITY;
    case "token":
      return next.mixed(from);
    default:
      return next.digitOrCapital(from);
  }
}

/** The value is an assignment of its own, `--env TOKEN=NAME=value`: the name next to the value decides. */
function isNested(text: string, from: number): boolean {
  const nameFrom = codeAt(text, from) === QUESTION ? from + 1 : from;
  if ((classAt(text, nameFrom) & (LETTER | UNDERSCORE)) === 0) return false;
  const nameTo = runEnd(text, nameFrom, LETTER | UNDERSCORE | DOT | HYPHEN, NESTED_CHARS_MAX);
  return codeAt(text, nameTo) === EQUALS_CODE && stickyEnd(NESTED_VALUE, text, nameTo) !== undefined;
}

const NESTED_CHARS_MAX = 41;
const NESTED_VALUE = /=(?![=\s"'&;,]|$)/y;

/** Where a quotation mark, escaped or not, has opened a value. */
function openingEnd(text: string, from: number): number | undefined {
  if ((classAt(text, from) & (QUOTE | BACKSLASH)) === 0) return undefined;
  const at = runEnd(text, from, BACKSLASH, ESCAPES_MAX);
  return (classAt(text, at) & QUOTE) === 0 ? undefined : at + 1;
}

interface Against {
  /** More words than so many, and any character of so many classes. */
  readonly wordsMax: number;
  readonly signs: number;
}

const NOTHING: Against = { wordsMax: Number.POSITIVE_INFINITY, signs: 0 };
const SENTENCES: Against = { wordsMax: 1, signs: 0 };
const AGAINST_TOKENS: Against = { wordsMax: 1, signs: BRACKET };

interface Opened extends Start {
  readonly openTo: number;
  /** How many characters are looked at. */
  readonly charsMax: number;
  readonly against: Against;
}

/**
 * Up to the same mark, escaped no more often than the opening one was; or the line's end, where the text was cut off. Undefined where something speaks
 * against it: of many values that are open at once, each would look for its end through what they have in common.
 */
function quotedValue(place: Place, opened: Opened): Value | undefined {
  const { text } = place.scan;
  const { openTo, charsMax } = opened;
  const last = Math.min(text.length, openTo + charsMax);
  let end: number | undefined = last;
  // Odd in a word, even between two.
  let edges = 0;
  let at = openTo;
  for (; at < last && end === last; at += 1) {
    const bits = classAt(text, at);
    // Most characters are of a word that has begun.
    if ((bits & IN_WORD) !== 0 && edges % 2 === 1) continue;
    const to = (bits & (QUOTE | BLANK)) === 0 ? undefined : quotedEnd(text, at, opened);
    if (isEdge(text, at, edges)) edges += 1;
    if (to !== undefined) end = to;
    else if (speaksAgainst(opened, at, { bits, edges })) end = undefined;
  }
  ask(place, at);
  countExamined(QUOTED_SHARE * (at - openTo));
  return end === undefined ? undefined : { from: openTo, to: end, setting: "quoted" };
}

function speaksAgainst(
  { openTo, against }: Opened,
  at: number,
  { bits, edges }: { readonly bits: number; readonly edges: number },
): boolean {
  if (at >= openTo + JUDGED_CHARS_MAX) return false;
  return (bits & against.signs) !== 0 || edges > 2 * against.wordsMax;
}

/** What neither ends a value nor a word in it, nor speaks against either. */
const IN_WORD = TOKEN68;
/** More is asked of each of these characters than of those of a run. */
const QUOTED_SHARE = 3;

/** Whether a word ends or begins here. Backslashes begin none: they may be those of the mark at the end. */
function isEdge(text: string, at: number, edges: number): boolean {
  const isBlank = isBlankAt(text, at);
  return edges % 2 === 1 ? isBlank : !isBlank && (classAt(text, at) & BACKSLASH) === 0;
}

/** Where a value ends if a character ends it, without the backslashes of the mark. */
function quotedEnd(text: string, at: number, { from, openTo }: Opened): number | undefined {
  const code = codeAt(text, at);
  if (code === LINE_FEED) return at;
  if (code !== codeAt(text, openTo - 1)) return undefined;
  const to = runStart(text, at, BACKSLASH, openTo);
  return closes(at - to, openTo - 1 - from) ? to : undefined;
}

const LINE_FEED = 0x0a;

function closes(backslashes: number, escapes: number): boolean {
  return escapes === 0 ? backslashes % 2 === 0 : backslashes <= escapes;
}

/** `NAME=value` in capitals, as environments are written; no space on either side of the sign. */
function isEnvironmentName(text: string, nameFrom: number, valueFrom: number): boolean {
  const nameTo = valueFrom - 1;
  return codeAt(text, nameTo) === EQUALS_CODE && isConstantName(text, { nameFrom, nameTo });
}

/** What is looked at of a header's value: all that is judged. Measured whole at every name in it, a long one would cost its square. */
const HEADER_CHARS_MAX = 256;

/** `Authorization: Basic …` (RFC 9110, 11.6.2): the scheme stays, what follows goes. */
function headerValue(place: Place, openTo: number): Value | undefined {
  const { text, next } = place.scan;
  const schemeTo = isWordAt(text, openTo) ? stickyEnd(SCHEME, text, openTo) : undefined;
  const from = schemeTo ?? openTo;
  const to = Math.min(from + HEADER_CHARS_MAX, next().endOf(TOKEN68)(from));
  ask(place, Math.max(openTo + SCHEME_CHARS_MAX + SCHEME_GAP_CHARS_MAX, to) + 1);
  if (schemeTo !== undefined) return { from, to, setting: "quoted" };
  return next().isMixedHeader(from, Math.min(to, from + JUDGED_CHARS_MAX))
    ? { from, to, setting: "bare" }
    : undefined;
}

/** No scheme's name is longer. */
const SCHEME_CHARS_MAX = 9;
/** As many blanks may follow it. */
const SCHEME_GAP_CHARS_MAX = 4;

function isWordAt(text: string, from: number): boolean {
  return (classAt(text, runEnd(text, from, LETTER, SCHEME_CHARS_MAX)) & SPACING) !== 0;
}

function judge(place: Place, value: Value, promise: { family: Family; signTo: number }): Span | undefined {
  const { nameFrom, nameTo } = place;
  const { scan } = place;
  const { text } = scan;
  const { from, to, setting } = value;
  const { family, signTo } = promise;
  if (!isSecretValue(text, value, { family, setting, nameFrom, nameTo, signTo })) return undefined;
  const rule =
    tokenRuleAt(scan, { from, to }) ?? (family === "authorization" ? "authorization" : "assignment");
  if (setting === "quoted" && family !== "authorization" && to - from >= JUDGED_CHARS_MAX) {
    const whole = { from: signTo, openTo: from, charsMax: VALUE_CHARS_MAX, against: NOTHING };
    return { from, to: quotedValue(place, whole)?.to ?? to, rule };
  }
  const cutOff = family === "authorization" || (setting !== "quoted" && to - from === BARE_CHARS_MAX);
  return { from, to: cutOff ? tokenEnd(text, to) : to, rule };
}
