import type { ToolCall, ToolResult, TranscriptItem } from "../agent/agent.ts";
import { sha256 } from "../base/digest.ts";
import { CALLS_WAITING_MAX, COMMAND_CHARS_MAX, FACTS_KEPT_MAX, PROPOSAL_CHARS_MAX } from "../base/limits.ts";
import type { SlimCall, SlimTodo, WaitingCall } from "./carry.ts";
import { changeOfPatch, changeOfTexts } from "./change.ts";
import { changeLastTurn, countTool, type Draft, did, lastTurn, touchFile, withNewest } from "./draft.ts";
import { takeEdit } from "./edit.ts";
import type { FileOp, TodoFact } from "./facts.ts";
import { takeCommand } from "./outcome.ts";
import { propose } from "./proposal.ts";
import { brief, plain, shortPath } from "./prose.ts";
import { reopenTurn } from "./turn.ts";

type Item<Type extends TranscriptItem["type"]> = Extract<TranscriptItem, { readonly type: Type }>;

/** One todo, one question, one plan's title. */
const LINE_CHARS_MAX = 300;
const QUESTIONS_MAX = 8;
const TURN_FILES_MAX = 50;

/** A call is remembered without its texts until its result says what became of it. */
export function takeCall(draft: Draft, item: Item<"tool_call">): void {
  countTool(draft, item.tool.name);
  if (item.subagent === undefined) reopenTurn(draft);
  const waiting: WaitingCall = {
    callId: item.callId,
    atMs: item.atMs,
    subagent: item.subagent,
    call: slim(item.tool),
  };
  draft.carry.calls = withNewest(draft.carry.calls, waiting, CALLS_WAITING_MAX);
}

export function takeResult(draft: Draft, item: Item<"tool_result">): void {
  const waiting = draft.carry.calls.find(({ callId }) => callId === item.callId);
  if (waiting === undefined) return;
  draft.carry.calls = draft.carry.calls.filter((other) => other !== waiting);
  const { call } = waiting;
  if (item.result.rejected !== undefined) {
    takeRefusal(draft, item, call);
    return;
  }
  if (call.kind === "shell") {
    takeCommand(draft, { call, item, calledAtMs: waiting.atMs });
    return;
  }
  if (item.result.ok) takeSuccess(draft, item, call);
}

function takeSuccess(draft: Draft, item: Item<"tool_result">, call: SlimCall): void {
  switch (call.kind) {
    case "read":
      touchFile(draft, call.path, { op: "read", atMs: item.atMs });
      return;
    case "write":
      changeFile(draft, item, { path: call.path, op: item.result.created === true ? "created" : "modified" });
      measure(draft, item, call);
      // Git has nothing to put a new file back to.
      if (item.result.created !== true) takeEdit(draft, item, call);
      return;
    case "edit":
      changeFile(draft, item, { path: call.path, op: "modified" });
      measure(draft, item, call);
      takeEdit(draft, item, call);
      return;
    case "todos":
      if (item.subagent === undefined) draft.todos = todosAfter(draft.todos, call, item);
      return;
    case "question":
      takeAnswers(draft, item, call.questions);
      return;
    default:
      return;
  }
}

function changeFile(
  draft: Draft,
  { atMs }: { atMs: number | undefined },
  { path, op }: { path: string; op: FileOp },
): void {
  touchFile(draft, path, { op, atMs });
  draft.carry.changedSeq = draft.carry.seq;
  const files = lastTurn(draft)?.files ?? [];
  if (!files.includes(path)) changeLastTurn(draft, { files: withNewest(files, path, TURN_FILES_MAX) });
  draft.carry.failures = draft.carry.failures.map((failure) =>
    failure.files.includes(path)
      ? failure
      : { ...failure, files: withNewest(failure.files, path, FIX_FILES_MAX) },
  );
}

/** The agent's own patch is exact. Without one, a file that was there and was written whole tells nothing of how much of it changed. */
function measure(
  draft: Draft,
  { atMs, result }: Item<"tool_result">,
  call: Extract<SlimCall, { kind: "edit" | "write" }>,
): void {
  const { patch, created } = result;
  const own = call.kind === "edit" || created === true ? call.change : undefined;
  const change = patch === undefined ? own : changeOfPatch(call.path, patch);
  if (change !== undefined) did(draft, atMs, change);
}

/** Files named as what fixed a command; with more, no single one of them says much. */
const FIX_FILES_MAX = 8;

function takeAnswers(draft: Draft, item: Item<"tool_result">, questions: readonly string[]): void {
  item.result.answers.forEach((given, index) => {
    const question = questions[index];
    const answer = brief(given, LINE_CHARS_MAX);
    if (question === undefined || answer === "") return;
    draft.answers = withNewest(draft.answers, { question, answer, atMs: item.atMs });
    propose(draft, item.record, {
      kind: "decision",
      text: brief(`${question} ${answer}`, PROPOSAL_CHARS_MAX),
      fields: { approved: "by the person" },
    });
  });
}

function takeRefusal(draft: Draft, item: Item<"tool_result">, call: SlimCall): void {
  const what = whatOf(call);
  const reason = item.result.rejected?.reason;
  const why = reason === undefined ? undefined : brief(reason, PROPOSAL_CHARS_MAX);
  draft.refusals = withNewest(draft.refusals, { what, reason: why, atMs: item.atMs });
  // A subagent is refused by rules more often than by a person.
  if (item.subagent !== undefined) return;
  if (why !== undefined)
    propose(draft, item.record, { kind: "failed", text: `${what} was refused`, fields: { why } });
  // Esc looks like a refusal without a word; only a plan is refused that way and explained in the next prompt.
  else if (call.kind === "plan" && item.record !== undefined)
    draft.carry.refused = { record: item.record, what };
}

function whatOf(call: SlimCall): string {
  switch (call.kind) {
    case "plan":
      return call.what === "" ? "The plan" : `The plan “${call.what}”`;
    case "shell":
      return `Running \`${brief(call.command, 100)}\``;
    case "read":
      return `Reading ${shortPath(call.path)}`;
    case "write":
      return `Writing ${shortPath(call.path)}`;
    case "edit":
      return `Changing ${shortPath(call.path)}${call.what === "" ? "" : ` (“${call.what}”)`}`;
    case "question":
      return `The question “${brief(call.questions[0] ?? "", 100)}”`;
    case "todos":
      return "The list of todos";
    case "other":
      return call.name;
  }
}

function todosAfter(
  known: readonly TodoFact[],
  { todos, whole }: { readonly todos: readonly SlimTodo[]; readonly whole: boolean },
  { record, result }: { readonly record: string | undefined; readonly result: ToolResult },
): readonly TodoFact[] {
  if (whole) {
    return todos.flatMap(({ id, text = "", status = "pending" }, ordinal) => {
      if (status === "deleted" || text === "") return [];
      const before = known.find((todo) => todo.text === text);
      return [{ id, text, status, record: before?.record ?? record, ordinal: before?.ordinal ?? ordinal }];
    });
  }
  return todos.reduce(
    (list, todo) => todoAfter(list, { ...todo, id: todo.id ?? result.todoId }, record),
    known,
  );
}

function todoAfter(
  known: readonly TodoFact[],
  change: SlimTodo,
  record: string | undefined,
): readonly TodoFact[] {
  const { id, text, status } = change;
  const at = known.findIndex((todo) => id !== undefined && todo.id === id);
  const before = known[at];
  if (before === undefined) {
    if (text === undefined || text === "" || status === "deleted") return known;
    return withNewest(known, { id, text, status: status ?? "pending", record, ordinal: 0 });
  }
  if (status === "deleted") return known.toSpliced(at, 1);
  return known.with(at, { ...before, text: text ?? before.text, status: status ?? before.status });
}

/** A call without its texts: they may be megabytes, and the facts are kept. */
function slim(tool: ToolCall): SlimCall {
  switch (tool.kind) {
    case "read":
      return { kind: "read", path: tool.path };
    case "write":
      return {
        kind: "write",
        path: tool.path,
        what: firstLine(tool.newText),
        change: changeOfTexts(tool.path, "", tool.newText),
      };
    case "edit":
      return {
        kind: "edit",
        path: tool.path,
        oldHash: hashOf(tool.oldText),
        newHash: hashOf(tool.newText),
        what: firstLine(tool.newText),
        change: changeOfTexts(tool.path, tool.oldText, tool.newText),
      };
    case "shell":
      return {
        kind: "shell",
        command: tool.command.slice(0, COMMAND_CHARS_MAX),
        background: tool.background,
      };
    case "todos":
      return { kind: "todos", todos: tool.todos.slice(0, FACTS_KEPT_MAX).map(slimTodo), whole: tool.whole };
    case "plan":
      return { kind: "plan", what: brief(plain(firstLine(tool.plan)), 100) };
    case "question":
      return {
        kind: "question",
        questions: tool.questions.slice(0, QUESTIONS_MAX).map((text) => brief(text, LINE_CHARS_MAX)),
      };
    case "subagent":
    case "other":
      return { kind: "other", name: tool.name };
  }
}

function slimTodo({ id, text, status }: SlimTodo): SlimTodo {
  return { id, text: text === undefined ? undefined : brief(text, LINE_CHARS_MAX), status };
}

function firstLine(text: string): string {
  const line = text
    .slice(0, LINE_CHARS_MAX * 4)
    .split("\n")
    .find((candidate) => /[\p{L}\p{N}]/u.test(candidate));
  return brief(line ?? "", 80);
}

function hashOf(text: string): string {
  return sha256(text).slice(0, 16);
}
