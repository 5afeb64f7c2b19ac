import { expect } from "vitest";
import type { ClaudeRun } from "./claude-run.ts";
import { injectedText } from "./model-request.ts";
import { type Stage, storyOf } from "./scenario.ts";
import { addBelow, ask, DECISION, FAILED, holdConversationOne, layOut, NEXT, REASON } from "./story.ts";

/**
 * The main job. Conversation one leaves work unfinished, the person edits the document, somebody else commits; then
 * conversation two asks the model, and the tests look at what reached it.
 */
interface Told {
  readonly first: ClaudeRun;
  readonly second: ClaudeRun;
  /** What hooks told the model in the first request of conversation two. */
  readonly text: string;
}

const BY_HAND = "Ask the mobile team whether ten seconds are enough";
const FOREIGN_COMMIT = "store: refuse empty tokens";

const test = storyOf(async ({ box, model }: Stage): Promise<Told> => {
  await layOut(box);
  const first = await holdConversationOne(box, model);
  addBelow(box, NEXT, BY_HAND);
  box.write("src/store.js", 'export const store = new Map();\nstore.delete("");\n');
  await box.git("-c", "user.name=Robin Reviewer", "commit", "--quiet", "-am", FOREIGN_COMMIT);
  const { run, request } = await ask(box, model);
  return { first, second: run, text: injectedText(request) };
});

test("a new conversation is told the next step that the one before it recorded", ({ told }) => {
  expect(told.text).toContain(NEXT);
});

test("a new conversation is told the failed attempt and why it failed", ({ told }) => {
  expect(told.text).toContain(FAILED);
  expect(told.text).toContain(REASON);
});

test("a new conversation is told the decision", ({ told }) => {
  expect(told.text).toContain(DECISION);
});

test("a new conversation is told what the person added to the document", ({ told }) => {
  expect(told.text).toContain(BY_HAND);
});

test("a new conversation is told what somebody else committed meanwhile", ({ told }) => {
  expect(told.text).toContain(FOREIGN_COMMIT);
});

test("a new conversation is told whose commit it was and which file changed", ({ told }) => {
  expect(told.text).toContain("Robin Reviewer");
  expect(told.text).toContain("src/store.js");
});

test("the person sees in one line what is next", ({ told }) => {
  const start = told.second.hooks.find((hook) => hook.hook_event === "SessionStart");
  const { systemMessage } = JSON.parse(start?.stdout ?? "{}") as { systemMessage?: string };
  expect(systemMessage).toMatch(/^leftoff: .*next: [^\n]*$/);
});

test("the person sees nothing where there is nothing to say", ({ told }) => {
  const start = told.first.hooks.find((hook) => hook.hook_event === "SessionStart");
  expect(start?.stdout ?? "").not.toContain("systemMessage");
});

test("what a hook prints stays under the length at which the client cuts it", ({ told }) => {
  const lengths = told.second.hooks.map((hook) => hook.stdout.length);
  expect(Math.max(...lengths)).toBeLessThan(10_000);
});

test("no hook of the two conversations says or fails anything", ({ told }) => {
  const hooks = [...told.first.hooks, ...told.second.hooks];
  expect(hooks.length).toBeGreaterThan(0);
  expect(hooks.filter((hook) => hook.exit_code !== 0 || hook.stderr !== "")).toEqual([]);
});

test("the agent says nothing about leftoff on its error output", ({ told }) => {
  expect([told.first.stderr, told.second.stderr]).toEqual(["", ""]);
});
