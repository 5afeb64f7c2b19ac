import type { Interval } from "./intervals.ts";

/** Things that are counted through: `files 1-150 of 500`. */
export interface CountedRange extends Interval {
  /** In the singular and in lower case: `file`. */
  readonly unit: string;
  /** How many there are in all, where it is said. */
  readonly total: number | undefined;
}

export interface RangesFound {
  readonly ranges: readonly CountedRange[];
  /** Whether the text says nothing else but their status. */
  readonly isAll: boolean;
}

/** What is read of one text, and how many ranges: a progress marker is a line. */
const LOOKED_AT_CHARS_MAX = 2_000;
const RANGES_MAX = 50;

/**
 * What people count through. Other words are read as a unit only where a range and a total follow ("slides 3-9 of 40"):
 * "took 3-4 hours", "lines 10-20" and "version 2" count nothing.
 */
const UNITS: ReadonlySet<string> = new Set(
  (
    "file page item record row test module component chapter batch step task endpoint table issue ticket chunk package " +
    "entry part section folder document image user story question migration route screen class function"
  ).split(" "),
);

// Every part is bounded and begins at a word, so that a long text is read once.
const first = (): RegExp =>
  /(?<![\p{L}\p{N}])(\p{L}{2,40})[ _#-]{0,3}(\d{1,7})(?: ?(?:-|–|—|\.\.\.?| to | through ) ?(\d{1,7}))?(?![\d]|[.:]\d)/giu;
const FURTHER =
  / ?(?:,| and|&|\+) ?(?:and )?(\d{1,7})(?:(?: ?(?:-|–|—|\.\.\.?| to | through ) ?(\d{1,7}))|(?= ?(?:[,;.)]|$|of |and |\/)))(?![\d]|[.:]\d)/giuy;
const TOTAL = / ?(?:\/| of| out of) ?(\d{1,7})(?![\d]|[.:]\d)/giuy;

/** What is said of a range as its status, which is read by itself (progress.ts). */
const STATUS_WORDS =
  /\b(?:is|are|now|done|completed?|finished|processed|in[ _-]progress|pending|to ?do|still open)\b/gi;

/** The ranges that a progress marker names. Total and linear: what is none is passed over. */
export function rangesIn(text: string): RangesFound {
  const line = text.slice(0, LOOKED_AT_CHARS_MAX);
  const ranges: CountedRange[] = [];
  let rest = "";
  let readTo = 0;
  for (const match of line.matchAll(first())) {
    if (match.index < readTo || ranges.length >= RANGES_MAX) continue;
    const found = listAt(line, match);
    if (found === undefined) continue;
    rest += line.slice(readTo, match.index);
    ranges.push(...found.ranges);
    readTo = found.end;
  }
  rest += line.slice(readTo);
  return { ranges, isAll: ranges.length > 0 && !/[\p{L}\p{N}]/u.test(rest.replaceAll(STATUS_WORDS, "")) };
}

function listAt(
  line: string,
  match: RegExpExecArray,
): { readonly ranges: readonly CountedRange[]; readonly end: number } | undefined {
  const [whole, word = "", from = "", to] = match;
  const spans = [spanOf(from, to)];
  let end = match.index + whole.length;
  for (let further = at(FURTHER, line, end); further !== null; further = at(FURTHER, line, end)) {
    if (spans.length >= RANGES_MAX) break;
    spans.push(spanOf(further[1] ?? "", further[2]));
    end += further[0].length;
  }
  const last = at(TOTAL, line, end);
  if (last !== null) end += last[0].length;
  const total = last === null ? undefined : Number(last[1]);
  const unit = unitOf(word, to !== undefined && total !== undefined);
  const ranges = spans.filter((span) => span.from <= span.to && (total === undefined || span.to <= total));
  if (unit === undefined || ranges.length === 0) return undefined;
  return { ranges: ranges.map((span) => ({ ...span, unit, total })), end };
}

function at(pattern: RegExp, line: string, index: number): RegExpExecArray | null {
  pattern.lastIndex = index;
  return pattern.exec(line);
}

function spanOf(from: string, to: string | undefined): Interval {
  return { from: Number(from), to: Number(to ?? from) };
}

function unitOf(word: string, isCounted: boolean): string | undefined {
  const lower = word.toLowerCase();
  const singular = [lower, lower.replace(/s$/, ""), lower.replace(/es$/, ""), lower.replace(/ies$/, "y")];
  const known = singular.find((each) => UNITS.has(each));
  return known ?? (isCounted ? singular[1] : undefined);
}

/** `files`, `batches`, `entries`. */
export function pluralOf(unit: string): string {
  if (/[^aeiou]y$/.test(unit)) return `${unit.slice(0, -1)}ies`;
  return /(?:s|x|ch|sh)$/.test(unit) ? `${unit}es` : `${unit}s`;
}
