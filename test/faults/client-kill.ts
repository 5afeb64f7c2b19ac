import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { filesBelow } from "../../src/disk/read.ts";
import { type Box, makeBox } from "../e2e/box.ts";
import { installClaude, wantedVersions } from "../e2e/clients.ts";
import { type ModelServer, says, startModelServer, whenAsked } from "../e2e/model-server.ts";
import { killHard } from "../e2e/processes.ts";
import { layOut } from "../e2e/story.ts";
import type { FaultPromise, Outcome, Random, Trial } from "./promise.ts";

// The real client, killed when its answer is said and told to the hooks, and perhaps not yet in its transcript.

/** How long after the hook behind ours has started, in milliseconds: that is 15 to 50 ms after the turn's end. */
const KILL_MS = { from: 0, to: 36 };
const PATIENCE_MS = 60_000;
const QUIET_MS = 30_000;

const prompt = (round: number) => `Question ${round}?`;
/** What no other file of a client or of ours says. */
const answer = (round: number) => `The answer to question ${round} is kept.`;

async function killedAfterStop(version: string, { n, random }: Trial, hooks: "on" | "off"): Promise<Outcome> {
  const claude = await installClaude((line) => process.stderr.write(`${line}\n`), version);
  const model = await startModelServer();
  const box = await makeBox({ claude, modelUrl: model.url });
  try {
    await layOut(box);
    tellStop(box);
    const env: Record<string, string> = hooks === "on" ? {} : { LEFTOFF_OFF: "1" };
    const unwritten: number[] = [];
    for (let round = 0; round < n; round += 1) {
      await killOnce({ box, model, random, round, env });
      // Later ones quote it: the next conversation is told.
      if (missing([round], filesBelow(box.transcripts())).length > 0) unwritten.push(round);
    }
    // The next hook of any conversation is what the promise waits for.
    model.play(whenAsked("What now?", says("Nothing.")));
    await box.claude("What now?", { env });
    await box.quiet(QUIET_MS);
    process.stderr.write(`faults: ${unwritten.length} of ${n} answers only the hook of ${version} had\n`);
    const lost = missing(
      [...Array(n).keys()],
      [...filesBelow(join(box.data, "journal")), ...filesBelow(join(box.data, "archive"))],
    );
    return { n, failures: lost.map((round) => `round ${round}: the answer is not kept`) };
  } finally {
    await box.dispose();
    await model.stop();
  }
}

interface Round {
  readonly box: Box;
  readonly model: ModelServer;
  readonly random: Random;
  readonly round: number;
  readonly env: Readonly<Record<string, string>>;
}

async function killOnce({ box, model, random, round, env }: Round): Promise<void> {
  rmSync(stopped(box), { force: true });
  model.play(whenAsked(prompt(round), says(answer(round))));
  const { pid, done } = box.startClaude(prompt(round), { env });
  const deadlineMs = Date.now() + PATIENCE_MS;
  while (!existsSync(stopped(box))) {
    if (Date.now() > deadlineMs) throw new Error(`round ${round}: the client did not come to its Stop hook.`);
    await pause(1);
  }
  await pause(random.between(KILL_MS.from, KILL_MS.to));
  killHard(pid);
  await done;
}

/** A Stop hook of the person's own behind ours, which makes a file and takes its time: the client does not end meanwhile. */
function tellStop(box: Box): void {
  const path = join(box.project, ".claude/settings.local.json");
  const settings = JSON.parse(box.read(path)) as { hooks: { Stop: object[] } };
  settings.hooks.Stop.push({ hooks: [{ type: "command", command: `: > ${stopped(box)}; sleep 1` }] });
  box.write(path, JSON.stringify(settings));
}

/** What that hook makes. */
function stopped(box: Box): string {
  return join(box.folder, "stopped");
}

/** Rounds whose answer is in none of the files. */
function missing(rounds: readonly number[], paths: readonly string[]): readonly number[] {
  const texts = paths.map((path) => {
    const bytes = readFileSync(path);
    return (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  });
  return rounds.filter((round) => !texts.some((text) => text.includes(answer(round))));
}

const CONTROL_ROUNDS = 2;

/** One for each version of the client: they write their transcripts at other moments. */
export const CLIENT_KILL: readonly FaultPromise[] = wantedVersions().map((version) => ({
  name: `client-kill-${version}`,
  promise: `kill -9 of Claude Code ${version} 15 to 50 ms after the end of a turn, its Stop hooks started: the answer is kept by the next hook of any conversation.`,
  n: 10,
  unavailable: () =>
    process.env.LEFTOFF_SKIP_AGENTS === "1" ? "LEFTOFF_SKIP_AGENTS=1 goes without real agents" : undefined,
  run: (trial) => killedAfterStop(version, trial, "on"),
  control: (trial) => killedAfterStop(version, { ...trial, n: CONTROL_ROUNDS }, "off"),
}));
