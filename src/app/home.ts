import { homedir } from "node:os";
import { join } from "node:path";

/** `LEFTOFF_HOME`, else `$XDG_DATA_HOME/leftoff`, else `~/.local/share/leftoff`; an empty variable counts as unset. */
export function leftoffHome(env: { readonly [name: string]: string | undefined }): string {
  if (env.LEFTOFF_HOME) return env.LEFTOFF_HOME;
  const data = env.XDG_DATA_HOME || join(env.HOME || homedir(), ".local", "share");
  return join(data, "leftoff");
}
