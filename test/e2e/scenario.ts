import { inject, test } from "vitest";
import { type Box, makeBox } from "./box.ts";
import { CLAUDE_VERSION } from "./clients.ts";
import { type ModelServer, startModelServer } from "./model-server.ts";

/** Where a scenario plays: a scripted model and a machine of its own. */
export interface Stage {
  readonly model: ModelServer;
  readonly box: Box;
  /** Clears it away: nothing of it is running, and every question to the model was in the script. */
  close(): Promise<void>;
}

/** The person asked to go without real agents (`LEFTOFF_SKIP_AGENTS=1`). */
const withoutAgents = inject("claude") === undefined;

const staged = test
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the names of other fixtures from the pattern.
  .extend("stage", async ({}, { onCleanup }) => {
    const stage = await openStage();
    onCleanup(() => stage.close());
    return stage;
  })
  .extend("model", ({ stage }) => stage.model)
  .extend("box", ({ stage }) => stage.box);

/** A test with a stage of its own. `LEFTOFF_KEEP_BOX=1` keeps its folder for a look. */
export const scenario = staged.skipIf(withoutAgents);

/** The same, of what 2.1.197 does not do. */
export const laterScenario = staged.skipIf(withoutAgents || inject("version") === CLAUDE_VERSION);

/** A scenario that the version of Claude Code is no matter for: once is enough. */
export const onceScenario = staged.skipIf(withoutAgents || inject("version") !== CLAUDE_VERSION);

/** Tests that look at one story from many sides: it is told once, by `tell`, and its stage closed. */
export function storyOf<Told>(tell: (stage: Stage) => Promise<Told>) {
  const tellings: Promise<Told>[] = [];
  return test
    .extend("told", ({ task }) => {
      // A test that is tried again gets a story that is told again: of the old one nothing else can come.
      const tries = task.result?.retryCount ?? 0;
      tellings[tries] ??= toldOnce(tell);
      return tellings[tries];
    })
    .skipIf(withoutAgents);
}

async function toldOnce<Told>(tell: (stage: Stage) => Promise<Told>): Promise<Told> {
  const stage = await openStage();
  try {
    return await tell(stage);
  } finally {
    await stage.close();
  }
}

async function openStage(): Promise<Stage> {
  const model = await startModelServer();
  const box = await makeBox({ claude: inject("claude") ?? "", modelUrl: model.url });
  return {
    model,
    box,
    close: async () => {
      await box.dispose();
      await model.stop();
      const missing = model.unanswered.map((request) => request.prompt);
      if (missing.length > 0) throw new Error(`The script has no answer for: ${missing.join(" | ")}`);
    },
  };
}
