import { plainScreen } from "./cli/plain-screen.ts";
import type { Screen } from "./cli/screen.ts";
import { run } from "./cli/status.ts";
import { beCommand, endWithOutput, openAppHere } from "./command-process.ts";
import { makeHaste } from "./hooks/haste.ts";

/**
 * `leftoff status`, alone or with `--json`, without what finds out which command it is and what was typed for it: the whole command
 * line is six times as much to load. What goes wrong is thrown, before anything is printed.
 */
export async function runStatus({ json }: { readonly json: boolean }): Promise<void> {
  beCommand(false);
  const haste = makeHaste(undefined);
  const screen = plainScreen(json, () => endWithOutput(false)) ?? (await terminalScreen(json));
  await run({ app: openAppHere(haste.end), ...screen }, { args: [], options: {} });
  // V8 takes back only what was compiled under the flags of a process that just begins.
  haste.end();
}

async function terminalScreen(json: boolean): Promise<Screen> {
  const { processScreen } = await import("./cli/screen.ts");
  endWithOutput(false);
  return processScreen(json);
}
