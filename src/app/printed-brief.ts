import { statSync } from "node:fs";
import { join } from "node:path";
import { errnoOf } from "../base/error.ts";
import { asObject, parseJson } from "../base/parse.ts";
import { replace } from "../disk/disk.ts";
import { readIfThere } from "../disk/read.ts";

/**
 * A brief made at the end of a turn, ready to be printed when the next conversation starts. Starting is what a person
 * waits for, so this file needs nothing but `stat` and one small read: no store, no redaction rules, no git. Whatever the
 * brief was made from is named in `marks`; if any of it is different now, the brief is made again. Derived.
 */
export interface PrintedBrief {
  readonly version: 1;
  /** The work tree it is for: two roots can share a file name. */
  readonly root: string;
  readonly text: string;
  /** The one line that the person sees; undefined when there is nothing to say. */
  readonly line: string | undefined;
  /** What it tells, so that resuming the conversation later tells only what is new. */
  readonly keys: readonly string[];
  /** Size and time of every file and folder that it depends on; "" for one that was not there. */
  readonly marks: { readonly [path: string]: string };
  /** Ages in it are true from then, unless the clock was ahead, */
  readonly madeAtMs: number;
  /** and until then. */
  readonly validUntilMs: number;
}

/** Enough of a path to recognise it by, in a file name of bounded length. */
const NAME_CHARS_MAX = 160;

/** The printed brief of a work tree, whatever has happened since. */
export function readPrintedBrief(home: string, root: string): PrintedBrief | undefined {
  const bytes = readIfThere(pathOf(home, root)) ?? Buffer.alloc(0);
  const content = bytes.subarray(SUM_CHARS);
  if (bytes.toString("latin1", 0, SUM_CHARS) !== sumOf(content)) return undefined;
  const value = asObject(parseJson(content.toString("utf8")));
  return value?.version === 1 && value.root === root ? (value as unknown as PrintedBrief) : undefined;
}

/** Whether nothing has changed that it was made from. */
export function isTrue({ madeAtMs, validUntilMs, marks }: PrintedBrief, nowMs: number): boolean {
  if (nowMs < madeAtMs || nowMs >= validUntilMs) return false;
  return Object.entries(marks).every(([path, mark]) => markOf(path) === mark);
}

/** A token is at least one byte: so much is in every budget, whatever it says. */
const SURE_BYTES = 1_000;

/**
 * The text of a brief that is not true any more, for when no new one can be made in time. It says so behind the lines that
 * every brief begins with (docs/formats/brief.md: delimiter, notice, session), in the place of items that stand last.
 */
export function asOld({ text, madeAtMs }: PrintedBrief): string | undefined {
  if (text === "") return undefined;
  const at = new Date(madeAtMs).toISOString().slice(0, 16).replace("T", " ");
  const notice = `Not complete: made at ${at} UTC; what is newer could not be read in time (\`leftoff brief\` has it).`;
  const lines = text.split("\n");
  // Items of plain words have fewer tokens for their length than anything else: twice the length is more tokens than ours.
  for (let left = Buffer.byteLength(text) < SURE_BYTES ? 0 : 2 * notice.length; left > 0; ) {
    const last = lines.findLastIndex((line) => line.startsWith("- "));
    if (last === -1) break;
    left -= lines.splice(last, 1)[0]?.length ?? 0;
  }
  return [...lines.slice(0, HEAD_LINES), notice, ...lines.slice(HEAD_LINES)].join("\n");
}

export function savePrintedBrief(home: string, printed: PrintedBrief): void {
  const content = Buffer.from(JSON.stringify(printed));
  replace(pathOf(home, printed.root), Buffer.concat([Buffer.from(sumOf(content)), content]), {
    durability: "cached",
  });
}

/** The delimiter, the notice, the session. */
const HEAD_LINES = 3;
const SUM_CHARS = 9;

const WORD_BYTES = 4;

/**
 * Eight hexadecimal digits and a line feed. The steps are those of FNV-1a with 32 bits (www.isthe.com/chongo/tech/comp/fnv),
 * which needs no module, but for words of four bytes: a start runs them in V8's interpreter, where each takes its time. A
 * change within one word always gives another sum, any other all but once in four thousand million times.
 */
function sumOf(content: Buffer): string {
  const inWords = content.length - (content.length % WORD_BYTES);
  const words = wordsOf(content.subarray(0, inWords));
  let sum = 0x811c9dc5;
  for (let at = 0; at < words.length; at += 1) sum = Math.imul(sum ^ (words[at] ?? 0), 0x01000193);
  for (const byte of content.subarray(inWords)) sum = Math.imul(sum ^ byte, 0x01000193);
  return `${(sum >>> 0).toString(16).padStart(SUM_CHARS - 1, "0")}\n`;
}

/** In the order of this machine's bytes. A copy, because words have to begin at a multiple of their size. */
function wordsOf({ buffer, byteOffset, length }: Buffer): Int32Array {
  return new Int32Array(buffer.slice(byteOffset, byteOffset + length));
}

/** The state of some files and folders now, for {@link PrintedBrief.marks}. Take it before reading them. */
export function marksOf(paths: readonly string[]): PrintedBrief["marks"] {
  return Object.fromEntries(paths.map((path) => [path, markOf(path)]));
}

function markOf(path: string): string {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat === undefined ? "" : `${stat.ino} ${stat.size} ${stat.mtimeMs}`;
  } catch (error) {
    // A loop of links, a folder that is not ours to see: the same as long as it stays like that.
    return errnoOf(error) ?? "unknown";
  }
}

function pathOf(home: string, root: string): string {
  return join(
    home,
    "state",
    "briefs",
    `${root.replaceAll(/[^A-Za-z0-9]/g, "-").slice(-NAME_CHARS_MAX)}.json`,
  );
}
