import { hasLongMixedPart, isMixed } from "./plausible.ts";
import type { Span } from "./trigger.ts";

/** Names of environment variables whose values are secrets, as far as a name can tell. */
const SECRET_NAME = /KEY|TOKEN|SECRET|PASS|CRED/i;
const HARMLESS_NAME = /KEYBOARD|KEYMAP|MONKEY|COMPASS|BYPASS|PASSENGER|KEYWORD/i;
/** The part that says what the value is stands last: `API_KEY`, not `KEY_TYPE`. */
const ENDS_SECRET =
  /(?:KEY|TOKEN|SECRET|PASS|PASSWORD|PASSWD|PASSPHRASE|CREDS?|CREDENTIALS?)(?:_?\d{1,2}|_(?:PROD|DEV|TEST|STAGING|BASE64|B64|VALUE))?$/i;
/** Shorter values turn up by chance, and their loss would make text unreadable. */
const VALUE_CHARS_MIN = 12;
const VALUE_CHARS_MAX = 16 * 1024;
/** Values in an environment: more than anyone has, and a bound on the work of setting up. */
const VALUES_MAX = 256;

/** What finds the values of an environment. */
export interface KnownValues {
  find(text: string): readonly Span[];
}

/** Finds the values of secret environment variables, also as base64, hex, JSON or a URL would write them. */
export function knownValues(env: { readonly [name: string]: string | undefined }): KnownValues {
  const values = Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && isSecret(name, value) ? [value] : [],
  );
  const words = [...new Set(values.slice(0, VALUES_MAX).flatMap(writings))];
  return { find: finder(words) };
}

function isSecret(name: string, value: string): boolean {
  if (value.length < VALUE_CHARS_MIN || value.length > VALUE_CHARS_MAX) return false;
  if (!SECRET_NAME.test(name) || HARMLESS_NAME.test(name) || new Set(value).size < 5) return false;
  if (/^(?:~|\.{0,2})[\\/]/.test(value) && !hasLongMixedPart(value)) return false;
  if (/^[a-z][a-z0-9+.-]*:\/\/[^@?]*$/i.test(value) || /^[A-Za-z]:\\/.test(value)) return false;
  if (/^[A-Za-z]+$/.test(value) && !isMixed(value, VALUE_CHARS_MIN)) return false;
  return ENDS_SECRET.test(name) || isMixed(value, VALUE_CHARS_MIN);
}

/** A value and the ways it is written inside other things. */
function writings(value: string): readonly string[] {
  const bytes = new TextEncoder().encode(value);
  const json = JSON.stringify(value).slice(1, -1);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const encoded = [0, 1, 2].flatMap((shift) => base64Core(bytes, shift));
  const all = [
    value,
    json,
    JSON.stringify(json).slice(1, -1),
    uriComponent(value),
    hex,
    hex.toUpperCase(),
    ...encoded,
  ];
  return all.filter((writing) => writing.length >= VALUE_CHARS_MIN);
}

function uriComponent(value: string): string {
  try {
    return encodeURIComponent(value);
  } catch {
    // A lone surrogate has no form in a URL.
    return value;
  }
}

/** The characters of base64 that depend on the value alone when `shift` bytes stand before it; in both alphabets. */
function base64Core(bytes: Uint8Array, shift: number): readonly string[] {
  const padded = new Uint8Array(bytes.length + shift);
  padded.set(bytes, shift);
  const binary = Array.from(padded, (byte) => String.fromCharCode(byte)).join("");
  const from = Math.ceil((shift * 8) / 6);
  const to = Math.floor((padded.length * 8) / 6);
  const core = btoa(binary).slice(from, to);
  return [core, core.replaceAll("+", "-").replaceAll("/", "_")];
}

const BLOCK = 3;
const HASH_MASK = 0xffff;

/**
 * Finds many words at once, in sublinear time on ordinary text: S. Wu and U. Manber, "A fast algorithm for multi-pattern
 * searching", TR-94-17, University of Arizona, 1994. All words have at least VALUE_CHARS_MIN characters, so that three
 * characters which end in none of the words' heads allow a jump of ten.
 */
function finder(words: readonly string[]): (text: string) => readonly Span[] {
  if (words.length === 0) return () => [];
  const shifts = new Uint8Array(HASH_MASK + 1).fill(VALUE_CHARS_MIN - BLOCK + 1);
  const heads = new Map<number, string[]>();
  for (const word of [...words].sort((a, b) => b.length - a.length)) {
    for (let end = BLOCK; end <= VALUE_CHARS_MIN; end += 1) {
      const hash = blockHash(word, end - BLOCK);
      shifts[hash] = Math.min(shifts[hash] ?? 0, VALUE_CHARS_MIN - end);
    }
    const head = blockHash(word, VALUE_CHARS_MIN - BLOCK);
    heads.set(head, [...(heads.get(head) ?? []), word]);
  }
  return (text) => find(text, shifts, heads);
}

function find(
  text: string,
  shifts: Uint8Array,
  heads: ReadonlyMap<number, readonly string[]>,
): readonly Span[] {
  const spans: Span[] = [];
  let end = VALUE_CHARS_MIN;
  while (end <= text.length) {
    const hash = blockHash(text, end - BLOCK);
    const shift = shifts[hash] ?? 1;
    if (shift > 0) {
      end += shift;
      continue;
    }
    const from = end - VALUE_CHARS_MIN;
    const word = wordAt(text, from, heads.get(hash));
    if (word !== undefined) spans.push({ from, to: from + word.length, rule: "env-value" });
    end += word === undefined ? 1 : word.length;
  }
  return spans;
}

function wordAt(text: string, at: number, words: readonly string[] | undefined): string | undefined {
  const first = text.charCodeAt(at);
  for (const word of words ?? []) if (word.charCodeAt(0) === first && text.startsWith(word, at)) return word;
  return undefined;
}

function blockHash(text: string, at: number): number {
  return (text.charCodeAt(at) ^ (text.charCodeAt(at + 1) << 5) ^ (text.charCodeAt(at + 2) << 10)) & HASH_MASK;
}
