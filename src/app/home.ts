import { join } from "node:path";

/** `LEFTOFF_HOME`, else `$XDG_DATA_HOME/leftoff`, else `~/.local/share/leftoff`; an empty variable counts as unset. */
export function leftoffHome(env: { readonly [name: string]: string | undefined }): string {
  if (env.LEFTOFF_HOME) return env.LEFTOFF_HOME;
  const data = env.XDG_DATA_HOME || join(personFolder(env), ".local", "share");
  return join(data, "leftoff");
}

/** The person's own folder: `HOME`, else what the system says. node:os is loaded only where it is asked: hooks start with HOME. */
export function personFolder(env: { readonly [name: string]: string | undefined }): string {
  return env.HOME || process.getBuiltinModule("node:os").homedir();
}
