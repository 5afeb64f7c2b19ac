import { isAbsolute, join } from "node:path";
import { AppError } from "../base/error.ts";
import { NO_PERSON_FOLDER, personFolder } from "../base/person-folder.ts";

/**
 * `LEFTOFF_HOME`, else `$XDG_DATA_HOME/leftoff`, else `~/.local/share/leftoff`; an empty variable counts as unset, and so does
 * a relative XDG_DATA_HOME, as the XDG Base Directory Specification wants it.
 */
export function leftoffHome(env: { readonly [name: string]: string | undefined }): string {
  if (env.LEFTOFF_HOME) return env.LEFTOFF_HOME;
  const { XDG_DATA_HOME: data } = env;
  return join(data?.startsWith("/") ? data : join(personFolder(env), ".local", "share"), "leftoff");
}

/** Whether there is a place for leftoff's folder: see {@link assertUsableHome}. */
export function isUsableHome(home: string): boolean {
  return problemOf(home) === undefined;
}

/**
 * A relative folder would be another one in each directory, and write into repositories; one with a line break is none
 * that a shell script names. For whoever can tell the person: hooks do nothing.
 *
 * @throws AppError `input_invalid`
 */
export function assertUsableHome(home: string): void {
  const problem = problemOf(home);
  if (problem === undefined) return;
  throw new AppError(
    "input_invalid",
    `leftoff's folder ${JSON.stringify(home)} ${problem}.`,
    "Set LEFTOFF_HOME (or XDG_DATA_HOME) to an absolute path of one line; nothing was changed.",
  );
}

function problemOf(home: string): string | undefined {
  if (/[\0\r\n]/.test(home)) return "has a line break in its name";
  if (!isAbsolute(home)) return "is no absolute path";
  return home.startsWith(`${NO_PERSON_FOLDER}/`) ? "is nowhere: this user has no home folder" : undefined;
}
