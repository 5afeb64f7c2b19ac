import { expect } from "vitest";
import { injectedText } from "./model-request.ts";
import { type Stage, storyOf } from "./scenario.ts";
import { ask, DECISION, holdConversationOne, layOut, NEXT, settle } from "./story.ts";

/**
 * The context page beside real conversations: made before the first one, with git's hooks asked for; the person writes into it, a
 * conversation ends, somebody commits, and the next conversation begins.
 */
interface Told {
  /** The page after the first conversation, and after a commit behind it. */
  readonly afterTurn: string;
  readonly afterCommit: string;
  /** What hooks told the model in the next conversation. */
  readonly text: string;
  /** What git had to say of the page at the end. */
  readonly status: string;
}

const PAGE = ".claude/context.md";
const BY_HAND = "Tokens are kept in src/store.js and nowhere else";
const COMMIT = "rotate: a token is another one afterwards";

const test = storyOf(async ({ box, model }: Stage): Promise<Told> => {
  await layOut(box);
  const made = await box.leftoff(["context", "--git-hooks"]);
  expect(made, `leftoff context: ${made.stderr}`).toMatchObject({ exitCode: 0 });
  box.write(PAGE, box.read(PAGE).replace("## Architecture\n", `## Architecture\n- ${BY_HAND}\n`));
  await holdConversationOne(box, model);
  const afterTurn = box.read(PAGE);
  await box.git("add", "src");
  await box.git("commit", "--quiet", "-m", COMMIT);
  await settle(box);
  const afterCommit = box.read(PAGE);
  const { request } = await ask(box, model);
  const status = await box.git("status", "--porcelain", "--", PAGE);
  return { afterTurn, afterCommit, text: injectedText(request), status };
});

test("at the end of a turn the page says what the agent recorded, beside the person's words", ({ told }) => {
  expect(told.afterTurn).toContain(`- [ ] ${NEXT}`);
  expect(told.afterTurn).toContain(DECISION);
  expect(told.afterTurn).toContain(`## Architecture\n- ${BY_HAND}\n`);
});

test("a commit brings the page along by git's hook, without a conversation", ({ told }) => {
  expect(told.afterTurn).not.toContain(COMMIT);
  expect(told.afterCommit).toContain(COMMIT);
});

test("the next conversation is told what the person wrote on the page", ({ told }) => {
  expect(told.text).toContain(BY_HAND);
});

test("the page is the person's to commit: leftoff stages nothing", ({ told }) => {
  expect(told.status.trim()).toBe(`?? ${PAGE}`);
});
