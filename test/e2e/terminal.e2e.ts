import { expect } from "vitest";
import type { Box } from "./box.ts";
import { injectedText, type ModelRequest } from "./model-request.ts";
import { type ModelServer, refuses, says, slowly, whenAsked } from "./model-server.ts";
import { scenario } from "./scenario.ts";
import {
  ask,
  askedSince,
  conversationOne,
  expectTold,
  FAILED,
  FIRST_ANSWER,
  FIRST_PROMPT,
  holdConversationOne,
  layOut,
  promptsShown,
  SECOND_ANSWER,
  SECOND_PROMPT,
  settle,
  timesTold,
} from "./story.ts";
import { written } from "./transcripts.ts";
import type { Tui } from "./tui.ts";

// What a person does in the terminal besides asking: what the model is told after it, and what counts as said by them.

const OTHER_PROMPT = "Try the families in Redis";
const OTHER_ANSWER = "Redis would do.";
const THIRD_PROMPT = "Sum it up";

scenario("after /compact the model is told again what was recorded before it", async ({ box, model }) => {
  await layOut(box);
  model.play(conversationOne(box));
  const tui = await box.tui();
  await tui.enter(FIRST_PROMPT);
  await tui.see(FIRST_ANSWER);
  await written(box, FIRST_ANSWER);
  await tui.enter("/compact");
  await tui.see("Compacted");

  const request = await askInside(tui, model);
  await leave(box, tui);

  expectTold(request);
  expect(await promptsShown(box)).toEqual([2]);
});

scenario(
  "/resume brings a conversation back without telling it what it said itself",
  async ({ box, model }) => {
    await layOut(box);
    model.play(conversationOne(box));
    const before = await box.tui();
    await before.enter(FIRST_PROMPT);
    await before.see(FIRST_ANSWER);
    await leave(box, before);
    // The client's list has conversations of the terminal only.
    const tui = await box.tui();
    await tui.enter("/resume");
    await tui.see("Resume session");
    await tui.see("ago");
    await tui.choose(FIRST_PROMPT);
    await tui.see(FIRST_ANSWER);

    const request = await askInside(tui, model);
    await leave(box, tui);

    expect(timesTold(request, FAILED)).toBe(0);
    expect(await promptsShown(box)).toEqual([2]);
  },
);

scenario("/branch tells nothing a second time, and copied prompts count once", async ({ box, model }) => {
  await layOut(box);
  await holdConversationOne(box, model);
  const tui = await box.tui();
  const started = await other(box, { tui, model });
  await tui.enter("/branch");
  await tui.see(/Branched/);

  const request = await askInside(tui, model);
  await leave(box, tui);

  expect(timesTold(started, FAILED)).toBeGreaterThan(0);
  expect(timesTold(request, FAILED)).toBe(timesTold(started, FAILED));
  expect(await promptsShown(box)).toEqual([1, 1, 1]);
});

scenario("what a branch of a conversation is told is all that came after it", async ({ box, model }) => {
  await layOut(box);
  const tui = await box.tui();
  await other(box, { tui, model });
  await tui.enter("/branch");
  await tui.see(/Branched/);
  await askInside(tui, model);
  await leave(box, tui);

  const text = injectedText(await askAfter(box, model));

  expect(text).toContain(OTHER_PROMPT);
  expect(text).toContain(SECOND_PROMPT);
});

scenario("/rename is no prompt of the person", async ({ box, model }) => {
  await layOut(box);
  const tui = await box.tui();
  await other(box, { tui, model });
  await tui.enter("/rename Families of tokens");
  await tui.see("renamed to");
  await askInside(tui, model);
  await leave(box, tui);

  const text = injectedText(await askAfter(box, model));

  expect(text).toContain(SECOND_PROMPT);
  expect(text).not.toContain("/rename");
  expect(await promptsShown(box)).toEqual([2, 1]);
});

scenario("what was taken back by /rewind is not told as what was agreed", async ({ box, model }) => {
  await layOut(box);
  model.play(whenAsked(FIRST_PROMPT, says(FIRST_ANSWER)));
  const tui = await box.tui();
  await tui.enter(FIRST_PROMPT);
  await tui.see(FIRST_ANSWER);
  await other(box, { tui, model });
  await rewindOne(tui);

  const request = await askInside(tui, model);
  await leave(box, tui);
  const text = injectedText(await askAfter(box, model));

  expect(JSON.stringify(request.body.messages), "the conversation went back").not.toContain(OTHER_PROMPT);
  expect(text).toContain(FIRST_PROMPT);
  expect(text).toContain(SECOND_PROMPT);
  expect(text).not.toContain(OTHER_ANSWER);
});

scenario("after Escape in the middle of an answer the conversation goes on", async ({ box, model }) => {
  await layOut(box);
  model.play(whenAsked(OTHER_PROMPT, slowly({ firstMs: 0, pieceMs: 100 }, "Families. ".repeat(400))));
  const tui = await box.tui();
  await tui.enter(OTHER_PROMPT);
  await tui.see("Families. Families.");
  await tui.press("Escape");
  await tui.see("Interrupted");
  await askInside(tui, model);
  await leave(box, tui);

  const text = injectedText(await askAfter(box, model));

  expect(text).toMatch(new RegExp(`${OTHER_PROMPT}.*interrupted`));
  expect(text).toContain(SECOND_ANSWER);
  expect(await promptsShown(box)).toEqual([2, 1]);
});

scenario(
  "after an error of the API the next turn is told and counted as any other",
  async ({ box, model }) => {
    await layOut(box);
    model.play(whenAsked(OTHER_PROMPT, ...refuses(400, "scripted refusal")));
    const tui = await box.tui();
    await tui.enter(OTHER_PROMPT);
    await tui.see("API Error: 400");
    await askInside(tui, model);
    await leave(box, tui);

    const text = injectedText(await askAfter(box, model));

    expect(text).toContain(OTHER_PROMPT);
    expect(text).toContain("scripted refusal");
    expect(text).toContain(SECOND_ANSWER);
    expect(await promptsShown(box)).toEqual([2, 1]);
  },
);

scenario(
  "two terminals at once in one work tree: the next conversation is told of both",
  async ({ box, model }) => {
    await layOut(box);
    model.play(whenAsked(FIRST_PROMPT, slowly({ firstMs: 0, pieceMs: 100 }, "Families. ".repeat(600))));
    const [one, two] = [await box.tui(), await box.tui()];
    await one.enter(FIRST_PROMPT);
    await one.see("Families. Families.");
    await other(box, { tui: two, model });
    await one.press("Escape");
    await one.see("Interrupted");
    await askInside(one, model);
    await leave(box, one, two);

    const text = injectedText(await askAfter(box, model));

    expect(text).toMatch(new RegExp(`${FIRST_PROMPT}.*interrupted`));
    expect(text).toContain(OTHER_ANSWER);
    expect(text).toContain(SECOND_ANSWER);
    expect([...(await promptsShown(box))].sort()).toEqual([1, 1, 2]);
  },
);

/** The second prompt, inside a conversation. */
async function askInside(tui: Tui, model: ModelServer): Promise<ModelRequest> {
  const before = model.requests.length;
  model.play(whenAsked(SECOND_PROMPT, says(SECOND_ANSWER)));
  await tui.enter(SECOND_PROMPT);
  await tui.see(SECOND_ANSWER);
  return askedSince(model, before);
}

async function other(
  box: Box,
  { tui, model }: { readonly tui: Tui; readonly model: ModelServer },
): Promise<ModelRequest> {
  const before = model.requests.length;
  model.play(whenAsked(OTHER_PROMPT, says(OTHER_ANSWER)));
  await tui.enter(OTHER_PROMPT);
  await tui.see(OTHER_ANSWER);
  await written(box, OTHER_ANSWER);
  return askedSince(model, before, OTHER_PROMPT);
}

/** A prompt of a conversation that comes after all of this. */
async function askAfter(box: Box, model: ModelServer): Promise<ModelRequest> {
  const { request } = await ask(box, model, { prompt: THIRD_PROMPT });
  await settle(box);
  return request;
}

/** Takes the last prompt back, conversation only; the client then offers it for editing. */
async function rewindOne(tui: Tui): Promise<void> {
  await tui.enter("/rewind");
  await tui.see("Restore the code and/or conversation");
  await tui.choose(OTHER_PROMPT);
  await tui.choose("1. Restore conversation");
  await tui.gone("Restore conversation");
  await tui.gone(OTHER_ANSWER);
  await tui.press("C-u");
  await tui.gone(OTHER_PROMPT);
}

/** Leaves the terminal, and waits for what was started there. */
async function leave(box: Box, ...tuis: readonly Tui[]): Promise<void> {
  for (const tui of tuis) {
    await tui.enter("/exit");
    await tui.ended();
  }
  await settle(box);
}
