import { setTimeout as pause } from "node:timers/promises";
import { expect } from "vitest";
import { injectedText, requestText } from "./model-request.ts";
import { calls, runs, says, whenAsked, whenCompacting } from "./model-server.ts";
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
  layOutProject,
  NEXT,
  SECOND_ANSWER,
  SECOND_PROMPT,
  settle,
  setUp,
  timesTold,
} from "./story.ts";

// Every way in which one conversation can follow another.

scenario("after a compaction the model is told what was recorded before it", async ({ box, model }) => {
  await layOut(box);
  const { conversation } = await holdConversationOne(box, model);
  model.play(whenCompacting(says("<summary>\nThe work goes on.\n</summary>")));
  await box.claude("/compact", { args: ["--resume", conversation] });
  await settle(box);

  const { request } = await ask(box, model, { args: ["--resume", conversation] });

  expectTold(request);
});

scenario(
  "a conversation that starts 50 ms after the one before it is told what that recorded",
  async ({ box, model }) => {
    await layOut(box);
    model.play(conversationOne(box));
    await box.claude(FIRST_PROMPT);
    await pause(50);

    const { request } = await ask(box, model);

    expectTold(request);
  },
);

scenario(
  "a conversation that starts 50 ms after the one before it is told its last answer",
  async ({ box, model }) => {
    await layOut(box);
    model.play(conversationOne(box));
    await box.claude(FIRST_PROMPT);
    await pause(50);

    const { request } = await ask(box, model);

    expect(injectedText(request)).toContain(FIRST_ANSWER);
  },
);

scenario(
  "after /clear in the terminal the model is told what was recorded before it",
  async ({ box, model }) => {
    await layOut(box);
    model.play(conversationOne(box), whenAsked(SECOND_PROMPT, says(SECOND_ANSWER)));
    const tui = await box.tui();
    await tui.enter(FIRST_PROMPT);
    await tui.see(FIRST_ANSWER);
    await tui.enter("/clear");
    await tui.gone(FIRST_ANSWER);
    const before = model.requests.length;
    await tui.enter(SECOND_PROMPT);
    await tui.see(SECOND_ANSWER);

    const request = askedSince(model, before);

    expectTold(request);
  },
);

scenario(
  "after a headless /clear the new conversation's context holds what was recorded",
  async ({ box, model }) => {
    await layOut(box);
    const { conversation } = await holdConversationOne(box, model);

    const cleared = await box.claude("/clear", { args: ["--resume", conversation] });

    const start = cleared.hooks.findLast((hook) => hook.hook_event === "SessionStart");
    expect(start?.stdout).toContain(NEXT);
  },
);

scenario("a resumed conversation is told nothing a second time", async ({ box, model }) => {
  await layOut(box);
  await holdConversationOne(box, model);
  const started = await ask(box, model);
  await settle(box);

  const resumed = await ask(box, model, { args: ["--resume", started.run.conversation] });

  expect(timesTold(started.request, FAILED)).toBeGreaterThan(0);
  expect(timesTold(resumed.request, FAILED)).toBe(timesTold(started.request, FAILED));
});

scenario("a resumed conversation is told what was recorded since", async ({ box, model }) => {
  await layOut(box);
  const { conversation } = await holdConversationOne(box, model);
  await box.leftoff(["note", "next", "Ask the mobile team"]);

  const { request } = await ask(box, model, { args: ["--resume", conversation] });

  expect(injectedText(request)).toContain("Ask the mobile team");
});

scenario("a resumed conversation is told only what was recorded since", async ({ box, model }) => {
  await layOut(box);
  await holdConversationOne(box, model);
  const started = await ask(box, model);
  await box.leftoff(["note", "next", "Ask the mobile team"]);

  const resumed = await ask(box, model, { args: ["--resume", started.run.conversation] });

  expect(timesTold(resumed.request, "Ask the mobile team")).toBeGreaterThan(0);
  expect(timesTold(resumed.request, FAILED)).toBe(timesTold(started.request, FAILED));
});

scenario("a fork is told nothing a second time", async ({ box, model }) => {
  await layOut(box);
  await holdConversationOne(box, model);
  const started = await ask(box, model);
  await settle(box);

  const fork = await ask(box, model, { args: ["--resume", started.run.conversation, "--fork-session"] });

  expect(timesTold(started.request, FAILED)).toBeGreaterThan(0);
  expect(timesTold(fork.request, FAILED)).toBe(timesTold(started.request, FAILED));
});

scenario("what a fork records is told to the conversation after it", async ({ box, model }) => {
  await layOut(box);
  const { conversation } = await holdConversationOne(box, model);
  model.play(
    whenAsked("Try it in a fork", runs('leftoff note failed "Families in Redis"'), says("Recorded.")),
  );
  await box.claude("Try it in a fork", { args: ["--resume", conversation, "--fork-session"] });
  await settle(box);

  const { request } = await ask(box, model);

  expect(injectedText(request)).toContain("Families in Redis");
});

scenario("the work of a fork belongs to the session that it was forked from", async ({ box, model }) => {
  await layOut(box);
  const { conversation } = await holdConversationOne(box, model);
  const fork = await ask(box, model, { args: ["--resume", conversation, "--fork-session"] });
  await settle(box);

  const { stdout } = await box.leftoff(["show", "--json"]);

  const shown = JSON.parse(stdout) as { readonly conversations: readonly { readonly id: string }[] };
  const ids = shown.conversations.map((known) => known.id);
  expect(ids).toEqual(expect.arrayContaining([conversation, fork.run.conversation]));
});

scenario("a second work tree is told nothing of the first", async ({ box, model }) => {
  await layOut(box);
  await holdConversationOne(box, model);
  const second = `${box.project}-two`;
  await box.git("worktree", "add", "--quiet", "-b", "other-work", second);
  await setUp(box, second);

  const { request } = await ask(box, model, { cwd: second });

  const text = requestText(request);
  expect([NEXT, FAILED, FIRST_PROMPT].filter((words) => text.includes(words))).toEqual([]);
});

scenario("the first conversation after init is told of the one before it", async ({ box, model }) => {
  await layOutProject(box);
  model.play(
    whenAsked(
      FIRST_PROMPT,
      calls("Write", { file_path: `${box.project}/src/rotate.js`, content: "export const rotate = 1;\n" }),
      says(FIRST_ANSWER),
    ),
  );
  await box.claude(FIRST_PROMPT);
  await setUp(box);

  const { request } = await ask(box, model);

  expect(injectedText(request)).toContain(FIRST_PROMPT);
});
