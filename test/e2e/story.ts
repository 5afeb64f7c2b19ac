import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { Box, ClaudeOptions } from "./box.ts";
import type { ClaudeRun } from "./claude-run.ts";
import { injectedText, type ModelRequest } from "./model-request.ts";
import { calls, type ModelServer, type Rule, runs, says, whenAsked } from "./model-server.ts";

/** The work that the scenarios tell of: token rotation in a small service, left unfinished. */
export const NEXT = "Drop expired token families every night";
export const FAILED = "A generation counter per customer";
export const REASON = "a refresh on the phone logs the laptop out";
export const DECISION = "One token family per login, hashes only";

export const FIRST_PROMPT = "Rotate the refresh tokens";
export const FIRST_ANSWER = "Rotation works; the clean-up is not begun.";
export const SECOND_PROMPT = "What is left to do?";
export const SECOND_ANSWER = "Let me see.";

/** The agent records what it found out, through its own shell, with the command that leftoff put on its path. */
export const RECORDS_NOTES = [
  runs(`leftoff note failed "${FAILED}" --why "${REASON}"`),
  runs(`leftoff note decision "${DECISION}"`),
  runs(`leftoff note next "${NEXT}"`),
];

/** A repository with one commit, in which leftoff has been set up. */
export async function layOut(box: Box): Promise<void> {
  await layOutProject(box);
  await setUp(box);
}

export async function layOutProject(box: Box): Promise<void> {
  box.write(
    "package.json",
    '{ "name": "shop-api", "type": "module", "scripts": { "test": "node --test test/" } }\n',
  );
  box.write("src/store.js", "export const store = new Map();\n");
  box.write("test/rotate.test.js", TEST);
  await box.git("add", ".");
  await box.git("commit", "--quiet", "-m", "shop-api: a test for rotation");
}

export async function setUp(box: Box, cwd = box.project): Promise<void> {
  const ran = await box.leftoff(["init"], { cwd });
  expect(ran, `leftoff init: ${ran.stderr}`).toMatchObject({ exitCode: 0 });
}

/** Writes a file, sees its test fail, repairs it, records what it learned, and stops before the end. */
export function conversationOne(box: Box): Rule {
  const path = join(box.project, "src/rotate.js");
  return whenAsked(
    FIRST_PROMPT,
    calls("Write", { file_path: path, content: WRONG }),
    runs("npm test"),
    calls("Edit", { file_path: path, old_string: WRONG_BODY, new_string: RIGHT_BODY }),
    runs("npm test"),
    ...RECORDS_NOTES,
    says(FIRST_ANSWER),
  );
}

/** Conversation one from its prompt to its end, and everything it started too. */
export async function holdConversationOne(box: Box, model: ModelServer): Promise<ClaudeRun> {
  model.play(conversationOne(box));
  const run = await box.claude(FIRST_PROMPT);
  expect(run.answer, "conversation one").toBe(FIRST_ANSWER);
  await settle(box);
  return run;
}

/** What the model was asked in a conversation, and how that ended. */
export interface Asked {
  readonly run: ClaudeRun;
  readonly request: ModelRequest;
}

/** A conversation of one question: a new one, or another by its flags. */
export async function ask(box: Box, model: ModelServer, options: Question = {}): Promise<Asked> {
  const { prompt = SECOND_PROMPT, ...rest } = options;
  const before = model.requests.length;
  model.play(whenAsked(prompt, says(SECOND_ANSWER)));
  const run = await box.claude(prompt, rest);
  expect(run.answer, "the second conversation").toBe(SECOND_ANSWER);
  return { run, request: askedSince(model, before, prompt) };
}

export interface Question extends ClaudeOptions {
  /** SECOND_PROMPT if it is left out. */
  readonly prompt?: string;
}

/** The first request with a prompt, after the first `before` ones. */
export function askedSince(model: ModelServer, before: number, prompt = SECOND_PROMPT): ModelRequest {
  const asked = model.requests
    .slice(before)
    .find((request) => request.kind === "turn" && request.prompt.includes(prompt));
  if (asked === undefined) throw new Error("The model was not asked.");
  return asked;
}

/** Hooks told the model everything that conversation one recorded. */
export function expectTold(request: ModelRequest): void {
  const text = injectedText(request);
  expect.soft(text).toContain(NEXT);
  expect.soft(text).toContain(FAILED);
  expect.soft(text).toContain(REASON);
  expect.soft(text).toContain(DECISION);
}

/** How many prompts of a person `leftoff show` counts in each conversation of the session, in the order they joined. */
export async function promptsShown(box: Box, cwd = box.project): Promise<readonly number[]> {
  const ran = await box.leftoff(["show", "--json"], { cwd });
  expect(ran, `leftoff show: ${ran.stderr}`).toMatchObject({ exitCode: 0 });
  const { conversations } = JSON.parse(ran.stdout) as { conversations: readonly { turns: number }[] };
  return conversations.map(({ turns }) => turns);
}

/** How often hooks say `words` in a request. */
export function timesTold(request: ModelRequest, words: string): number {
  return injectedText(request).split(words).length - 1;
}

/** Settings of a person who has a shell hook of their own. */
export function settingsWithHook(event: string, command: string): string {
  return JSON.stringify({ hooks: { [event]: [{ hooks: [{ type: "command", command }] }] } });
}

/** Nothing runs any more: what was to be read has been read. */
export async function settle(box: Box): Promise<void> {
  expect(await box.quiet(), "processes still running long after the conversation").toEqual([]);
}

/** The session's document in the work tree; the scenarios have one session. */
export function documentOf(box: Box): string {
  const folder = join(box.project, ".claude/sessions");
  const names = readdirSync(folder).filter((name) => name.endsWith(".tmp"));
  expect(names, "documents").toHaveLength(1);
  return join(folder, names[0]!);
}

/** The person copies the line of an item in their editor and changes its words. */
export function addBelow(box: Box, item: string, words: string): void {
  const path = documentOf(box);
  const lines = box.read(path).split("\n");
  const at = lines.findIndex((line) => line.includes(item));
  if (at === -1) throw new Error(`"${item}" is not in the document:\n${lines.join("\n")}`);
  lines.splice(at + 1, 0, lines[at]!.replace(item, words));
  box.write(path, lines.join("\n"));
}

const WRONG_BODY = "return token;";
const RIGHT_BODY = "return token + token;";
const WRONG = `export function rotate(token) {\n  ${WRONG_BODY}\n}\n`;
const TEST = `import assert from "node:assert/strict";
import { test } from "node:test";

test("a rotated token is another one", async () => {
  const { rotate } = await import("../src/rotate.js");
  assert.notEqual(rotate("a"), "a");
});
`;
