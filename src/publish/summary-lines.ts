import { ends } from "../distill/prose.ts";
import { cutToChars } from "../recall/cut.ts";
import { plainLine } from "../recall/plain.ts";
import { momentOf, timeOf } from "../recall/when.ts";
import type { Note } from "../session/note.ts";
import type { FileChange, Moment, TurnMoment } from "./moment.ts";

/** One thing in one line. */
const LINE_CHARS_MAX = 240;
const QUOTED_IN_LINE_CHARS_MAX = 90;
/** Of a turn in full: what the person said, and what was answered. */
const PROMPT_CHARS_MAX = 700;
const ANSWER_CHARS_MAX = 1_400;
const FILES_NAMED_MAX = 6;
const PATH_CHARS_MAX = 80;
/** Deeper indentation says nothing in a quotation. */
const INDENT_CHARS_MAX = 12;

/** `- ` and words on one line that steer nothing. */
export function itemLine(words: string): string {
  return `- ${cutToChars(words, LINE_CHARS_MAX)}`;
}

export function noteLine(note: Note): string {
  const { text, fields, state } = note;
  const why = plainLine(fields.why ?? fields.result ?? fields.impact ?? "");
  const lesson = plainLine(fields.lesson ?? "");
  const words = [
    cutToChars(plainLine(text), LINE_CHARS_MAX / 2),
    ...(why === "" ? [] : [` — ${why}`]),
    ...(lesson === "" ? [] : [`; lesson: ${lesson}`]),
  ].join("");
  return itemLine(state === "proposed" ? `(unconfirmed) ${words}` : words);
}

/** A turn in one line: when, what was asked, what came of it. */
export function turnLine(turn: TurnMoment, nowMs: number): string {
  const prompt = cutToChars(plainLine(turn.prompt), QUOTED_IN_LINE_CHARS_MAX);
  return itemLine(`${momentOf(turn.startedAtMs, nowMs)}: "${prompt}" → ${outcomeOf(turn)}`);
}

function outcomeOf({ outcome, answer }: TurnMoment): string {
  const said = cutToChars(plainLine(answer ?? ""), QUOTED_IN_LINE_CHARS_MAX);
  switch (outcome) {
    case "answered":
      return said === "" ? "answered" : `"${said}"`;
    case "interrupted":
      return "interrupted";
    case "failed":
      return said === "" ? "ended with an error" : `ended with an error: "${said}"`;
    case "open":
      return "no answer was recorded (cut off, or still running)";
  }
}

/** A turn with its words, as far as they are not too long. */
export function turnBlock(turn: TurnMoment, nowMs: number): string {
  const { prompt, answer, outcome } = turn;
  const ended = outcome === "answered" && turn.atMs > turn.startedAtMs ? `, ${timeOf(turn.atMs)}` : "";
  const said =
    outcome === "answered" && (answer ?? "") !== ""
      ? quoted(answer ?? "", ANSWER_CHARS_MAX)
      : [`> (${outcomeOf(turn)})`];
  const did = [...filesWords(turn.files), ...failedWords(turn.commandsFailed)];
  return [
    `**Person**, ${momentOf(turn.startedAtMs, nowMs)}:`,
    ...quoted(prompt, PROMPT_CHARS_MAX),
    "",
    `**Agent**${ended}:`,
    ...said,
    ...(did.length === 0 ? [] : ["", cutToChars(did.join("; "), 2 * LINE_CHARS_MAX)]),
  ].join("\n");
}

function filesWords(files: readonly FileChange[]): readonly string[] {
  return files.length === 0 ? [] : [`Changed: ${pathsOf(files.map(({ path }) => path))}`];
}

function failedWords(commands: readonly string[]): readonly string[] {
  if (commands.length === 0) return [];
  return [
    `Failed: ${commands.map((command) => code(cutToChars(plainLine(command), PATH_CHARS_MAX))).join(", ")}`,
  ];
}

/** `src/a.ts, src/b.ts and 3 more`. */
export function pathsOf(paths: readonly string[]): string {
  const named = paths.slice(0, FILES_NAMED_MAX).map((path) => cutToChars(plainLine(path), PATH_CHARS_MAX));
  const more = paths.length - named.length;
  return `${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function code(text: string): string {
  return `\`${text.replaceAll("`", "'")}\``;
}

/**
 * Words as a quotation of at most `charsMax` characters: the beginning and the end of long ones. Within `> ` no word of
 * theirs can be a heading or a line of ours.
 */
export function quoted(text: string, charsMax: number): readonly string[] {
  const lines = plainLines(ends(text, charsMax * 4)).map((line) =>
    line === "" ? ">" : `> ${cutToChars(line, Math.floor(charsMax / 3))}`,
  );
  const all = lines.length === 0 ? ["> (nothing)"] : lines;
  if (lengthOf(all) <= charsMax) return all;
  const head = fittingLines(all, Math.floor(charsMax * 0.6));
  const tail = fittingLines(all.slice(head.length).toReversed(), Math.floor(charsMax * 0.4) - GAP.length - 1);
  return [...head, GAP, ...tail.toReversed()];
}

const GAP = "> …";

/** Lines that steer nothing, with their indentation; no two empty ones in a row, none at either end. */
function plainLines(text: string): readonly string[] {
  const lines: string[] = [];
  for (const line of text.split(/\r\n|[\n\r\u2028\u2029]/)) {
    const indent = /^[ \t]*/.exec(line)?.[0].replaceAll("\t", "  ").slice(0, INDENT_CHARS_MAX) ?? "";
    const words = plainLine(line);
    if (words !== "") lines.push(`${indent}${words}`);
    else if (lines.length > 0 && lines.at(-1) !== "") lines.push("");
  }
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

/** The first lines that fit, each with its line feed. */
export function fittingLines(lines: readonly string[], charsMax: number): readonly string[] {
  let chars = 0;
  const over = lines.findIndex((line) => {
    chars += line.length + 1;
    return chars > charsMax;
  });
  return over === -1 ? lines : lines.slice(0, over);
}

function lengthOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length + 1, 0);
}

/** The files of some moments, each once: created where it was made in one of them. */
export function changedIn(moments: readonly Moment[]): readonly FileChange[] {
  const files = moments.flatMap((moment) => (moment.type === "turn" ? moment.files : []));
  const created = new Set(files.filter(({ what }) => what === "created").map(({ path }) => path));
  return [...new Set(files.map(({ path }) => path))].map((path) => ({
    path,
    what: created.has(path) ? "created" : "modified",
  }));
}
