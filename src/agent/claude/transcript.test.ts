import { expect, test } from "vitest";
import type { JsonObject } from "../../base/parse.ts";
import type { TranscriptItem } from "../agent.ts";
import { itemsOf } from "./transcript.ts";

const user = (content: unknown, more: object = {}): JsonObject => ({
  type: "user",
  uuid: "u1",
  message: { role: "user", content },
  ...more,
});
const assistant = (block: object, more: object = {}): JsonObject => ({
  type: "assistant",
  uuid: "a1",
  message: {
    id: "msg_1",
    model: "claude-opus-4-8",
    content: [block],
    usage: { input_tokens: 3, output_tokens: 4 },
  },
  ...more,
});
const result = (content: unknown, more: object = {}, error = false): JsonObject =>
  user([{ type: "tool_result", tool_use_id: "t1", content, ...(error ? { is_error: true } : {}) }], more);

function only<Type extends TranscriptItem["type"]>(
  record: JsonObject,
  type: Type,
): Extract<TranscriptItem, { type: Type }> {
  const items = itemsOf(record).filter((item) => item.type === type);
  expect(items.length).toBe(1);
  return items[0] as Extract<TranscriptItem, { type: Type }>;
}

test("a prompt is the person's words with its ids, time and place", () => {
  const record = user("fix the parser", {
    promptId: "p1",
    parentUuid: "s9",
    timestamp: "2026-11-21T06:50:33.782Z",
    cwd: "/w",
    gitBranch: "main",
  });

  expect(itemsOf(record)).toEqual([
    {
      type: "prompt",
      text: "fix the parser",
      promptId: "p1",
      duringTurn: false,
      record: "u1",
      parentRecord: "s9",
      atMs: Date.UTC(2026, 10, 21, 6, 50, 33, 782),
      subagent: undefined,
      cwd: "/w",
      gitBranch: "main",
    },
  ]);
});

test("what the client puts into the person's place is not the person", () => {
  const texts = [
    "<local-command-stdout>See ya!</local-command-stdout>",
    "<bash-input>ls</bash-input>",
    "<command-name>/compact</command-name>\n<command-message>compact</command-message>",
    "<system-reminder>\nnamed\n</system-reminder>",
    "<ide_opened_file>The user opened a.ts</ide_opened_file>",
    "",
  ];
  for (const text of texts) expect(itemsOf(user(text)), text).toEqual([]);
  expect(itemsOf(user("x", { isMeta: true }))).toEqual([]);
  expect(itemsOf(user("x", { isCompactSummary: true }))).toEqual([]);
  expect(itemsOf(user("x", { isSidechain: true, agentId: "a8" }))).toEqual([]);
  expect(itemsOf(user("x", { origin: { kind: "peer" } }))).toEqual([]);
  expect(itemsOf(user("x", { promptSource: "system" }))).toEqual([]);
});

test("a finished background task, a hook's feedback and a resumed turn wake the agent without the person", () => {
  const texts = ["<task-notification>\n<status>completed</status>", "Continue from where you left off."];
  for (const text of texts) expect(itemsOf(user(text))).toMatchObject([{ type: "wake" }]);
  expect(itemsOf(user("Stop hook feedback:\n[x]: go on", { isMeta: true }))).toMatchObject([
    { type: "wake" },
  ]);
});

test("a custom slash command is what was typed", () => {
  const text =
    "<command-message>proj</command-message>\n<command-name>/proj</command-name>\n<command-args>alpha beta</command-args>";

  expect(only(user(text, { origin: { kind: "human" } }), "prompt").text).toBe("/proj alpha beta");
});

test("a prompt of several blocks is its texts, and a picture says that it is one", () => {
  const blocks = [
    { type: "text", text: "<ide_selection>a.ts</ide_selection>" },
    { type: "text", text: "what is this?" },
    { type: "image", source: { data: "aGk=" } },
  ];

  expect(only(user(blocks), "prompt").text).toBe("what is this?\n[image]");
});

test("what the person typed while the agent worked comes as an attachment", () => {
  const queued = (more: object) => ({
    type: "attachment",
    uuid: "q",
    attachment: { type: "queued_command", ...more },
  });

  expect(only(queued({ prompt: "also the docs", commandMode: "prompt" }), "prompt")).toMatchObject({
    text: "also the docs",
    duringTurn: true,
  });
  expect(itemsOf(queued({ prompt: "<task-notification>", commandMode: "task-notification" }))).toEqual([]);
  expect(itemsOf(queued({ prompt: "hi", commandMode: "prompt", origin: { kind: "channel" } }))).toEqual([]);
});

test("each block of a reply repeats the usage under the reply's id", () => {
  expect(itemsOf(assistant({ type: "text", text: " done \n" }))).toMatchObject([
    { type: "answer", text: "done", failed: false },
    {
      type: "usage",
      messageId: "msg_1",
      usage: { inputTokens: 3, outputTokens: 4, cacheReadTokens: 0, cacheWriteTokens: 0 },
    },
  ]);
  expect(itemsOf(assistant({ type: "thinking", thinking: "hm" }))).toMatchObject([{ type: "usage" }]);
});

test("an API error is a failed answer without usage, and the client's filler is nothing", () => {
  const synthetic = {
    message: {
      id: "x",
      model: "<synthetic>",
      content: [{ type: "text", text: "API Error: 529" }],
      usage: {},
    },
  };

  expect(itemsOf({ type: "assistant", isApiErrorMessage: true, ...synthetic })).toMatchObject([
    { type: "answer", text: "API Error: 529", failed: true },
  ]);
  const filler = { ...synthetic.message, content: [{ type: "text", text: "No response requested." }] };
  expect(itemsOf({ type: "assistant", message: filler })).toEqual([]);
});

test("an answer that was cut off is the agent's, though the client signs it", () => {
  const cut = { model: "<synthetic>", content: [{ type: "text", text: "What is left: 1. the store" }] };
  expect(itemsOf({ type: "assistant", message: cut })).toMatchObject([
    { type: "answer", text: "What is left: 1. the store" },
  ]);
});

test("tools are named by what they do", () => {
  const call = (name: string, input: object) =>
    only(assistant({ type: "tool_use", id: "t1", name, input }), "tool_call").tool;

  expect(call("Read", { file_path: "/a" })).toEqual({ kind: "read", name: "Read", path: "/a" });
  expect(call("Edit", { file_path: "/a", old_string: "x", new_string: "y" })).toMatchObject({
    kind: "edit",
    oldText: "x",
    newText: "y",
  });
  expect(
    call("MultiEdit", {
      file_path: "/a",
      edits: [
        { old_string: "x", new_string: "y" },
        { old_string: "v", new_string: "w" },
      ],
    }),
  ).toMatchObject({
    kind: "edit",
    oldText: "x\nv",
    newText: "y\nw",
  });
  expect(call("NotebookEdit", { notebook_path: "/n", new_source: "s" })).toMatchObject({
    kind: "edit",
    path: "/n",
    newText: "s",
  });
  expect(call("Bash", { command: "ls", run_in_background: true })).toMatchObject({
    kind: "shell",
    background: true,
  });
  expect(call("TodoWrite", { todos: [{ content: "t", status: "in_progress" }] })).toMatchObject({
    kind: "todos",
    whole: true,
    todos: [{ id: undefined, text: "t", status: "in_progress" }],
  });
  expect(call("TaskUpdate", { taskId: "1", status: "deleted" })).toMatchObject({
    whole: false,
    todos: [{ id: "1", text: undefined, status: "deleted" }],
  });
  expect(call("TaskUpdate", { taskId: "1", owner: "me" })).toMatchObject({ todos: [{ status: undefined }] });
  expect(call("ExitPlanMode", { plan: "# P" })).toMatchObject({ kind: "plan", plan: "# P" });
  expect(call("AskUserQuestion", { questions: [{ question: "Which?" }] })).toMatchObject({
    kind: "question",
    questions: ["Which?"],
  });
  expect(call("Agent", { description: "look", prompt: "long" })).toMatchObject({
    kind: "subagent",
    task: "look",
  });
  expect(call("Grep", { pattern: "x" })).toEqual({ kind: "other", name: "Grep" });
  expect(call("Write", {})).toEqual({ kind: "other", name: "Write" });
});

test("a command's exit code is in its text when it failed, and 0 when it ended well", () => {
  const codeOf = (record: JsonObject) => only(record, "tool_result").result.exitCode;

  expect(codeOf(result("Exit code 3\nboom", { toolUseResult: "Error: Exit code 3\nboom" }, true))).toBe(3);
  expect(codeOf(result("ok", { toolUseResult: { stdout: "ok", stderr: "", interrupted: false } }))).toBe(0);
  expect(
    codeOf(result("running", { toolUseResult: { stdout: "", backgroundTaskId: "b1" } })),
  ).toBeUndefined();
  expect(codeOf(result("Exit code 3 is what I read in a file"))).toBeUndefined();
});

const REFUSED =
  "The user doesn't want to proceed with this tool use. The tool use was rejected (eg. if it was a file edit, the new_string was NOT written to the file).";

test("a refusal has the reason that the person typed, without the client's advice to the model", () => {
  const refusalOf = (text: string, error = true) =>
    only(result(text, {}, error), "tool_result").result.rejected;
  const note =
    "\n\nNote: The user's next message may contain a correction or preference. Pay close attention.";

  expect(
    refusalOf(`${REFUSED} STOP what you are doing and wait for the user to tell you how to proceed.`),
  ).toEqual({ reason: undefined });
  expect(refusalOf(`${REFUSED} To tell you how to proceed, the user said:\nuse pnpm\nhere`)).toEqual({
    reason: "use pnpm\nhere",
  });
  expect(refusalOf(`${REFUSED} To tell you how to proceed, the user said:\nuse pnpm${note}`)).toEqual({
    reason: "use pnpm",
  });
  expect(
    refusalOf(
      `${REFUSED} To tell you how to proceed, the user said:\nThe user wants to clarify these questions.`,
    ),
  ).toEqual({ reason: undefined });
  expect(refusalOf("The user doesn't want to take this action right now. STOP what you are doing")).toEqual({
    reason: undefined,
  });
  expect(refusalOf("Permission for this tool use was denied. (…) The user said:\nno network")).toEqual({
    reason: "no network",
  });
  expect(refusalOf(`${REFUSED} quoted in a file`, false)).toBeUndefined();
  expect(refusalOf("Exit code 1\nfailed")).toBeUndefined();
});

test("the person's answers come in the order of the questions", () => {
  const details = {
    questions: [{ question: "A?" }, { question: "B?" }, { question: "C?" }],
    answers: { "C?": "c", "A?": "a" },
  };

  expect(only(result("…", { toolUseResult: details }), "tool_result").result.answers).toEqual(["a", "", "c"]);
});

test("a long result keeps its beginning and its end", () => {
  const { text } = only(
    result(`[main abc1234] first\n${"x".repeat(50_000)}\nTests  3 passed (3)`),
    "tool_result",
  ).result;

  expect(text.length).toBe(4_000);
  expect(text.startsWith("[main abc1234] first")).toBe(true);
  expect(text.endsWith("Tests  3 passed (3)")).toBe(true);
});

test("an interruption is told apart from one during a tool", () => {
  expect(itemsOf(user([{ type: "text", text: "[Request interrupted by user]" }]))).toMatchObject([
    { type: "interruption", duringTool: false },
  ]);
  expect(itemsOf(user("[Request interrupted by user for tool use]"))).toMatchObject([
    { type: "interruption", duringTool: true },
  ]);
});

test("what a hook gave the model is told with its event", () => {
  const attachment = { type: "hook_additional_context", content: ["brief"], hookEvent: "SessionStart" };

  expect(itemsOf({ type: "attachment", uuid: "h", attachment })).toMatchObject([
    { type: "injected", text: "brief", hookEvent: "SessionStart" },
  ]);
});

test("types we do not know say nothing", () => {
  for (const type of ["api-request-blob", "queue-operation", "last-prompt", "new-in-3.0", "", 7, null]) {
    expect(itemsOf({ type, message: { content: "x" } } as JsonObject)).toEqual([]);
  }
});
