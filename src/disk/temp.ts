import { basename, dirname, join } from "node:path";
import { ownStartTime, type ProcessMark } from "./process-mark.ts";

const TEMP_PATTERN = /^\.leftoff-(\d+)-(?:s(\d+)s)?[0-9a-z]+\.tmp$/;
let made = 0;

/**
 * A path beside `path` for what is not finished yet. The name says whose it is (the process id, and where it is a number the
 * start time, for ids are given again), so that one that a killed process left behind can be told from a file of the user's;
 * it is never read, and readers of folders pass it over.
 */
export function tempPathFor(path: string): string {
  made += 1;
  const unique = `${Date.now().toString(36)}${made.toString(36)}${Math.random().toString(36).slice(2, 8)}`;
  const startTime = ownStartTime() ?? "";
  const start = /^\d+$/.test(startTime) ? `s${startTime}s` : "";
  return join(dirname(path), `.leftoff-${process.pid}-${start}${unique}.tmp`);
}

/** Which process makes or made such a file; undefined for a file of another name. */
export function makerOf(path: string): Pick<ProcessMark, "pid" | "startTime"> | undefined {
  const [name, pid, startTime] = TEMP_PATTERN.exec(basename(path)) ?? [];
  return name === undefined ? undefined : { pid: Number(pid), startTime };
}

/** Whether a file of this name, without its folder, is such an unfinished one. */
export function isTempName(name: string): boolean {
  // Asked of every name in every folder that is looked at.
  return name.startsWith(".leftoff-") && TEMP_PATTERN.test(name);
}
