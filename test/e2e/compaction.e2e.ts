import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { injectedText } from "./model-request.ts";
import { type Reply, runs, says, whenAsked, whenCompacting } from "./model-server.ts";
import { laterScenario, scenario } from "./scenario.ts";
import { ask, DECISION, FAILED, holdConversationOne, layOut, NEXT, REASON, settle } from "./story.ts";

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

scenario(
  "a summary is asked to keep what is on record, and the brief comes after it",
  async ({ box, model }) => {
    await layOut(box);
    const { conversation } = await holdConversationOne(box, model);
    model.play(whenCompacting(says("<summary>\nThe work goes on.\n</summary>")));
    const compacted = await box.claude("/compact keep the names", { args: ["--resume", conversation] });
    await settle(box);

    const { request } = await ask(box, model, { args: ["--resume", conversation] });

    const summary = model.requests.find(({ kind }) => kind === "summary");
    const instructions = (summary?.prompt ?? "").split("Additional Instructions:")[1] ?? "";
    expect(instructions).toContain("keep the names");
    for (const words of [NEXT, FAILED, REASON, DECISION]) {
      expect(instructions).toContain(words);
      expect(injectedText(request)).toContain(words);
    }
    // The client's stream tells nothing of this hook; what it would have said of a failure is here.
    expect(compacted.stderr).toBe("");
  },
);

laterScenario("an automatic compaction in the middle of a turn is told the same", async ({ box, model }) => {
  await layOut(box);
  const { conversation } = await holdConversationOne(box, model);
  model.play(
    whenCompacting(says("<summary>\nThe work goes on.\n</summary>")),
    whenAsked("Read everything", { ...runs("ls"), usage: { input_tokens: 190_000 } } as Reply, says("Read.")),
    whenAsked("being continued", says("Read.")),
  );
  const env = { CLAUDE_CODE_DISABLE_1M_CONTEXT: "1" };
  await box.claude("Read everything", { args: ["--resume", conversation], env });
  await settle(box);

  const summary = model.requests.find(({ kind }) => kind === "summary");
  for (const words of [NEXT, FAILED, REASON, DECISION]) expect(summary?.prompt).toContain(words);
});
