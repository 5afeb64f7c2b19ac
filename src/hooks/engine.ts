import { existsSync } from "node:fs";
import { join } from "node:path";
import type { HookCall } from "../agent/agent.ts";
import { answerPreCompact } from "../app/answer-pre-compact.ts";
import { answerSessionStart, type StartAnswer } from "../app/answer-session-start.ts";
import type { Pace } from "../app/app.ts";
import { isOff, isOffHere } from "../app/capture-switch.ts";
import { recogniseHere } from "../app/here.ts";
import { isUsableHome } from "../app/home.ts";
import { ingestHookCall } from "../app/ingest.ts";
import { followContext } from "../app/keep-context.ts";
import { openApp } from "../compose.ts";
import { makeFolder } from "../disk/folder.ts";
import type { Packing } from "../store/store.ts";

/** What the work tells the process around it. */
export interface Around {
  readonly pace: Pace;
  /** Called when it is known that leftoff is not switched off here. */
  readonly mayAnswer: () => void;
}

/**
 * What hooks do when printing will not do. In a file of its own, loaded only then: a start that finds its printed brief
 * never pays for the store, the redaction rules and git.
 */
export async function runHook(
  mode: string,
  call: HookCall,
  { pace, mayAnswer }: Around,
): Promise<StartAnswer | undefined> {
  const app = openApp({ cwd: workingFolder(), env: process.env, pace });
  // The plugin's hooks go by what the environment says, whatever that is.
  if (!isUsableHome(app.home)) return undefined;
  // The plugin has nobody who makes the data folder but its first start.
  if (process.env.LEFTOFF_PLUGIN_BIN && call.event === "SessionStart") makeFolder(join(app.home, "state"));
  // A hook that was started just before `uninstall --purge` must not make it anew.
  if (!existsSync(app.home) || isOff(app, call)) return undefined;
  mayAnswer();
  if (mode === "ingest") {
    await ingestHookCall(app, call, () => loadPacking(app.home));
    return undefined;
  }
  return call.event === "SessionStart" ? answerSessionStart(app, call) : answerPreCompact(app, call);
}

/** From the file beside this one; where somebody took both away meanwhile, it waits for a later call. */
function loadPacking(home: string): Packing | undefined {
  const path = join(__dirname, "packing.cjs");
  const exports: Partial<typeof import("../compose-packing.ts")> = existsSync(path) ? require(path) : {};
  return exports.openPackings?.(home);
}

/** What a hook of git's asks for: the context page, where there is one. */
export async function runGitHook(pace: Pace): Promise<void> {
  const app = openApp({ cwd: workingFolder(), env: process.env, pace });
  if (!existsSync(app.home)) return;
  const here = recogniseHere(app, app.cwd);
  if (!isOffHere(app, here)) await followContext(app, here);
}

/** An agent may work on in a folder that somebody deleted; the payload says where it belongs. */
function workingFolder(): string {
  try {
    return process.cwd();
  } catch {
    return "/";
  }
}
