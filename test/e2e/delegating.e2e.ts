import { join } from "node:path";
import { expect, inject } from "vitest";
import { CLAUDE_VERSION } from "./clients.ts";
import { injectedText, type ModelRequest, requestText } from "./model-request.ts";
import { calls, heldBack, type ModelServer, runs, says, whenAsked } from "./model-server.ts";
import { laterScenario, scenario } from "./scenario.ts";
import {
  ask,
  expectTold,
  FAILED,
  FIRST_ANSWER,
  FIRST_PROMPT,
  holdConversationOne,
  layOut,
  NEXT,
  promptsShown,
  RECORDS_NOTES,
  SECOND_ANSWER,
  SECOND_PROMPT,
  settle,
} from "./story.ts";

// Turns that nobody typed, and work trees that the client makes itself.

/** In 2.1.197 the agent waits for its subagents. */
const isAsynchronous = inject("version") !== CLAUDE_VERSION;

const TASK = "Find out who reads the token table";
const TASK_ANSWER = "Nobody but the login.";
const DELEGATES = calls("Agent", { description: "Look", prompt: TASK, subagent_type: "general-purpose" });
const NOTED = "The subagent is done.";

/** Where the agent does not wait for its subagent, that ends after the agent was asked to go on: it is told of it in a turn of its own. */
function playDelegation(model: ModelServer): void {
  const task = heldBack(TASK_ANSWER);
  model.play(
    whenAsked(TASK, isAsynchronous ? task.reply : says(TASK_ANSWER)),
    whenAsked(FIRST_PROMPT, DELEGATES, says(FIRST_ANSWER), says(NOTED)),
  );
  const goesOn = ({ prompt, body }: ModelRequest) =>
    prompt.includes(FIRST_PROMPT) && body.messages?.some(({ role }) => role === "assistant") === true;
  // Whether it was ever asked is what the test sees of the answers.
  model.waitFor(goesOn).then(task.release, task.release);
}

scenario("a subagent's task and its end are no prompts of the person", async ({ box, model }) => {
  await layOut(box);
  playDelegation(model);
  const run = await box.claude(FIRST_PROMPT);
  await settle(box);
  expect(run.answer).toBe(isAsynchronous ? NOTED : FIRST_ANSWER);

  const { request } = await ask(box, model);
  await settle(box);

  expect(await promptsShown(box)).toEqual([1, 1]);
  expect(injectedText(request)).toContain(FIRST_PROMPT);
  expect(injectedText(request)).not.toContain("task-notification");
});

scenario(
  "a subagent that ends after the turn is no prompt of the person in the terminal",
  async ({ box, model }) => {
    await layOut(box);
    playDelegation(model);
    model.play(whenAsked(SECOND_PROMPT, says(SECOND_ANSWER)));
    const tui = await box.tui();
    await tui.enter(FIRST_PROMPT);
    await tui.see(isAsynchronous ? NOTED : FIRST_ANSWER);
    await tui.enter(SECOND_PROMPT);
    await tui.see(SECOND_ANSWER);
    await tui.enter("/exit");
    await tui.ended();
    await settle(box);

    const { request } = await ask(box, model, { prompt: "Sum it up" });
    await settle(box);

    expect(await promptsShown(box)).toEqual([2, 1]);
    expect(injectedText(request)).toContain(FIRST_ANSWER);
    expect(injectedText(request)).toContain(SECOND_PROMPT);
    expect(injectedText(request)).not.toContain("task-notification");
  },
);

// A scripted model cannot bring 2.1.197 to compact by itself: it goes on, however many tokens it is told of.
laterScenario(
  "when the client compacts by itself in the middle of a turn, the model is told what it recorded",
  async ({ box, model }) => {
    await layOut(box);
    const full = { ...runs("npm test"), usage: { input_tokens: 190_000 } };
    model.play(
      whenAsked(FIRST_PROMPT, ...RECORDS_NOTES, full),
      whenAsked("This session is being continued", says(FIRST_ANSWER)),
    );

    const run = await box.claude(FIRST_PROMPT, { env: { CLAUDE_CODE_DISABLE_1M_CONTEXT: "1" } });
    await settle(box);

    expect(run.answer).toBe(FIRST_ANSWER);
    // A title or a count may be asked for at any time.
    const asked = model.requests.filter(({ kind }) => kind === "summary" || kind === "turn");
    expect(asked.slice(-2).map(({ kind }) => kind)).toEqual(["summary", "turn"]);
    const last = asked.at(-1);
    if (last !== undefined) expectTold(last);
    expect(await promptsShown(box)).toEqual([1]);
  },
);

scenario(
  "a work tree of the client's own is told what was recorded in it, and nothing else",
  async ({ box, model }) => {
    await layOut(box);
    model.play(whenAsked("Try Redis", runs('leftoff note failed "Families in Redis"'), says("Recorded.")));
    await holdConversationOne(box, model);
    await box.claude("Try Redis", { args: ["-w", "side"] });
    await settle(box);

    const { request } = await ask(box, model, { args: ["-w", "side"] });

    expect(injectedText(request)).toContain("Families in Redis");
    expect([NEXT, FAILED, FIRST_PROMPT].filter((words) => requestText(request).includes(words))).toEqual([]);
    await settle(box);
    expect(await promptsShown(box)).toEqual([1]);
    expect(await promptsShown(box, join(box.project, ".claude/worktrees/side"))).toEqual([1, 1]);
  },
);
