import { basename, dirname, join } from "node:path";

const TEMP_PATTERN = /^\.leftoff-\d+-[0-9a-z]+\.tmp$/;
let made = 0;

/**
 * A path beside `path` for what is not finished yet. The name says whose it is (the process id), so that one that a
 * killed process left behind can be told from a file of the user's; it is never read, and readers of folders pass it over.
 */
export function tempPathFor(path: string): string {
  made += 1;
  const unique = `${Date.now().toString(36)}${made.toString(36)}${Math.random().toString(36).slice(2, 8)}`;
  return join(dirname(path), `.leftoff-${process.pid}-${unique}.tmp`);
}

/** Whether a file of this name is such an unfinished one. */
export function isTempName(path: string): boolean {
  return TEMP_PATTERN.test(basename(path));
}
