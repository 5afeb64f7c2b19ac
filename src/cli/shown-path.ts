import { isAbsolute, relative } from "node:path";
import type { App } from "../app/app.ts";

/** A path as the person would type it where they are: below the current folder without it, below their home behind `~`. */
export function shownPath({ cwd, env }: Pick<App, "cwd" | "env">, path: string): string {
  if (!isAbsolute(path)) return path;
  const fromHere = relative(cwd, path);
  if (fromHere !== "" && !fromHere.startsWith("..")) return fromHere;
  const home = env.HOME ?? "";
  return home !== "" && home !== "/" && path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}
