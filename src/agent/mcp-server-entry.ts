import { getNodeValue } from "jsonc-parser";
import { AppError } from "../base/error.ts";
import { asArray, asObject } from "../base/parse.ts";
import { nodeAt, parseSettings, putProperty, removeAt } from "./claude/settings-text.ts";

/**
 * Puts our server into a JSON settings file of an agent; everything else keeps its bytes.
 *
 * @throws AppError `settings_unreadable`, also where a server of that name is somebody else's.
 */
export function putServer(text: string, keys: readonly string[], entry: object): string {
  const there = nodeAt(parseSettings(text).root, keys);
  if (there === undefined) return putProperty(text, keys, entry);
  const value: unknown = getNodeValue(there);
  if (!isOurs(value)) {
    throw new AppError(
      "settings_unreadable",
      `${keys.join(".")} is another server than leftoff's.`,
      "Rename it; nothing was changed.",
    );
  }
  return JSON.stringify(value) === JSON.stringify(entry) ? text : putProperty(text, keys, entry);
}

/** Takes it out again, where it is ours. */
export function takeServer(text: string, keys: readonly string[]): string {
  const there = nodeAt(parseSettings(text).root, keys);
  return there !== undefined && isOurs(getNodeValue(there)) ? removeAt(text, keys) : text;
}

/** By the program it starts: `bin/leftoff` below any LEFTOFF_HOME. */
function isOurs(value: unknown): boolean {
  const command = asObject(value)?.command;
  const program = typeof command === "string" ? command : asArray(command)?.[0];
  return typeof program === "string" && program.endsWith("/bin/leftoff");
}
