import {
  ALNUM,
  BLANK,
  COOKIE_SIGN,
  classAt,
  countExamined,
  EQUALS,
  endsWith,
  nextAt,
  SPACING,
} from "./chars.ts";
import { isMixed } from "./plausible.ts";
import { stickyEnd } from "./shapes.ts";
import type { Part, Scan, Span, Trigger } from "./trigger.ts";
import { vain } from "./vain-looks.ts";

/** Credentials as the programs write them that send them: curl's option, a `.netrc` file, cookie headers. */
export const sentTriggers: readonly Trigger[] = [
  { literal: "curl ", match: curlUser },
  { literal: "login", match: netrcPassword },
  { literal: "cookie:", anyCase: true, match: cookies },
];

/** What is looked at behind `curl`: options stand near it, and this bounds what one may cost. */
const CURL_CHARS_MAX = 256;
/** More is asked of each of these characters than of those of a run. */
const CURL_SHARE = 2;
/** What stands before the colon is read in one way only: a sign between may belong to both of its parts. */
const USER_OPTION = /[ \t](?:-u|--user)(?=([ \t=]{0,4}["']?[^\s:"']{0,64}))\1:(?=[^\s"'])/y;
const USER_OPTION_CHARS_MAX = 100;
const PASSWORD = /[^\s"']{1,128}/y;

/** `curl -u user:password` (curl's manual, `-u`). */
function curlUser({ text }: Scan, at: number): Span | undefined {
  const max = Math.min(text.length, at + CURL_CHARS_MAX);
  let option: number | undefined;
  let end = at + "curl ".length;
  for (; end < max && text.charCodeAt(end) !== LINE_FEED; end += 1) {
    const code = text.charCodeAt(end);
    if (code === SMALL_U) option ??= userOptionEnd(text, end, max);
    // Another call pays for itself.
    else if (code === SMALL_C && end + "curl ".length <= max && text.startsWith("curl ", end)) break;
  }
  countExamined(CURL_SHARE * (end - at));
  // What begins with a sign is a hole to be filled, or a mark of ours.
  if (option === undefined || option >= end || (classAt(text, option) & ALNUM) === 0)
    return vain(at, end + USER_OPTION_CHARS_MAX);
  return { from: option, to: Math.min(end, stickyEnd(PASSWORD, text, option) ?? end), rule: "login" };
}

const LINE_FEED = 0x0a;
const HYPHEN_CODE = 0x2d;
const SMALL_C = 0x63;
const SMALL_U = 0x75;

/** @param at of the `u` in an option `-u` or `--user`; where the password begins behind it. From `max` on it does not matter where. */
function userOptionEnd(text: string, at: number, max: number): number | undefined {
  if (text.charCodeAt(at - 1) !== HYPHEN_CODE) return undefined;
  const from = at - (text.charCodeAt(at - 2) === HYPHEN_CODE ? 3 : 2);
  if ((classAt(text, from) & SPACING) === 0) return undefined;
  let end = stickyEnd(USER_OPTION, text, from);
  // The colon of a mark of ours parts nothing: the user's name may be a token that is out already.
  while (end !== undefined && end < max && text.startsWith(MARK_START, end - MARK_START.length))
    end = stickyEnd(USER_GOES_ON, text, end);
  return end;
}

const MARK_START = "[REDACTED:";
const USER_GOES_ON = /(?=([a-z-]{1,32}\][^\s:"']{0,64}))\1:(?=[^\s"'])/y;

const NETRC = /login[ \t\r\n]{1,8}[^\s]{1,128}[ \t\r\n]{1,8}password[ \t\r\n]{1,8}/y;
/** `login user password reset` is prose: a password there mixes letters and digits. */
const NETRC_MIN = 6;
const NETRC_JUDGED_CHARS = 1_024;
/** All of it: another login is parted from it by a blank, and a mark in front of its rest would be taken for its beginning. */
const WORD = /[^\s"'\\]+/y;

/** `login me password secret`, on one line or several (GNU Inetutils, `.netrc`). */
function netrcPassword({ text }: Scan, at: number): Span | undefined {
  const wordTo = at + "login".length;
  if ((classAt(text, wordTo) & BLANK) === 0) return vain(at, wordTo + 1);
  const from = stickyEnd(NETRC, text, at);
  const to = from === undefined ? undefined : stickyEnd(WORD, text, from);
  if (from === undefined || to === undefined) return undefined;
  // Asked of its beginning, too, so that no mark far in it changes what is said of it.
  const word = text.slice(from, to);
  return isMixed(word, NETRC_MIN) || isMixed(word.slice(0, NETRC_JUDGED_CHARS), NETRC_MIN)
    ? { from, to, rule: "login" }
    : vain(at, to + 1);
}

const COOKIE_CHARS_MAX = 1_024;
/** What it costs to tell pairs apart, beyond the characters that are examined for it. */
const PAIRS_CHARS = 48;
/** Shorter values of cookies are settings (`theme=dark`). */
const COOKIE_VALUE_MIN = 12;

/** `Cookie:` and `Set-Cookie:` (RFC 6265, 4): from the first value that looks drawn at random to the last one. */
function cookies({ text }: Scan, at: number): Span | undefined {
  const start = at + NAME.length + 1;
  const max = Math.min(text.length, start + COOKIE_CHARS_MAX);
  countExamined(PAIRS_CHARS);
  let from: number | undefined;
  let to = start;
  let pairFrom = start;
  for (;;) {
    const pairTo = pairEnd(text, { from: pairFrom, to: max }, start);
    const equals = nextAt(text, pairFrom, pairTo, EQUALS);
    if (equals > pairFrom && equals < pairTo && isDrawn(text, equals + 1, pairTo)) {
      from ??= equals + 1;
      to = pairTo;
    }
    pairFrom = pairTo + 1;
    if (pairTo === max || text.charCodeAt(pairTo) !== SEMICOLON) break;
  }
  // Another header's name is known by the colon behind it.
  return from === undefined ? vain(at, pairFrom + NAME.length) : { from, to, rule: "cookie" };
}

/** Where a semicolon stands, or what ends the header; another one that begins pays for itself. */
function pairEnd(text: string, { from, to }: Part, floor: number): number {
  let at = nextAt(text, from, to, COOKIE_SIGN);
  while (at < to && text.charCodeAt(at) === COLON) {
    if (endsWith(text, { from: floor, to: at, word: NAME })) return at - NAME.length;
    at = nextAt(text, at + 1, to, COOKIE_SIGN);
  }
  return at;
}

const SEMICOLON = 0x3b;
const COLON = 0x3a;
const NAME = "cookie";

function isDrawn(text: string, from: number, to: number): boolean {
  if (to - from < COOKIE_VALUE_MIN) return false;
  const value = text.slice(from, to);
  return isMixed(value, COOKIE_VALUE_MIN) && !/\s|^\[REDACTED:/.test(value);
}
