import { plainScreen } from "./cli/plain-screen.ts";
import type { Screen } from "./cli/screen.ts";
import { run } from "./cli/status.ts";
import { beCommand, endWithOutput, openAppHere } from "./command-process.ts";
import { makeHaste } from "./hooks/haste.ts";
import { hasLacked } from "./lacking.ts";

/**
 * `leftoff status`, alone or with `--json`, without what finds out which command it is and what was typed for it: the whole command
 * line is six times as much to load. What goes wrong is thrown, before anything is printed.
 *
 * @returns false where this bundle lacks something that it takes here; nothing was printed then.
 */
export async function runStatus({ json }: { readonly json: boolean }): Promise<boolean> {
  beCommand(false);
  const haste = makeHaste(undefined);
  try {
    const screen = plainScreen(json, () => endWithOutput(false)) ?? (await terminalScreen(json));
    const print = (text: string) => void (hasLacked() || screen.print(text));
    await run({ app: openAppHere(haste.pace), ...screen, print }, { args: [], options: {} });
  } catch (error) {
    if (!hasLacked()) throw error;
  } finally {
    // V8 takes back only what was compiled under the flags of a process that just begins.
    haste.end();
  }
  return !hasLacked();
}

async function terminalScreen(json: boolean): Promise<Screen> {
  const { processScreen } = await import("./cli/screen.ts");
  endWithOutput(false);
  return processScreen(json);
}
