import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { HOOK_DEADLINE_MS } from "../../src/base/limits.ts";
import { answerOf, type Box, copyBox, endProcess, KNOWN, promptOf, UNREAD } from "./box.ts";
import { type HookEventName, type HookRun, runHook, startupMs } from "./hook-cell.ts";
import type { Condition } from "./hook-conditions.ts";

/** A hook may take this long, with the start of its processes: its own timer is 2,000 ms. */
export const HOOK_TOOK_MS_MAX = 2_500;
/** A node that does nothing takes this long on a machine that does nothing else. */
const STARTUP_MS = 60;
/** On a busy machine a hook may take longer, by what such a node loses there: it starts a shell, and ten times as much runs. */
const LOST_TIMES = 10;
/**
 * What a hook leaves running reads its input for at most 1 s and looks for a record for at most 2 s, twice for two calls;
 * far more than that is for a machine that has much else to do.
 */
const PROCESSES_END_MS = 60_000;

const EXTRA: Readonly<Record<HookEventName, object>> = {
  SessionStart: { source: "startup" },
  UserPromptSubmit: { prompt: promptOf(7), prompt_id: "p7" },
  Stop: { stop_hook_active: false, last_assistant_message: answerOf(0) },
  StopFailure: { error: "overloaded", last_assistant_message: answerOf(0) },
  SubagentStop: { agent_id: "a1", agent_type: "Explore" },
  SessionEnd: { reason: "other" },
  PreCompact: { trigger: "manual" },
};

export interface CellFailure {
  readonly cell: string;
  readonly what: string;
}

/**
 * Runs hooks under one condition, each in a box as a working day leaves it: what was said is read, the brief is printed.
 *
 * @returns what was not as promised.
 */
export async function failuresUnder(
  condition: Condition,
  events: readonly HookEventName[],
  { model, root }: { readonly model: Box; readonly root: string },
): Promise<readonly CellFailure[]> {
  const failures: CellFailure[] = [];
  for (const event of events) {
    const box = copyBox(model, join(root, event));
    try {
      await box.ingest(box.payload("Stop", KNOWN, EXTRA.Stop));
      const prepared = await condition.prepare?.(box);
      try {
        const whats = await troubles(box, event, condition);
        failures.push(...whats.map((what) => ({ cell: `${event}, ${condition.name}`, what })));
      } finally {
        prepared?.undo();
      }
    } finally {
      box.dispose();
    }
  }
  return failures;
}

async function troubles(box: Box, event: HookEventName, condition: Condition): Promise<readonly string[]> {
  const conversation = event === "SessionStart" ? UNREAD : KNOWN;
  const payload = box.payload(event, conversation, EXTRA[event]);
  const around = condition.around?.(payload, box) ?? { stdin: { kind: "text", text: payload } };
  const run = await runHook(box, event, around);
  // Only where it was late does it matter how late it could be.
  const lostMs = run.tookMs < HOOK_DEADLINE_MS ? 0 : Math.max(0, (await startupMs(box)) - STARTUP_MS);
  const whats = promised({ ...run, lostMs }, event, condition);
  const left = await waitForProcesses(box, condition);
  run.releaseInput();
  return left.length === 0 ? whats : [...whats, `left ${left.length} processes running`];
}

interface JudgedRun extends HookRun {
  /** What the start of a node that does nothing lost to other work of the machine. */
  readonly lostMs: number;
}

function promised(run: JudgedRun, event: HookEventName, { answers = false }: Condition): readonly string[] {
  const whats: string[] = [];
  if (run.exit !== 0) whats.push(`ended with ${run.exit}`);
  if (run.stderr !== "") whats.push(`said ${JSON.stringify(run.stderr.slice(0, 200))}`);
  if (run.stdout !== "" && !isJson(run.stdout))
    whats.push(`printed ${JSON.stringify(run.stdout.slice(0, 200))}`);
  if (run.stdout !== "" && event !== "SessionStart") whats.push("printed something");
  // A hook that has not come to its brief in its time ends without one, as it should; else it has one.
  const hadTime = run.tookMs < HOOK_DEADLINE_MS || run.lostMs < STARTUP_MS;
  if (event === "SessionStart" && answers && hadTime && !run.stdout.includes("additionalContext"))
    whats.push("gave no brief");
  if (run.tookMs > HOOK_TOOK_MS_MAX + LOST_TIMES * run.lostMs)
    whats.push(`took ${Math.round(run.tookMs)} ms`);
  return whats;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** What is left of a hook when its time is over; a process that the condition itself stopped does not count. */
async function waitForProcesses(box: Box, { name }: Condition): Promise<readonly number[]> {
  const stopped = name.startsWith("a stopped ingest") ? 1 : 0;
  for (let waitedMs = 0; box.processes().length > stopped; waitedMs += 50) {
    if (waitedMs > PROCESSES_END_MS) {
      const left = box.processes();
      for (const pid of left) endProcess(pid);
      return left.slice(stopped);
    }
    await sleep(50);
  }
  return [];
}
