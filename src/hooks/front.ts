import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { HookCall } from "../agent/agent.ts";
import { dropNotice } from "../app/context-notice.ts";
import { leftoffHome } from "../app/home.ts";
import { type HookAnswer, isResumed, prepareShell, rememberDelivered } from "../app/hook-answer.ts";
import { attempt, noteHookFailure } from "../app/hook-failure.ts";
import { asOld, isTrue, readPrintedBrief } from "../app/printed-brief.ts";
import { HOOK_DEADLINE_MS, INGEST_DEADLINE_MS } from "../base/limits.ts";
import { readHookCall } from "../compose-hook.ts";
import { keepCompiled } from "../disk/compiled.ts";
import type { Program } from "../disk/program.ts";
import { namesIn } from "../disk/read.ts";
import { locateWorkTree } from "../workspace/locate.ts";
import { makeHaste } from "./haste.ts";
import { type LastWords, openLastWords } from "./last-words.ts";
import { loadEngine } from "./load-engine.ts";
import { readPayload } from "./payload.ts";

/** How hook.cjs was started. */
export interface Start {
  readonly mode: string;
  /** Whoever started it is not told how it ends. */
  readonly isAbrupt: boolean;
  /** This program: the end of a turn keeps its compiled code. */
  readonly own: Program<unknown>;
}

/**
 * What hook.cjs loads, whichever hook it is. Somebody waits for SessionStart, and nearly all of its time is start-up: what it needs in
 * the ordinary case is in this small program, and the rest in engine.cjs beside it.
 */
export async function main({ mode, isAbrupt, own }: Start): Promise<void> {
  const home = leftoffHome(process.env);
  let isReading = mode !== "git";
  const words = openLastWords();
  const end = () => {
    attempt(home, mode, () => words.say((text) => writeSync(1, text)));
    // All that was written is written, and nobody but tests sees how it ends.
    if (isReading || isAbrupt) process.kill(process.pid, "SIGKILL");
    process.exit(0);
  };
  setTimeout(end, isAwaited(mode) ? HOOK_DEADLINE_MS : INGEST_DEADLINE_MS).unref();
  try {
    if (mode === "git") {
      await answerGit();
      return end();
    }
    const payload = await readPayload();
    isReading = payload.isReading;
    const call = readHookCall(payload.text);
    if (call !== undefined) await answer({ mode, home, words, own }, placed(call));
    else if (!payload.text.startsWith("{"))
      noteHookFailure(home, mode, `${payload.text.length} characters that are no payload`);
  } catch (error) {
    noteHookFailure(home, mode, error);
  }
  end();
}

/** Nobody waits for what an ingest or a hook of git's does. */
function isAwaited(mode: string): boolean {
  return mode !== "ingest" && mode !== "git";
}

async function answerGit(): Promise<void> {
  const haste = makeHaste(undefined);
  await loadEngine(__dirname, require).exports.runGitHook(haste.pace);
}

interface Hook {
  readonly mode: string;
  readonly home: string;
  readonly words: LastWords;
  readonly own: Program<unknown>;
}

async function answer({ mode, home, words, own }: Hook, call: HookCall): Promise<void> {
  const isStart = mode !== "ingest" && call.event === "SessionStart";
  if (isStart) prepareShell(home, process.env);
  if (isStart && call.reason === "compact")
    attempt(home, call.event, () => dropNotice(home, call.conversation));
  const printed = isStart ? printedAnswer(home, call) : undefined;
  if (printed?.kind === "true") {
    print(call, printed.answer);
    return rememberDelivered(home, call, printed.keys);
  }
  if (printed?.kind === "old") words.prepare(outputOf(call, printed.answer));
  const engine = loadEngine(__dirname, require);
  const haste = makeHaste(mode === "ingest" ? undefined : { deadlineMs: HOOK_DEADLINE_MS, words });
  const made = await engine.exports.runHook(mode, call, { pace: haste.pace, mayAnswer: words.allow });
  if (mode !== "ingest") {
    // From here on nothing but this answer is said, also where it is none.
    if (words.take()) print(call, made);
    return made?.afterwards?.();
  }
  // The end of a turn runs nearly all there is, also what a start needs; a prompt runs less than half of it.
  if (call.event !== "Stop" && call.event !== "SessionEnd") return;
  // V8 takes back only what was compiled under the flags of a process that just begins.
  haste.end();
  keepCompiled(engine);
  keepCompiled(own);
}

interface PrintedAnswer {
  /** `true`: nothing has changed since, and nothing is or waits to be worked on. `old`: better than nothing. */
  readonly kind: "true" | "old";
  readonly answer: HookAnswer;
  readonly keys: readonly string[];
}

/** The brief that the last turn's ingest left. */
function printedAnswer(home: string, call: HookCall): PrintedAnswer | undefined {
  if (isResumed(call) || process.env.LEFTOFF_OFF) return undefined;
  const { root } = locateWorkTree(call.cwd ?? process.cwd());
  const printed = readPrintedBrief(home, root);
  if (printed === undefined) return undefined;
  const { keys } = printed;
  const isBusy =
    namesIn(join(home, "state", "locks")).some((name) => name.startsWith("ingest-")) ||
    namesIn(join(home, "state", "pending")).length > 0;
  if (isBusy || !isTrue(printed, Date.now()))
    return { kind: "old", answer: { context: asOld(printed), line: printed.line }, keys };
  return { kind: "true", answer: { context: printed.text, line: printed.line }, keys };
}

/** An agent that changed folders in its shell is still at work in the project it was started in. */
function placed(call: HookCall): HookCall {
  const project = process.env.CLAUDE_PROJECT_DIR;
  return project ? { ...call, cwd: project } : call;
}

/** Says it, or nothing. Who waits for it waits no longer: the script that started us ends with our output (see app/init/scripts.ts). */
function print(call: HookCall, answer: HookAnswer | undefined): void {
  const output = answer === undefined ? "" : outputOf(call, answer);
  if (output !== "") writeSync(1, output);
  closeSync(1);
  // Else the next file that is opened would be our output.
  openSync("/dev/null", "w");
}

function outputOf(call: HookCall, { context, line }: HookAnswer): string {
  if (context === undefined && line === undefined) return "";
  // PreCompact has no JSON for it: what is printed is added to the instructions of the summary.
  if (call.event === "PreCompact") return `${context ?? ""}\n`;
  const specific = { hookSpecificOutput: { hookEventName: call.event, additionalContext: context } };
  const output = {
    ...(context === undefined ? {} : specific),
    ...(line === undefined ? {} : { systemMessage: line }),
  };
  return `${JSON.stringify(output)}\n`;
}
