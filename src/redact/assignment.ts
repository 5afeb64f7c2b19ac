import { classAt, LETTER, LOWER, NAME, runStart, UPPER } from "./chars.ts";
import { type Family, isSecretValue, type Setting } from "./plausible.ts";
import { tokenRuleAt } from "./rules.ts";
import { stickyEnd, tokenEnd } from "./shapes.ts";
import type { Span, Trigger } from "./trigger.ts";

const NAME_CHARS_MAX = 64;
/** Longer than a service account's key in one JSON string. */
const VALUE_CHARS_MAX = 16 * 1024;
/** Words that may follow the telling one in a name without changing what the value is. */
const NAME_TAIL =
  /(?:[_-]?(?:base64|b64|base|prod|production|staging|dev|live|test|old|new|value|plain|raw|[0-9]{1,2})(?![A-Za-z])){0,2}/iy;
/** What stands between a name and its value: closing quotation marks, as often escaped as JSON lies in JSON, and a sign. */
const SIGN = /\\{0,8}["'`]?\]?[ \t]{0,8}(?:=>|:=|\?=|={1,3}|:)[ \t]{0,8}/y;
const OPTION_SIGN = /[ \t]{1,4}/y;
const OPENING = /\\{0,8}["'`]/y;
const SCHEME = /(?:basic|bearer|token|apikey|digest|negotiate|bot)[ \t]{1,4}/iy;

interface Place {
  readonly text: string;
  readonly at: number;
  readonly wordTo: number;
  readonly promising: Promising;
  readonly floor: number;
}

function assignedSecret(place: Place): Span | undefined {
  const { text, wordTo } = place;
  const nameTo =
    (classAt(text, wordTo) & NAME) === 0 ? wordTo : (stickyEnd(NAME_TAIL, text, wordTo) ?? wordTo);
  if ((classAt(text, nameTo) & NAME) !== 0) return undefined;
  const nameFrom = runStart(text, place.at, NAME, Math.max(place.floor, place.at - NAME_CHARS_MAX));
  const signTo = stickyEnd(SIGN, text, nameTo) ?? optionSignEnd(text, nameFrom, nameTo);
  if (signTo === undefined) return undefined;
  const family = place.promising(text.slice(nameFrom, place.at), place, nameFrom);
  if (family === undefined) return undefined;
  const value =
    family === "authorization" ? headerValue(text, signTo) : assignedValue(text, signTo, nameFrom);
  if (value === undefined || value.to === value.from) return undefined;
  return judge(text, value, { family, name: text.slice(nameFrom, nameTo), sign: text.slice(nameTo, signTo) });
}

/** `--password VALUE`. */
function optionSignEnd(text: string, nameFrom: number, nameTo: number): number | undefined {
  return text.startsWith("--", nameFrom) ? stickyEnd(OPTION_SIGN, text, nameTo) : undefined;
}

/** What a `key` must be of to be a secret one; others open maps. */
const KEY_OF =
  /(?:api|access|secret|private|priv|signing|sign|encryption|encrypt|crypt|cipher|master|auth|service|account|storage|shared|subscription|admin|licen[sc]e|webhook|deploy|client|consumer|session|app|application|integration|ingest|host|function|jwt|hmac|ssh|ssl|tls)[_.-]?$/i;

type Promising = (before: string, place: Place, nameFrom: number) => Family | undefined;

const PASS_OF = /(?:db|pg|my|sql|user|root|admin|smtp|mail|ftp|http|redis)$/i;
const password: Promising = () => "password";
const token: Promising = () => "token";
const pass: Promising = (before, { text, at }) =>
  startsPart(text, at) || PASS_OF.test(before) ? "password" : undefined;
const weak: Promising = (_, { text, at }) => (startsPart(text, at) ? "weak" : undefined);

/** What a name promises that ends with the word; `before` is the name up to it. */
const PROMISES: { readonly [word: string]: Promising } = {
  password,
  passwd: password,
  passphrase: password,
  passcode: password,
  pass,
  pwd: pass,
  secret: token,
  token,
  key(before, { text, at }) {
    if (KEY_OF.test(before)) return "token";
    return startsPart(text, at) && before !== "" && isUpper(text, at, at + "key".length) ? "weak" : undefined;
  },
  cred: weak,
  creds: weak,
  credential: weak,
  credentials: weak,
  auth: weak,
  authorization: () => "authorization",
  signature: (before) => (/amz-$/i.test(before) ? "token" : undefined),
  sig: (before, { text }, nameFrom) =>
    before === "" && followsQuerySign(text, nameFrom) ? "token" : undefined,
};

/**
 * Values given to names that promise a secret: `.env` lines, JSON, YAML, code, query strings, connection strings,
 * headers, options. The scan stops at the word; the name around it, the sign after it and the value decide.
 */
export const assignmentTriggers: readonly Trigger[] = Object.entries(PROMISES).map(
  ([literal, promising]) => ({
    literal,
    anyCase: true,
    match: (text, at, floor) => assignedSecret({ text, at, wordTo: at + literal.length, promising, floor }),
  }),
);

function followsQuerySign(text: string, nameFrom: number): boolean {
  return nameFrom > 0 && "?&;".includes(text.charAt(nameFrom - 1));
}

/** Whether a part of a name begins here: after no letter, or with a capital after a small one. */
function startsPart(text: string, at: number): boolean {
  const before = classAt(text, at - 1);
  if ((before & LETTER) === 0) return true;
  return (before & LOWER) !== 0 && (classAt(text, at) & UPPER) !== 0;
}

function isUpper(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if ((classAt(text, at) & UPPER) === 0) return false;
  return true;
}

interface Value {
  readonly from: number;
  readonly to: number;
  readonly setting: Setting;
}

function assignedValue(text: string, from: number, nameFrom: number): Value | undefined {
  const openTo = stickyEnd(OPENING, text, from);
  if (openTo !== undefined) return quotedValue(text, from, openTo);
  const query = followsQuerySign(text, nameFrom);
  const environment = isEnvironmentName(text, nameFrom, from);
  if (stickyEnd(NESTED, text, from) !== undefined) return undefined;
  const length = text
    .slice(from, from + BARE_CHARS_MAX)
    .search(environment && !query ? ENVIRONMENT_END : BARE_END);
  const to = length === -1 ? Math.min(text.length, from + BARE_CHARS_MAX) : from + length;
  return { from, to, setting: environment ? "environment" : query ? "query" : "bare" };
}

/** What is looked at of a value without quotation marks; one that goes on is taken out whole if it is taken out. */
const BARE_CHARS_MAX = 96;
const BARE_END = /[\s"'`,;&<>|()\\]/;
const ENVIRONMENT_END = /[\s"'`<>|()\\]/;
/** The value is an assignment of its own, `--env TOKEN=NAME=value`: the name next to the value decides. */
const NESTED = /\??[A-Za-z_][A-Za-z_.-]{0,40}=(?![=\s"'&;,]|$)/y;

/** Up to the same mark, escaped no more often than the opening one was; or the line's end, where the text was cut off. */
function quotedValue(text: string, from: number, openTo: number): Value | undefined {
  const mark = text.charAt(openTo - 1);
  const escapes = openTo - 1 - from;
  const last = Math.min(text.length, openTo + VALUE_CHARS_MAX);
  let backslashes = 0;
  let at = openTo;
  for (; at < last; at += 1) {
    const character = text[at];
    if (character === "\n") break;
    if (character === mark && closes(backslashes, escapes)) break;
    backslashes = character === "\\" ? backslashes + 1 : 0;
  }
  const to = text[at] === mark ? at - backslashes : at;
  return { from: openTo, to: Math.max(openTo, to), setting: "quoted" };
}

function closes(backslashes: number, escapes: number): boolean {
  return escapes === 0 ? backslashes % 2 === 0 : backslashes <= escapes;
}

/** `NAME=value` in capitals, as environments are written; no space on either side of the sign. */
function isEnvironmentName(text: string, nameFrom: number, valueFrom: number): boolean {
  if (text[valueFrom - 1] !== "=") return false;
  return /^[A-Z][A-Z0-9_]*=$/.test(text.slice(nameFrom, valueFrom));
}

/** What is looked at of a header's value: all that is judged. Measured whole at every name in it, a long one would cost its square. */
const HEADER_CHARS_MAX = 256;

/** `Authorization: Basic …` (RFC 9110, 11.6.2): the scheme stays, what follows goes. */
function headerValue(text: string, signTo: number): Value | undefined {
  const openTo = stickyEnd(OPENING, text, signTo) ?? signTo;
  const schemeTo = stickyEnd(SCHEME, text, openTo);
  const from = schemeTo ?? openTo;
  const to = tokenEnd(text, from, HEADER_CHARS_MAX);
  return { from, to, setting: schemeTo === undefined ? "bare" : "quoted" };
}

interface Promise {
  readonly family: Family;
  readonly name: string;
  readonly sign: string;
}

function judge(
  text: string,
  { from, to, setting }: Value,
  { family, name, sign }: Promise,
): Span | undefined {
  const value = text.slice(from, to);
  if (!isSecretValue(value, { family, setting, name, compared: sign.includes("==") })) return undefined;
  const rule = tokenRuleAt(text, from) ?? (family === "authorization" ? "authorization" : "assignment");
  const cutOff = family === "authorization" || (setting !== "quoted" && to - from === BARE_CHARS_MAX);
  return { from, to: cutOff ? tokenEnd(text, to) : to, rule };
}
