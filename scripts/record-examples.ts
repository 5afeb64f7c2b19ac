import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Box, makeBox } from "../test/e2e/box.ts";
import { CLAUDE_VERSION, installClaude } from "../test/e2e/clients.ts";
import { type ModelServer, says, startModelServer, whenAsked } from "../test/e2e/model-server.ts";
import type { Tui } from "../test/e2e/tui.ts";
import type { Day, ScriptedTurn } from "./record-examples/day.ts";
import { dayOne } from "./record-examples/day-one.ts";
import { dayTwo } from "./record-examples/day-two.ts";
import { publish, timesOf } from "./record-examples/publish.ts";

/**
 * Records examples/ anew: two conversations that the real Claude Code holds with a scripted model about a real project,
 * in a terminal. Run it with `npx tsx scripts/record-examples.ts`; it needs tmux and takes a minute.
 */
const STORY_HOME = "/home/dev";
const START = fileURLToPath(new URL("./record-examples/start", import.meta.url));
const EXAMPLES = fileURLToPath(new URL("../examples", import.meta.url));
const TURN_TIMEOUT_MS = 30_000;

async function main(): Promise<void> {
  const claude = await installClaude(console.error);
  const model = await startModelServer();
  const box = await makeBox({ claude, modelUrl: model.url });
  try {
    await layOutProject(box);
    const days = [dayOne(box.project), dayTwo(box.project)];
    rmSync(join(EXAMPLES, "conversations"), { recursive: true, force: true });
    for (const [index, day] of days.entries()) {
      console.error(`Day ${index + 1} …`);
      writeConversation(index + 1, publishDay(box, day, await hold(box, model, day)));
    }
    if (model.unanswered.length > 0) throw new Error("The model was asked what the script does not answer.");
    copyProject(box);
    writeFileSync(join(EXAMPLES, "conversations", "SOURCE.md"), SOURCE);
  } finally {
    await box.dispose();
    await model.stop();
  }
}

async function layOutProject(box: Box): Promise<void> {
  cpSync(START, box.project, { recursive: true });
  await box.git("add", "package.json", "src", "test");
  await box.git("commit", "--quiet", "-m", "shop-api: logins with access and refresh tokens");
  await box.git("add", "README.md");
  await box.git("commit", "--quiet", "-m", "README: the two routes");
}

/** Holds one conversation to its end and returns its transcript. */
async function hold(box: Box, model: ModelServer, day: Day): Promise<string> {
  const before = new Set(transcriptsIn(box));
  const tui = await box.tui();
  model.play({
    when: (request) => request.kind === "title",
    replies: [says(JSON.stringify({ title: day.title }))],
  });
  for (const turn of day.turns) {
    model.play(whenAsked(turn.prompt, ...turn.replies));
    await tui.enter(turn.prompt);
    const transcript = () => newTranscript(box, before);
    if (turn.interruptAt === undefined) {
      await until(tui, () => transcript().includes(JSON.stringify(lastWords(turn)).slice(1, -1)));
    } else {
      await tui.see(turn.interruptAt);
      await tui.press("Escape");
      await until(tui, () => transcript().includes("[Request interrupted by user"));
    }
    // The client writes its own records about the turn a moment later.
    await pause(1_500);
  }
  await tui.enter("/exit");
  await tui.ended();
  return newTranscript(box, before);
}

function lastWords(turn: ScriptedTurn): string {
  const last = turn.replies.at(-1);
  const block = last?.kind === "message" ? last.blocks.at(-1) : undefined;
  if (block?.type !== "text") throw new Error(`The turn "${turn.prompt}" does not end with a text.`);
  return block.text;
}

function transcriptsIn(box: Box): readonly string[] {
  try {
    return readdirSync(box.transcripts()).filter((name) => name.endsWith(".jsonl"));
  } catch {
    return [];
  }
}

/** "" until the client has made it. */
function newTranscript(box: Box, before: ReadonlySet<string>): string {
  const name = transcriptsIn(box).find((candidate) => !before.has(candidate));
  return name === undefined ? "" : readFileSync(join(box.transcripts(), name), "utf8");
}

async function until(tui: Tui, done: () => boolean): Promise<void> {
  const deadlineMs = Date.now() + TURN_TIMEOUT_MS;
  while (!done()) {
    if (Date.now() > deadlineMs) {
      throw new Error(`A turn did not end in ${TURN_TIMEOUT_MS} ms. The screen:\n${await tui.screen()}`);
    }
    await pause(50);
  }
}

function publishDay(box: Box, day: Day, transcript: string): string {
  const fromMs = Date.parse(day.startsAt);
  const slug = (path: string) => path.replace(/[^a-zA-Z0-9]/g, "-");
  const published = publish(transcript, {
    names: [
      { from: box.home, to: STORY_HOME },
      { from: box.folder, to: STORY_HOME },
      { from: slug(box.folder), to: slug(STORY_HOME) },
    ],
    recorded: timesOf(transcript),
    told: { fromMs, toMs: fromMs + day.lastsMinutes * 60_000 },
  });
  if (published.includes("leftoff-e2e-"))
    throw new Error("A path of the recording is left in the transcript.");
  return published;
}

function writeConversation(number: number, transcript: string): void {
  const folder = join(EXAMPLES, "conversations", String(number));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "main.jsonl"), transcript);
}

/** The work tree as the second day left it, without git's own files. */
function copyProject(box: Box): void {
  const target = join(EXAMPLES, "project");
  rmSync(target, { recursive: true, force: true });
  cpSync(box.project, target, {
    recursive: true,
    filter: (path) => !path.startsWith(join(box.project, ".git")),
  });
}

const SOURCE = `# Where these conversations come from

Recorded with \`npx tsx scripts/record-examples.ts\`: the real Claude Code ${CLAUDE_VERSION}, in a terminal, in a real git
repository (\`scripts/record-examples/start\`), with a scripted model on 127.0.0.1. What the model says is ours; tools,
their results, failing tests, commits and the interruption are real.

Two days on refresh token rotation in a small service:

1. Tests first. A generation counter per customer is tried, cannot tell two devices of one customer apart, and is taken
   back. The person refuses Redis. The tests are committed, skipped.
2. One token family per login works and is committed. Allowing a retry within ten seconds is begun and interrupted.

\`../project\` is the work tree as the second day left it.

Changed afterwards, and nothing else: the recorder's folders became \`${STORY_HOME}\`; times were stretched to two
working days; the client vendor's own prompt text (lists of agents and skills) was elided.
`;

await main();
