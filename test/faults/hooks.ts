import { spawn } from "node:child_process";
import { appendFileSync, cpSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ConversationId } from "../../src/base/id.ts";
import { answerOf, type Box, KNOWN, MAIN, makeBox, promptOf, UNREAD } from "./box.ts";
import { HOOK_EVENTS, type HookRun, runHook } from "./hook-cell.ts";
import { CONDITIONS, type Condition } from "./hook-conditions.ts";
import { failuresUnder } from "./hook-matrix.ts";
import { type FaultPromise, type Outcome, repeat } from "./promise.ts";
import { eventIds, turnPayloads, turnTroubles } from "./turn.ts";

/** Conditions tried at the same time: most of a cell is waiting for a process to end. */
const LANES = 3;

async function matrix(conditions: readonly Condition[]): Promise<Outcome> {
  const model = makeBox();
  const failures: string[] = [];
  const left = [...conditions.entries()];
  const lane = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [index, condition] = next;
      const found = await failuresUnder(condition, HOOK_EVENTS, {
        model,
        root: join(model.root, "cells", String(index)),
      });
      failures.push(...found.map(({ cell, what }) => `${cell}: ${what}`));
    }
  };
  try {
    await Promise.all(Array.from({ length: LANES }, lane));
    return { n: conditions.length * HOOK_EVENTS.length, failures };
  } finally {
    model.dispose();
  }
}

const isRoot = process.getuid?.() === 0;
const POSSIBLE = CONDITIONS.filter(
  ({ mounts, needsRoot }) =>
    (mounts !== true || process.env.LEFTOFF_FAULTS_MOUNTS === "1") && (needsRoot !== true || isRoot),
);

/** A hook as others have shipped it: it waits, says what is wrong, and ends with the code that blocks the agent. */
const RUDE: Condition = {
  name: "the script is somebody else's",
  around: (payload) => ({
    stdin: { kind: "text", text: payload },
    through: ["/bin/sh", "-c", "sleep 2.6; echo no worker >&2; echo no; exit 2"],
  }),
};

const hooks: FaultPromise = {
  name: "hooks",
  promise:
    "Every hook, whatever is wrong around it: exit 0, nothing on stderr, stdout empty or JSON, within 2.5 s, no process left; the brief still comes wherever it can be read.",
  n: POSSIBLE.length * HOOK_EVENTS.length,
  fixed: true,
  run: () => matrix(POSSIBLE),
  control: () => matrix([RUDE]),
};

/** Waits until nothing of a box runs any more. @returns how many processes had to be left. */
async function quiet(box: Box, patienceMs = 30_000): Promise<number> {
  for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += 50) {
    if (box.processes().length === 0) return 0;
    await sleep(50);
  }
  return box.processes().length;
}

const harmless = (runs: readonly HookRun[]) =>
  runs
    .filter(({ exit, stderr }) => exit !== 0 || stderr !== "")
    .map(({ exit, stderr }) => `a hook ended with ${exit}: ${stderr}`);

/** What a control does: hooks that do nothing. */
const OFF = { LEFTOFF_OFF: "1" };
const CONVERSATIONS = 10;

/** Fifty hooks in the same moment, of ten conversations; the second turn of each is in the payloads alone. */
async function fiftyNudges(box: Box, env: NodeJS.ProcessEnv = {}): Promise<readonly string[]> {
  const conversations = Array.from(
    { length: CONVERSATIONS },
    (_, index) => `cccccccc-0000-4000-8000-00000000000${index}` as ConversationId,
  );
  const known = eventIds(box);
  const calls = conversations.flatMap((conversation, index) => {
    const first = turnPayloads(box, conversation, 10 + index);
    const second = turnPayloads(box, conversation, 50 + index);
    box.turn(conversation, 10 + index);
    return [
      ["UserPromptSubmit", first.prompt],
      ["Stop", first.stop],
      ["UserPromptSubmit", second.prompt],
      ["Stop", second.stop],
      ["SessionEnd", box.payload("SessionEnd", conversation, { reason: "other" })],
    ] as const;
  });
  const runs = await Promise.all(
    calls.map(([event, text]) => runHook(box, event, { env, stdin: { kind: "text", text } })),
  );
  const left = await quiet(box);
  const app = box.app();
  const kept = app.store.journal
    .sessions()
    .flatMap((session) =>
      app.store.journal
        .read(session)
        .events.flatMap(({ type, data }) =>
          type === "message.kept" ? [(data as { text: string }).text] : [],
        ),
    );
  const wanted = conversations.flatMap((_, index) => [promptOf(50 + index), answerOf(50 + index)]);
  const lost = wanted.filter((text) => kept.filter((candidate) => candidate === text).length !== 1);
  return [
    ...harmless(runs),
    ...(left === 0 ? [] : [`${left} processes are left`]),
    ...(lost.length === 0
      ? []
      : [`${lost.length} of ${wanted.length} prompts and answers are not kept once`]),
    ...conversations.flatMap((conversation) => turnTroubles(box, conversation, { known, sessions: 1 })),
  ];
}

function inBoxes(n: number, once: (box: Box, round: number) => Promise<readonly string[]>): Promise<Outcome> {
  return repeat(n, async (round) => {
    const box = makeBox();
    try {
      return await once(box, round);
    } finally {
      box.dispose();
    }
  });
}

const nudges: FaultPromise = {
  name: "fifty-nudges",
  promise:
    "Fifty hooks of ten conversations in the same moment: every prompt and answer is kept once, no process is left.",
  n: 3,
  run: ({ n }) => inBoxes(n, (box) => fiftyNudges(box)),
  control: () => inBoxes(1, (box) => fiftyNudges(box, OFF)),
};

const twice: FaultPromise = {
  name: "two-ingests",
  promise: "Two ingests of the same turn at the same time: every record and event is there once.",
  n: 20,
  run: ({ n }) => inBoxes(n, (box) => ingestedTwice(box)),
  control: () => inBoxes(1, (box) => ingestedTwice(box, OFF)),
};

async function ingestedTwice(
  box: Box,
  env: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  box.turn(UNREAD, 1);
  const { prompt, stop } = turnPayloads(box, UNREAD, 1);
  await Promise.all([prompt, prompt, stop, stop].map((payload) => box.ingest(payload, { env })));
  return turnTroubles(box, UNREAD, { known: [], sessions: 1 });
}

/** The ingest of an answer that only the payload has dies with the call on disk; then somebody starts a conversation, or sends a prompt. */
async function leftCall(box: Box, round: number, next: "something" | "nothing"): Promise<readonly string[]> {
  const { prompt, stop } = turnPayloads(box, UNREAD, 1);
  for (const payload of [prompt, stop])
    await box.ingest(payload, { env: { LEFTOFF_FAILPOINTS: "lock.after-acquire=kill" } });
  if (next === "something") {
    if (round % 2 === 0)
      await runHook(box, "SessionStart", {
        stdin: { kind: "text", text: box.payload("SessionStart", KNOWN, { source: "startup" }) },
      });
    else await box.ingest(box.payload("Stop", KNOWN));
  }
  const { journal } = box.app().store;
  const texts = journal
    .sessions()
    .flatMap((session) => journal.read(session).events.map(({ data }) => JSON.stringify(data)));
  const count = (text: string) =>
    texts.filter((candidate) => candidate.includes(`"text":${JSON.stringify(text)}`)).length;
  return [promptOf(1), answerOf(1)]
    .filter((text) => count(text) !== 1)
    .map((text) => `${JSON.stringify(text)} is kept ${count(text)} times`);
}

const leftCalls: FaultPromise = {
  name: "left-calls",
  promise:
    "A prompt and an answer that only the hooks knew, and whose ingest was killed: the next start or hook of any conversation keeps them, once.",
  n: 6,
  run: ({ n }) => inBoxes(n, (box, round) => leftCall(box, round, "something")),
  control: () => inBoxes(2, (box, round) => leftCall(box, round, "nothing")),
};

const UPGRADES = 4;

/** Hooks go on while one build replaces the other, again and again. */
async function upgraded(box: Box, how: (main: string) => Promise<number | null>): Promise<readonly string[]> {
  const other = join(box.root, "other-build");
  cpSync(dirname(MAIN), other, { recursive: true });
  for (const name of ["hook.cjs", "front.cjs", "engine.cjs"])
    appendFileSync(join(other, name), "\n// another build\n");
  let upgrading = true;
  const runs: HookRun[] = [];
  const firing = async (event: string, conversation: ConversationId): Promise<void> => {
    while (upgrading) {
      const text = box.payload(event, conversation, { source: "startup" });
      runs.push(await runHook(box, event, { stdin: { kind: "text", text } }));
    }
  };
  const lanes = [firing("SessionStart", UNREAD), firing("Stop", KNOWN)];
  const statuses: (number | null)[] = [];
  for (let upgrades = 0; upgrades < UPGRADES; upgrades += 1)
    statuses.push(await how(upgrades % 2 === 0 ? join(other, "main.js") : MAIN));
  upgrading = false;
  await Promise.all(lanes);
  const left = await quiet(box);
  const briefs = runs.filter(({ stdout }) => stdout !== "");
  const broken = briefs.filter(({ stdout }) => !stdout.startsWith("{") || !stdout.endsWith("}\n"));
  const script = readFileSync(join(box.home, "bin", "nudge"), "utf8");
  return [
    ...harmless(runs),
    ...(statuses.every((status) => status === 0) ? [] : [`init ended with ${statuses.join(", ")}`]),
    ...(broken.length === 0 ? [] : [`${broken.length} answers were broken`]),
    ...(briefs.length > 0 ? [] : ["no start got its brief"]),
    ...(left === 0 ? [] : [`${left} processes are left`]),
    ...(script.includes("hook.cjs") ? [] : ["the script is gone"]),
  ];
}

function inited(box: Box, main: string): Promise<number | null> {
  const child = spawn(process.execPath, [main, "init"], { cwd: box.project, env: box.env, stdio: "ignore" });
  return new Promise((settle) => {
    child.on("close", settle);
  });
}

/** As an upgrade without renames does it: for a moment the scripts are neither the old nor the new ones. */
async function overwritten(box: Box): Promise<number> {
  const paths = ["nudge", "answer"].map((name) => join(box.home, "bin", name));
  const texts = paths.map((path) => readFileSync(path, "utf8"));
  for (const path of paths) writeFileSync(path, "if [");
  await sleep(300);
  for (const [index, path] of paths.entries()) writeFileSync(path, texts[index] ?? "");
  return 0;
}

const upgrade: FaultPromise = {
  name: "upgrade",
  promise: "`leftoff init` with another build while hooks run: no hook notices.",
  n: 3,
  run: ({ n }) => inBoxes(n, (box) => upgraded(box, (main) => inited(box, main))),
  control: () => inBoxes(1, (box) => upgraded(box, () => overwritten(box))),
};

export const HOOKS: readonly FaultPromise[] = [hooks, nudges, twice, leftCalls, upgrade];
