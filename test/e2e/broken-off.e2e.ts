import { mkdirSync, symlinkSync } from "node:fs";
import { dirname } from "node:path";
import { expect } from "vitest";
import { injectedText, type ModelRequest } from "./model-request.ts";
import { hangs, runs, says, slowly, whenAsked } from "./model-server.ts";
import { killHard } from "./processes.ts";
import { scenario } from "./scenario.ts";
import {
  ask,
  expectTold,
  FIRST_ANSWER,
  FIRST_PROMPT,
  holdConversationOne,
  layOut,
  RECORDS_NOTES,
  settle,
} from "./story.ts";
import { written } from "./transcripts.ts";

// Conversations that came to no end of their own: what the next one is told of them.

const KILLED_PROMPT = "Write the clean-up job";

scenario(
  "the agent killed in the middle of a turn loses nothing of what it recorded",
  async ({ box, model }) => {
    await layOut(box);
    model.play(whenAsked(FIRST_PROMPT, ...RECORDS_NOTES, hangs({ type: "text", text: "Now I" })));
    const killed = box.startClaude(FIRST_PROMPT);
    await model.waitFor((request) => repliesIn(request) === RECORDS_NOTES.length);
    killHard(killed.pid);
    await killed.done;

    const { request } = await ask(box, model);

    expectTold(request);
  },
);

scenario(
  "the agent killed in the middle of a turn: the next one is told what it was asked",
  async ({ box, model }) => {
    await layOut(box);
    await holdConversationOne(box, model);
    model.play(whenAsked(KILLED_PROMPT, runs("echo half-way"), hangs()));
    const killed = box.startClaude(KILLED_PROMPT);
    await written(box, "half-way");
    killHard(killed.pid);
    await killed.done;

    const { request } = await ask(box, model);

    expect(injectedText(request)).toContain(KILLED_PROMPT);
  },
);

// What the agent never wrote into its transcript, hooks had told. The ingest waits 2 s for the transcript before it goes
// by that.

scenario("a prompt that the killed agent never wrote down is told all the same", async ({ box, model }) => {
  await layOut(box);
  await holdConversationOne(box, model);
  model.play(whenAsked(KILLED_PROMPT, hangs()));
  const killed = box.startClaude(KILLED_PROMPT);
  await model.waitFor((request) => request.prompt.includes(KILLED_PROMPT));
  killHard(killed.pid);
  await killed.done;
  await settle(box);

  const { request } = await ask(box, model);

  expect(injectedText(request)).toContain(KILLED_PROMPT);
});

scenario(
  "a prompt that the killed agent never wrote down is told to whoever comes at once",
  async ({ box, model }) => {
    await layOut(box);
    await holdConversationOne(box, model);
    model.play(whenAsked(KILLED_PROMPT, hangs()));
    const killed = box.startClaude(KILLED_PROMPT);
    await model.waitFor((request) => request.prompt.includes(KILLED_PROMPT));
    killHard(killed.pid);
    await killed.done;

    const { request } = await ask(box, model);

    expect(injectedText(request)).toContain(KILLED_PROMPT);
  },
);

scenario("an answer that the agent could not write down is told all the same", async ({ box, model }) => {
  await layOut(box);
  // A link to nowhere where the agent wants a folder: it goes on, and no transcript comes to be.
  mkdirSync(dirname(box.transcripts()), { recursive: true });
  symlinkSync("/nonexistent/folder", box.transcripts());
  model.play(whenAsked(FIRST_PROMPT, says(FIRST_ANSWER)));
  await box.claude(FIRST_PROMPT);
  await settle(box);

  const { request } = await ask(box, model);

  expect(injectedText(request)).toContain(FIRST_ANSWER);
});

scenario("after Escape the next conversation is told what the person broke off", async ({ box, model }) => {
  await layOut(box);
  const lines = Array.from({ length: 400 }, (_, index) => `Line ${index + 1}.`).join("\n\n");
  model.play(whenAsked(FIRST_PROMPT, slowly({ firstMs: 0, pieceMs: 100 }, lines)));
  const tui = await box.tui();
  await tui.enter(FIRST_PROMPT);
  await tui.see("Line 2.");
  await tui.press("Escape");
  await tui.see("Interrupted");
  await tui.enter("/exit");
  await tui.ended();

  const { request } = await ask(box, model);

  expect(injectedText(request)).toMatch(new RegExp(`${FIRST_PROMPT}.*interrupted`));
});

/** How many replies the model has given so far in the conversation of a request. */
function repliesIn(request: ModelRequest): number {
  return (request.body.messages ?? []).filter((message) => message.role === "assistant").length;
}
