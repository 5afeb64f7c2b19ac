import { asArray, asObject, parseJson } from "../base/parse.ts";
import { placesIn } from "./candidates.ts";
import { applied, type Cut, combined, joined, marksOf } from "./cut.ts";
import { encodedSpans, encodedSpansBeside } from "./encoded.ts";
import { type KnownValues, knownValues } from "./known.ts";
import { looksAgain, looksBeside, newLooks } from "./looks.ts";
import { nearMarks } from "./near-marks.ts";
import { addTo, newRow } from "./row.ts";
import { secretSpans, secretSpansAt, secretsInBytes } from "./scan.ts";
import type { Span } from "./trigger.ts";
import { newLookedAt, placesToLookAgain } from "./vain-looks.ts";

/**
 * The one choke point: nothing textual reaches a disk, a brief or an export before it. Secrets of known form, and the
 * values of secret environment variables, become `[REDACTED:rule]`. Never commit ids and other digests, UUIDs, paths,
 * our own ids. Linear in the length of the text, whatever the text; redacting twice changes nothing, but for texts that are made of
 * beginnings of secrets (docs/decisions/0015-many-secrets-in-a-row.md). Never throws.
 *
 * It works on decoded strings: give it a JSON value, not JSON text, though secrets in JSON text are found too.
 */
export interface Redactor {
  text(text: string): string;
  /**
   * A copy of a decoded JSON value with all strings redacted, keys too; a string under a key such as `password` is
   * judged by that name. Any depth. Keys that become equal are told apart by `#2`, `#3`, ….
   */
  value(value: unknown): unknown;
  /**
   * What {@link Redactor.text} would take out of a markdown text, and where; a secret that markdown escapes hide
   * (`sk\\_live\\_…`) too. For who must keep the text itself as it is.
   */
  cuts(markdown: string): readonly Cut[];
}

/** @param env the environment whose secret values are to be found wherever they turn up. */
export function createRedactor(env: { readonly [name: string]: string | undefined }): Redactor {
  const known = knownValues(env);
  const text = remembering((original) => redacted(original, known).text);
  return {
    text,
    value: (value) => redactValue(value, text),
    cuts: (markdown) => markdownCuts(markdown, known),
  };
}

/** Shorter texts cost less to scan than to look up. */
const REMEMBERED_CHARS_MIN = 1_000;
/** Longer ones cost memory that a record of 30 MB has none left of; agents cut what they write twice at 30,000 characters. */
const REMEMBERED_CHARS_MAX = 1_000_000;
const REMEMBERED_MAX = 4;

/** Agents write a tool's output twice in one record (for the model, and structured): the second time costs nothing. */
function remembering(redact: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    if (text.length < REMEMBERED_CHARS_MIN || text.length > REMEMBERED_CHARS_MAX) return redact(text);
    const before = known.get(text);
    if (before !== undefined) return before;
    const after = redact(text);
    const [oldest] = known.keys();
    if (known.size >= REMEMBERED_MAX && oldest !== undefined) known.delete(oldest);
    known.set(text, after);
    return after;
  };
}

/** No secret of any rule is shorter. */
const TEXT_CHARS_MIN = 6;
/** What stood beside a secret may be one by itself once the secret is a mark; nothing but texts made for it has been seen to need three rounds. */
const ROUNDS_MAX = 32;
/** Of what is read a third time and more often: so much, and so much of the text. What is beside a mark and would be read beyond that goes with it. */
const REREAD_CHARS_MAX = 64 * 1024;
const REREAD_SHARE = 8;
/** So many characters are read again in the time of a look, whatever stands in them. */
const READ_CHARS_OF_LOOK = 256;
/** What went unread where the text was looked at again is not looked around again. */
const UNREAD = "[REDACTED:unread]";
/** What a round takes, whatever is read in it, counts as so much of the text. */
const ROUND_SHARE = 16;

interface Redacted {
  readonly text: string;
  readonly cuts: readonly Cut[];
}

function redacted(original: string, known: KnownValues): Redacted {
  if (original.length < TEXT_CHARS_MIN) return { text: original, cuts: [] };
  let text = original;
  let cuts: readonly Cut[] = [];
  let before: ReadonlySet<Cut> = new Set();
  let reread = 0;
  const encoded = newLooks();
  const codes = encodedSpans(text, secretsInBytes, encoded);
  const plain = looksBeside(encoded, original.length);
  const lookedAt = newLookedAt();
  let spans = merged([...known.find(text), ...codes], secretSpans(text, { looks: plain, lookedAt }));
  const looks = looksAgain(encoded, plain, original.length);
  for (let round = 1; spans.length > 0; round += 1) {
    cuts = combined(cuts, spans);
    text = applied(original, cuts);
    // Beside a mark that was there already nothing has changed since it was looked at.
    const seen = before;
    const isNew = (cut: Cut) => !seen.has(cut) && (round === 1 || cut.mark !== UNREAD);
    const places = round === 1 ? placesToLookAgain(lookedAt, cuts, placesIn) : undefined;
    const marks = marksOf(cuts, isNew);
    const parts = places === undefined ? nearMarks(text, marks) : [];
    const chars = parts.reduce((sum, { from, to }) => sum + to - from, 0);
    looks.count += chars / READ_CHARS_OF_LOOK;
    if (round > 1) reread += original.length / ROUND_SHARE + chars;
    if (round === ROUNDS_MAX || reread > REREAD_CHARS_MAX + original.length / REREAD_SHARE) {
      cuts = combined(
        cuts,
        parts.map(({ from, to }) => ({ from, to, rule: "unread" })),
      );
      return { text: applied(original, cuts), cuts };
    }
    const besides = encodedSpansBeside(text, marks, { find: secretsInBytes, looks });
    spans = merged(
      besides,
      places === undefined ? secretSpans(text, { parts, looks }) : secretSpansAt(text, places, looks),
    );
    before = spans.length === 0 ? before : new Set(cuts);
  }
  return { text, cuts };
}

/** A backslash before a sign that secrets hold: markdown shows the sign alone. */
const MARKDOWN_ESCAPE = /\\(?=[_.~=+/:@-])/g;

function markdownCuts(markdown: string, known: KnownValues): readonly Cut[] {
  const plain = redacted(markdown, known).cuts;
  const escapes = Array.from(markdown.matchAll(MARKDOWN_ESCAPE), ({ index }) => index);
  if (escapes.length === 0) return plain;
  const hidden = redacted(markdown.replace(MARKDOWN_ESCAPE, ""), known).cuts;
  let passed = 0;
  const inMarkdown = (at: number, isEnd: boolean): number => {
    const beyond = isEnd ? 0 : 1;
    while ((escapes[passed] ?? Number.POSITIVE_INFINITY) < at + passed + beyond) passed += 1;
    return at + passed;
  };
  const shown = hidden.map(({ from, to, mark }) => ({
    from: inMarkdown(from, false),
    to: inMarkdown(to, true),
    mark,
  }));
  return joined([...plain, ...shown]);
}

/** Spans in order, those that overlap made one, named after the one that begins first. */
function merged(others: readonly Span[], scanned: readonly Span[]): readonly Span[] {
  if (others.length === 0) return scanned;
  const inOrder = [...others, ...scanned].sort((a, b) => a.from - b.from || b.to - a.to);
  const row = newRow();
  for (const span of inOrder) {
    const last = row.spans.at(-1);
    if (last === undefined || span.from >= last.to) addTo(row, span);
    else if (span.to > last.to) row.spans[row.spans.length - 1] = { ...last, to: span.to };
  }
  return row.spans;
}

interface Task {
  readonly from: object;
  readonly into: Container;
}
type Container = unknown[] | { [key: string]: unknown };

/** Goes by a list of its own instead of the call stack, so that no depth is too deep; shared parts stay shared. */
function redactValue(root: unknown, text: (text: string) => string): unknown {
  const copies = new Map<object, Container>();
  const tasks: Task[] = [];
  const copyOf = (value: unknown, key: string | undefined): unknown => {
    if (typeof value === "string") return key === undefined ? text(value) : redactField(key, value, text);
    if (typeof value !== "object" || value === null) return value;
    const known = copies.get(value);
    if (known !== undefined) return known;
    const into: Container = Array.isArray(value) ? [] : {};
    copies.set(value, into);
    tasks.push({ from: value, into });
    return into;
  };
  const result = copyOf(root, undefined);
  for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) {
    if (Array.isArray(task.into))
      for (const item of asArray(task.from) ?? []) task.into.push(copyOf(item, undefined));
    else copyFields(task.from, task.into, { text, copyOf });
  }
  return result;
}

/** No name that tells of a secret is longer, and the rest of a long key is data. */
const KEY_CHARS_MAX = 64;
const TELLING_KEY = /pass|pwd|secret|token|key|cred|auth/i;

/** A field is judged as it would be in JSON text, so that there is one set of rules for both. */
function redactField(key: string, value: string, text: (text: string) => string): string {
  if (key.length > KEY_CHARS_MAX || !TELLING_KEY.test(key)) return text(value);
  const name = `${JSON.stringify(key)}:`;
  const written = name + JSON.stringify(value);
  const field = text(written);
  if (field === written || !field.startsWith(name)) return text(value);
  const kept = parseJson(field.slice(name.length));
  // A mark that took half of an escape with it leaves no JSON; then all of the value goes.
  return typeof kept === "string" ? text(kept) : "[REDACTED:assignment]";
}

interface Copying {
  readonly text: (text: string) => string;
  readonly copyOf: (value: unknown, key: string | undefined) => unknown;
}

function copyFields(from: object, into: { [key: string]: unknown }, { text, copyOf }: Copying): void {
  const copies = new Map<string, number>();
  for (const [key, value] of Object.entries(asObject(from) ?? {})) {
    const name = freeName(into, text(key), copies);
    const copy = copyOf(value, key);
    // A key like any other here; but to define every key takes several times as long as to assign it.
    if (name === "__proto__")
      Object.defineProperty(into, name, {
        value: copy,
        writable: true,
        enumerable: true,
        configurable: true,
      });
    else into[name] = copy;
  }
}

/** @param copies of each name, those that were told apart so far: to try all of them each time costs their square. */
function freeName(into: object, name: string, copies: Map<string, number>): string {
  if (!Object.hasOwn(into, name)) return name;
  let copy = copies.get(name) ?? 2;
  while (Object.hasOwn(into, `${name}#${copy}`)) copy += 1;
  copies.set(name, copy + 1);
  return `${name}#${copy}`;
}
