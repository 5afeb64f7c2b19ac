import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect } from "vitest";
import type { Box } from "./box.ts";
import { injectedText, type ModelRequest, requestText } from "./model-request.ts";
import { calls, hangs, runs, says, slowly, whenAsked, whenCompacting } from "./model-server.ts";
import { killHard } from "./processes.ts";
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
  RECORDS_NOTES,
  SECOND_ANSWER,
  SECOND_PROMPT,
  settingsWithHook,
  settle,
  setUp,
  timesTold,
} from "./story.ts";

const KILLED_PROMPT = "Write the clean-up job";

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
    await until(() => transcriptsOf(box).includes("half-way"));
    killHard(killed.pid);
    await killed.done;

    const { request } = await ask(box, model);

    expect(injectedText(request)).toContain(KILLED_PROMPT);
  },
);

// The transcript never gets what the agent had not written when it was killed; hooks had told it. The ingest waits 2 s
// for the transcript before it goes by that.

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

scenario("an answer that the killed agent never wrote down is told all the same", async ({ box, model }) => {
  await layOutProject(box);
  const ended = join(box.folder, "turn-ended");
  box.write(".claude/settings.local.json", settingsWithHook("Stop", `touch ${ended}`));
  await setUp(box);
  model.play(whenAsked(FIRST_PROMPT, says(FIRST_ANSWER)));
  const tui = await box.tui();
  await tui.enter(FIRST_PROMPT);
  await until(() => existsSync(ended));
  await pause(20);
  await tui.stop();
  await settle(box);

  const { request } = await ask(box, model);

  expect(injectedText(request)).toContain(FIRST_ANSWER);
});

scenario("after Escape the next conversation is told what the person broke off", async ({ box, model }) => {
  await layOut(box);
  const lines = Array.from({ length: 40 }, (_, index) => `Line ${index + 1}.`).join("\n\n");
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

/** How many replies the model has given so far in the conversation of a request. */
function repliesIn(request: ModelRequest): number {
  return (request.body.messages ?? []).filter((message) => message.role === "assistant").length;
}

/** All transcripts of the work tree, one after the other. */
function transcriptsOf(box: Box): string {
  const folder = box.transcripts();
  const names = readdirSync(folder).filter((name) => name.endsWith(".jsonl"));
  return names.map((name) => box.read(join(folder, name))).join("");
}

async function until(done: () => boolean): Promise<void> {
  const deadlineMs = Date.now() + 30_000;
  while (!done()) {
    if (Date.now() > deadlineMs) throw new Error("What the test waits for did not happen in 30 s.");
    await pause(5);
  }
}
