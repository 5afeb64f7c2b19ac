import { read, writeSync } from "node:fs";
import type { HookCall } from "../agent/agent.ts";
import {
  answerPreCompact,
  answerSessionStart,
  type HookAnswer,
  prepareShell,
} from "../app/answer-session-start.ts";
import type { App } from "../app/app.ts";
import { isOff } from "../app/capture-switch.ts";
import { noteHookFailure } from "../app/hook-failure.ts";
import { ingestHookCall } from "../app/ingest.ts";
import { HOOK_DEADLINE_MS, HOOK_PAYLOAD_BYTES_MAX, INGEST_DEADLINE_MS } from "../base/limits.ts";
import { openApp } from "../compose.ts";

/**
 * The one program that hooks start: `hook.cjs ingest`, `hook.cjs SessionStart`, `hook.cjs PreCompact`, the payload on
 * standard input. Whatever happens, it exits 0 with an empty stderr, within its own deadline: exit 2 would drop prompts,
 * keep Stop going and block compaction.
 */
async function main(mode: string): Promise<void> {
  const deadlineMs = mode === "ingest" ? INGEST_DEADLINE_MS : HOOK_DEADLINE_MS;
  setTimeout(() => process.exit(0), deadlineMs).unref();
  const app = openApp({ cwd: process.cwd(), env: process.env });
  try {
    const payload = await readPayload();
    const call = placed(app, app.agent.hookOf(payload));
    if (call === undefined)
      noteHookFailure(app, mode, `a payload of ${payload.length} characters that is no hook call`);
    else if (!isOff(app, call)) await run(app, mode, call);
  } catch (error) {
    noteHookFailure(app, mode, error);
  }
}

async function run(app: App, mode: string, call: HookCall): Promise<void> {
  if (mode === "ingest") return ingestHookCall(app, call);
  if (call.event === "SessionStart") prepareShell(app);
  const answer =
    call.event === "SessionStart" ? await answerSessionStart(app, call) : await answerPreCompact(app, call);
  print(call, answer);
}

/** An agent that changed folders in its shell is still at work in the project it was started in. */
function placed(app: App, call: HookCall | undefined): HookCall | undefined {
  const project = app.env.CLAUDE_PROJECT_DIR;
  return call === undefined || !project ? call : { ...call, cwd: project };
}

function print(call: HookCall, { context, line }: HookAnswer): void {
  if (context === undefined && line === undefined) return;
  const specific = { hookSpecificOutput: { hookEventName: call.event, additionalContext: context } };
  const output = {
    ...(context === undefined ? {} : specific),
    ...(line === undefined ? {} : { systemMessage: line }),
  };
  writeSync(1, `${JSON.stringify(output)}\n`);
}

/** The payload: one line of JSON. Reading ends with it even if whoever writes never closes the pipe. */
async function readPayload(): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for (;;) {
    const chunk = await readChunk();
    if (chunk.length === 0) break;
    chunks.push(chunk);
    sizeBytes += chunk.length;
    const isLine = chunk.at(-1) === 0x0a;
    if (isLine || sizeBytes >= HOOK_PAYLOAD_BYTES_MAX) break;
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Asynchronous, so that the deadline's timer can fire while nobody writes. */
function readChunk(): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(256 * 1024);
  return new Promise((settle, fail) => {
    read(0, buffer, 0, buffer.length, null, (error, bytes) => {
      if (error !== null && error.code !== "EOF") fail(error);
      else settle(buffer.subarray(0, error === null ? bytes : 0));
    });
  });
}

void main(process.argv[2] ?? "").then(
  () => process.exit(0),
  () => process.exit(0),
);
