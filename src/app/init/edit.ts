import { lstatSync } from "node:fs";
import { dirname } from "node:path";
import type { AgentSetup } from "../../agent/agent.ts";
import { AppError } from "../../base/error.ts";
import { remove, replace, targetOf } from "../../disk/disk.ts";
import { removeFolderIfEmpty } from "../../disk/folder.ts";
import { removeLeftovers } from "../../disk/leftovers.ts";
import { readIfThere } from "../../disk/read.ts";
import { removeGitignoreLines } from "./gitignore.ts";
import { removeHookLines } from "./hook-lines.ts";
import type { Touched } from "./ledger.ts";
import { removeContextMerge } from "./merge-lines.ts";
import { removeProtocol } from "./protocol.ts";

/** A change of one of the user's files: planned first, carried out when all of them are known to be possible. */
export interface FileEdit {
  readonly touched: Touched;
  readonly what: string;
  /** Undefined where there is no file. */
  readonly before: string | undefined;
  /** Undefined where the file goes. */
  readonly after: string | undefined;
  /** Nothing of ours is in the file afterwards. */
  readonly isRemoval: boolean;
  readonly warnings: readonly string[];
  /** Of a file that is made. */
  readonly mode?: number;
}

/** The mode of files that we make beside the person's own, as their editor would. */
const USER_FILE_MODE = 0o644;

export function carryOut({ touched, before, after, mode }: FileEdit): void {
  // What a killed process of ours left unfinished beside the file goes with it.
  removeLeftovers(dirname(targetOf(touched.path)));
  if (before === after) return;
  if (after !== undefined) {
    replace(touched.path, Buffer.from(after), { mode: mode ?? USER_FILE_MODE });
    return;
  }
  // A link that led to nothing before us leads to nothing again.
  remove(targetOf(touched.path));
  if (touched.createdFolder !== false) removeFolderIfEmpty(dirname(touched.path));
}

/** The edit that takes us out of a file. @throws AppError `settings_unreadable`, naming file and place */
export function removalOf(setup: AgentSetup, touched: Touched): FileEdit {
  const before = readText(touched.path);
  const text = before === undefined ? undefined : withoutUs(setup, touched, before);
  const goes = text?.trim() === "" && touched.created;
  const after = goes ? undefined : text;
  return { touched, what: REMOVED[touched.kind], before, after, isRemoval: true, warnings: [] };
}

const REMOVED: { readonly [kind in Touched["kind"]]: string } = {
  settings: "hooks and permissions removed",
  gitignore: "our lines removed",
  protocol: "our block removed",
  codex: "MCP server removed",
  gemini: "MCP server removed",
  opencode: "MCP server removed",
  statusline: "status line put back",
  githook: "our lines removed",
  gitattributes: "our lines removed",
};

/** A file's text without anything of ours; blank where all of it was. @throws AppError `settings_unreadable` */
export function withoutUs(
  setup: AgentSetup,
  { kind, path }: Pick<Touched, "kind" | "path">,
  text: string,
): string {
  switch (kind) {
    case "settings":
    case "statusline":
      return naming(path, () => setup.uninstall(text).text);
    case "gitignore":
      return removeGitignoreLines(text);
    case "githook":
      return removeHookLines(text);
    case "gitattributes":
      return removeContextMerge(text);
    case "protocol":
      return removeProtocol(text);
    default: {
      const client = setup.mcpClients.find(({ name }) => name === kind);
      return naming(path, () => client?.remove(text) ?? text);
    }
  }
}

/** @throws AppError `settings_unreadable`: writing back what did not decode would change somebody's bytes. */
export function readText(path: string): string | undefined {
  const bytes = readIfThere(path);
  const text = bytes?.toString("utf8");
  if (bytes === undefined || text === undefined || Buffer.from(text).equals(bytes)) return text;
  throw new AppError(
    "settings_unreadable",
    `${path} is not UTF-8 text.`,
    "Save it as UTF-8, or choose another --scope.",
  );
}

/** The text of a file that is only looked at: undefined where it can't be read, for whatever reason. */
export function readableText(path: string): string | undefined {
  try {
    return readText(path);
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

/** Runs something on a file's text so that what it can't read is said with the file's name. */
export function naming<T>(path: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "settings_unreadable") throw error;
    throw new AppError(error.code, `${path}: ${error.message}`, error.hint, { cause: error });
  }
}

/** Whether something stands at a path, a link that leads to nothing included. */
export function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
