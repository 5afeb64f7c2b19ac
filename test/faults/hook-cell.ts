import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import type { Box } from "./box.ts";

export const HOOK_EVENTS = [
  "SessionStart",
  "UserPromptSubmit",
  "Stop",
  "StopFailure",
  "SubagentStop",
  "SessionEnd",
  "PreCompact",
] as const;
export type HookEventName = (typeof HOOK_EVENTS)[number];

/** What the person's machine does to one hook. */
export interface Surroundings {
  readonly env?: { readonly [name: string]: string | undefined };
  readonly cwd?: string;
  readonly stdin?: Stdin;
  readonly stdout?: "pipe" | "closed" | "broken" | "full";
  /** A command that starts the hook: `setpriv …`. */
  readonly through?: readonly string[];
}

/** `leftOpen`: written, and then never closed. `flood`: no line feed, and no end but after `sizeBytes`. */
export type Stdin =
  | { readonly kind: "text"; readonly text: string; readonly leftOpen?: boolean }
  | { readonly kind: "closed" }
  | { readonly kind: "flood"; readonly first?: string; readonly sizeBytes?: number };

export interface HookRun {
  readonly exit: number | string | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Until the hook has ended and nobody holds its outputs any more: what the agent waits for. */
  readonly tookMs: number;
  /** Closes the input, which may be held open longer than the hook runs. */
  releaseInput(): void;
}

/** A run that will never be done is ended here; whether it was done in time is judged by what it took. */
const GIVE_UP_MS = 60_000;
const FLOOD = Buffer.alloc(64 * 1024, "x");

/** Runs a hook exactly as Claude Code starts it. */
export async function runHook(box: Box, event: string, around: Surroundings): Promise<HookRun> {
  const { stdin = { kind: "text", text: "" }, stdout = "pipe", through = [] } = around;
  const closing = [stdin.kind === "closed" ? "<&-" : "", stdout === "closed" ? ">&-" : ""].join(" ").trim();
  const wrapped = closing === "" ? [] : ["/bin/sh", "-c", `exec "$@" ${closing}`, "sh"];
  const [command = "/bin/sh", ...args] = [...through, ...wrapped, "/bin/sh", ...box.hookArgs(event)];
  const env = Object.fromEntries(
    Object.entries({ ...box.env, ...around.env }).filter(([, value]) => value !== undefined),
  ) as NodeJS.ProcessEnv;
  const full = stdout === "full" ? openSync("/dev/full", "w") : undefined;
  const startMs = performance.now();
  const child = spawn(command, args, {
    cwd: around.cwd ?? box.project,
    env,
    stdio: ["pipe", full ?? "pipe", "pipe"],
  });
  if (full !== undefined) closeSync(full);
  const printed = { stdout: "", stderr: "" };
  child.stdout?.on("data", (chunk) => {
    printed.stdout += String(chunk);
  });
  child.stderr?.on("data", (chunk) => {
    printed.stderr += String(chunk);
  });
  if (stdout === "broken") child.stdout?.destroy();
  feed(child.stdin, stdin);
  const giveUp = setTimeout(() => child.kill("SIGKILL"), GIVE_UP_MS);
  const exit = await new Promise<number | string | null>((settle) => {
    child.on("error", (error) => settle(error.message));
    child.on("close", (code, signal) => settle(signal ?? code));
  });
  clearTimeout(giveUp);
  const tookMs = performance.now() - startMs;
  return { exit, ...printed, tookMs, releaseInput: () => child.stdin?.destroy() };
}

/** How long a node that does nothing takes here and now, from its start to its end; the longest of some. */
export async function startupMs(box: Box): Promise<number> {
  let longestMs = 0;
  for (let starts = 0; starts < STARTS; starts += 1) longestMs = Math.max(longestMs, await oneStartupMs(box));
  return longestMs;
}

const STARTS = 3;

function oneStartupMs(box: Box): Promise<number> {
  const startMs = performance.now();
  const child = spawn("/bin/sh", ["-c", 'exec "$0" -e 0', process.execPath], {
    env: box.env,
    stdio: "ignore",
  });
  return new Promise((settle) => child.on("close", () => settle(performance.now() - startMs)));
}

function feed(pipe: NodeJS.WritableStream | null, stdin: Stdin): void {
  // A hook that has ended without reading everything is no error of whoever writes.
  pipe?.on("error", () => {});
  if (stdin.kind === "closed") pipe?.end();
  else if (stdin.kind === "text") {
    pipe?.write(stdin.text);
    if (stdin.leftOpen !== true) pipe?.end();
  } else {
    let leftBytes = stdin.sizeBytes ?? Number.POSITIVE_INFINITY;
    pipe?.write(stdin.first ?? "");
    const pour = (): void => {
      leftBytes -= FLOOD.length;
      if (leftBytes <= 0) pipe?.end('"}\n');
      else
        pipe?.write(FLOOD, (error) => {
          if (!error) pour();
        });
    };
    pour();
  }
}
