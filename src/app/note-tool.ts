import { existsSync } from "node:fs";
import { join } from "node:path";
import type { App } from "./app.ts";
import type { Here } from "./here.ts";

/**
 * Whether an agent here has leftoff's tools, and no rule that lets it run `leftoff` in its shell without asking: the plugin
 * brings the one, `init` writes the other. The plugin's scripts say that it is they who run; who looks from elsewhere (a
 * person's terminal, another door) takes it from this that `init` was run for no place at all.
 */
export function isNotedByTool(app: App, here: Pick<Here, "initialised">): boolean {
  if (app.env.LEFTOFF_PLUGIN_BIN) return true;
  return !here.initialised && !existsSync(initScript(app));
}

/** It is there as long as `init` is in force for any place; what {@link isNotedByTool} says changes with it. */
export function initScript({ home }: App): string {
  return join(home, "bin", "nudge");
}
