import { labelledProgress, type ProgressStatus } from "../session/progress.ts";

/** What a line of a session memory file says, as a note could. */
export interface MemoryItem {
  readonly kind: "decision" | "progress" | "finding" | "next";
  readonly text: string;
  readonly why: string | undefined;
  readonly status: ProgressStatus | undefined;
  /** The timestamp in front of it, milliseconds since the epoch. */
  readonly saidAtMs: number | undefined;
  /** Indexes of its first line and of the line behind its last. */
  readonly from: number;
  readonly to: number;
}

/** The four parts of a session memory file, or none of them. */
export type MemorySection = "decisions" | "progress" | "discoveries" | "next" | undefined;

const SECTION_WORDS: readonly (readonly [RegExp, MemorySection])[] = [
  [/\bdecisions?\b/i, "decisions"],
  [/\bprogress\b/i, "progress"],
  [/\b(?:discover(?:y|ies)|findings?|learnings?)\b/i, "discoveries"],
  [/\bnext\b/i, "next"],
];

const KIND_OF = {
  decisions: "decision",
  progress: "progress",
  discoveries: "finding",
  next: "next",
} as const;

/** Words before a colon that say what a checkpoint is about, wherever it stands. */
const LABELS: readonly (readonly [RegExp, MemoryItem["kind"]])[] = [
  [/^(?:decision|decided)\s{0,3}[:：]\s{0,9}/i, "decision"],
  [/^(?:discover(?:y|ed)|finding|found|learned)\s{0,3}[:：]\s{0,9}/i, "finding"],
  [/^(?:next(?: step| session start)?)\s{0,3}[:：]\s{0,9}/i, "next"],
];

/** ISO 8601 to the minute or closer, as `date -u +%Y-%m-%dT%H:%MZ` prints it, in brackets or not, and a dash. */
const TIMESTAMP =
  /^\[?(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)\]?[ \t]{0,4}(?:—|–|--?|:)?[ \t]{0,4}/;
const BULLET = /^\s{0,40}(?:[-*+]|\d{1,4}[.)])(?:\s{1,9}|$)/;
const BOX = /^\[( |x|X)\]\s{1,9}/;
const HEADING = /^ {0,3}#{1,6}(?:\s|$)/;
const FENCE = /^\s{0,40}(?:`{3}|~{3})/;
/** `[Exactly what to do when resuming]`: an invitation of the template. */
const INVITATION = /^\[[^\]]{0,200}\]$|^\[timestamp\]/i;
/** Before the reason of a decision. */
const REASON = " — ";

/**
 * What a session memory file says, but for lines that are known already. Any text is one: what is not understood is
 * passed over, and stays in the file.
 */
export function readMemory(
  lines: readonly string[],
  isKnown: (index: number) => boolean,
): readonly MemoryItem[] {
  const items: MemoryItem[] = [];
  let place: Place = { section: undefined, isFenced: false, isOpen: false };
  for (const [index, line] of lines.entries()) {
    const goesOn = place.isOpen && !BULLET.test(line);
    place = after(place, line, isKnown(index));
    if (!place.isOpen) continue;
    const last = goesOn ? items.pop() : undefined;
    const item =
      last === undefined
        ? itemIn(line, place.section, index)
        : { ...last, text: `${last.text} ${line.trim()}`, to: index + 1 };
    // A fence that is never closed must not swallow what a script appends.
    const counts = item !== undefined && (!place.isFenced || item.saidAtMs !== undefined);
    if (counts) items.push(item);
    place = { ...place, isOpen: counts && !place.isFenced };
  }
  return items;
}

interface Place {
  readonly section: MemorySection;
  readonly isFenced: boolean;
  /** An item may stand here, or go on. */
  readonly isOpen: boolean;
}

function after({ section, isFenced }: Place, line: string, known: boolean): Place {
  if (FENCE.test(line)) return { section, isFenced: !isFenced, isOpen: false };
  if (!isFenced && HEADING.test(line)) return { section: sectionOf(line), isFenced, isOpen: false };
  const saysNothing = known || line.trim() === "" || line.trimStart().startsWith("<!--");
  return { section, isFenced, isOpen: !saysNothing };
}

/** What is said in a checkpoint, wherever it comes from: `COMPLETED: files 1-50`, `DECISION: …`, or any words. */
export function checkpointItem(words: string): Pick<MemoryItem, "kind" | "text" | "why" | "status"> {
  return saidIn(words.trim(), "progress");
}

/** Whether words begin with a label that says what they are. */
export function isLabelled(words: string): boolean {
  return LABELS.some(([pattern]) => pattern.test(words)) || labelledProgress(words) !== undefined;
}

/** Which part a heading begins. */
export function sectionOf(heading: string): MemorySection {
  const words = heading.slice(0, 200);
  // The name of a task may have any of these words in it.
  if (/^\s{0,3}#\s{1,9}session memory/i.test(words)) return undefined;
  return SECTION_WORDS.find(([pattern]) => pattern.test(words))?.[1];
}

function itemIn(line: string, section: MemorySection, index: number): MemoryItem | undefined {
  const said = line.replace(BULLET, "").trim();
  const stamp = TIMESTAMP.exec(said);
  const isBullet = BULLET.test(line);
  const words = stamp === null ? said : said.slice(stamp[0].length).trim();
  if (words === "" || INVITATION.test(words)) return undefined;
  const place = { from: index, to: index + 1 };
  if (stamp !== null && isBullet) {
    const saidAtMs = Date.parse(stamp[1] ?? "");
    // Behind the last part stands what a script appended: it tells of something that was done.
    const kind = section === undefined || section === "next" ? "progress" : KIND_OF[section];
    return { ...saidIn(words, kind), saidAtMs: Number.isNaN(saidAtMs) ? undefined : saidAtMs, ...place };
  }
  if (section === undefined || !(isBullet || section === "next")) return undefined;
  return { ...saidIn(said, KIND_OF[section]), saidAtMs: undefined, ...place };
}

function saidIn(
  words: string,
  kind: MemoryItem["kind"],
): Pick<MemoryItem, "kind" | "text" | "why" | "status"> {
  const box = BOX.exec(words);
  const unboxed = box === null ? words : words.slice(box[0].length);
  const label = LABELS.find(([pattern]) => pattern.test(unboxed));
  const text = label === undefined ? unboxed : unboxed.replace(label[0], "");
  const itsKind = label?.[1] ?? kind;
  if (itsKind === "progress") {
    const marked = labelledProgress(text);
    const ticked = box === null ? undefined : box[1] === " " ? "PENDING" : "COMPLETED";
    return { kind: itsKind, text: marked?.text || text, why: undefined, status: marked?.status ?? ticked };
  }
  const at = itsKind === "decision" ? text.indexOf(REASON) : -1;
  if (at <= 0) return { kind: itsKind, text, why: undefined, status: undefined };
  return {
    kind: itsKind,
    text: text.slice(0, at).trim(),
    why: text.slice(at + REASON.length).trim() || undefined,
    status: undefined,
  };
}
