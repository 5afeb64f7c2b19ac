import {
  ALNUM,
  AUTHORITY_END,
  BACKSLASH,
  BASE64,
  classAt,
  classesIn,
  countExamined,
  DIGIT,
  EXPRESSION_CHARS,
  HEX,
  KEY_GAP,
  LETTER,
  nextAt,
  runEnd,
  runStart,
  SPACING,
  startsWord,
  TOKEN68,
  WORD_START_CHARS,
  WORDY,
} from "./chars.ts";
import type { Scan, Span, Trigger } from "./trigger.ts";
import { found, vain } from "./vain-looks.ts";

/** Secrets told by their shape rather than by one fixed beginning and one run of characters. */
export const shapeTriggers: readonly Trigger[] = [
  { literal: "-BEGIN ", goesFar: true, match: privateKeyFromItsBeginning },
  { literal: "-END ", goesFar: true, match: privateKeyFromItsEnd },
  { literal: "Private-Lines: ", goesFar: true, match: puttyKey },
  { literal: "LS0tLS1CRUdJTiB", match: encodedPrivateKey },
  { literal: "eyJ", match: jsonWebToken },
  { literal: "://", match: urlPassword },
  { literal: "bearer", anyCase: true, match: bearer },
  { literal: ":AA", match: telegramToken },
  ...discordBeginnings().map((literal) => ({ literal, match: discordToken })),
  // All digits fold to one.
  ...Array.from("0abcdef", (digit) => ({ literal: "SK", stopAt: `SK${digit}`, match: twilioKey })),
];

/** A PEM label (RFC 7468), with the OpenPGP word that may follow it. */
const PRIVATE_LABEL = /(?:[A-Z0-9]{1,16} ){0,3}PRIVATE KEY(?: BLOCK)?-----/y;
/** What is asked for of a label and the word before it. */
const LABEL_CHARS_MAX = 100;
const PEM_CHARS_MAX = 64 * 1024;
/** Lines of a PEM body are 64 or 70 characters; anything this long without a gap is no prose. */
const PEM_TOKEN_MIN = 16;

/** The scan stops at the last of the five dashes, not at every dash of a ruled line. */
const DASHES = "-----";

function privateKeyFromItsBeginning({ text }: Scan, at: number): Span | undefined {
  const bodyFrom = stickyEnd(PRIVATE_LABEL, text, at + "-BEGIN ".length);
  if (bodyFrom === undefined) return vain(at, at + LABEL_CHARS_MAX);
  const from = dashesBefore(text, at);
  return { from, to: closingLine(text, bodyFrom) ?? pemBodyEnd(text, bodyFrom), rule: "private-key" };
}

function dashesBefore(text: string, at: number): number {
  const from = at - DASHES.length + 1;
  return text.startsWith(DASHES, from) && from >= 0 ? from : at;
}

/** The end of the matching END line; undefined if another block begins first, or the key was cut off. */
function closingLine(text: string, from: number): number | undefined {
  const window = text.slice(from, from + PEM_CHARS_MAX);
  const end = window.indexOf(DASHES);
  if (end === -1 || !window.startsWith("-----END ", end)) return undefined;
  return stickyEnd(PRIVATE_LABEL, text, from + end + "-----END ".length);
}

/** Of a key that was cut off: what still looks like its body, through line feeds, their escapes and quotation marks. */
function pemBodyEnd(text: string, from: number): number {
  let end = from;
  let at = from;
  while (at < text.length && at - from < PEM_CHARS_MAX) {
    const tokenFrom = skipGap(text, at);
    const tokenTo = pemTokenEnd(text, tokenFrom);
    const cutOff = tokenTo === text.length && tokenTo > tokenFrom;
    if (tokenTo - tokenFrom < PEM_TOKEN_MIN && !cutOff) break;
    end = tokenTo;
    at = tokenTo;
  }
  return end;
}

const PUTTY_LINES = /Private-Lines: \d{1,4}/y;

/** PuTTY's own format (PuTTY's manual, appendix C): the private half stands behind its number of lines. */
function puttyKey({ text }: Scan, at: number): Span | undefined {
  const from = stickyEnd(PUTTY_LINES, text, at);
  const to = from === undefined ? undefined : pemBodyEnd(text, from);
  return from === undefined || to === undefined || to === from
    ? undefined
    : { from, to, rule: "private-key" };
}

/** The second half of a key whose beginning somebody cut off (`tail key.pem`). */
function privateKeyFromItsEnd({ text, floor }: Scan, at: number): Span | undefined {
  const to = stickyEnd(PRIVATE_LABEL, text, at + "-END ".length);
  if (to === undefined) return vain(at, at + LABEL_CHARS_MAX);
  const lineFrom = Math.max(floor, dashesBefore(text, at));
  const lowest = Math.max(floor, lineFrom - PEM_CHARS_MAX);
  let from = lineFrom;
  let cursor = lineFrom;
  // The last line of a body may be short; all before it are long.
  for (let tokens = 0; cursor > lowest; tokens += 1) {
    const tokenTo = skipGapBack(text, cursor, lowest);
    const tokenFrom = pemTokenStart(text, tokenTo, lowest);
    const long = tokenTo - tokenFrom >= PEM_TOKEN_MIN;
    if (!long && !(tokens === 0 && tokenTo > tokenFrom)) break;
    if (long) from = tokenFrom;
    cursor = tokenFrom;
  }
  return from === lineFrom ? undefined : { from, to, rule: "private-key" };
}

function pemTokenEnd(text: string, from: number): number {
  let at = runEnd(text, from, BASE64);
  while (text[at] === "=") at += 1;
  return at;
}

function pemTokenStart(text: string, to: number, floor: number): number {
  let at = to;
  while (at > floor && text[at - 1] === "=") at -= 1;
  const from = runStart(text, at, BASE64, floor);
  // The letter of an escaped line feed is none of the body's.
  return from > floor && text[from - 1] === "\\" ? from + 1 : from;
}

function skipGap(text: string, from: number): number {
  let at = from;
  for (;;) {
    const bits = classAt(text, at);
    if ((bits & BACKSLASH) !== 0 && (classAt(text, at + 1) & LETTER) !== 0) at += 2;
    else if ((bits & KEY_GAP) !== 0) at += 1;
    else return at;
  }
}

function skipGapBack(text: string, to: number, floor: number): number {
  let at = to;
  for (;;) {
    const isEscape = at - 2 >= floor && (classAt(text, at - 2) & BACKSLASH) !== 0;
    if (isEscape && "nrt".includes(text.charAt(at - 1))) at -= 2;
    else if (at > floor && (classAt(text, at - 1) & KEY_GAP) !== 0) at -= 1;
    else return at;
  }
}

/** A PEM block in base64, as Kubernetes and CI settings keep it. Certificates and public keys begin otherwise. */
function encodedPrivateKey({ text }: Scan, at: number): Span | undefined {
  const from = at + "LS0tLS1CRUdJTiB".length;
  if (text.startsWith("DRVJUSUZJ", from) || text.startsWith("QVUJMSUMg", from)) return undefined;
  const to = pemTokenEnd(text, from);
  return to - from < 32 ? undefined : { from: at, to, rule: "private-key" };
}

/** A JSON Web Token (RFC 7519), signed or not, or an encrypted one (RFC 7516) with its five parts. */
function jsonWebToken({ text, floor }: Scan, at: number): Span | undefined {
  if (!startsWord(text, at, floor)) return vain(at - WORD_START_CHARS, at + 3);
  const headerTo = runEnd(text, at, WORDY);
  if (headerTo - at < 13 || text[headerTo] !== ".") return vain(at - WORD_START_CHARS, headerTo + 1);
  const payloadTo = runEnd(text, headerTo + 1, WORDY);
  const encrypted = payloadTo === headerTo + 1 && text[payloadTo] === ".";
  if (payloadTo - headerTo <= 10 && !encrypted) return undefined;
  let to = payloadTo;
  for (let part = 0; part < 3 && text[to] === "."; part += 1) {
    const partTo = runEnd(text, to + 1, WORDY);
    if (partTo === to + 1 && text[partTo] !== ".") break;
    to = partTo;
  }
  return { from: at, to, rule: "jwt" };
}

/** Longer than any host and password that people write. */
const AUTHORITY_CHARS_MAX = 1_024;
/** A password that is a hole to be filled: `${DB_PASSWORD}`, `$PASS`, `<password>`, `****`. */
const HOLE = /^(?:[${]|\[REDACTED:|%[A-Za-z_]|\*+$|x+$|X+$|\.+$)/;

/** The password of `scheme://user:password@host` (RFC 3986, 3.2.1), or a lone token in its place. */
function urlPassword({ text }: Scan, at: number): Span | undefined {
  const from = at + "://".length;
  const max = Math.min(text.length, from + AUTHORITY_CHARS_MAX);
  let colon: number | undefined;
  let hostAt = from;
  let to = nextAt(text, from, max, AUTHORITY_END);
  // The slash of another `://` ends it, so that no two look at the same characters.
  for (; to < max; to = nextAt(text, to + 1, max, AUTHORITY_END)) {
    const code = text.charCodeAt(to);
    if (code === AT_SIGN) hostAt = to;
    // The colon of a mark of ours parts nothing.
    else if (code !== COLON) break;
    else if (colon === undefined && !text.startsWith("[REDACTED:", to - "[REDACTED".length)) colon = to;
  }
  if (hostAt === from) return vain(at, to + 1);
  const secretFrom = colon === undefined || colon > hostAt ? from : colon + 1;
  const secret = text.slice(secretFrom, hostAt);
  if (secret === "" || HOLE.test(secret)) return vain(at, to + 1);
  if (secretFrom === from && !isLoneToken(secret)) return vain(at, to + 1);
  return { from: secretFrom, to: hostAt, rule: "url-password" };
}

const COLON = 0x3a;
const AT_SIGN = 0x40;

function isLoneToken(user: string): boolean {
  return user.length >= 20 && /\d/.test(user) && /[A-Za-z]/.test(user) && !user.includes(".");
}

const BEARER_MIN = 16;
const BEARER_JUDGED_CHARS = 256;

/** `Bearer` and its token (RFC 6750, 2.1), wherever it stands. Words after "bearer" in prose hold no digit. */
function bearer({ text }: Scan, at: number): Span | undefined {
  const wordTo = at + "bearer".length;
  const from = runEnd(text, wordTo, SPACING, 4);
  if (from === wordTo) return vain(at, wordTo + 1);
  const to = tokenEnd(text, from);
  if (to - from < BEARER_MIN) return vain(at, to + 1);
  const seen = classesIn(text, from, Math.min(to, from + BEARER_JUDGED_CHARS));
  return (seen & DIGIT) !== 0 && (seen & LETTER) !== 0
    ? found(at, { from, to, rule: "authorization" })
    : vain(at, to + 1);
}

/** The end of a `token68` (RFC 9110, 11.2); at most `max` further. */
export function tokenEnd(text: string, from: number, max?: number): number {
  return runEnd(text, from, TOKEN68, max);
}

/** `123456789:AA…`: the bot's number, and 35 characters that begin with AA. */
function telegramToken({ text, floor }: Scan, at: number): Span | undefined {
  const from = runStart(text, at, DIGIT, Math.max(floor, at - 12));
  if (at - from < 8 || at - from > 10) return vain(from - 1, at + 3);
  const runTo = runEnd(text, at + 1, WORDY, 64);
  // Another one may follow at once, with its bot's number.
  const followed = text.startsWith(":AA", runTo) ? runStart(text, runTo, DIGIT, runTo - 10) : runTo;
  const to = [runTo, followed].find((end) => end - at - 1 >= 34 && end - at - 1 <= 36);
  return to === undefined ? undefined : { from, to, rule: "telegram-token" };
}

/** The bot's number in base64, a time and a signature, with dots between. */
function discordToken({ text, floor }: Scan, at: number): Span | undefined {
  if (!startsWord(text, at, floor)) return vain(at - WORD_START_CHARS, at + 3);
  const idTo = runEnd(text, at, ALNUM, 40);
  if (idTo - at < 23 || idTo - at > 28 || text[idTo] !== ".") return vain(at - WORD_START_CHARS, idTo + 1);
  const timeTo = runEnd(text, idTo + 1, WORDY, 8);
  if (timeTo - idTo - 1 !== 6 || text[timeTo] !== ".") return undefined;
  const to = runEnd(text, timeTo + 1, WORDY, 80);
  return to - timeTo - 1 >= 27 ? { from: at, to, rule: "discord-token" } : undefined;
}

/** What the base64 of a number begins with, for every two digits it can begin with. */
function discordBeginnings(): readonly string[] {
  const beginnings = new Set<string>();
  for (let digits = 10; digits < 100; digits += 1) beginnings.add(btoa(`${digits}0`).slice(0, 3));
  return [...beginnings];
}

function twilioKey({ text, floor }: Scan, at: number): Span | undefined {
  if (!startsWord(text, at, floor)) return vain(at - WORD_START_CHARS, at + 3);
  const to = runEnd(text, at + 2, HEX, 64);
  return to - at - 2 === 32 && (classAt(text, to) & ALNUM) === 0
    ? { from: at, to, rule: "twilio-key" }
    : vain(at - WORD_START_CHARS, to + 1);
}

/** Where a sticky expression's match at `at` ends. */
export function stickyEnd(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  const end = pattern.test(text) ? pattern.lastIndex : undefined;
  countExamined(Math.max(EXPRESSION_CHARS, (end ?? at) - at));
  return end;
}
