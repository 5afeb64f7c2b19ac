import { classAt, DIGIT, LETTER } from "./chars.ts";
import { isMixed } from "./plausible.ts";
import { stickyEnd } from "./shapes.ts";
import type { Span, Trigger } from "./trigger.ts";

/** Credentials as the programs write them that send them: curl's option, a `.netrc` file, cookie headers. */
export const sentTriggers: readonly Trigger[] = [
  { literal: "curl ", match: curlUser },
  { literal: "login", match: netrcPassword },
  { literal: "cookie:", anyCase: true, match: cookies },
];

/** What is looked at behind `curl`: options stand near it, and this bounds what one may cost. */
const CURL_CHARS_MAX = 256;
const USER_OPTION = /[ \t](?:-u|--user)[ \t=]{0,4}["']?([^\s:"']{0,64}:)([^\s"']{1,128})/;

/** Another call pays for itself. */
const CURL_END = /\n|curl /;

/** `curl -u user:password` (curl's manual, `-u`). */
function curlUser(text: string, at: number): Span | undefined {
  const window = text.slice(at + "curl ".length, at + CURL_CHARS_MAX);
  const length = window.search(CURL_END);
  if (!(length === -1 ? window : window.slice(0, length)).includes("-u")) return undefined;
  const line = ` ${length === -1 ? window : window.slice(0, length)}`;
  const found = USER_OPTION.exec(line);
  const secret = found?.[2] ?? "";
  if (found === null || isHole(secret)) return undefined;
  const to = at + "curl".length + found.index + found[0].length;
  return { from: to - secret.length, to, rule: "login" };
}

const NETRC = /login[ \t\r\n]{1,8}[^\s]{1,128}[ \t\r\n]{1,8}password[ \t\r\n]{1,8}/y;
/** `login user password reset` is prose: a password there mixes letters and digits. */
const NETRC_MIN = 6;
const WORD = /[^\s"'\\]{1,256}/y;

/** `login me password secret`, on one line or several (GNU Inetutils, `.netrc`). */
function netrcPassword(text: string, at: number): Span | undefined {
  const from = stickyEnd(NETRC, text, at);
  const to = from === undefined ? undefined : stickyEnd(WORD, text, from);
  if (from === undefined || to === undefined || !isMixed(text.slice(from, to), NETRC_MIN)) return undefined;
  return { from, to, rule: "login" };
}

const COOKIE_CHARS_MAX = 1_024;
/** Another header pays for itself. */
const COOKIE_END = /[\r\n"'`\\]|cookie:/i;
/** Shorter values of cookies are settings (`theme=dark`). */
const COOKIE_VALUE_MIN = 12;

/** `Cookie:` and `Set-Cookie:` (RFC 6265, 4): from the first value that looks drawn at random to the last one. */
function cookies(text: string, at: number): Span | undefined {
  const start = at + "cookie:".length;
  const window = text.slice(start, start + COOKIE_CHARS_MAX);
  const length = window.search(COOKIE_END);
  let place = start;
  let from: number | undefined;
  let to = start;
  for (const pair of (length === -1 ? window : window.slice(0, length)).split(";")) {
    const equals = pair.indexOf("=");
    const value = pair.slice(equals + 1);
    if (equals > 0 && isMixed(value, COOKIE_VALUE_MIN) && !/\s|^\[REDACTED:/.test(value)) {
      from ??= place + equals + 1;
      to = place + pair.length;
    }
    place += pair.length + 1;
  }
  return from === undefined ? undefined : { from, to, rule: "cookie" };
}

function isHole(value: string): boolean {
  return /^(?:[${<*]|\[REDACTED:)/.test(value) || (classAt(value, 0) & (DIGIT | LETTER)) === 0;
}
