import { TOOL_RESULT_CHARS_MAX } from "../../base/limits.ts";
import {
  arrayField,
  asArray,
  asObject,
  booleanField,
  type JsonObject,
  objectField,
  stringField,
} from "../../base/parse.ts";
import type { Todo, ToolCall, ToolResult } from "../agent.ts";
import { patchOf } from "./patch.ts";

/** What a `tool_use` block does. Tools and their input fields: Claude Code 2.1.197's defaults, and those of older transcripts. */
export function callOf(block: JsonObject): ToolCall {
  const name = stringField(block, "name") ?? "";
  const input = objectField(block, "input");
  const path = stringField(input, "file_path") ?? stringField(input, "notebook_path");
  const text = (key: string) => stringField(input, key) ?? "";
  if (path !== undefined) {
    const file = fileCall(name, path, input);
    if (file !== undefined) return file;
  }
  switch (name) {
    case "Bash":
    case "PowerShell":
      return {
        kind: "shell",
        name,
        command: text("command"),
        background: booleanField(input, "run_in_background") === true,
      };
    case "TodoWrite":
      return { kind: "todos", name, todos: todosOf(arrayField(input, "todos")), whole: true };
    case "TaskCreate":
      return {
        kind: "todos",
        name,
        todos: [{ id: undefined, text: text("subject"), status: "pending" }],
        whole: false,
      };
    case "TaskUpdate":
      return { kind: "todos", name, todos: [updateOf(input)], whole: false };
    case "ExitPlanMode":
      return { kind: "plan", name, plan: text("plan") };
    case "AskUserQuestion":
      return { kind: "question", name, questions: questionsOf(input) };
    case "Agent":
    case "Task":
      return { kind: "subagent", name, task: text("description") || text("prompt") };
    default:
      return { kind: "other", name };
  }
}

function fileCall(name: string, path: string, input: JsonObject | undefined): ToolCall | undefined {
  const text = (key: string) => stringField(input, key) ?? "";
  switch (name) {
    case "Read":
    case "NotebookRead":
      return { kind: "read", name, path };
    case "Write":
      return { kind: "write", name, path, newText: text("content") };
    case "Edit":
      return { kind: "edit", name, path, oldText: text("old_string"), newText: text("new_string") };
    case "NotebookEdit":
      return { kind: "edit", name, path, oldText: "", newText: text("new_source") };
    case "MultiEdit": {
      const edits = (arrayField(input, "edits") ?? []).map(asObject);
      const joined = (key: string) => edits.map((edit) => stringField(edit, key) ?? "").join("\n");
      return { kind: "edit", name, path, oldText: joined("old_string"), newText: joined("new_string") };
    }
    default:
      return undefined;
  }
}

function todosOf(todos: readonly unknown[] | undefined): readonly Todo[] {
  return (todos ?? []).map(asObject).map((todo) => ({
    id: stringField(todo, "id"),
    text: stringField(todo, "content") ?? "",
    status: statusOf(todo) ?? "pending",
  }));
}

function updateOf(input: JsonObject | undefined): Todo {
  return { id: stringField(input, "taskId"), text: stringField(input, "subject"), status: statusOf(input) };
}

function statusOf(todo: JsonObject | undefined): Todo["status"] {
  const status = stringField(todo, "status");
  const known = ["pending", "in_progress", "completed", "deleted"] as const;
  return known.find((word) => word === status);
}

function questionsOf(input: JsonObject | undefined): readonly string[] {
  return (arrayField(input, "questions") ?? []).map(
    (entry) => stringField(asObject(entry), "question") ?? "",
  );
}

/** Beginnings of the texts that tell the model that the person said no. Source: Claude Code 2.1.197. */
const REFUSALS = [
  "The user doesn't want to proceed with this tool use.",
  "The user doesn't want to take this action right now.",
  "Permission for this tool use was denied.",
  "The agent proposed a plan that was rejected by the user.",
];
/** Subagents are told it with a capital. */
const REASON = "he user said:\n";
/** The client's advice to the model behind the person's reason. */
const REASON_END = "\n\nNote: The user's next message may contain a correction or preference.";
/** The person wants to talk about the questions first: no reason against anything. */
const CLARIFY = "The user wants to clarify these questions.";

/** What a `tool_result` block says; the record beside it holds the tool's own structured answer (`toolUseResult`). */
export function resultOf(block: JsonObject, record: JsonObject): ToolResult {
  const text = resultText(block);
  const ok = booleanField(block, "is_error") !== true;
  const details = objectField(record, "toolUseResult");
  const patch = ok ? patchOf(details) : undefined;
  return {
    ok,
    text: shortened(text.startsWith("<persisted-output>") ? (stringField(details, "stdout") ?? text) : text),
    exitCode: exitCodeOf(text, ok, details),
    rejected: ok ? undefined : refusalOf(text, record),
    created: createdOf(text, details),
    answers: answersOf(details),
    todoId:
      stringField(objectField(details, "task"), "id") ??
      /^Task #(\S{1,64}) created successfully/.exec(text)?.[1],
    ...(patch === undefined ? {} : { patch }),
  };
}

function resultText(block: JsonObject): string {
  const text = stringField(block, "content");
  if (text !== undefined) return text;
  return (asArray(block.content) ?? [])
    .map((part) => stringField(asObject(part), "text"))
    .filter((part) => part !== undefined)
    .join("\n");
}

/** Commands tell how they began and how they ended; what is between is output. */
function shortened(text: string): string {
  if (text.length <= TOOL_RESULT_CHARS_MAX) return text;
  const headChars = TOOL_RESULT_CHARS_MAX / 4;
  const mark = "\n…\n";
  return `${text.slice(0, headChars)}${mark}${text.slice(text.length - (TOOL_RESULT_CHARS_MAX - headChars - mark.length))}`;
}

function exitCodeOf(text: string, ok: boolean, details: JsonObject | undefined): number | undefined {
  if (!ok) {
    const code = /^(?:Error: )?Exit code (\d{1,9})\b/.exec(text)?.[1];
    return code === undefined ? undefined : Number(code);
  }
  const isCommand = stringField(details, "stdout") !== undefined;
  const isOver =
    stringField(details, "backgroundTaskId") === undefined && booleanField(details, "interrupted") !== true;
  return isCommand && isOver ? 0 : undefined;
}

function refusalOf(text: string, record: JsonObject): ToolResult["rejected"] {
  const isRefusal =
    REFUSALS.some((beginning) => text.startsWith(beginning)) ||
    stringField(record, "toolUseResult") === "User rejected tool use" ||
    stringField(record, "toolDenialKind") === "user-rejected";
  if (!isRefusal) return undefined;
  const from = text.indexOf(REASON);
  if (from === -1) return { reason: undefined };
  const to = text.indexOf(REASON_END, from);
  const reason = text.slice(from + REASON.length, to === -1 ? undefined : to).trim();
  return { reason: reason === "" || reason.startsWith(CLARIFY) ? undefined : reason };
}

/** Subagents' records have no `toolUseResult`; the text says it too. */
function createdOf(text: string, details: JsonObject | undefined): boolean | undefined {
  const type = stringField(details, "type");
  if (type === "create" || text.startsWith("File created successfully at:")) return true;
  return type === "update" ? false : undefined;
}

/** The person's answers in the order of the questions: `{questions:[{question}], answers:{question: answer}}`. */
function answersOf(details: JsonObject | undefined): readonly string[] {
  const answers = objectField(details, "answers");
  if (answers === undefined) return [];
  return questionsOf(details).map((question) => stringField(answers, question) ?? "");
}
