import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { injectedText } from "./model-request.ts";
import { type Reply, says, whenAsked, whenCompacting } from "./model-server.ts";
import { scenario } from "./scenario.ts";
import { ask, layOut, settle } from "./story.ts";

const NOTICE = "this conversation's context is";
/** The same window for every model and version: what is asked here is what leftoff makes of it. */
const SMALL = { LEFTOFF_CONTEXT_WINDOW_TOKENS: "100000" };

/** A reply after which the context is as full as that. */
function fills(text: string, tokens: number): Reply {
  const usage = {
    input_tokens: 7,
    cache_read_input_tokens: tokens - 17,
    cache_creation_input_tokens: 0,
    output_tokens: 10,
  };
  return { kind: "message", blocks: [{ type: "text", text }], usage };
}

const again = (conversation: string) => ({ args: ["--resume", conversation], env: SMALL });

scenario("at four fifths of the context the next prompt carries one line, once", async ({ box, model }) => {
  await layOut(box);
  model.play(whenAsked("Read everything", fills("Read.", 85_000)));
  const { conversation } = await box.claude("Read everything", { env: SMALL });
  await settle(box);

  const told = await ask(box, model, { prompt: "Go on, please", ...again(conversation) });
  await settle(box);
  const later = await ask(box, model, { prompt: "And further", ...again(conversation) });

  expect(injectedText(told.request)).toContain(`${NOTICE} 85 % full`);
  expect(injectedText(later.request).split(NOTICE)).toHaveLength(2);
  expect(
    [...told.run.hooks, ...later.run.hooks].filter((hook) => hook.exit_code !== 0 || hook.stderr !== ""),
  ).toEqual([]);
});

scenario("below four fifths nothing is said", async ({ box, model }) => {
  await layOut(box);
  model.play(whenAsked("Read everything", fills("Read.", 79_000)));
  const { conversation } = await box.claude("Read everything", { env: SMALL });
  await settle(box);

  const { request } = await ask(box, model, { prompt: "Go on, please", ...again(conversation) });

  expect(injectedText(request)).not.toContain(NOTICE);
});

scenario("a notice that a compaction overtook is not said", async ({ box, model }) => {
  await layOut(box);
  model.play(whenAsked("Read everything", fills("Read.", 85_000)), whenCompacting(says("The summary.")));
  // 2.1.197 compacts nothing that has a single turn.
  const { run } = await ask(box, model);
  const { conversation } = run;
  await box.claude("Read everything", again(conversation));
  await settle(box);
  expect(existsSync(join(box.data, "state", "nudge", `${conversation}.json`))).toBe(true);
  await box.claude("/compact", again(conversation));
  await settle(box);

  const { request } = await ask(box, model, { prompt: "Go on, please", ...again(conversation) });

  expect(injectedText(request)).not.toContain(NOTICE);
});
