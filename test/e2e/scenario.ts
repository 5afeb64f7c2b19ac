import { inject, test } from "vitest";
import { type Box, makeBox } from "./box.ts";
import { type ModelServer, startModelServer } from "./model-server.ts";

/**
 * A test with a scripted model and a machine of its own. Afterwards nothing of it is running, and every question that the
 * agent asked the model was in the script. `LEFTOFF_KEEP_BOX=1` keeps the machine's folder for a look.
 */
export const scenario = test.extend<{ readonly model: ModelServer; readonly box: Box }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the fixtures' names from the pattern.
  model: async ({}, use) => {
    const model = await startModelServer();
    await use(model);
    await model.stop();
    const missing = model.unanswered.map((request) => request.prompt);
    if (missing.length > 0) throw new Error(`The scenario has no answer for: ${missing.join(" | ")}`);
  },
  box: async ({ model, skip }, use) => {
    const claude = inject("claude");
    if (claude === undefined) return skip("LEFTOFF_SKIP_AGENTS=1");
    const box = await makeBox({ claude, modelUrl: model.url });
    await use(box);
    await box.dispose();
  },
});
