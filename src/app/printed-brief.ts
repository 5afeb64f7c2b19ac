import { statSync } from "node:fs";
import { join } from "node:path";
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
  /** Ages in it are true until then. */
  readonly validUntilMs: number;
}

/** Enough of a path to recognise it by, in a file name of bounded length. */
const NAME_CHARS_MAX = 160;

/** The printed brief of a work tree if it still says what a new one would say. */
export function findPrintedBrief(home: string, root: string, nowMs: number): PrintedBrief | undefined {
  const value = asObject(parseJson(readIfThere(pathOf(home, root))?.toString("utf8") ?? ""));
  if (value?.version !== 1 || value.root !== root) return undefined;
  const printed = value as unknown as PrintedBrief;
  if (nowMs >= printed.validUntilMs) return undefined;
  return Object.entries(printed.marks).every(([path, mark]) => markOf(path) === mark) ? printed : undefined;
}

export function savePrintedBrief(home: string, printed: PrintedBrief): void {
  replace(pathOf(home, printed.root), Buffer.from(JSON.stringify(printed)), { durability: "cached" });
}

/** The state of some files and folders now, for {@link PrintedBrief.marks}. Take it before reading them. */
export function marksOf(paths: readonly string[]): PrintedBrief["marks"] {
  return Object.fromEntries(paths.map((path) => [path, markOf(path)]));
}

function markOf(path: string): string {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat === undefined ? "" : `${stat.ino} ${stat.size} ${stat.mtimeMs}`;
  } catch {
    // A file where its folder should be, a folder that is not ours to enter: as good as not there.
    return "";
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
